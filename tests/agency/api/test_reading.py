"""Activation, commands, reading claims and the feed through the API; who may see what."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from punktlig import clock
from punktlig.agency.actions import feed, keys
from punktlig.agency.actions.reminders import issue_reminders
from punktlig.agency.api import access
from punktlig.agency.api.rate_limits import Allowances
from punktlig.agency.records.models import ApiKey, Claim, Creditor, ReceivedCommand
from punktlig.core.money import Money
from punktlig.exchange.messages import Account, Activated, Address, ClaimAnswer, CommandAnswer, EventPage, body_of
from punktlig.tenancy.context import acting_for, acting_for_everyone
from tests.agency.api.calling import Caller, changed, problem_of
from tests.agency.samples import NOW, TODAY, activation, command, make_platform, submission

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def company(caller: Caller) -> UUID:
    return caller.activate()


@pytest.fixture
def claim(caller: Caller, company: UUID) -> ClaimAnswer:
    return ClaimAnswer.model_validate_json(caller.put_claim(submission(company)).content)


# ---- Who calls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/creditors/{id}"),
        ("PUT", "/claims/{id}"),
        ("POST", "/claims"),
        ("GET", "/claims/{id}"),
        ("GET", "/claims/12345678"),
        ("GET", "/claims/{id}/events"),
        ("GET", "/claims/{id}/letters"),
        ("GET", "/claims/{id}/letters/{id}.pdf"),
        ("PUT", "/commands/{id}"),
        ("GET", "/events"),
        ("GET", "/reference-rates"),
    ],
)
def test_every_call_needs_a_key(caller: Caller, method: str, path: str) -> None:
    address = path.format(id=uuid4())
    for header, code in (
        ("", "key_missing"),
        ("Bearer", "key_not_valid"),
        ("Bearer nothing", "key_not_valid"),
        (f"Bearer {caller.key}x", "key_not_valid"),
        (f"Basic {caller.key}", "key_not_valid"),
        (caller.key, "key_not_valid"),
        ("Bearer å.ä", "key_not_valid"),
    ):
        answer = caller.call(method, address, b"{}", authorization=header)
        problem_of(answer, 401, code)
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(caller: Caller, company: UUID) -> None:
    keys.revoke_api_key(ApiKey.objects.get().id, at=NOW)
    problem_of(caller.put_claim(submission(company)), 401, "key_not_valid")


def test_a_key_may_be_written_with_bearer_in_any_case(caller: Caller) -> None:
    assert caller.call("GET", "/events", content_type="", authorization=f"bearer  {caller.key} ").status_code == 200


def test_who_calls_too_often_is_told_when_to_come_back(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_ALLOWANCES", Allowances(0.5, 2, clock=lambda: 100.0))
    other = Caller(make_platform("En annan"))
    assert [caller.get("/events").status_code for _ in range(2)] == [200, 200]
    answer = caller.get("/events")
    problem_of(answer, 429, "too_many_requests")
    assert answer["Retry-After"] == "2"
    assert other.get("/events").status_code == 200


def test_an_allowance_fills_up_evenly_and_no_further_than_its_burst() -> None:
    moment, platform = [0.0], uuid4()
    allowances = Allowances(10, 3, clock=lambda: moment[0])
    assert [allowances.take(platform) for _ in range(4)] == [0, 0, 0, 1]
    moment[0] = 0.1
    assert [allowances.take(platform) for _ in range(2)] == [0, 1]
    moment[0] = 1000
    assert [allowances.take(platform) for _ in range(4)] == [0, 0, 0, 1]


def test_another_platform_sees_nothing(caller: Caller, company: UUID, claim: ClaimAnswer) -> None:
    other = Caller(make_platform("En annan"))
    other.activate()
    for path in ("", "/events", "/letters", f"/letters/{uuid4()}.pdf"):
        for name in (claim.handover_id, claim.claim_number):
            problem_of(other.get(f"/claims/{name}{path}"), 404, "claim_unknown")
    problem_of(other.put_command(command(company, claim.handover_id, "10.00")), 404, "creditor_unknown")
    with acting_for_everyone():
        assert ReceivedCommand.objects.count() == 0
    feed.publish(caller.platform.id, at=NOW)
    assert other.get("/events").json()["events"] == []
    # The same company id of another platform is another creditor.
    other.activate(company)
    problem_of(other.get(f"/claims/{claim.handover_id}"), 404, "claim_unknown")
    assert other.put_command(command(company, claim.handover_id, "10.00")).json()["state"] == "requested"
    with acting_for_everyone():
        assert Claim.objects.get().sequence == 1


# ---- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/claims", "/api/v1/claims/", "/api/v1/claims/a/b/c", "/api/x"],
)
def test_what_does_not_exist_is_a_problem_too(caller: Caller, path: str) -> None:
    problem_of(caller.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/claims", {"POST"}),
        ("PATCH", "/commands/{id}", {"PUT"}),
        ("POST", "/events", {"GET"}),
        ("POST", "/creditors/{id}", {"PUT"}),
        ("DELETE", "/claims/{id}", {"GET", "PUT"}),
    ],
)
def test_a_method_that_is_not_taken_is_a_problem_with_those_that_are(
    caller: Caller, method: str, path: str, allowed: set[str]
) -> None:
    answer = caller.call(method, path.format(id=uuid4()), b"{}")
    told = problem_of(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == allowed
    assert told.detail == f"It takes {answer['Allow']}."


def test_a_claim_sent_under_what_is_no_id_is_told_what_an_id_looks_like(caller: Caller) -> None:
    for named in ("12345678", str(uuid4()).upper()):
        told = problem_of(caller.call("PUT", f"/claims/{named}", b"{}"), 405, "method_not_allowed")
        assert "UUID in small letters" in told.detail
    assert "UUID in small letters" in problem_of(caller.call("PUT", "/commands/17", b"{}"), 404, "not_found").detail


def test_the_description_is_served_and_tells_the_real_content_types(caller: Caller) -> None:
    described = caller.client.get("/api/v1/openapi.json")
    assert described.status_code == 200
    told = json.loads(described.content)
    responses = told["paths"]["/api/v1/claims/{handover_id}"]["put"]["responses"]
    problems = {"400", "401", "404", "405", "409", "411", "413", "415", "422", "429", "500", "503"}
    assert set(responses) == {"200", "201"} | problems
    assert list(responses["422"]["content"]) == ["application/problem+json"]
    assert list(responses["201"]["content"]) == ["application/json"]
    lines = told["paths"]["/api/v1/claims"]["post"]
    assert list(lines["requestBody"]["content"]) == ["application/x-ndjson"]
    assert list(lines["responses"]["200"]["content"]) == ["application/x-ndjson"]
    schemas = told["components"]["schemas"]
    references = {part.split('"')[0] for part in described.content.decode().split('"#/components/schemas/')[1:]}
    assert references <= set(schemas)
    assert schemas["ClaimSubmission"]["additionalProperties"] is False
    assert told["components"]["securitySchemes"]["PlatformKey"]["scheme"] == "bearer"


# ---- Activation ---------------------------------------------------------------------------------------------------


def test_the_description_has_a_claim_read_by_its_number_too_and_a_day_that_is_one(caller: Caller) -> None:
    told = caller.client.get("/api/v1/openapi.json").json()
    read, sent = (told["paths"]["/api/v1/claims/{handover_id}"][method]["parameters"] for method in ("get", "put"))
    assert [(each["name"], each["schema"].get("format")) for each in read] == [("handover_id", None), ("day", "date")]
    # An empty one would be no day.
    assert "default" not in read[1]["schema"]
    assert [(each["name"], each["schema"].get("format")) for each in sent] == [("handover_id", "uuid")]
    for path, operations in told["paths"].items():
        for operation in operations.values():
            waits = {
                status
                for status, answer in operation["responses"].items()
                if "Retry-After" in answer.get("headers", ())
            }
            assert waits == {"429", "503"}, path


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("0.01", True), ("99999999999.99", True), ("100000000000.00", False), ("-1.00", False), ("1.0", False)],
)
def test_an_amount_that_fits_its_description_is_taken_and_no_other(
    caller: Caller, company: UUID, claim: ClaimAnswer, amount: str, *, fits: bool
) -> None:
    schemas = caller.client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    described = schemas["ClaimCommand"]["properties"]["amount"]["pattern"]
    told = command(company, claim.handover_id, "1.00")
    answer = caller.call("PUT", f"/commands/{told.command_id}", changed(told, amount=amount))
    assert (re.search(described, amount, re.ASCII) is not None, answer.status_code == 201) == (fits, fits)


def test_nothing_but_the_call_itself_is_taken_and_an_unknown_parameter_is_passed_over(
    caller: Caller, claim: ClaimAnswer
) -> None:
    for method in ("HEAD", "OPTIONS"):
        assert caller.call(method, "/events").status_code == 405
    told = caller.get(f"/claims/{claim.handover_id}?date=2026-12-24")
    assert told.json()["balance"]["day"] == clock.today().isoformat()


def test_a_company_is_activated_and_the_same_bytes_get_the_same_answer(caller: Caller) -> None:
    message = activation()
    first = caller.put_message(f"/creditors/{message.company_id}", message)
    again = caller.put_message(f"/creditors/{message.company_id}", message)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    answer = Activated.model_validate_json(first.content)
    creditor = Creditor.objects.get()
    assert (answer.creditor_id, answer.agency_name) == (creditor.id, "Ekviken Ombud")
    assert answer.portal_url == f"http://localhost:8001/c/{creditor.id}/"
    assert answer.letterhead is not None
    assert answer.letterhead.bankgiro
    assert creditor.activation_sha256 == body_of(message).sha256


@pytest.mark.parametrize(
    "changes",
    [
        {"account__kind": "cash"},
        {"account__number": ""},
        {"accepted_at": "2026-11-25"},
        {"accepted_at": "2026-11-25T10:00:00"},
        {"accepted_at": "0001-01-01T00:00:00+14:00"},
        {"accepted_at": 0},
        {"accepted_at": "2030-01-01T00:00:00Z"},
        {"told_at": "2030-01-01T00:00:00Z"},
        {"name": "\u0000"},
        {"contact_email": None},
        {"terms_version": "x" * 21},
        {"contact_telephone": "0" * 41},
        {"contact_email": "maja"},
        {"contact_email": f"{'m' * 64}@{'l' * 60}.{'s' * 60}.{'s' * 60}.example"},
        {"organisation_number": "559012-3451"},
        {"account__number": "5050-1056"},
    ],
    ids=str,
)
def test_a_wrong_activation_is_told_by_field(caller: Caller, changes: dict[str, Any]) -> None:
    message = activation()
    answer = caller.call("PUT", f"/creditors/{message.company_id}", changed(message, **changes))
    told = problem_of(answer, 422, "message_not_valid")
    assert told.errors[0].pointer == "/" + next(iter(changes)).replace("__", "/")
    assert Creditor.objects.count() == 0


def test_the_longest_activation_is_kept_whole(caller: Caller) -> None:
    longest = activation(
        name="N" * 200, contact_name="K" * 200, accepted_by="G" * 200, contact_telephone="0" * 40,
        contact_email=f"{'m' * 64}@{'l' * 60}.{'s' * 60}.{'s' * 60}.se", terms_version="2" * 20,
        account=Account(kind="iban", number="MT84 MALT 0110 0001 2345 MTLC AST0 01S"),
        address=Address(lines=("L" * 1000,) * 6, postcode="P" * 1000, town="T" * 1000),
    )  # fmt: skip
    assert caller.put_message(f"/creditors/{longest.company_id}", longest).status_code == 201
    kept = Creditor.objects.get()
    assert (kept.name, kept.contact_email) == (longest.name, longest.contact_email)
    assert (kept.account_number, kept.terms_version) == (longest.account.number, longest.terms_version)


def test_an_activation_under_another_address_is_refused(caller: Caller) -> None:
    problem_of(caller.put_message(f"/creditors/{uuid4()}", activation()), 422, "id_differs_from_path")


# ---- Commands -----------------------------------------------------------------------------------------------------


def test_a_payment_is_told_and_confirmed(caller: Caller, company: UUID, claim: ClaimAnswer) -> None:
    message = command(company, claim.handover_id, "200.00")
    first, again = caller.put_command(message), caller.put_command(message)
    assert (first.status_code, again.status_code) == (201, 200)
    answer = CommandAnswer.model_validate_json(first.content)
    assert (answer.command_id, answer.sha256, answer.state) == (
        message.command_id,
        body_of(message).sha256,
        "confirmed",
    )
    assert again.content == first.content
    other = message.model_copy(update={"amount": Money(1)})
    told = problem_of(caller.put_command(other), 422, "command_id_reused")
    assert told.sha256 == body_of(message).sha256


def test_a_command_of_tomorrow_is_asked_for_again(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    company = caller.activate()
    late = datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC)
    monkeypatch.setattr("punktlig.clock.now", lambda: late)
    message = command(company, uuid4(), "1200.00", day=date(2026, 11, 26))
    answer = caller.put_command(message)
    problem_of(answer, 503, "temporarily_unavailable")
    assert answer["Retry-After"] == "60"
    monkeypatch.setattr("punktlig.clock.now", lambda: late + timedelta(seconds=1))
    assert caller.put_command(message).json()["state"] == "requested"


def test_a_payment_before_its_claim_is_requested_and_then_confirmed(caller: Caller, company: UUID) -> None:
    handed_over = submission(company)
    message = command(company, handed_over.handover_id, "200.00")
    assert caller.put_command(message).json()["state"] == "requested"
    answer = ClaimAnswer.model_validate_json(caller.put_claim(handed_over).content)
    assert answer.summary.sequence == 2
    assert caller.put_command(message).json()["state"] == "confirmed"


def test_a_refused_command_has_a_type_of_its_own_and_stays_refused(
    caller: Caller, company: UUID, claim: ClaimAnswer
) -> None:
    caller.put_command(command(company, claim.handover_id, "1200.00"))
    message = command(company, claim.handover_id, "5.00")
    first = caller.put_command(message)
    told = problem_of(first, 422, "claim_is_paid")
    assert told.type.endswith("/command-refused")
    assert caller.put_command(message).content == first.content


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0.00"},
        {"amount": "-1.00"},
        {"amount": 5},
        {"kind": "gift"},
        {"day": "2026-13-01"},
        {"reverses": "7f1d3c9e-0000-4000-8000-000000000001"},
        {"reverses": None, "kind": "reversal"},
    ],
    ids=str,
)
def test_a_wrong_command_is_told_by_field(
    caller: Caller, company: UUID, claim: ClaimAnswer, changes: dict[str, Any]
) -> None:
    message = command(company, claim.handover_id, "5.00")
    answer = caller.call("PUT", f"/commands/{message.command_id}", changed(message, **changes))
    told = problem_of(answer, 422, "message_not_valid")
    assert [error.pointer for error in told.errors or ()] == [f"/{next(iter(changes))}"]
    problem_of(caller.put_message(f"/commands/{uuid4()}", message), 422, "id_differs_from_path")


# ---- Reading ------------------------------------------------------------------------------------------------------


def test_a_claim_is_read_by_handover_id_or_number_with_its_balance_explained(
    caller: Caller, claim: ClaimAnswer
) -> None:
    by_id, by_number = caller.get(f"/claims/{claim.handover_id}"), caller.get(f"/claims/{claim.claim_number}")
    assert by_id.content == by_number.content
    told = by_id.json()
    assert ClaimAnswer.model_validate_json(json.dumps(told["claim"])) == claim
    balance = told["balance"]
    assert balance["day"] == "2026-11-25"
    assert balance["total"] == str(claim.summary.balance)
    assert balance["principal"] == "1200.00"
    assert sum(Money.parse(line["amount"]).ore for line in balance["lines"]) == Money.parse(balance["total"]).ore
    interest = [line for line in balance["lines"] if line["what"] == "interest"]
    assert interest[0]["statute"] == "1975:635 s. 6"
    assert interest[0]["days"] > 0
    assert Money.parse(balance["growth"]).ore > 0


def test_of_two_companies_with_the_same_handover_id_the_first_claim_is_read(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ids of companies, and so the order of their claims in an index, are drawn.
    for _ in range(4):
        handover, numbers = uuid4(), []
        for second in range(3):
            monkeypatch.setattr(clock, "now", lambda second=second: NOW + timedelta(seconds=second))
            message = submission(caller.activate(), handover_id=handover)
            numbers.append(caller.put_claim(message).json()["claim_number"])
        assert caller.get(f"/claims/{handover}").json()["claim"]["claim_number"] == numbers[0]


def test_the_balance_of_another_day(caller: Caller, claim: ClaimAnswer) -> None:
    today = caller.get(f"/claims/{claim.handover_id}?day=2026-11-25").json()["balance"]
    later = caller.get(f"/claims/{claim.handover_id}?day=2026-12-05").json()["balance"]
    assert later["day"] == "2026-12-05"
    assert Money.parse(later["total"]) > Money.parse(today["total"])
    # No reference rate is known after the half-year: it stops there and says so by its day.
    beyond = caller.get(f"/claims/{claim.handover_id}?day=2027-06-01").json()["balance"]
    assert (beyond["day"], beyond["growth"]) == ("2026-12-31", None)


@pytest.mark.parametrize("day", ["x", "2026-02-30", "0", "20261125", "2026-11-25T00:00:00", "1700-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(caller: Caller, claim: ClaimAnswer, day: str) -> None:
    problem_of(caller.get(f"/claims/{claim.handover_id}?day={day}"), 422, "parameter_not_valid")


@pytest.mark.parametrize("name", ["00000000", "1", "x", "å", str(uuid4()), "1" * 300, "%00", "..%2f"])
def test_a_claim_that_does_not_exist_is_a_problem(caller: Caller, name: str) -> None:
    answer = caller.get(f"/claims/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] in {"claim_unknown", "not_found"}


def test_a_claims_events_are_read_in_order(caller: Caller, company: UUID, claim: ClaimAnswer) -> None:
    caller.put_command(command(company, claim.handover_id, "1200.00"))
    told = caller.get(f"/claims/{claim.claim_number}/events").json()["events"]
    assert [event["kind"] for event in told] == ["claim_received", "payment_confirmed", "claim_paid"]
    assert [event["summary"]["sequence"] for event in told] == [1, 2, 3]
    assert told[0]["company_id"] == str(company)


def test_the_feed_is_read_page_by_page(caller: Caller, company: UUID) -> None:
    for _ in range(3):
        caller.put_claim(submission(company))
    assert caller.get("/events").json() == {
        "events": [],
        "cursor": f"{caller.platform.id.hex[:12]}-0",
        "more": False,
    }
    feed.publish(caller.platform.id, at=NOW)
    first = EventPage.model_validate_json(caller.get("/events?limit=2").content)
    second = EventPage.model_validate_json(caller.get(f"/events?limit=2&after={first.cursor}").content)
    assert (len(first.events), first.more) == (2, True)
    assert (len(second.events), second.more) == (1, False)
    problem_of(caller.get("/events?after=nothing"), 422, "cursor_unknown")
    for wrong in ("limit=0", "limit=1001", "limit=x", "after=" + "x" * 101):
        problem_of(caller.get(f"/events?{wrong}"), 422, "parameter_not_valid")


def test_a_letter_is_listed_and_fetched_as_the_same_pdf(
    caller: Caller, claim: ClaimAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    creditor = Creditor.objects.get()
    day = date(2026, 11, 26)
    with acting_for(creditor.id):
        assert issue_reminders(creditor.id, today=day, at=NOW + timedelta(days=1)).issued == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    (letter,) = caller.get(f"/claims/{claim.handover_id}/letters").json()["letters"]
    assert (letter["step"], letter["day"], letter["charge"], letter["left_at"]) == (
        "reminder",
        "2026-11-26",
        "60.00",
        None,
    )
    path = letter["pdf_url"].removeprefix("http://localhost:8001/api/v1")
    first, again = caller.get(path), caller.get(path)
    assert first["Content-Type"] == "application/pdf"
    assert first["Cache-Control"] == "private, no-store"
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    assert caller.get(f"/claims/{claim.handover_id}").json()["balance"]["total"] == letter["total"]
    problem_of(caller.get(f"/claims/{claim.handover_id}/letters/{uuid4()}.pdf"), 404, "letter_unknown")
    assert day > TODAY
