"""What the creditor tells of payments and credit notes counts at once, and stops what has not left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db.models import Sum

from punktlig.agency.actions.claims import Received, accept_claims
from punktlig.agency.actions.commands import CommandIdReused, DayHasNotBegun, Stored, receive_command
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.models import (
    Claim,
    ClaimEvent,
    ClaimStep,
    Delivery,
    JournalEntry,
    Letter,
    Posting,
    ReceivedCommand,
)
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimCommand, ClaimSubmission, SubmittedPayment, body_of
from punktlig.tenancy.context import acting_for
from tests.agency.samples import NOW, TODAY, command, make_creditor, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db

FEE = 6_000


@pytest.fixture
def creditor() -> Iterator[Creditor]:
    creditor = make_creditor()
    with acting_for(creditor.id):
        yield creditor


def hand_over(creditor: Creditor, message: ClaimSubmission | None = None) -> Claim:
    message = message or submission(creditor.company_id)
    sent = body_of(message)
    accept_claims(creditor.id, [Received(message, sent.body, sent.sha256)], today=TODAY, at=NOW)
    return Claim.objects.get(handover_id=message.handover_id)


def tell(
    creditor: Creditor, message: ClaimCommand, *, today: date = TODAY, at: datetime = NOW
) -> Stored | CommandIdReused | DayHasNotBegun:
    sent = body_of(message)
    return receive_command(creditor.id, message, sent.body, sent.sha256, today=today, at=at)


def pay(creditor: Creditor, claim: Claim, amount: str, **changes: Any) -> ReceivedCommand:
    at = changes.pop("at", NOW)
    outcome = tell(
        creditor,
        command(creditor.company_id, claim.handover_id, amount, **changes),
        today=max(TODAY, changes.get("day", TODAY)),
        at=at,
    )
    assert isinstance(outcome, Stored)
    claim.refresh_from_db()
    return outcome.command


def balances(claim: Claim) -> dict[str, int]:
    """What stands on each account of the claim, without those at nothing."""
    sums = Posting.objects.filter(claim=claim).values_list("account").annotate(Sum("amount_ore"))
    return {account: ore for account, ore in sums if ore}


def events(claim: Claim) -> list[str]:
    return list(ClaimEvent.objects.filter(claim=claim).order_by("sequence").values_list("kind", flat=True))


def write_reminder(creditor: Creditor, claim: Claim, day: date, *, handed_at: datetime | None) -> Letter:
    """A reminder of 1 200 kr with its fee, made on the day, without interest in the total to make sums readable."""
    step = ClaimStep.objects.create(creditor=creditor, claim=claim, step="reminder", taken_at=NOW)
    letter = Letter.objects.create(
        creditor=creditor,
        claim=claim,
        step=step,
        day=day,
        last_day_to_pay=day + timedelta(days=8),
        total_ore=120_000 + FEE,
        interest_ore=0,
        charge_ore=FEE,
        template="reminder-1",
        content="{}",
        content_sha256="0" * 64,
        made_at=NOW,
        handed_at=handed_at,
    )
    Delivery.objects.create(
        creditor=creditor,
        letter=letter,
        gateway="print",
        state="accepted" if handed_at else "queued",
        next_try_at=NOW,
    )
    entry = NewEntry(
        claim_id=claim.id,
        kind=EntryKind.REMINDER_FEE,
        day=day,
        source_id=letter.id,
        postings=((Account.FEES_OWED, FEE), (Account.FEE_INCOME, -FEE)),
    )
    write_entries(creditor, [entry], at=NOW)
    claim.status = "reminder_sent" if handed_at else "reminder_issued"
    claim.save()
    return letter


def test_a_payment_before_the_reminder_lowers_the_principal(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    stored = pay(creditor, claim, "200.00")
    assert (stored.state, stored.claim_id) == ("confirmed", claim.id)
    assert balances(claim) == {"principal_owed": 100_000, "due_to_creditor": -120_000, "paid_to_creditor": 20_000}
    assert events(claim) == ["claim_received", "payment_confirmed"]
    event = ClaimEvent.objects.get(claim=claim, sequence=2)
    assert event.actor == "Lillsjöns Snickeri AB"
    assert event.facts == {
        "command_id": str(stored.id),
        "kind": "payment",
        "amount": "200.00",
        "day": "2026-11-25",
        "principal": "200.00",
    }
    received = ClaimEvent.objects.get(claim=claim, sequence=1)
    assert float(received.summary["balance"]) - float(event.summary["balance"]) == pytest.approx(200)
    assert (claim.status, claim.sequence) == ("received", 2)


def test_what_pays_the_principal_before_the_reminder_settles_the_claim(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    pay(creditor, claim, "1200.00")
    assert claim.status == "paid"
    assert (claim.next_event, claim.next_event_day) == ("", None)
    assert claim.closed_at == NOW
    assert events(claim) == ["claim_received", "payment_confirmed", "claim_paid"]
    summary = ClaimEvent.objects.get(claim=claim, sequence=3).summary
    assert summary == {"sequence": 3, "status": "paid", "balance": "0.00", "balance_day": "2026-11-25"}
    sums = balances(claim)
    assert "principal_owed" not in sums
    assert "interest_owed" not in sums
    assert sums["paid_to_creditor"] == 120_000
    # The interest so far is fixed and let go of.
    assert sums["waived"] == -sums["due_to_creditor"] - 120_000 > 0


def test_a_credit_note_does_the_same_on_its_own_account(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    pay(creditor, claim, "500.00", kind="credit_note")
    assert balances(claim)["credited_by_creditor"] == 50_000
    assert events(claim) == ["claim_received", "credit_note_confirmed"]


def test_payment_and_credit_note_together_settle(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    pay(creditor, claim, "500.00", kind="credit_note")
    pay(creditor, claim, "700.00")
    assert claim.status == "paid"


def test_more_than_is_owed_is_told_as_surplus(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    pay(creditor, claim, "2000.00")
    assert claim.status == "paid"
    facts = ClaimEvent.objects.get(claim=claim, kind="payment_confirmed").facts
    # The interest so far comes out of the surplus, since it was owed.
    assert float(facts["principal"]) + float(facts["interest"]) + float(facts["surplus"]) == pytest.approx(2000)
    assert Posting.objects.aggregate(Sum("amount_ore"))["amount_ore__sum"] == 0


def test_the_same_command_again_changes_nothing(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    message = command(creditor.company_id, claim.handover_id, "200.00")
    first, second = tell(creditor, message), tell(creditor, message, today=TODAY + timedelta(days=9))
    assert isinstance(first, Stored)
    assert isinstance(second, Stored)
    assert (first.created, second.created) == (True, False)
    assert second.command.state == "confirmed"
    assert balances(claim)["paid_to_creditor"] == 20_000
    assert events(claim) == ["claim_received", "payment_confirmed"]


def test_a_command_id_with_other_bytes_is_told(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    message = command(creditor.company_id, claim.handover_id, "200.00")
    tell(creditor, message)
    outcome = tell(creditor, message.model_copy(update={"reference": "another"}))
    assert outcome == CommandIdReused(body_of(message).sha256)
    assert balances(claim)["paid_to_creditor"] == 20_000


def test_a_command_that_comes_before_its_claim_waits_and_is_carried_out_with_it(creditor: Creditor) -> None:
    message = submission(creditor.company_id)
    outcome = tell(creditor, command(creditor.company_id, message.handover_id, "200.00"))
    assert isinstance(outcome, Stored)
    assert (outcome.command.state, outcome.command.claim) == ("requested", None)
    claim = hand_over(creditor, message)
    assert events(claim) == ["claim_received", "payment_confirmed"]
    stored = ReceivedCommand.objects.get()
    assert (stored.state, stored.claim_id) == ("confirmed", claim.id)
    assert balances(claim)["paid_to_creditor"] == 20_000


def test_a_payment_that_waited_and_covers_everything_settles_the_claim_at_once(creditor: Creditor) -> None:
    message = submission(creditor.company_id)
    tell(creditor, command(creditor.company_id, message.handover_id, "1200.00"))
    claim = hand_over(creditor, message)
    assert claim.status == "paid"
    assert events(claim) == ["claim_received", "payment_confirmed", "claim_paid"]


@pytest.mark.parametrize("comes_first", ["the claim", "the command"])
def test_what_came_with_the_handover_is_not_counted_once_more_as_a_command_of_the_same_id(
    creditor: Creditor, comes_first: str
) -> None:
    before = SubmittedPayment(id=uuid4(), kind="payment", day=TODAY - timedelta(days=3), amount=Money.parse("300.00"))
    message = submission(creditor.company_id, told_before=[before])
    again = command(creditor.company_id, message.handover_id, "300.00", command_id=before.id)
    if comes_first == "the command":
        tell(creditor, again)
    claim = hand_over(creditor, message)
    outcome = tell(creditor, again)
    assert isinstance(outcome, Stored)
    assert (outcome.command.state, outcome.command.code) == ("refused", "told_with_handover")
    assert events(claim) == ["claim_received", "command_refused"]
    assert balances(claim)["principal_owed"] == 90_000
    # One that is taken back is named by its id: what came with the handover stays.
    undone = command(creditor.company_id, claim.handover_id, "300.00", kind="reversal", reverses=before.id)
    outcome = tell(creditor, undone)
    assert isinstance(outcome, Stored)
    assert outcome.command.code == "payment_not_counted"
    assert balances(claim)["principal_owed"] == 90_000


def test_a_command_on_a_refused_handover_is_refused(creditor: Creditor) -> None:
    message = submission(creditor.company_id, currency="EUR")
    sent = body_of(message)
    accept_claims(creditor.id, [Received(message, sent.body, sent.sha256)], today=TODAY, at=NOW)
    outcome = tell(creditor, command(creditor.company_id, message.handover_id, "1200.00"))
    assert isinstance(outcome, Stored)
    assert (outcome.command.state, outcome.command.code) == ("refused", "handover_was_refused")


def test_a_command_that_waited_for_a_handover_that_is_refused_is_refused_with_it(creditor: Creditor) -> None:
    message = submission(creditor.company_id, currency="EUR")
    told = command(creditor.company_id, message.handover_id, "1200.00")
    first = tell(creditor, told)
    assert isinstance(first, Stored)
    assert (first.command.state, first.command.code) == ("requested", "")
    sent = body_of(message)
    accept_claims(creditor.id, [Received(message, sent.body, sent.sha256)], today=TODAY, at=NOW)
    again = tell(creditor, told)
    assert isinstance(again, Stored)
    assert (again.command.state, again.command.code) == ("refused", "handover_was_refused")


def test_a_payment_dated_ahead_is_refused_with_an_event(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    message = command(creditor.company_id, claim.handover_id, "1200.00", day=TODAY + timedelta(days=2))
    outcome = tell(creditor, message)
    assert isinstance(outcome, Stored)
    assert (outcome.command.state, outcome.command.code) == ("refused", "payment_ahead")
    assert events(claim) == ["claim_received", "command_refused"]
    event = ClaimEvent.objects.get(claim=claim, sequence=2)
    assert (event.facts["code"], event.facts["command_id"]) == ("payment_ahead", str(message.command_id))
    assert "paid_to_creditor" not in balances(claim)


def test_a_payment_told_a_moment_before_its_day_begins_here_counts_when_it_is_told_again(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    tomorrow = TODAY + timedelta(days=1)
    message = command(creditor.company_id, claim.handover_id, "1200.00", day=tomorrow)
    assert isinstance(tell(creditor, message), DayHasNotBegun)
    assert not ReceivedCommand.objects.exists()
    assert events(claim) == ["claim_received"]
    outcome = tell(creditor, message, today=tomorrow, at=NOW + timedelta(days=1))
    assert isinstance(outcome, Stored)
    assert (outcome.command.state, outcome.created) == ("confirmed", True)
    # A clock that is set back does not take it away.
    again = tell(creditor, message)
    assert isinstance(again, Stored)
    assert (again.command.state, again.created) == ("confirmed", False)


@pytest.mark.parametrize(("status", "code"), [("paid", "claim_is_paid"), ("closed", "claim_is_closed")])
def test_a_claim_that_has_ended_takes_nothing_more(creditor: Creditor, status: str, code: str) -> None:
    claim = hand_over(creditor)
    Claim.objects.filter(id=claim.id).update(status=status)
    assert pay(creditor, claim, "10.00").code == code
    assert claim.status == status


def test_a_letter_that_has_not_left_is_stopped_and_its_fee_taken_back(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    letter = write_reminder(creditor, claim, TODAY, handed_at=None)
    pay(creditor, claim, "1200.00")
    letter.refresh_from_db()
    assert letter.stopped_at == NOW
    assert Delivery.objects.get().state == "stopped"
    assert claim.status == "paid"
    assert events(claim) == [
        "claim_received",
        "payment_confirmed",
        "reminder_stopped",
        "fee_reversed",
        "claim_paid",
    ]
    sums = balances(claim)
    assert "fees_owed" not in sums
    assert "fee_income" not in sums
    assert "principal_owed" not in sums
    fee, back = JournalEntry.objects.filter(kind__in=["reminder_fee", "fee_reversed"]).order_by("kind").reverse()
    assert back.corrects_id == fee.id
    assert ClaimEvent.objects.get(claim=claim, kind="fee_reversed").facts == {"amount": "60.00"}
    assert ClaimEvent.objects.get(claim=claim, kind="claim_paid").summary["balance"] == "0.00"


def test_a_part_payment_leaves_a_letter_that_has_not_left_to_the_round(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    letter = write_reminder(creditor, claim, TODAY, handed_at=None)
    pay(creditor, claim, "200.00")
    letter.refresh_from_db()
    assert letter.stopped_at is None
    assert Delivery.objects.get().state == "queued"
    assert balances(claim)["principal_owed"] == 100_000
    assert balances(claim)["fees_owed"] == FEE


def test_after_the_letter_a_payment_goes_to_the_fee_first(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    write_reminder(creditor, claim, TODAY, handed_at=NOW)
    pay(creditor, claim, "100.00", at=NOW + timedelta(days=1), day=TODAY + timedelta(days=1))
    sums = balances(claim)
    assert "fees_owed" not in sums
    assert claim.status == "reminder_sent"
    facts = ClaimEvent.objects.get(claim=claim, kind="payment_confirmed").facts
    assert facts["fees"] == "60.00"
    assert float(facts["fees"]) + float(facts["interest"]) + float(facts.get("principal", 0)) == pytest.approx(100)


def test_what_the_letter_asks_for_settles_it_by_its_last_day_and_the_rest_is_let_go_of(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    write_reminder(creditor, claim, TODAY, handed_at=NOW)
    last_day = TODAY + timedelta(days=8)
    pay(creditor, claim, "1260.00", at=NOW + timedelta(days=8), day=last_day)
    assert claim.status == "paid"
    sums = balances(claim)
    assert sums["waived"] > 0
    assert {"principal_owed", "interest_owed", "fees_owed"} & sums.keys() == set()


def test_a_payment_booked_before_the_letter_but_told_after_it_takes_the_fee_back(creditor: Creditor) -> None:
    claim = hand_over(creditor)
    write_reminder(creditor, claim, TODAY + timedelta(days=1), handed_at=NOW + timedelta(days=1))
    later = TODAY + timedelta(days=3)
    message = command(creditor.company_id, claim.handover_id, "1200.00", day=TODAY)
    tell(creditor, message, today=later, at=NOW + timedelta(days=3))
    claim.refresh_from_db()
    assert claim.status == "paid"
    assert "fee_reversed" in events(claim)
    sums = balances(claim)
    assert {"principal_owed", "interest_owed", "fees_owed", "fee_income"} & sums.keys() == set()


def test_every_entry_sums_to_zero_whatever_came(creditor: Creditor) -> None:
    claim = hand_over(creditor, submission(creditor.company_id, payments=[(TODAY - timedelta(days=40), "33.33")]))
    write_reminder(creditor, claim, TODAY, handed_at=NOW)
    for number, amount in enumerate(["12.34", "100.01", "0.01", "500.00"]):
        pay(creditor, claim, amount, day=TODAY + timedelta(days=number), at=NOW + timedelta(days=number + 1))
    sums = Posting.objects.values("entry").annotate(sum=Sum("amount_ore")).values_list("sum", flat=True)
    assert set(sums) == {0}
    assert uuid4() not in set(ReceivedCommand.objects.values_list("id", flat=True))
