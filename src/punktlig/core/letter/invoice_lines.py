"""What the invoice is for, told by its own lines when the creditor has not told it in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from punktlig.core.formatting import EN_DASH, NO_BREAK_SPACE
from punktlig.core.letter.charged import charged
from punktlig.core.letter.content import Column, Details
from punktlig.core.money import Money, NotAnAmount

if TYPE_CHECKING:
    from punktlig.core.invoice import InvoiceLine
    from punktlig.core.letter.draft import Draft

# So much fits on the invoice's row in the sums beside an ordinary number.
_SHORT = 60
_ORE = Decimal("0.01")


def short_description(draft: Draft) -> str:
    """Return the lines' texts in a row when they are so short that no table is needed, else nothing."""
    texts = dict.fromkeys(draft.text(line.text) for line in draft.reminder.facts.invoice.lines)
    written = "; ".join(text for text in texts if text)
    return written if len(written) <= _SHORT else ""


def lines_details(draft: Draft) -> Details | None:
    """Return the invoice's lines as a table that ends in the invoice's total, or None when the sums tell enough."""
    invoice, words = draft.reminder.facts.invoice, draft.words
    if draft.debt_text or short_description(draft) or not any(draft.text(line.text) for line in invoice.lines):
        return None
    dated = any(line.period_start for line in invoice.lines)
    spans = any(line.period_start != line.period_end for line in invoice.lines if line.period_end)
    delivered = (Column(words.delivered, "left", 44 if spans else 28),) if dated else ()
    blank = ("",) if dated else ()
    invoice_total = charged(draft.reminder).total
    closing = _closing(draft, invoice_total)
    return Details(
        title=words.lines_title,
        columns=(*delivered, Column(words.what, "left"), Column(words.without_vat, "right", 32)),
        rows=tuple(
            (*((_period(line),) if dated else ()), _what(draft, line), _amount(draft, line.amount))
            for line in invoice.lines
        ),
        before_total=tuple((text, *blank, draft.amount(amount)) for text, amount in closing),
        total=(words.invoice_total, *blank, draft.amount(invoice_total)) if closing else None,
    )


def _closing(draft: Draft, invoice_total: Money) -> tuple[tuple[str, Money], ...]:
    """Return what leads from the lines to the invoice's total; nothing when the invoice does not tell enough.

    Charges and allowances for the whole invoice are not lines. They are what is left over, so that the table always
    adds up to the amount that the sums begin with.
    """
    invoice, words = draft.reminder.facts.invoice, draft.words
    amounts = [_kronor(line.amount) for line in invoice.lines]
    known = [amount for amount in amounts if amount is not None]
    tax = _kronor(invoice.tax)
    if len(known) < len(amounts) or tax is None:
        return ()
    lines = Money.total(known)
    rest = invoice_total - tax - lines
    return (
        (words.sum_without_vat, lines),
        *(((words.allowances, rest),) if rest else ()),
        (words.vat, tax),
    )


def _period(line: InvoiceLine) -> str:
    if line.period_start is None:
        return ""
    if line.period_end is None or line.period_end == line.period_start:
        return line.period_start.isoformat()
    return f"{line.period_start.isoformat()} {EN_DASH} {line.period_end.isoformat()}"


def _what(draft: Draft, line: InvoiceLine) -> str:
    text = draft.text(line.text)
    unit = draft.words.unit(line.unit.upper())
    # A number without a word for what is counted says nothing, and one piece goes without saying.
    if line.quantity is None or unit is None or line.quantity == 1:
        return text
    quantity = f"{draft.style.decimal(line.quantity)}{NO_BREAK_SPACE}{unit}"
    return f"{text}, {quantity}" if text else quantity


def _amount(draft: Draft, amount: Decimal | None) -> str:
    kronor = _kronor(amount)
    return "" if kronor is None else draft.amount(kronor)


def _kronor(amount: Decimal | None) -> Money | None:
    """Return the amount in whole öre, half an öre up; a line may be finer, and the table shows what rounding leaves."""
    if amount is None or not amount.is_finite():
        return None
    try:
        return Money.of_decimal(amount.quantize(_ORE, ROUND_HALF_UP))
    except (NotAnAmount, ArithmeticError):
        return None
