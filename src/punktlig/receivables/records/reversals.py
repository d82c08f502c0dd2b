"""What the agency tells of a reversal means here: the payment is taken back when nothing of it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.money import Money
from punktlig.receivables.records.handover import Command, CommandState
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import STANDS, Payment
from punktlig.receivables.records.invoice_money import take_back

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

# Refusals, the agency's and our own, that say that it does not count the payment: it never had it, or has no claim.
NOT_COUNTED_THERE = frozenset({"payment_not_counted", "handover_was_refused", "claim_refused", "claim_elsewhere"})


def carry_out_answered(company_id: UUID, reversals: Collection[UUID]) -> frozenset[UUID]:
    """Take back the payments of those reversals that have been answered, and return the invoices of those confirmed.

    Each once, whichever comes first of the event and the answer to the message. The caller holds the invoices' locks.
    """
    confirmed: set[UUID] = set()
    answered = Command.objects.filter(company_id=company_id, id__in=reversals, answered_at__isnull=False)
    for one in answered.select_related("asked_by").defer("body").order_by("answered_at", "id"):
        assert one.answered_at is not None  # noqa: S101 - as asked for
        assert one.asked_by is not None  # noqa: S101 - a reversal's constraint
        assert one.reverses is not None  # noqa: S101 - the same
        if one.state == CommandState.CONFIRMED:
            confirmed.add(one.invoice_id)
        elif one.refusal_code not in NOT_COUNTED_THERE:
            continue
        payment = Payment.objects.filter(STANDS, company_id=company_id, id=one.reverses).first()
        if payment is None:
            continue
        take_back(payment, by=one.asked_by, at=one.answered_at)
        if one.state == CommandState.REFUSED:
            # No event says so: the agency tells of what it did not do.
            tell(payment, "payment_taken_back", by=one.asked_by, at=one.answered_at)
    return frozenset(confirmed)


def carry_out_told(company_id: UUID, told: Collection[tuple[UUID, UUID, datetime]]) -> frozenset[UUID]:
    """Take back the payments that the agency's own people have taken back there, and return their invoices.

    Each is told as invoice, payment and moment. One that does not stand any more, or is another invoice's, is passed
    over. The caller holds the invoices' locks.
    """
    for invoice_id, payment_id, at in told:
        payment = Payment.objects.filter(STANDS, company_id=company_id, invoice_id=invoice_id, id=payment_id).first()
        if payment is not None:
            take_back(payment, by=None, at=at)
    return frozenset(invoice_id for invoice_id, _payment, _at in told)


def tell(payment: Payment, code: str, *, by: User, at: datetime) -> None:
    """Add a line of history about the payment, of what a person did with it."""
    HistoryLine.objects.create(
        company_id=payment.company_id,
        invoice_id=payment.invoice_id,
        at=at,
        actor=by.get_full_name(),
        code=code,
        facts={"amount": str(Money(payment.amount_ore)), "day": payment.day.isoformat(), "payment": str(payment.id)},
    )
