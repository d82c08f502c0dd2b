"""Handing over through the API: one claim for each invoice, one answer for each line."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from punktlig.agency.actions import claims
from punktlig.agency.actions.claims import accept_claims
from punktlig.agency.api import submissions
from punktlig.agency.records.claim_numbers import random_numbers
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor, RefusedHandover
from punktlig.exchange.messages import ClaimAnswer, body_of
from punktlig.tenancy.context import acting_for_everyone
from tests.agency.api.calling import NDJSON, Caller, changed, lines_of, problem_of
from tests.agency.samples import TODAY, make_platform, submission

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.agency.actions.claims import Received

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def company(caller: Caller) -> UUID:
    return caller.activate()


def _claims() -> int:
    with acting_for_everyone():
        return Claim.objects.count()


def test_an_invoice_is_handed_over_and_the_same_bytes_get_the_same_answer(caller: Caller, company: UUID) -> None:
    message = submission(company)
    first = caller.put_claim(message)
    assert first.status_code == 201
    assert first["Content-Type"] == "application/json"
    answer = ClaimAnswer.model_validate_json(first.content)
    assert answer.handover_id == message.handover_id
    assert answer.sha256 == body_of(message).sha256
    assert answer.summary.status == "received"
    assert answer.summary.sequence == 1
    assert answer.summary.next_event == "reminder_is_issued"
    assert answer.portal_url.endswith(f"/claims/{answer.claim_id}/")
    again = caller.put_claim(message)
    assert (again.status_code, again.content) == (200, first.content)
    assert _claims() == 1


def test_the_hash_is_of_the_bytes_exactly_as_they_were_sent(caller: Caller, company: UUID) -> None:
    message = submission(company)
    spaced = json.dumps(json.loads(body_of(message).body), indent=2, ensure_ascii=False).encode() + b"\n\n"
    answer = caller.call("PUT", f"/claims/{message.handover_id}", spaced)
    assert answer.status_code == 201
    assert answer.json()["sha256"] == hashlib.sha256(spaced).hexdigest()
    # The same facts in other bytes are other bytes.
    told = problem_of(caller.put_claim(message), 422, "handover_id_reused")
    assert told.sha256 == hashlib.sha256(spaced).hexdigest()


def test_another_handover_of_the_same_invoice_names_the_claim(caller: Caller, company: UUID) -> None:
    message = submission(company)
    answer = ClaimAnswer.model_validate_json(caller.put_claim(message).content)
    other = message.model_copy(update={"handover_id": uuid4()})
    told = problem_of(caller.put_claim(other), 409, "invoice_already_claimed")
    assert (told.claim_number, told.sha256) == (answer.claim_number, answer.sha256)
    assert _claims() == 1


def test_a_refusal_is_a_problem_of_its_own_type_and_the_same_for_ever(caller: Caller, company: UUID) -> None:
    message = submission(company, due_date=TODAY + timedelta(days=5))
    first = caller.put_claim(message)
    told = problem_of(first, 422, "not_overdue_yet")
    assert told.type.endswith("/claim-refused")
    assert set(told.facts) == {"due_date", "effective_due_date", "first_reminder_day"}
    assert caller.put_claim(message).content == first.content
    mended = submission(company, handover_id=message.handover_id)
    problem_of(caller.put_claim(mended), 422, "handover_id_reused")


def test_what_is_no_refusal_never_has_its_type(caller: Caller, company: UUID) -> None:
    message = submission(company)
    caller.put_claim(message)
    other = message.model_copy(update={"handover_id": uuid4()})
    for answer in (
        caller.put_claim(other),
        caller.call("PUT", f"/claims/{uuid4()}", body_of(message).body),
        caller.call("PUT", f"/claims/{message.handover_id}", b"{"),
        caller.call("GET", "/nowhere"),
    ):
        assert not answer.json()["type"].endswith("-refused")


def test_the_company_must_be_activated_by_the_same_platform(caller: Caller, company: UUID) -> None:
    problem_of(caller.put_claim(submission(uuid4())), 404, "creditor_unknown")
    other = Caller(make_platform("En annan"))
    problem_of(other.put_claim(submission(company)), 404, "creditor_unknown")
    with acting_for_everyone():
        assert RefusedHandover.objects.count() == 0


def test_the_id_of_the_address_and_of_the_body_must_agree(caller: Caller, company: UUID) -> None:
    message, other = submission(company), uuid4()
    told = problem_of(caller.call("PUT", f"/claims/{other}", body_of(message).body), 422, "id_differs_from_path")
    assert [(error.pointer, error.detail) for error in told.errors] == [("/handover_id", f"the address has {other}")]


@pytest.mark.parametrize(
    ("once", "twice", "pointers"),
    [
        (b'"currency"', b'"payable":"1.00","currency"', ["/invoice/payable"]),
        (b'"currency"', b'"pay\\u0061ble":"1.00","currency"', ["/invoice/payable"]),
        (b'"debtor"', b'"debtor":{"x":1,"x":[[1e400]]},"debtor"', ["/debtor"]),
        (b'"payments":[', b'"payments":[' + b"9" * 4300 + b'],"payments":[', ["/payments"]),
        (b'"day"', b'"day":"2026-10-01","kind":"credit_note","day"', ["/payments/0/kind", "/payments/0/day"]),
    ],
    ids=["an amount", "an amount in disguise", "an object", "a list of what no number could be", "two in a list"],
)
def test_a_field_that_stands_twice_is_named_and_nothing_is_stored(
    caller: Caller, company: UUID, once: bytes, twice: bytes, pointers: list[str]
) -> None:
    message = submission(company, payments=[(TODAY - timedelta(days=3), "300.00")])
    body = body_of(message).body
    assert once in body
    answer = caller.call("PUT", f"/claims/{message.handover_id}", body.replace(once, twice, 1))
    told = problem_of(answer, 422, "message_not_valid")
    assert sorted(error.pointer for error in told.errors) == sorted(pointers)
    assert _claims() == 0
    assert caller.put_claim(message).status_code == 201


def test_two_payments_of_the_same_id_are_not_both_counted(caller: Caller, company: UUID) -> None:
    one = {"id": str(uuid4()), "kind": "payment", "day": "2026-11-01", "amount": "5.00"}
    other = one | {"id": str(uuid4())}
    message = submission(company)
    body = changed(message, payments=[one, other, one | {"amount": "6.00"}])
    told = problem_of(caller.call("PUT", f"/claims/{message.handover_id}", body), 422, "message_not_valid")
    assert [(error.pointer, error.detail) for error in told.errors] == [
        ("/payments/2/id", "/payments/0 has the same id")
    ]
    assert _claims() == 0


@pytest.mark.parametrize(
    ("changes", "code", "fact"),
    [
        ({"debtor__address__lines": ["a" * 1000, "b" * 1000]}, "address_does_not_fit", "recipient"),
        ({"debt_text": "".join(map(chr, range(0x4E00, 0x4E00 + 900)))}, "character_not_covered", "characters"),
    ],
    ids=["a long address", "many odd characters"],
)
def test_a_refusal_with_more_facts_than_a_text_may_hold_is_told_alone_and_among_others(
    caller: Caller, company: UUID, changes: dict[str, Any], code: str, fact: str
) -> None:
    message, good = submission(company), submission(company)
    body = changed(message, **changes)
    first = caller.call("PUT", f"/claims/{message.handover_id}", body)
    told = problem_of(first, 422, code)
    assert told.type.endswith("/claim-refused")
    assert len(told.facts[fact]) == 1000
    assert caller.call("PUT", f"/claims/{message.handover_id}", body).content == first.content
    refused, accepted = lines_of(caller.post_lines(body, good))
    assert refused.problem == told
    assert accepted.status == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "body_is_not_json"),
        (b"\xff\xfe", "body_is_not_json"),
        (b"\xef\xbb\xbf{}", "body_is_not_json"),
        (b'{"handover_id": "\xe5"}', "body_is_not_json"),
        (b'{"a": NaN}', "message_not_valid"),
        (b"null", "message_not_valid"),
        (b"[]", "message_not_valid"),
        (b'"text"', "message_not_valid"),
        (b"{}", "message_not_valid"),
        (b"[" * 100_000, "body_is_not_json"),
        (b'{"a":' * 100_000, "body_is_not_json"),
        (b'{"\\ud800": 1}', "body_is_not_json"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_body_that_is_no_message_is_told_so(caller: Caller, body: bytes, code: str) -> None:
    status = 400 if code == "body_is_not_json" else 422
    problem_of(caller.call("PUT", f"/claims/{uuid4()}", body), status, code)


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice__payable": 1200},
        {"invoice__payable": 1200.5},
        {"invoice__payable": "1200"},
        {"invoice__payable": "1200.001"},
        {"invoice__payable": "1e3"},
        {"invoice__payable": "123456789012345.00"},
        {"invoice__payable": "100000000000.00"},
        {"invoice__payable": "١٢٠٠.00"},
        {"invoice__payable": 10**400},
        {"invoice__payable": None},
        {"invoice__issue_date": 0},
        {"invoice__issue_date": "1767225600"},
        {"invoice__issue_date": "2026-02-30"},
        {"invoice__issue_date": "2026-1-1"},
        {"invoice__issue_date": "20260101"},
        {"invoice__issue_date": "2026-01-01T00:00:00"},
        {"invoice__issue_date": "0001-01-01"},
        {"invoice__due_date": "9999-12-31"},
        {"invoice__number": "F\x00"},
        {"invoice__number": ""},
        {"invoice__number": "x" * 61},
        {"invoice__number": 17},
        {"invoice__currency": "sek"},
        {"invoice__unknown": 1},
        {"invoice__customer_share_confirmed": "true"},
        {"invoice__customer_share_confirmed": 1},
        {"invoice__lines": "none"},
        {"invoice__lines": [{}]},
        {"invoice__lines": [{"text": "x", "quantity": 1}]},
        {"invoice__lines": [{"text": "x", "quantity": "NaN"}]},
        {"invoice__deduction": "other"},
        {"invoice": []},
        {"debtor__name": "Anna\x1bEk"},
        {"debtor__name": "x" * 201},
        {"debtor__kind": "person"},
        {"debtor__language": "de"},
        {"debtor__address__country": "Sverige"},
        {"debtor__address__lines": ["x"] * 7},
        {"terms__start": "whenever"},
        {"terms__demand_sent": "9999-12-31"},
        {"payments": [{"id": str(uuid4()), "kind": "payment", "day": "2026-11-01", "amount": "0.00"}]},
        {"payments": [{"id": str(uuid4()), "kind": "payment", "day": "2026-11-01", "amount": "-5.00"}]},
        {"payments": [{"id": "1", "kind": "payment", "day": "2026-11-01", "amount": "5.00"}]},
        {"company_id": 5},
        {"invoice_id": "not-a-uuid"},
        {"invoice_id": None},
        {"debt_text": "x" * 1001},
        {"extra": {"nested": True}},
    ],
    ids=lambda changes: next(iter(changes)) + "=" + repr(next(iter(changes.values())))[:24],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(caller: Caller, company: UUID, changes: dict[str, Any]) -> None:
    message = submission(company)
    body = changed(message, **changes)
    told = problem_of(caller.call("PUT", f"/claims/{message.handover_id}", body), 422, "message_not_valid")
    place = "/" + next(iter(changes)).replace("__", "/")
    assert any(error.pointer.startswith(place) for error in told.errors), told.errors
    assert all(error.detail for error in told.errors)
    with acting_for_everyone():
        assert (Claim.objects.count(), RefusedHandover.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice__number": "F–1 “å” Ω Ж"},
        {"debtor__name": "Žofia Ñuñez'); DROP TABLE agency_claim; --"},
        {"debt_text": "rad ett\nrad två\tmed tabb"},
        {"invoice__payable": "99999999999.99"},  # and interest on top
        {"invoice__lines": [{"text": "", "quantity": "-0.5", "amount": "-10.00"}]},
        {"payments": [{"id": str(uuid4()), "kind": "credit_note", "day": "1900-01-01", "amount": "0.01"}]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_odd_but_right_fields_are_taken(caller: Caller, company: UUID, changes: dict[str, Any]) -> None:
    message = submission(company)
    answer = caller.call("PUT", f"/claims/{message.handover_id}", changed(message, **changes))
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-ndjson", "application/json; charset=latin-1", "multipart/form-data"],
)
def test_a_body_of_another_type_is_refused(caller: Caller, company: UUID, content_type: str) -> None:
    message = submission(company)
    answer = caller.call("PUT", f"/claims/{message.handover_id}", body_of(message).body, content_type)
    problem_of(answer, 415, "content_type_unsupported")


def test_a_compressed_body_is_refused_and_utf_8_may_be_said(caller: Caller, company: UUID) -> None:
    message = submission(company)
    body, path = body_of(message).body, f"/claims/{message.handover_id}"
    answer = caller.call("PUT", path, body, **{"content-encoding": "gzip"})
    problem_of(answer, 415, "content_type_unsupported")
    assert caller.call("PUT", path, body, "application/json; charset=UTF-8").status_code == 201


def test_a_body_that_is_too_large_is_refused(caller: Caller) -> None:
    path = f"/claims/{uuid4()}"
    problem_of(caller.call("PUT", path, b" " * 3_000_001), 413, "body_too_large")
    problem_of(caller.call("POST", "/claims", b" " * 30_000_001, NDJSON), 413, "body_too_large")


def test_a_line_that_is_too_large_for_a_single_call_is_so_among_many(caller: Caller, company: UUID) -> None:
    large = body_of(submission(company)).body + b" " * 3_000_000
    refused, taken = lines_of(caller.post_lines(large, submission(company)))
    assert (refused.status, refused.problem and refused.problem.code) == (413, "body_too_large")
    assert taken.status == 201
    assert _claims() == 1


# ---- Many at once -------------------------------------------------------------------------------------------------


def sent_raw(live_server: Any, caller: Caller, line: str, headers: str, body: bytes) -> bytes:
    """Return the answer to what is sent byte for byte, after which nothing more comes."""
    address = urlsplit(live_server.url)
    head = f"{line} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {caller.key}\r\n{headers}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection_to_it:
        connection_to_it.sendall(head.encode() + body)
        connection_to_it.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection_to_it.recv(4096), b""))


@pytest.mark.django_db(transaction=True)
def test_a_body_that_was_cut_off_is_no_body(live_server: Any, caller: Caller, company: UUID) -> None:
    message = submission(company)
    body = body_of(message).body
    headers = f"Content-Type: application/json\r\nContent-Length: {len(body) + 1}"
    answer = sent_raw(live_server, caller, f"PUT /api/v1/claims/{message.handover_id}", headers, body)
    assert answer.split(maxsplit=2)[1] == b"400"
    assert b'"code":"body_incomplete"' in answer
    assert _claims() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [b"0\r\n\r\n", b""], ids=["whole", "cut"])
@pytest.mark.parametrize("lines", [False, True])
def test_a_body_in_chunks_is_refused_by_name_whether_it_was_cut_or_not(
    live_server: Any, caller: Caller, company: UUID, lines: bool, end: bytes
) -> None:
    message = submission(company)
    body = body_of(message).body
    headers = f"Content-Type: application/{'x-ndjson' if lines else 'json'}\r\nTransfer-Encoding: chunked"
    line = "POST /api/v1/claims" if lines else f"PUT /api/v1/claims/{message.handover_id}"
    answer = sent_raw(live_server, caller, line, headers, b"%x\r\n%s\r\n" % (len(body), body) + end)
    assert answer.split(maxsplit=2)[1] == b"411"
    assert b'"code":"content_length_missing"' in answer
    assert _claims() == 0


def test_each_line_is_answered_as_a_single_one_would_be(caller: Caller, company: UUID) -> None:
    known, fresh = submission(company), submission(company)
    caller.put_claim(known)
    refused = submission(company, currency="EUR")
    same_invoice = fresh.model_copy(update={"handover_id": uuid4()})
    reused = known.model_copy(update={"debt_text": "annat"})
    stranger = submission(uuid4())
    answers = lines_of(
        caller.post_lines(known, fresh, b"{", refused, same_invoice, reused, stranger, b'{"handover_id": 1}', fresh)
    )
    assert [answer.line for answer in answers] == list(range(1, 10))
    assert [(answer.status, answer.problem.code if answer.problem else None) for answer in answers] == [
        (200, None),
        (201, None),
        (400, "body_is_not_json"),
        (422, "currency_is_not_sek"),
        (409, "invoice_already_claimed"),
        (422, "handover_id_reused"),
        (404, "creditor_unknown"),
        (422, "message_not_valid"),
        (200, None),
    ]
    assert [answer.handover_id for answer in answers][:4] == [
        known.handover_id,
        fresh.handover_id,
        None,
        refused.handover_id,
    ]
    assert answers[1].claim is not None
    assert answers[1].claim.sha256 == body_of(fresh).sha256
    assert answers[4].problem is not None
    assert answers[4].problem.claim_number == answers[1].claim.claim_number
    assert _claims() == 2


def test_lines_of_several_companies_come_back_in_their_order(caller: Caller, company: UUID) -> None:
    other = caller.activate()
    messages = [submission(company if number % 2 else other) for number in range(10)]
    answers = lines_of(caller.post_lines(*messages))
    assert [answer.handover_id for answer in answers] == [message.handover_id for message in messages]
    assert {answer.status for answer in answers} == {201}
    with acting_for_everyone():
        by_company = {creditor.company_id: creditor for creditor in Creditor.objects.all()}
        assert Claim.objects.filter(creditor=by_company[other]).count() == 5


def test_empty_lines_are_passed_over_and_a_last_line_needs_no_line_feed(caller: Caller, company: UUID) -> None:
    one, two = body_of(submission(company)).body, body_of(submission(company)).body
    answers = lines_of(caller.call("POST", "/claims", b"\n" + one + b"\r\n\n  \n" + two, NDJSON))
    assert [(answer.line, answer.status) for answer in answers] == [(2, 201), (5, 201)]


def test_no_lines_and_too_many_lines_are_refused_whole(caller: Caller) -> None:
    problem_of(caller.call("POST", "/claims", b"\n \n", NDJSON), 422, "no_lines")
    problem_of(caller.post_lines(*[b"{}"] * 1001), 413, "too_many_lines")
    problem_of(caller.call("POST", "/claims", b"{}", "application/json"), 415, "content_type_unsupported")


def test_a_thousand_lines_at_once(caller: Caller, company: UUID) -> None:
    messages = [submission(company) for _ in range(1000)]
    answers = lines_of(caller.post_lines(*messages))
    assert {answer.status for answer in answers} == {201}
    assert _claims() == 1000


def test_a_fault_with_one_companys_lines_stores_nothing_of_it_and_leaves_the_others(
    caller: Caller, company: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = caller.activate()
    with acting_for_everyone():
        broken = Creditor.objects.get(company_id=other).id

    def accept_or_fail(creditor_id: UUID, *arguments: Any, **more: Any) -> Any:
        outcomes = accept_claims(creditor_id, *arguments, **more)
        if creditor_id == broken:
            raise OperationalError("the server closed the connection")
        return outcomes

    monkeypatch.setattr(submissions, "accept_claims", accept_or_fail)
    messages = [submission(company), submission(other), submission(company)]
    answers = lines_of(caller.post_lines(*messages))
    assert [answer.status for answer in answers] == [201, 503, 201]
    assert answers[1].problem is not None
    assert answers[1].problem.code == "temporarily_unavailable"
    assert _claims() == 2
    monkeypatch.undo()
    assert [answer.status for answer in lines_of(caller.post_lines(*messages))] == [200, 201, 200]


# ---- Faults -------------------------------------------------------------------------------------------------------


def test_a_fault_in_the_middle_is_a_problem_and_leaves_nothing(
    caller: Caller, company: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = submission(company)

    def fail(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(submissions, "answers_of", fail)
    answer = caller.put_claim(message)
    told = problem_of(answer, 500, "internal_error")
    assert "fault of ours" not in told.detail
    assert _claims() == 0
    monkeypatch.undo()
    assert caller.put_claim(message).status_code == 201


def test_no_database_is_told_as_a_passing_fault(caller: Caller, company: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise OperationalError("too many connections")

    monkeypatch.setattr(submissions, "accept_claims", fail)
    answer = caller.put_claim(submission(company))
    problem_of(answer, 503, "temporarily_unavailable")
    assert int(answer["Retry-After"]) > 0


def _at_once(count: int, work: Any) -> list[Any]:
    """Let so many threads begin in the same moment; return what they returned."""
    barrier, results, lock = threading.Barrier(count), [], threading.Lock()

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            result = work(number)
        except BaseException as problem:  # noqa: BLE001 - told by the test
            result = problem
        finally:
            connection.close()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture(params=["in one process", "in as many processes"])
def _served(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let claims of the same moment share a transaction, or meet each other in the database alone."""
    if request.param != "in one process":
        monkeypatch.setattr(submissions, "_ONE_BY_ONE", _Alone())


class _Alone:
    def do(self, of: tuple[UUID, UUID], received: Received) -> Any:
        (told,) = submissions._accept_now(of, [received])
        return told


@pytest.mark.usefixtures("_served")
@pytest.mark.django_db(transaction=True)
def test_the_same_handover_twenty_times_at_once_is_one_claim() -> None:
    caller = Caller()
    message = submission(caller.activate())
    answers = _at_once(20, lambda _: Caller(caller.platform, caller.key).put_claim(message))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.content for answer in answers}) == 1
    with acting_for_everyone():
        assert (Claim.objects.count(), ClaimEvent.objects.count()) == (1, 1)


@pytest.mark.usefixtures("_served")
@pytest.mark.django_db(transaction=True)
def test_the_same_invoice_under_twenty_ids_at_once_is_one_claim_and_the_others_are_told_of_it() -> None:
    caller = Caller()
    message = submission(caller.activate())
    answers = _at_once(
        20,
        lambda _: Caller(caller.platform, caller.key).put_claim(message.model_copy(update={"handover_id": uuid4()})),
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    (number,) = {answer.json()["claim_number"] for answer in answers}
    with acting_for_everyone():
        assert Claim.objects.get().number == number


# The ids of 60 are locked one by one, of 90 all at once.
@pytest.mark.parametrize("count", [60, 90])
@pytest.mark.django_db(transaction=True)
def test_overlapping_chunks_at_once_neither_double_nor_deadlock(count: int) -> None:
    caller = Caller()
    company = caller.activate()
    messages = [submission(company) for _ in range(count)]

    def post(number: int) -> Any:
        mine = messages[number * 5 :] + messages[: number * 5]
        return Caller(caller.platform, caller.key).post_lines(*(mine if number % 2 else reversed(mine)))

    answers = [line for answer in _at_once(6, post) for line in lines_of(answer)]
    assert len(answers) == 6 * count
    assert sorted(answer.status for answer in answers) == [200] * 5 * count + [201] * count
    assert _claims() == count


@pytest.mark.usefixtures("_served")
@pytest.mark.django_db(transaction=True)
def test_single_claims_and_a_chunk_of_the_same_at_once_neither_double_nor_deadlock() -> None:
    caller = Caller()
    company = caller.activate()
    messages = [submission(company) for _ in range(90)]

    def hand_over(number: int) -> list[int]:
        one = Caller(caller.platform, caller.key)
        if number % 4 == 0:
            return [line.status for line in lines_of(one.post_lines(*messages))]
        return [one.put_claim(message).status_code for message in messages[number:90:4]]

    statuses = [status for told in _at_once(12, hand_over) for status in told]
    assert statuses.count(201) == _claims() == 90
    assert set(statuses) == {200, 201}


@pytest.mark.usefixtures("_served")
@pytest.mark.django_db(transaction=True)
def test_the_same_refusal_at_once_is_stored_once() -> None:
    caller = Caller()
    message = submission(caller.activate(), currency="EUR")
    answers = _at_once(10, lambda _: Caller(caller.platform, caller.key).put_claim(message))
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.content for answer in answers}) == 1
    with acting_for_everyone():
        assert RefusedHandover.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_claims_of_the_same_moment_share_transactions_and_one_that_fails_fails_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = Caller()
    company = caller.activate()
    messages = [submission(company) for _ in range(20)]
    chunks: list[int] = []

    def accept_or_fail(creditor_id: UUID, received: list[Received], **more: Any) -> Any:
        chunks.append(len(received))
        if any(each.submission == messages[7] for each in received):
            raise RuntimeError("a fault of ours")
        return accept_claims(creditor_id, received, **more)

    monkeypatch.setattr(submissions, "accept_claims", accept_or_fail)
    statuses: dict[int, int] = {}

    def put(number: int) -> None:
        statuses[number] = Caller(caller.platform, caller.key).put_claim(messages[number]).status_code

    _at_once(20, put)
    assert statuses == {number: 500 if number == 7 else 201 for number in range(20)}
    assert max(chunks) > 1
    assert _claims() == 19
    monkeypatch.undo()
    assert caller.put_claim(messages[7]).status_code == 201


@pytest.mark.parametrize("count", [1, 3, 100])
def test_a_number_that_somebody_takes_in_the_same_moment_is_drawn_anew(
    caller: Caller, company: UUID, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    taken = ClaimAnswer.model_validate_json(caller.put_claim(submission(company)).content).claim_number
    drawn: list[set[str]] = []

    def draw(wanted: int) -> set[str]:
        numbers = random_numbers(wanted)
        if not drawn:
            numbers.pop()
            numbers.add(taken)
        drawn.append(numbers)
        return numbers

    monkeypatch.setattr(claims, "random_numbers", draw)
    # As the other's claim was not committed yet when it was looked for.
    monkeypatch.setattr(claims, "taken_numbers", lambda _: ("SELECT number FROM agency_claim_number WHERE false", []))
    messages = [submission(company) for _ in range(count)]
    if count == 1:
        assert caller.put_claim(*messages).status_code == 201
    else:
        assert {answer.status for answer in lines_of(caller.post_lines(*messages))} == {201}
    assert len(drawn) == 2
    with acting_for_everyone():
        assert len(set(Claim.objects.values_list("number", flat=True))) == 1 + count
