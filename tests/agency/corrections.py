"""A payment that a letter or the handover counts, taken back at the desk, and what is left of the claim then."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from punktlig.agency.actions.payment_corrections import take_back_wrong_payment
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor, Letter, Posting
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import claim_balance
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import STOCKHOLM, THURSDAY, WEDNESDAY, accept, deliver, fresh, morning, pay

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from punktlig.core.money import Money

EARLIER = WEDNESDAY - timedelta(days=12)
# After the last day to pay of a letter of THURSDAY.
LATE, DAY_AFTER = date(2026, 12, 9), date(2026, 12, 10)


def play_round(day: date, folder: Path) -> None:
    run_daily_round(today=day, at=morning(day))
    deliver(folder, morning(day, 10))


def payments_of(claim: Claim) -> list[UUID]:
    with acting_for(claim.creditor_id):
        creditor = Creditor.objects.get(id=claim.creditor_id)
        return [payment.id for payment in counted_payments(creditor, Claim.objects.get(id=claim.id))]


def take_back(claim: Claim, day: date, *, payment: UUID | None = None, hour: int = 14) -> Claim:
    """Take back the claim's only payment, or the one named."""
    if payment is None:
        (payment,) = payments_of(claim)
    at = morning(day, hour)
    with acting_for(claim.creditor_id):
        return take_back_wrong_payment(
            claim.creditor_id,
            claim.id,
            payment,
            note="Kunden betalade en annan faktura",
            actor="Ali Omar",
            today=at.astimezone(STOCKHOLM).date(),
            at=at,
        )


def totals(claim: Claim) -> dict[str, int]:
    """What the claim's journal holds on each account."""
    with acting_for(claim.creditor_id):
        held = Counter[str]()
        for account, ore in Posting.objects.filter(claim=claim).values_list("account", "amount_ore"):
            held[account] += ore
    return {account: ore for account, ore in held.items() if ore}


def owed(claim: Claim, day: date) -> Money:
    with acting_for(claim.creditor_id):
        creditor = Creditor.objects.get(id=claim.creditor_id)
        return claim_balance(balance_facts(creditor, [fresh(claim)])[claim.id], day, known_rates(day)).total


def text_of(written: str) -> str:
    """With plain spaces for those that do not break."""
    return written.replace("\u00a0", " ")


def letters_of(claim: Claim) -> list[Letter]:
    with acting_for(claim.creditor_id):
        return list(Letter.objects.filter(claim=claim).order_by("edition"))


def told(claim: Claim, kind: str) -> dict[str, str]:
    with acting_for(claim.creditor_id):
        event = ClaimEvent.objects.filter(claim=claim, kind=kind).order_by("-sequence").first()
    assert event is not None
    facts: dict[str, str] = event.facts
    return facts


def same_as_never_paid(claim: Claim, other: Claim, day: date) -> None:
    """Hold the claim to one of the same facts that no payment was ever told of."""
    assert totals(claim) == totals(other)
    assert owed(claim, day) == owed(other, day)


def counted_in_a_letter_that_left(creditor: Creditor, folder: Path, *, with_handover: bool = False) -> Claim:
    if with_handover:
        claim = accept(creditor, payments=[(EARLIER, "200.00")])
    else:
        claim = accept(creditor)
        pay(creditor, claim, "200.00", day=WEDNESDAY)
    play_round(THURSDAY, folder)
    return claim
