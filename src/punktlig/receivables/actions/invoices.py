"""Invoices entered here: one number is one invoice, and what has been sent to the agency stays as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import Invoice, InvoiceLine
from punktlig.receivables.records.invoice_entry import InvoiceEntry, differences, lines_of
from punktlig.receivables.records.invoice_filling import fill, settle, written_lines
from punktlig.receivables.records.invoice_money import lock_invoice
from punktlig.receivables.records.ledger_lock import lock_ledger
from punktlig.receivables.records.ledger_refusals import (
    InvoiceIsAsItsFile,
    InvoiceIsAtTheAgency,
    InvoiceNumberTaken,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from punktlig.core.money import Money
    from punktlig.tenancy.models import User


@transaction.atomic
def enter_invoice(company_id: UUID, entry: InvoiceEntry, *, user: User, at: datetime) -> Invoice:
    """Enter an invoice in kronor, and return it; the same entry again returns the invoice it made.

    Raises:
        Customer.DoesNotExist.
        InvoiceNumberTaken: the number is an invoice that says something else.
        InvoiceHasNoLines, PrepaidExceedsInvoice, DueDateBeforeInvoice, CustomerShareUnknown or
            CustomerShareOutsideInvoice.
    """
    lock_ledger(company_id)
    customer = Customer.objects.get(company_id=company_id, id=entry.customer_id)
    invoice = Invoice(id=uuid4(), company_id=company_id)
    fill(invoice, entry)
    known = Invoice.objects.filter(company_id=company_id, number=invoice.number).select_related("customer").first()
    if known is not None:
        different = differences(known, lines_of(known), invoice, entry.lines)
        if different:
            raise InvoiceNumberTaken(known.number, known.customer.name, different)
        return known
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(written_lines(invoice, entry))
    _tell(invoice, "invoice_entered", {"customer": str(customer.id)}, user=user, at=at)
    return invoice


@transaction.atomic
def change_invoice(company_id: UUID, invoice_id: UUID, entry: InvoiceEntry, *, user: User, at: datetime) -> Invoice:
    """Change an invoice that was entered here and has not been sent.

    Raises:
        Invoice.DoesNotExist, Customer.DoesNotExist, InvoiceIsAtTheAgency, InvoiceIsAsItsFile, ChangeLeavesLessThanPaid,
            and as `enter_invoice`.
    """
    lock_ledger(company_id)
    invoice = _unsent(company_id, invoice_id)
    if invoice.source_sha256:
        raise InvoiceIsAsItsFile(invoice.number)
    Customer.objects.get(company_id=company_id, id=entry.customer_id)
    before, lines_before = Invoice.objects.defer("source_bytes").get(id=invoice.id), lines_of(invoice)
    fill(invoice, entry)
    taken = (
        Invoice.objects.filter(company_id=company_id, number=invoice.number)
        .exclude(id=invoice.id)
        .select_related("customer")
        .first()
    )
    if taken is not None:
        raise InvoiceNumberTaken(taken.number, taken.customer.name, ())
    different = differences(before, lines_before, invoice, entry.lines)
    if before.number != invoice.number:
        different = ("number", *different)
    if different:
        invoice.save()
        InvoiceLine.objects.filter(company_id=company_id, invoice=invoice).delete()
        InvoiceLine.objects.bulk_create(written_lines(invoice, entry))
        _tell(invoice, "invoice_changed", {"changed": list(different)}, user=user, at=at)
    return invoice


@transaction.atomic
def mend_share(
    company_id: UUID, invoice_id: UUID, share: Money, *, is_confirmed: bool, user: User, at: datetime
) -> Invoice:
    """Say how much the customer owes itself of a ROT, RUT or green invoice.

    `is_confirmed` when the person was told that the percentage has changed since the invoice's day: only whoever
    knows that can say that the share is by the percentage of the day of payment.

    Raises:
        Invoice.DoesNotExist, InvoiceIsAtTheAgency, CustomerShareOutsideInvoice or ChangeLeavesLessThanPaid.
    """
    invoice = _unsent(company_id, invoice_id)
    invoice.share_ore, invoice.share_is_confirmed = share.ore, is_confirmed
    settle(invoice)
    invoice.save(update_fields=["share_ore", "share_is_confirmed", "remaining_ore"])
    _tell(invoice, "share_mended", {"share": str(share)}, user=user, at=at)
    return invoice


def _unsent(company_id: UUID, invoice_id: UUID) -> Invoice:
    invoice = lock_invoice(company_id, invoice_id)
    if not invoice.state.may_be_sent:
        raise InvoiceIsAtTheAgency(invoice.number)
    return invoice


def _tell(invoice: Invoice, code: str, facts: dict[str, object], *, user: User, at: datetime) -> None:
    HistoryLine.objects.create(
        company_id=invoice.company_id, invoice=invoice, at=at, actor=user.get_full_name(), code=code, facts=facts
    )
