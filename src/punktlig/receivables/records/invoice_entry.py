"""An invoice as it is entered, and in what two invoices with the same number differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.invoice_totals import PricedLine
from punktlig.core.money import ZERO, Money
from punktlig.receivables.records.invoice import Invoice, InvoiceLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.core.invoice import DeductionKind


@dataclass(frozen=True, kw_only=True)
class LineEntry:
    """A line as entered; the price is without VAT."""

    text: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    unit_price: Money
    tax_percent: Decimal = Decimal(25)
    period_start: date | None = None
    period_end: date | None = None

    @property
    def priced(self) -> PricedLine:
        """The line as the rules add it up."""
        return PricedLine(self.quantity, self.unit_price, self.tax_percent)


@dataclass(frozen=True, kw_only=True)
class InvoiceEntry:
    """An invoice as entered. `share` is the customer's own of a ROT, RUT or green invoice."""

    number: str
    customer_id: UUID
    issue_date: date
    due_date: date
    lines: Sequence[LineEntry]
    prepaid: Money = ZERO
    deduction: DeductionKind | None = None
    share: Money | None = None
    payment_reference: str = ""
    buyer_reference: str = ""
    notes: str = ""


@dataclass(frozen=True)
class LineKept:
    """What of a line decides whether two invoices say the same."""

    text: str
    quantity: Decimal | None
    amount_ore: int | None


def reference_of(text: str) -> str:
    """Return a payment reference as it is kept: an OCR number without its spaces, words with single ones."""
    parts = text.split()
    together = "".join(parts)
    return together if together.isdigit() else " ".join(parts)


def lines_of(invoice: Invoice) -> list[LineKept]:
    """Return the lines of an invoice that is stored, in their order."""
    rows = InvoiceLine.objects.filter(company_id=invoice.company_id, invoice=invoice).order_by("position")
    return [LineKept(*row) for row in rows.values_list("text", "quantity", "amount_ore")]


def differences(
    one: Invoice, one_lines: Sequence[LineKept], other: Invoice, other_lines: Sequence[LineEntry | LineKept]
) -> tuple[str, ...]:
    """Return the names of the facts in which two invoices differ; payments and the agency do not count.

    A file that names no prices says the same as the entry with prices, if the amounts of the lines are the same. A
    share given since is our own knowledge and no difference to an invoice that speaks of none.
    """
    found = [name for name in _FACTS if getattr(one, name) != getattr(other, name)]
    if one.share_ore is not None and other.share_ore is not None and one.share_ore != other.share_ore:
        found.append("share_ore")
    if [_kept(line) for line in one_lines] != [_kept(line) for line in other_lines]:
        found.append("lines")
    return tuple(found)


def _kept(line: LineEntry | LineKept) -> LineKept:
    if isinstance(line, LineKept):
        return LineKept(line.text.strip(), line.quantity, line.amount_ore)
    return LineKept(line.text.strip(), line.quantity, line.priced.amount.ore)


_FACTS = (
    "customer_id",
    "currency",
    "issue_date",
    "due_date",
    "total_ore",
    "tax_ore",
    "prepaid_ore",
    "payable_ore",
    "deduction",
    "payment_reference",
)
