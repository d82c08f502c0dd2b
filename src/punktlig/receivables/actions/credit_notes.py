"""Credit notes entered by hand: each number lowers one invoice once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.core.money import ZERO, Money
from punktlig.receivables.records.command_writing import add_commands
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import CreditNote
from punktlig.receivables.records.invoice_money import add_credit_notes, lock_invoice
from punktlig.receivables.records.ledger_lock import lock_ledger
from punktlig.receivables.records.ledger_refusals import (
    CreditExceedsInvoice,
    CreditNoteAmountUnclear,
    CreditNoteNumberTaken,
    PaymentIsAhead,
)

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User


@transaction.atomic
def record_credit_note(
    company_id: UUID,
    invoice_id: UUID,
    number: str,
    day: date,
    amount: Money,
    *,
    reason: str = "",
    user: User,
    today: date,
    at: datetime,
) -> CreditNote:
    """Lower an invoice by a credit note, and tell the agency when it has the invoice.

    The same number with the same facts returns the credit note it made. A paid invoice may be credited too: the
    customer then has money to get back, which is the negative remainder.

    Raises:
        Invoice.DoesNotExist, CreditNoteAmountUnclear, PaymentIsAhead, CreditNoteNumberTaken or CreditExceedsInvoice.
    """
    number = number.strip()
    if amount <= ZERO:
        raise CreditNoteAmountUnclear(number)
    if day > today:
        raise PaymentIsAhead(day, today)
    lock_ledger(company_id)
    invoice = lock_invoice(company_id, invoice_id)
    known = CreditNote.objects.filter(company_id=company_id, number=number).select_related("invoice").first()
    if known is not None:
        if (known.invoice_id, known.day, known.amount_ore) != (invoice.id, day, amount.ore):
            raise CreditNoteNumberTaken(number, known.invoice.number, Money(known.amount_ore))
        return known
    credited = Money(invoice.credited_ore) + amount
    if credited > Money(invoice.owed_ore):
        raise CreditExceedsInvoice(invoice.number, credited, Money(invoice.owed_ore))
    note = CreditNote(
        id=uuid4(),
        company_id=company_id,
        invoice=invoice,
        number=number,
        day=day,
        amount_ore=amount.ore,
        reason=" ".join(reason.split()),
        recorded_at=at,
        recorded_by=user,
    )
    add_credit_notes(company_id, [note])
    commands = add_commands(company_id, [note], at=at)
    HistoryLine.objects.create(
        company_id=company_id,
        invoice=invoice,
        at=at,
        actor=user.get_full_name(),
        code="credit_note_recorded",
        facts={"amount": str(amount), "day": day.isoformat(), "number": number, "told": bool(commands)},
    )
    if commands:
        app.configure_task("send_commands").defer()
    return note
