"""Each invoice becomes exactly one claim, or is refused for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db.models import Sum

from punktlig.agency.actions.claims import (
    Accepted,
    HandoverIdReused,
    InvoiceIsClaimed,
    Outcome,
    Received,
    Refused,
    accept_claims,
)
from punktlig.agency.records.models import Claim, ClaimEvent, ClaimNumber, FeedEntry, Posting, RefusedHandover
from punktlig.exchange.messages import ClaimSubmission, SubmittedLine, body_of
from punktlig.tenancy.context import acting_for
from tests.agency.samples import NOW, TODAY, make_creditor, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Iterator[Creditor]:
    creditor = make_creditor()
    with acting_for(creditor.id):
        yield creditor


def received(message: ClaimSubmission) -> Received:
    sent = body_of(message)
    return Received(message, sent.body, sent.sha256)


def accept(creditor: Creditor, *messages: ClaimSubmission, today: date = TODAY) -> list[Outcome]:
    return accept_claims(creditor.id, [received(message) for message in messages], today=today, at=NOW)


def test_an_overdue_invoice_becomes_a_claim_with_journal_event_and_place_in_the_feed(creditor: Creditor) -> None:
    message = submission(creditor.company_id, number="F-77")
    (outcome,) = accept(creditor, message)
    assert isinstance(outcome, Accepted)
    assert outcome.created
    claim = Claim.objects.get()
    assert claim.id == outcome.claim.id
    assert (claim.handover_id, claim.invoice_id) == (message.handover_id, message.invoice_id)
    assert bytes(claim.submission) == body_of(message).body
    assert claim.sha256 == body_of(message).sha256
    assert (claim.invoice_number, claim.debtor_name, claim.debtor_kind) == ("F-77", "Anna Ek", "consumer")
    assert (claim.payable_ore, claim.principal_ore) == (120_000, 120_000)
    assert (claim.status, claim.sequence) == ("received", 1)
    assert claim.received_day == TODAY
    assert claim.reminder_day == claim.next_event_day == date(2026, 11, 26)
    assert claim.next_event == "reminder_is_issued"
    number = ClaimNumber.objects.get(number=claim.number)
    assert (number.creditor_id, number.claim_id) == (creditor.id, claim.id)
    assert len(claim.number) == 8
    assert claim.number.isdigit()
    assert claim.number[0] != "0"
    assert set(Posting.objects.values_list("account", "amount_ore")) == {
        ("principal_owed", 120_000),
        ("due_to_creditor", -120_000),
    }
    event = ClaimEvent.objects.get()
    assert (event.kind, event.sequence) == ("claim_received", 1)
    # 30 days at 2.00 + 8 %... the exact interest is the core's own matter; here it only has to be in the balance.
    assert event.summary["status"] == "received"
    assert event.summary["balance"] > "1200.00"
    assert FeedEntry.objects.get().id == event.id


def test_the_same_bytes_again_get_the_same_claim(creditor: Creditor) -> None:
    message = submission(creditor.company_id)
    (first,) = accept(creditor, message)
    (second,) = accept(creditor, message, today=TODAY + timedelta(days=400))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert not second.created
    assert second.claim.id == first.claim.id
    assert (Claim.objects.count(), ClaimEvent.objects.count(), FeedEntry.objects.count()) == (1, 1, 1)


def test_the_same_handover_id_with_other_bytes_is_told_and_changes_nothing(creditor: Creditor) -> None:
    message = submission(creditor.company_id)
    accept(creditor, message)
    other = message.model_copy(update={"debt_text": "something else"})
    (outcome,) = accept(creditor, other)
    assert outcome == HandoverIdReused(body_of(message).sha256)
    assert Claim.objects.get().sha256 == body_of(message).sha256


def test_another_handover_of_the_same_invoice_is_told_which_claim_it_has(creditor: Creditor) -> None:
    message = submission(creditor.company_id)
    accept(creditor, message)
    (outcome,) = accept(creditor, message.model_copy(update={"handover_id": uuid4()}))
    assert outcome == InvoiceIsClaimed(Claim.objects.get())


def test_a_refusal_is_stored_and_answered_the_same_for_ever(creditor: Creditor) -> None:
    message = submission(creditor.company_id, due_date=TODAY + timedelta(days=5))
    (first,) = accept(creditor, message)
    assert isinstance(first, Refused)
    assert first.code == "not_overdue_yet"
    assert first.facts == {
        "due_date": "2026-11-30",
        "effective_due_date": "2026-11-30",
        "first_reminder_day": "2026-12-01",
    }
    # The invoice has fallen due since, and the answer is still no: it is mended and sent under a new id.
    assert accept(creditor, message, today=TODAY + timedelta(days=30)) == [first]
    assert RefusedHandover.objects.count() == 1
    assert Claim.objects.count() == 0
    (outcome,) = accept(creditor, message.model_copy(update={"handover_id": uuid4()}), today=TODAY + timedelta(days=30))
    assert isinstance(outcome, Accepted)
    assert accept(creditor, message, today=TODAY + timedelta(days=30)) == [first]


def test_a_refused_handover_id_with_other_bytes_is_told(creditor: Creditor) -> None:
    message = submission(creditor.company_id, due_date=TODAY + timedelta(days=5))
    accept(creditor, message)
    mended = submission(creditor.company_id, handover_id=message.handover_id, invoice_id=message.invoice_id)
    assert accept(creditor, mended) == [HandoverIdReused(body_of(message).sha256)]
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payments": [(TODAY - timedelta(days=2), "1200.00")]}, "nothing_left_to_pay"),
        ({"currency": "EUR"}, "currency_is_not_sek"),
        ({"issue_date": None}, "invoice_date_missing"),
        ({"due_date": None, "issue_date": date(2026, 1, 1)}, "due_date_missing"),
        ({"payable": "-10.00"}, "total_is_negative"),
        ({"debtor": {"kind": None}}, "debtor_kind_unknown"),
        ({"debtor": {"identity_is_protected": True}}, "identity_is_protected"),
        ({"deduction": "rot"}, "customer_share_unknown"),
        ({"terms": {"claims_compensation": True}}, "compensation_not_from_consumer"),
        ({"payments": [(TODAY + timedelta(days=1), "10.00")]}, "payment_ahead"),
        ({"debtor": {"name": "אנה"}}, "character_not_covered"),
        ({"lines": (SubmittedLine(text="Tack \N{GRINNING FACE}"),)}, "character_not_covered"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_refusal_is_the_cores(creditor: Creditor, changes: dict[str, Any], code: str) -> None:
    invoice_changes = {name: changes[name] for name in ("due_date",) if name in changes and changes[name] is None}
    rest = {name: value for name, value in changes.items() if name not in invoice_changes}
    message = submission(creditor.company_id, **rest)
    if invoice_changes:
        message = message.model_copy(update={"invoice": message.invoice.model_copy(update=invoice_changes)})
    (outcome,) = accept(creditor, message)
    assert isinstance(outcome, Refused)
    assert outcome.code == code
    assert all(isinstance(value, str) for value in outcome.facts.values())
    assert RefusedHandover.objects.get(id=message.handover_id).code == code


def test_what_was_paid_before_lowers_what_is_taken_over(creditor: Creditor) -> None:
    accept(creditor, submission(creditor.company_id, payments=[(TODAY - timedelta(days=3), "200.00")]))
    claim = Claim.objects.get()
    assert claim.principal_ore == 120_000
    assert Posting.objects.filter(account="principal_owed").aggregate(Sum("amount_ore"))["amount_ore__sum"] == 100_000


def test_only_the_customers_share_is_claimed(creditor: Creditor) -> None:
    from punktlig.core.money import Money  # noqa: PLC0415

    accept(
        creditor,
        submission(creditor.company_id, deduction="rot", customer_share=Money(80_000), customer_share_confirmed=True),
    )
    claim = Claim.objects.get()
    assert (claim.payable_ore, claim.principal_ore) == (120_000, 80_000)


def test_a_chunk_answers_each_line_in_its_order(creditor: Creditor) -> None:
    known = submission(creditor.company_id)
    accept(creditor, known)
    good, bad = submission(creditor.company_id), submission(creditor.company_id, currency="EUR")
    same_invoice = good.model_copy(update={"handover_id": uuid4()})
    outcomes = accept(creditor, known, bad, good, good, same_invoice, bad)
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted, Accepted, InvoiceIsClaimed, Refused]
    assert [outcome.created for outcome in outcomes if isinstance(outcome, Accepted)] == [False, True, False]
    assert isinstance(outcomes[4], InvoiceIsClaimed)
    assert outcomes[4].claim.number == Claim.objects.get(handover_id=good.handover_id).number != ""
    assert Claim.objects.count() == 2
    assert RefusedHandover.objects.count() == 1


def test_a_thousand_at_once_all_balance_and_take_a_fixed_number_of_queries(
    creditor: Creditor, django_assert_max_num_queries: Any
) -> None:
    messages = [submission(creditor.company_id) for _ in range(1000)]
    with django_assert_max_num_queries(30):
        outcomes = accept(creditor, *messages)
    assert all(isinstance(outcome, Accepted) and outcome.created for outcome in outcomes)
    assert Claim.objects.count() == ClaimNumber.objects.count() == FeedEntry.objects.count() == 1000
    assert Posting.objects.aggregate(Sum("amount_ore"))["amount_ore__sum"] == 0
    assert Claim.objects.filter(handover_id=messages[500].handover_id).get().invoice_number == (
        messages[500].invoice.number
    )
