"""Invoices entered here: one number is one invoice, and what has been sent to the agency stays as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from punktlig.core.deduction import CustomerShareOutsideInvoice, CustomerShareUnknown
from punktlig.core.eligibility import DueDateBeforeInvoice
from punktlig.core.invoice_totals import totals_of
from punktlig.core.money import ZERO, Money
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import Invoice, InvoiceLine
from punktlig.receivables.records.invoice_entry import InvoiceEntry, differences, lines_of, reference_of
from punktlig.receivables.records.invoice_money import lock_invoice
from punktlig.receivables.records.ledger_lock import lock_ledger
from punktlig.receivables.records.ledger_refusals import (
    ChangeLeavesLessThanPaid,
    InvoiceIsAsItsFile,
    InvoiceIsAtTheAgency,
    InvoiceNumberTaken,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

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
    _fill(invoice, entry)
    known = Invoice.objects.filter(company_id=company_id, number=invoice.number).select_related("customer").first()
    if known is not None:
        different = differences(known, lines_of(known), invoice, entry.lines)
        if different:
            raise InvoiceNumberTaken(known.number, known.customer.name, different)
        return known
    invoice.save(force_insert=True)
    _write_lines(invoice, entry)
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
    _fill(invoice, entry)
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
        _write_lines(invoice, entry)
        _tell(invoice, "invoice_changed", {"changed": list(different)}, user=user, at=at)
    return invoice


@transaction.atomic
def mend_share(company_id: UUID, invoice_id: UUID, share: Money, *, user: User, at: datetime) -> Invoice:
    """Say how much the customer owes itself of a ROT, RUT or green invoice; the rate of the payment day is confirmed.

    Raises:
        Invoice.DoesNotExist, InvoiceIsAtTheAgency, CustomerShareOutsideInvoice or ChangeLeavesLessThanPaid.
    """
    invoice = _unsent(company_id, invoice_id)
    invoice.share_ore, invoice.share_is_confirmed = share.ore, True
    _settle(invoice)
    invoice.save(update_fields=["share_ore", "share_is_confirmed", "remaining_ore"])
    _tell(invoice, "share_mended", {"share": str(share)}, user=user, at=at)
    return invoice


def _unsent(company_id: UUID, invoice_id: UUID) -> Invoice:
    invoice = lock_invoice(company_id, invoice_id)
    if not invoice.state.may_be_sent:
        raise InvoiceIsAtTheAgency(invoice.number)
    return invoice


def _fill(invoice: Invoice, entry: InvoiceEntry) -> None:
    totals = totals_of((line.priced for line in entry.lines), entry.prepaid)
    if entry.due_date < entry.issue_date:
        raise DueDateBeforeInvoice(entry.due_date, entry.issue_date)
    if entry.deduction is not None and entry.share is None:
        raise CustomerShareUnknown(entry.deduction)
    invoice.customer_id = entry.customer_id
    invoice.number = entry.number.strip()
    invoice.issue_date, invoice.due_date = entry.issue_date, entry.due_date
    invoice.total_ore, invoice.tax_ore = totals.total.ore, totals.tax.ore
    invoice.prepaid_ore, invoice.payable_ore = totals.prepaid.ore, totals.payable.ore
    invoice.deduction = entry.deduction.value if entry.deduction else ""
    invoice.share_ore = entry.share.ore if entry.deduction and entry.share is not None else None
    invoice.payment_reference = reference_of(entry.payment_reference)
    invoice.buyer_reference = entry.buyer_reference.strip()
    invoice.notes = entry.notes.strip()
    _settle(invoice)


def _settle(invoice: Invoice) -> None:
    """Work out what remains of the invoice, whose own amounts have changed."""
    owed, settled = Money(invoice.owed_ore), Money(invoice.paid_ore + invoice.credited_ore)
    if invoice.share_ore is not None and not ZERO < owed <= Money(invoice.payable_ore):
        raise CustomerShareOutsideInvoice(owed, Money(invoice.payable_ore))
    if settled > owed:
        raise ChangeLeavesLessThanPaid(owed, settled)
    invoice.remaining_ore = (owed - settled).ore


def _write_lines(invoice: Invoice, entry: InvoiceEntry) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            company_id=invoice.company_id,
            invoice=invoice,
            position=position,
            text=line.text.strip(),
            quantity=line.quantity,
            unit=line.unit.strip(),
            unit_price_ore=line.unit_price.ore,
            amount_ore=line.priced.amount.ore,
            tax_percent=line.tax_percent,
            period_start=line.period_start,
            period_end=line.period_end,
        )
        for position, line in enumerate(entry.lines, start=1)
    )


def _tell(invoice: Invoice, code: str, facts: dict[str, object], *, user: User, at: datetime) -> None:
    HistoryLine.objects.create(
        company_id=invoice.company_id, invoice=invoice, at=at, actor=user.get_full_name(), code=code, facts=facts
    )
