"""The tables that explain how the amounts came about, with their notes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from punktlig.core.charges import Charge
from punktlig.core.letter.content import Column, Details, Labelled
from punktlig.core.letter.invoice_lines import lines_details
from punktlig.core.money import Money
from punktlig.core.reminder import NoInterest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.core.interest import Interest
    from punktlig.core.letter.draft import Draft
    from punktlig.core.letter.words import Words


def write_details(draft: Draft) -> tuple[Details, ...]:
    """Return the tables in the order they are read; none when the sums on page 1 say it all."""
    interest = draft.interest
    found = (
        _interest_details(draft, interest) if interest is not None else _basis_details(draft),
        _payments_details(draft),
        lines_details(draft),
    )
    return tuple(details for details in found if details is not None)


def _interest_details(draft: Draft, interest: Interest) -> Details:
    words, style, lines = draft.words, draft.style, interest.lines
    return Details(
        title=words.interest_title,
        title_in_header=True,
        columns=_interest_columns(words),
        rows=tuple(
            (
                style.period(line.first_day, line.last_day),
                style.amount(line.capital),
                style.percent(line.percent),
                str(line.days),
                style.amount(line.amount),
            )
            for line in lines
        ),
        total=(
            (words.total, "", "", str(sum(line.days for line in lines)), style.amount(interest.total))
            if len(lines) > 1
            else None
        ),
        notes=(words.interest_note(draft.reminder, interest, lines), *_notes(draft)),
    )


@lru_cache(maxsize=8)
def _interest_columns(words: Words) -> tuple[Column, ...]:
    return (
        Column(words.interest_title, "left"),
        Column(words.calculated_on, "right", 32),
        Column(words.yearly_rate, "right", 32),
        Column(words.days, "right", 18),
        Column(words.interest, "right", 28),
    )


def _basis_details(draft: Draft) -> Details | None:
    """Return what the amounts rest on when no interest is asked for, or None when there is only the invoice.

    A consumer who was never warned of interest, or who lives abroad, is asked for none (Interest Act s. 4), and the
    letter is silent about it: nothing the debtor could do depends on it. Interest that starts later does.
    """
    reminder, words = draft.reminder, draft.words
    notes = [*_notes(draft)]
    rows = []
    first = reminder.due.first_interest_day
    if reminder.interest is NoInterest.NOT_RUNNING_YET and first is not None:
        rows.append((words.late_interest, words.later_interest_statute(), draft.amount(reminder.interest_amount)))
        notes.insert(0, words.later_interest_note(first))
    if draft.has_share:
        deduction = draft.amount(reminder.owed - reminder.payable)
        rows.append((words.deduction_row(reminder), words.deduction_statute(), deduction))
    if isinstance(reminder.charge, Charge):
        charge = reminder.charge
        rows.append((words.charge_row(charge), words.charge_statute(charge), draft.amount(charge.amount)))
    if not rows:
        return None
    return Details(
        title=words.basis_title,
        title_in_header=True,
        columns=(
            Column(words.basis_title, "left"),
            Column(words.according_to, "left", 56),
            Column(words.amount, "right", 32),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _notes(draft: Draft) -> Iterator[Labelled]:
    reminder, words = draft.reminder, draft.words
    if isinstance(reminder.charge, Charge):
        yield words.charge_note(reminder, reminder.charge, draft.creditor)
    if draft.has_share:
        yield words.deduction_note(reminder, draft.creditor)


def _payments_details(draft: Draft) -> Details | None:
    reminder, words, style = draft.reminder, draft.words, draft.style
    payments = sorted(reminder.facts.payments, key=lambda payment: payment.day)
    if len(payments) <= 1:
        # The sums name the day of a single one, which spares the reader a table and often the letter a page.
        return None
    rows, left = [], reminder.owed
    for payment in payments:
        left -= payment.amount
        day = style.date(payment.day)
        written = words.credited_on(day) if payment.is_credit_note else day
        rows.append((written, style.amount(payment.amount), style.amount(left)))
    paid = Money.total(payment.amount for payment in payments)
    credited = any(payment.is_credit_note for payment in payments)
    title = words.payments_and_credits_title if credited else words.payments_title
    return Details(
        title=title,
        title_in_header=True,
        columns=(
            Column(title, "left"),
            Column(words.amount, "right", 32),
            Column(words.left_of_share if draft.has_share else words.left_of_invoice, "right", 40),
        ),
        rows=tuple(rows),
        total=(words.total, style.amount(paid), ""),
    )
