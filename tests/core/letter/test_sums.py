"""The printed amounts add up to what the reminder decided, in every table of every sort of letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from punktlig.core.interest import Interest
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from tests.core.letter.generated import reminders
from tests.core.letter.reading import (
    amount,
    languages,
    letter,
    named,
)

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.reminder import Reminder


@given(reminders(), languages)
def test_the_printed_rows_add_up_to_the_printed_total(reminder: Reminder, language: Language) -> None:
    sums = letter(reminder, language).sums
    running = Money(0)
    for row in sums.rows:
        if row.subtotal:
            assert amount(row.amount) == running
        else:
            running += amount(row.amount)
    assert amount(sums.total.amount) == running == reminder.total


@given(reminders(), languages)
def test_the_box_the_lead_and_the_code_ask_for_the_total_by_the_last_day(
    reminder: Reminder, language: Language
) -> None:
    content = letter(reminder, language)
    box = content.payment
    assert amount(box.amount.value) == reminder.total
    strong = next(run.text for run in content.lead[0] if run.strong)
    assert box.amount.value in strong
    assert box.last_day.value in strong
    assert (box.qr is None) is reminder.debtor.is_abroad
    if box.qr is not None:
        assert (box.qr.amount, box.qr.due_date) == (str(reminder.total), reminder.last_day_to_pay)
        assert box.qr.account in [field.value for field in box.fields]


@given(reminders(), languages)
def test_every_period_of_interest_is_printed_and_they_add_up(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    details = named(content, "Så är räntan beräknad", "How interest is calculated")
    interest = reminder.interest
    if not isinstance(interest, Interest) or not (interest.debt.rate.units or interest.debt.rate.above_reference):
        assert details is None
        return
    assert details is not None
    assert [amount(row[1]) for row in details.rows] == [line.capital for line in interest.lines]
    assert [int(row[3]) for row in details.rows] == [line.days for line in interest.lines]
    assert Money.total(amount(row[4]) for row in details.rows) == reminder.interest_amount
    if details.total is not None:
        assert amount(details.total[4]) == reminder.interest_amount
        assert int(details.total[3]) == interest.days


@given(reminders(), languages)
def test_part_payments_are_printed_in_order_and_end_at_what_is_unpaid(reminder: Reminder, language: Language) -> None:
    payments = reminder.facts.payments
    titles = (
        ("Betalt och krediterat före det här brevet", "Paid and credited before this letter")
        if any(payment.is_credit_note for payment in payments)
        else ("Delbetalningar före det här brevet", "Part payments before this letter")
    )
    details = named(letter(reminder, language), *titles)
    assert (details is not None) is (len(payments) > 1)
    if details is not None:
        assert Money.total(amount(row[1]) for row in details.rows) == reminder.facts.paid
        assert amount(details.rows[-1][2]) == reminder.unpaid


@given(reminders(), languages)
def test_the_table_of_lines_ends_in_the_amount_that_the_sums_begin_with(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    details = named(content, "Vad fakturan gäller", "What the invoice is for")
    if details is None or details.total is None:
        return
    assert details.total[-1] == content.sums.rows[0].amount
    lines, *rest = details.before_total
    assert Money.total(amount(row[-1]) for row in details.rows) == amount(lines[-1])
    assert amount(lines[-1]) + Money.total(amount(row[-1]) for row in rest) == amount(details.total[-1])


@given(reminders(), languages)
def test_every_row_of_every_table_has_a_cell_for_every_column(reminder: Reminder, language: Language) -> None:
    for details in letter(reminder, language).details:
        assert details.rows
        rows = (*details.rows, *details.before_total, *((details.total,) if details.total else ()))
        assert {len(row) for row in rows} == {len(details.columns)}
        assert sum(column.width_mm is None for column in details.columns) == 1


@given(reminders(), languages)
def test_a_letter_is_read_back_as_it_was_stored(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    assert LetterContent.from_json(content.to_json()) == content
