"""What the amount to pay consists of, row by row; the rows that are not subtotals add up to the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.charges import Charge
from punktlig.core.letter.charged import charged
from punktlig.core.letter.content import SumRow, Sums
from punktlig.core.letter.invoice_lines import short_description

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.core.letter.draft import Draft


def write_sums(draft: Draft) -> Sums:
    """Return the rows and the total."""
    words = draft.words
    return Sums(
        title=words.sums_title,
        unit=words.sums_unit,
        rows=tuple(_rows(draft)),
        total=SumRow(words.to_pay, draft.amount(draft.reminder.total)),
    )


def _rows(draft: Draft) -> Iterator[SumRow]:
    reminder, words, amount = draft.reminder, draft.words, draft.style.amount
    invoice = charged(reminder)
    yield SumRow(words.invoice_row(draft.number, draft.debt_text or short_description(draft)), amount(invoice.total))
    if invoice.prepaid:
        yield SumRow(words.prepaid, amount(-invoice.prepaid))
        if invoice.rounding:
            yield SumRow(words.rounding, amount(invoice.rounding))
        yield SumRow(words.invoice_to_pay, amount(reminder.payable), subtotal=True)
    if draft.has_share:
        yield SumRow(words.deduction_row(reminder), amount(reminder.owed - reminder.payable))
        yield SumRow(words.own_share, amount(reminder.owed), subtotal=True)
    payments = reminder.facts.payments
    if payments:
        text = words.payment_row(payments[0]) if len(payments) == 1 else words.payments_row(payments)
        yield SumRow(text, amount(reminder.unpaid - reminder.owed))
        remaining = words.remaining_of_share if draft.has_share else words.remaining
        yield SumRow(remaining, amount(reminder.unpaid), subtotal=True)
    if draft.interest is not None:
        text = words.interest_row(reminder.facts.today, on_share=draft.has_share)
        yield SumRow(text, amount(draft.interest.total))
    if isinstance(reminder.charge, Charge):
        yield SumRow(words.charge_row(reminder.charge), amount(reminder.charge.amount))
