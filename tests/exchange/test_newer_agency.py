"""An agency that is newer than its platform is understood; a platform that is newer than its agency is refused."""

from __future__ import annotations

import inspect
import json
from datetime import date
from typing import TYPE_CHECKING, Any, get_args
from uuid import uuid4

import pytest
from pydantic import ValidationError

from punktlig.core.money import Money
from punktlig.exchange import messages
from punktlig.exchange.client import AgencyClient, SentClaim
from punktlig.exchange.outcomes import Acknowledged, Refused
from punktlig.exchange.types import Asked, Message, Told
from tests.receivables.fake_agency import API_KEY, LETTERHEAD, FakeAgency, answers, event, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

COMPANY = uuid4()


@pytest.fixture
def agency() -> Iterator[FakeAgency]:
    with FakeAgency() as agency:
        yield agency


@pytest.fixture
def client(agency: FakeAgency) -> Iterator[AgencyClient]:
    with AgencyClient(agency.url, API_KEY) as client:
        yield client


def newer(told: Any) -> Any:
    """Return JSON with a field that nobody knows in every object but the facts, which are texts by name."""
    if isinstance(told, list):
        return [newer(each) for each in told]
    if not isinstance(told, dict):
        return told
    grown = {name: value if name == "facts" else newer(value) for name, value in told.items()}
    return grown | {"since_next_year": {"of": ["things"]}}


def newer_bytes(told: BaseModel) -> bytes:
    return json.dumps(newer(told.model_dump(mode="json"))).encode()


def parts(base: type[Message]) -> list[type[Message]]:
    return [
        found
        for _, found in inspect.getmembers(messages, inspect.isclass)
        if issubclass(found, base) and found.__module__ == messages.__name__
    ]


def held_by(part: type[Message]) -> set[type[Message]]:
    """Return the parts that a part holds, however deep its fields wrap them."""
    found: set[type[Message]] = set()
    waiting = [field.annotation for field in part.model_fields.values()]
    while waiting:
        each: Any = waiting.pop()
        if inspect.isclass(each) and issubclass(each, Message):
            found.add(each)
        waiting += get_args(each)
    return found


def test_every_part_is_asked_or_told_with_all_that_it_holds() -> None:
    asked, told = parts(Asked), parts(Told)
    assert messages.ClaimSubmission in asked
    assert messages.ClaimEvent in told
    assert set(asked) | set(told) == set(parts(Message))
    for base, whole in ((Asked, asked), (Told, told)):
        for part in whole:
            assert all(issubclass(each, base) for each in held_by(part)), part


@pytest.mark.parametrize("part", parts(Asked), ids=lambda part: part.__name__)
def test_what_is_asked_may_have_no_field_that_the_agency_does_not_know(part: type[Message]) -> None:
    with pytest.raises(ValidationError) as refused:
        part.model_validate_json(b'{"since_next_year":true}')
    assert ("since_next_year",) in [problem["loc"] for problem in refused.value.errors()]


def test_the_words_of_today_are_words_that_an_older_platform_can_read() -> None:
    for known in (messages.EventKind, messages.ClaimStatus, messages.NextEvent):
        for word in known:
            messages.ClaimSummary(sequence=1, status=f"{word}", balance=None, balance_day=date(2026, 11, 25))


@pytest.mark.parametrize("word", ["", "Demand", "demand sent", "d" * 41, "<b>", 7, None])
def test_what_is_no_word_is_no_status(word: object) -> None:
    told = summary(1, "paid").model_dump(mode="json") | {"status": word}
    with pytest.raises(ValidationError):
        messages.ClaimSummary.model_validate_json(json.dumps(told))


def claim() -> SentClaim:
    handover_id = uuid4()
    sent = messages.body_of(
        messages.ClaimSubmission(
            handover_id=handover_id, company_id=COMPANY, invoice_id=uuid4(),
            invoice=messages.SubmittedInvoice(
                number="F-1", issue_date=date(2026, 9, 15), due_date=date(2026, 10, 15), currency="SEK",
                payable=Money(120_000),
            ),
            debtor=messages.SubmittedDebtor(name="Anna Ek", kind="consumer", address=messages.Address()),
            terms=messages.SubmittedTerms(start="agreed"),
        )
    )  # fmt: skip
    return SentClaim(handover_id, sent.body, sent.sha256)


def test_the_answer_to_a_claim_is_understood(agency: FakeAgency, client: AgencyClient) -> None:
    sent = claim()
    status, told = agency.claim(sent.body)
    agency.then(answers(status, newer_bytes(told), content_type="application/json"))
    assert client.put_claim(sent) == Acknowledged(told)


def test_the_answers_to_many_claims_are_understood(agency: FakeAgency, client: AgencyClient) -> None:
    sent = [claim(), claim()]
    told = [agency.claim(each.body)[1] for each in sent]
    assert isinstance(told[0], messages.ClaimAnswer)
    refusal = messages.Problem(type="https://agency.example/claim-refused", title="No", status=422, code="no_such_day")
    lines = [
        messages.LineAnswer(line=1, handover_id=sent[0].handover_id, status=201, claim=told[0]),
        messages.LineAnswer(line=2, handover_id=sent[1].handover_id, status=422, problem=refusal),
    ]
    body = b"\n".join(newer_bytes(line) for line in lines)
    agency.then(answers(200, body, content_type="application/x-ndjson"))
    assert client.post_claims(sent) == {
        sent[0].handover_id: Acknowledged(told[0]), sent[1].handover_id: Refused(refusal),
    }  # fmt: skip


def test_a_refusal_is_understood(agency: FakeAgency, client: AgencyClient) -> None:
    refusal = messages.Problem(
        type="https://agency.example/claim-refused", title="No", status=422, code="no_such_day", facts={"day": "x"},
        errors=(messages.FieldProblem(pointer="/invoice", detail="no"),),
    )  # fmt: skip
    agency.then(answers(422, newer_bytes(refusal), content_type="application/problem+json"))
    assert client.put_claim(claim()) == Refused(refusal)


def test_the_answer_to_a_command_is_understood_in_a_state_of_its_own(agency: FakeAgency, client: AgencyClient) -> None:
    told = messages.CommandAnswer(command_id=uuid4(), sha256="ab" * 32, state="waits_for_person")
    agency.then(answers(200, newer_bytes(told), content_type="application/json"))
    assert client.put_command(told.command_id, b"{}", told.sha256) == Acknowledged(told)


def test_the_answer_to_an_activation_is_understood(agency: FakeAgency, client: AgencyClient) -> None:
    told = messages.Activated(
        company_id=COMPANY, creditor_id=uuid4(), agency_name="Ekviken Ombud", portal_url="https://agency.example/",
        letterhead=LETTERHEAD,
    )  # fmt: skip
    agency.then(answers(200, newer_bytes(told), content_type="application/json"))
    outcome = client.put_creditor(COMPANY, b"{}")
    assert outcome == Acknowledged(told)
    assert isinstance(outcome, Acknowledged)
    assert outcome.answer.letterhead is not None
    assert "since_next_year" not in outcome.answer.letterhead.model_dump()


def test_a_page_of_events_is_understood_whatever_their_kinds(agency: FakeAgency, client: AgencyClient) -> None:
    _, told = agency.claim(claim().body)
    assert isinstance(told, messages.ClaimAnswer)
    known = event(told, COMPANY, "claim_paid", summary(2, "paid"))
    unknown = event(told, COMPANY, "respite_granted", summary(3, "resting", next_event="respite_ends"), until="x")
    page = messages.EventPage(events=(known, unknown), cursor="9", more=False)
    agency.then(answers(200, newer_bytes(page), content_type="application/json"))
    read = client.events("")
    assert read == page
    assert isinstance(read, messages.EventPage)
    assert isinstance(read.events[0].kind, messages.EventKind)
    assert isinstance(read.events[0].summary.status, messages.ClaimStatus)
