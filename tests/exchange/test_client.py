"""What every answer of the agency means to the one who sent the bytes."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from punktlig.core.money import Money
from punktlig.exchange.client import AgencyClient, SentClaim
from punktlig.exchange.messages import (
    Address,
    ClaimAnswer,
    ClaimStatus,
    ClaimSubmission,
    EventPage,
    KnownRate,
    KnownRates,
    SubmittedDebtor,
    SubmittedInvoice,
    SubmittedTerms,
    body_of,
)
from punktlig.exchange.outcomes import Acknowledged, Conflict, Refused, Unknown, Why
from tests.receivables.fake_agency import (
    API_KEY,
    Behaviour,
    FakeAgency,
    answers,
    drops,
    drops_after,
    event,
    is_silent,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPANY = uuid4()


@pytest.fixture
def agency() -> Iterator[FakeAgency]:
    with FakeAgency() as agency:
        yield agency


@pytest.fixture
def client(agency: FakeAgency) -> Iterator[AgencyClient]:
    with AgencyClient(agency.url, API_KEY) as client:
        yield client


def claim(invoice_id: UUID | None = None) -> SentClaim:
    handover_id = uuid4()
    sent = body_of(
        ClaimSubmission(
            handover_id=handover_id,
            company_id=COMPANY,
            invoice_id=invoice_id or uuid4(),
            invoice=SubmittedInvoice(
                number="F-1",
                issue_date=date(2026, 9, 15),
                due_date=date(2026, 10, 15),
                currency="SEK",
                payable=Money(120_000),
            ),
            debtor=SubmittedDebtor(name="Anna Ek", kind="consumer", address=Address(lines=("Björkvägen 7",))),
            terms=SubmittedTerms(start="agreed"),
        )
    )
    return SentClaim(handover_id, sent.body, sent.sha256)


def invoice_of(sent: SentClaim) -> UUID:
    return ClaimSubmission.model_validate_json(sent.body).invoice_id


def test_an_accepted_claim_is_acknowledged_and_so_is_the_same_again(agency: FakeAgency, client: AgencyClient) -> None:
    sent = claim()
    first, again = client.put_claim(sent), client.put_claim(sent)
    assert isinstance(first, Acknowledged)
    assert first == again
    assert first.answer.sha256 == sent.sha256
    assert [request.body for request in agency.requests] == [sent.body, sent.body]
    assert agency.requests[0].path == f"/api/v1/claims/{sent.handover_id}"


def test_a_refusal_is_only_the_problem_of_that_type(agency: FakeAgency, client: AgencyClient) -> None:
    sent = claim()
    agency.will_refuse(invoice_of(sent), "address_incomplete", missing="town")
    for _ in range(2):
        outcome = client.put_claim(sent)
        assert isinstance(outcome, Refused)
        assert (outcome.problem.code, outcome.problem.facts) == ("address_incomplete", {"missing": "town"})


def test_another_claim_for_the_invoice_is_a_conflict_that_names_it(agency: FakeAgency, client: AgencyClient) -> None:
    sent = claim()
    other = agency.has_claim_elsewhere(invoice_of(sent), "ab" * 32)
    assert client.put_claim(sent) == Conflict(other.claim_number, "ab" * 32)


def test_the_same_id_with_other_bytes_is_unknown(client: AgencyClient) -> None:
    sent = claim()
    client.put_claim(sent)
    other = claim()
    outcome = client.put_claim(SentClaim(sent.handover_id, other.body.replace(
        str(other.handover_id).encode(), str(sent.handover_id).encode()), other.sha256))  # fmt: skip
    assert isinstance(outcome, Unknown)
    assert outcome.why is Why.OTHER_STATUS
    assert "handover_id_reused" in outcome.detail


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (drops(), Why.CONNECTION_BROKE),
        (drops(commits=False), Why.CONNECTION_BROKE),
        (answers(500), Why.OTHER_STATUS),
        (answers(502, commits=True), Why.OTHER_STATUS),
        (answers(401), Why.KEY_NOT_ACCEPTED),
        (answers(403), Why.KEY_NOT_ACCEPTED),
        (answers(404), Why.OTHER_STATUS),
        (answers(408), Why.OTHER_STATUS),
        (answers(409), Why.OTHER_STATUS),
        (answers(409, b"{}", content_type="application/problem+json"), Why.OTHER_STATUS),
        (answers(422), Why.OTHER_STATUS),
        (answers(425), Why.OTHER_STATUS),
        (answers(429), Why.TOO_MANY_REQUESTS),
        (answers(301, location="http://elsewhere.example/"), Why.OTHER_STATUS),
        (answers(200, b"\xff\x00garbage"), Why.ANSWER_UNREADABLE),
        (answers(201, b"{}", content_type="application/json"), Why.ANSWER_UNREADABLE),
        (answers(200, b"", content_type="application/json"), Why.ANSWER_UNREADABLE),
        (answers(204, b""), Why.OTHER_STATUS),
        # A refusal is told by its type alone, and only in a problem document.
        (answers(422, b'{"type":"x/claim-refused","title":"t","status":422,"code":"c"}'), Why.OTHER_STATUS),
        (
            answers(
                422,
                b'{"type":"x/not-claim-refused","title":"t","status":422,"code":"claim_refused"}',
                content_type="application/problem+json",
            ),
            Why.OTHER_STATUS,
        ),
    ],
)
def test_everything_else_is_unknown_and_the_same_bytes_make_one_claim(
    agency: FakeAgency, client: AgencyClient, behaviour: Behaviour, why: Why
) -> None:
    sent = claim()
    agency.then(behaviour)
    outcome = client.put_claim(sent)
    assert isinstance(outcome, Unknown)
    assert outcome.why is why
    assert isinstance(client.put_claim(sent), Acknowledged)
    assert len(agency.claims) == 1


@pytest.mark.parametrize("commits", [False, True])
def test_no_answer_in_time_is_unknown_and_the_same_bytes_make_one_claim(
    agency: FakeAgency, client: AgencyClient, *, commits: bool
) -> None:
    sent = claim()
    agency.then(is_silent(1.0, commits=commits), is_silent(1.0, commits=commits))
    with AgencyClient(agency.url, API_KEY, answer_seconds=0.2) as hasty:
        outcomes = [hasty.put_claim(sent), hasty.post_claims([sent])[sent.handover_id]]
    assert [outcome.why for outcome in outcomes if isinstance(outcome, Unknown)] == [Why.NO_ANSWER_IN_TIME] * 2
    assert isinstance(client.put_claim(sent), Acknowledged)
    assert len(agency.claims) == 1


def test_an_agency_that_is_down_is_unknown() -> None:
    with FakeAgency() as agency:
        url = agency.url
    with AgencyClient(url, API_KEY) as client:
        outcome = client.put_claim(claim())
    assert isinstance(outcome, Unknown)
    assert outcome.why is Why.NOT_REACHED


def test_an_answer_about_other_bytes_is_no_acknowledgement(agency: FakeAgency, client: AgencyClient) -> None:
    sent, other = claim(), claim()
    told = client.put_claim(other)
    assert isinstance(told, Acknowledged)
    agency.then(answers(200, told.answer.model_dump_json().encode(), content_type="application/json"))
    outcome = client.put_claim(sent)
    assert isinstance(outcome, Unknown)
    assert outcome.why is Why.ANSWER_UNREADABLE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "17"}, 17.0),
        ({"retry_after": "99999999999999999999"}, 86_400.0),
        ({"retry_after": "Wed, 25 Nov 2026 10:02:00 GMT", "date": "Wed, 25 Nov 2026 10:00:00 GMT"}, 120.0),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_both_spellings(
    agency: FakeAgency, client: AgencyClient, headers: dict[str, str], seconds: float | None
) -> None:
    agency.then(Behaviour("answer", 429, {name.replace("_", "-"): value for name, value in headers.items()}))
    outcome = client.put_claim(claim())
    assert isinstance(outcome, Unknown)
    assert outcome.retry_after == seconds


def test_many_lines_are_answered_one_by_one(agency: FakeAgency, client: AgencyClient) -> None:
    accepted, refused, conflicting = claim(), claim(), claim()
    agency.will_refuse(invoice_of(refused), "debtor_is_a_minor", name="Bo")
    other = agency.has_claim_elsewhere(invoice_of(conflicting), "cd" * 32)
    outcomes = client.post_claims([accepted, refused, conflicting])
    (request,) = agency.requests
    assert (request.method, request.path) == ("POST", "/api/v1/claims")
    assert request.headers["content-type"] == "application/x-ndjson"
    assert request.body.split(b"\n") == [accepted.body, refused.body, conflicting.body, b""]
    assert isinstance(outcomes[accepted.handover_id], Acknowledged)
    assert isinstance(outcomes[refused.handover_id], Refused)
    assert outcomes[conflicting.handover_id] == Conflict(other.claim_number, "cd" * 32)


def test_a_broken_answer_to_many_leaves_the_rest_unknown_and_they_are_one_claim_each(
    agency: FakeAgency, client: AgencyClient
) -> None:
    sent = [claim() for _ in range(5)]
    agency.then(drops_after(2))
    outcomes = client.post_claims(sent)
    kinds = [type(outcomes[one.handover_id]) for one in sent]
    assert kinds == [Acknowledged, Acknowledged, Unknown, Unknown, Unknown]
    assert {type(outcome) for outcome in client.post_claims(sent[2:]).values()} == {Acknowledged}
    assert len(agency.claims) == 5


@pytest.mark.parametrize(
    "behaviour",
    [
        answers(503, retry_after="9"),
        answers(200, b"not json\n", content_type="application/x-ndjson"),
        answers(200, b"", content_type="application/x-ndjson"),
        answers(200, b'{"line":7,"handover_id":null,"status":201}\n', content_type="application/x-ndjson"),
    ],
)
def test_a_whole_answer_that_is_none_leaves_all_unknown(
    agency: FakeAgency, client: AgencyClient, behaviour: Behaviour
) -> None:
    sent = [claim(), claim()]
    agency.then(behaviour)
    outcomes = client.post_claims(sent)
    assert [type(outcomes[one.handover_id]) for one in sent] == [Unknown, Unknown]
    if behaviour.status == 503:
        first = outcomes[sent[0].handover_id]
        assert isinstance(first, Unknown)
        assert first.retry_after == 9.0


def test_commands_are_acknowledged_or_refused(agency: FakeAgency, client: AgencyClient) -> None:
    command_id, refused = uuid4(), uuid4()
    agency.will_refuse_command(refused)
    body = b"{}"
    sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    outcome = client.put_command(command_id, body, sha256)
    assert isinstance(outcome, Acknowledged)
    assert outcome.answer.command_id == command_id
    assert isinstance(client.put_command(refused, body, sha256), Refused)
    assert isinstance(client.put_command(command_id, b"[]", "00"), Unknown)


def test_an_activation_is_acknowledged_with_the_agencys_letterhead(agency: FakeAgency, client: AgencyClient) -> None:
    agency.then(answers(503))
    assert isinstance(client.put_creditor(COMPANY, b"{}"), Unknown)
    outcome = client.put_creditor(COMPANY, b"{}")
    assert isinstance(outcome, Acknowledged)
    assert outcome.answer.letterhead is not None
    assert outcome.answer.letterhead.bankgiro == "5050-1063"


def test_events_are_read_page_by_page(agency: FakeAgency, client: AgencyClient) -> None:
    told = client.put_claim(claim())
    assert isinstance(told, Acknowledged)
    answer: ClaimAnswer = told.answer
    agency.events = [
        event(answer, COMPANY, "claim_received", summary(number, ClaimStatus.RECEIVED)) for number in range(1, 5)
    ]
    first = client.events("")
    assert isinstance(first, EventPage)
    assert (len(first.events), first.more) == (3, True)
    second = client.events(first.cursor)
    assert isinstance(second, EventPage)
    assert (second.events, second.more) == ((agency.events[3],), False)
    agency.then(answers(500))
    assert isinstance(client.events(second.cursor), Unknown)


def test_an_answer_that_drips_for_ever_ends(client: AgencyClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punktlig.exchange.client.WHOLE_ANSWER_SECONDS", -1.0)
    started = time.monotonic()
    outcome = client.put_claim(claim())
    assert isinstance(outcome, Unknown)
    assert outcome.why is Why.NO_ANSWER_IN_TIME
    assert time.monotonic() - started < 1


def test_an_answer_that_is_far_too_long_is_not_read_to_its_end(
    client: AgencyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.exchange.client.MOST_ANSWER_BYTES", 10)
    outcome = client.put_claim(claim())
    assert isinstance(outcome, Unknown)
    assert outcome.why is Why.ANSWER_UNREADABLE


def test_the_reference_rates_are_read_and_anything_else_is_unknown(agency: FakeAgency, client: AgencyClient) -> None:
    agency.rates = [
        KnownRate(valid_from=date(2016, 7, 1), percent=Decimal("-0.50"), source="SFS 2016:838"),
        KnownRate(valid_from=date(2017, 1, 1), percent=Decimal(2), source=""),
    ]
    told = client.reference_rates()
    assert isinstance(told, KnownRates)
    assert told.rates == tuple(agency.rates)
    body = b'{"rates": [{"valid_from": "2027-01-01", "percent": 2.5, "source": ""}]}'
    agency.then(
        answers(200, body, content_type="application/json"),  # a number could be read in two ways
        answers(200),
        answers(404, b'{"code": "not_found"}'),
    )
    for _ in range(3):
        assert isinstance(client.reference_rates(), Unknown)
