"""A ledger taken over from another program: invoices with the payments that were booked on them, many at a time.

Nothing is told to an agency: what is taken over has not been sent from here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from punktlig.clock import STOCKHOLM
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import Invoice, InvoiceLine, Payment
from punktlig.receivables.records.invoice_filling import fill, written_lines
from punktlig.receivables.records.invoice_money import add_payments
from punktlig.receivables.records.ledger_lock import lock_ledger
from punktlig.receivables.records.ledger_refusals import InvoiceNumberTaken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.core.money import Money
    from punktlig.receivables.records.invoice_entry import InvoiceEntry
    from punktlig.tenancy.models import User

_MORNING = time(9, 0)


@dataclass(frozen=True)
class TakenOver:
    """An invoice and the days and amounts of its payments."""

    entry: InvoiceEntry
    payments: Sequence[tuple[date, Money]] = ()


@transaction.atomic
def take_over_ledger(company_id: UUID, taken: Sequence[TakenOver], *, user: User) -> int:
    """Enter the invoices with their payments and return how many they were; all or none.

    History says what the other program knows: the day, not the hour.

    Raises:
        Customer.DoesNotExist: a customer is not one of the company's.
        InvoiceNumberTaken: a number is in the ledger already, or more than once among these.
        As `actions.invoices.enter_invoice` for what an invoice may not say.
    """
    lock_ledger(company_id)
    invoices = [Invoice(id=uuid4(), company_id=company_id) for _ in taken]
    for invoice, one in zip(invoices, taken, strict=True):
        fill(invoice, one.entry)
    numbers = [invoice.number for invoice in invoices]
    known = (
        Invoice.objects.filter(company_id=company_id, number__in=numbers).select_related("customer").order_by("number")
    ).first()
    if known is not None:
        raise InvoiceNumberTaken(known.number, known.customer.name, ())
    customers = _customers(company_id, taken)
    for number, count in Counter(numbers).items():
        if count > 1:
            first = next(invoice for invoice in invoices if invoice.number == number)
            raise InvoiceNumberTaken(number, customers[first.customer_id], ())
    Invoice.objects.bulk_create(invoices, batch_size=1000)
    lines = [line for invoice, one in zip(invoices, taken, strict=True) for line in written_lines(invoice, one.entry)]
    InvoiceLine.objects.bulk_create(lines, batch_size=1000)
    payments, history = [], []
    for invoice, one in zip(invoices, taken, strict=True):
        history.append(
            _told(invoice, one.entry.issue_date, "invoice_entered", {"customer": str(invoice.customer_id)}, user)
        )
        for day, amount in one.payments:
            payment = Payment(
                id=uuid4(),
                company_id=company_id,
                invoice=invoice,
                day=day,
                amount_ore=amount.ore,
                recorded_at=_on(day),
                recorded_by=user,
            )
            payments.append(payment)
            facts: dict[str, object] = {
                "amount": str(amount),
                "day": day.isoformat(),
                "payment": str(payment.id),
                "told": False,
            }
            history.append(_told(invoice, day, "payment_recorded", facts, user))
    add_payments(company_id, payments)
    HistoryLine.objects.bulk_create(history, batch_size=1000)
    return len(invoices)


def _customers(company_id: UUID, taken: Sequence[TakenOver]) -> dict[UUID, str]:
    """Return the names of the customers, all of whom must be the company's."""
    wanted = {one.entry.customer_id for one in taken}
    found = dict(Customer.objects.filter(company_id=company_id, id__in=wanted).values_list("id", "name"))
    if missing := wanted - found.keys():
        raise Customer.DoesNotExist(str(min(missing)))
    return found


def _told(invoice: Invoice, day: date, code: str, facts: Mapping[str, object], user: User) -> HistoryLine:
    return HistoryLine(
        company_id=invoice.company_id,
        invoice=invoice,
        at=_on(day),
        actor=user.get_full_name(),
        code=code,
        facts=dict(facts),
    )


def _on(day: date) -> datetime:
    return datetime.combine(day, _MORNING, STOCKHOLM)
