"""How what is entered becomes the columns of an invoice and its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.deduction import CustomerShareOutsideInvoice, CustomerShareUnknown
from punktlig.core.eligibility import DueDateBeforeInvoice
from punktlig.core.invoice_totals import totals_of
from punktlig.core.money import ZERO, Money
from punktlig.receivables.records.invoice import InvoiceLine
from punktlig.receivables.records.invoice_entry import reference_of
from punktlig.receivables.records.ledger_refusals import ChangeLeavesLessThanPaid

if TYPE_CHECKING:
    from punktlig.receivables.records.invoice import Invoice
    from punktlig.receivables.records.invoice_entry import InvoiceEntry


def fill(invoice: Invoice, entry: InvoiceEntry) -> None:
    """Write what was entered on the invoice, totals and remainder included.

    Raises:
        DueDateBeforeInvoice, CustomerShareUnknown, CustomerShareOutsideInvoice, ChangeLeavesLessThanPaid, and those of
            `core.invoice_totals.totals_of`.
    """
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
    settle(invoice)


def settle(invoice: Invoice) -> None:
    """Work out what remains of the invoice, whose own amounts have changed."""
    owed, settled = Money(invoice.owed_ore), Money(invoice.paid_ore + invoice.credited_ore)
    if invoice.share_ore is not None and not ZERO < owed <= Money(invoice.payable_ore):
        raise CustomerShareOutsideInvoice(owed, Money(invoice.payable_ore))
    if settled > owed:
        raise ChangeLeavesLessThanPaid(owed, settled)
    invoice.remaining_ore = (owed - settled).ore


def written_lines(invoice: Invoice, entry: InvoiceEntry) -> list[InvoiceLine]:
    """Return the rows of the invoice's lines."""
    return [
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
    ]
