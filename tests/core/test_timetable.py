from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core import bank_days, timetable

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("received", "reminder"),
    [
        (date(2026, 11, 23), date(2026, 11, 24)),  # Monday → Tuesday
        (date(2026, 11, 27), date(2026, 11, 30)),  # Friday → Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # Saturday → Monday
        (date(2026, 11, 29), date(2026, 11, 30)),  # Sunday → Monday
        (date(2026, 6, 18), date(2026, 6, 22)),  # the day before Midsummer Eve → Monday
        (date(2026, 4, 2), date(2026, 4, 7)),  # Maundy Thursday → Tuesday after Easter
        (date(2026, 12, 23), date(2026, 12, 28)),  # the day before Christmas Eve → Monday
        (date(2026, 12, 30), date(2027, 1, 4)),  # over New Year
        (date(2026, 5, 13), date(2026, 5, 15)),  # the day before Ascension Day → Friday, when banks are open
        (date(2024, 2, 28), date(2024, 2, 29)),  # a leap day is a day
    ],
)
def test_a_claim_gets_its_reminder_on_the_next_bank_day(received: date, reminder: date) -> None:
    assert timetable.reminder_day(received) == reminder


@pytest.mark.parametrize(
    ("letter_date", "last"),
    [
        (date(2026, 11, 23), date(2026, 12, 1)),
        (date(2026, 11, 20), date(2026, 11, 30)),  # the 28th is a Saturday
        (date(2026, 12, 16), date(2026, 12, 28)),  # Christmas Eve, Christmas and a weekend
        (date(2026, 12, 23), date(2027, 1, 4)),  # New Year's Eve, New Year's Day and a weekend
        (date(2026, 10, 29), date(2026, 11, 6)),
    ],
)
def test_the_last_day_to_pay_is_eight_days_on_moved_to_a_bank_day(letter_date: date, last: date) -> None:
    assert timetable.last_day_to_pay(letter_date, 8) == last


@pytest.mark.parametrize(
    ("letter_date", "leaving", "anew"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 25), False),  # two bank days after
        (date(2026, 11, 23), date(2026, 11, 26), True),
        (date(2026, 11, 26), date(2026, 11, 30), False),  # Thursday; Friday and Monday are the two
        (date(2026, 11, 26), date(2026, 12, 1), True),
        (date(2026, 12, 22), date(2026, 12, 28), False),  # only the 23rd and the 28th are bank days
        (date(2026, 12, 22), date(2026, 12, 29), True),
    ],
)
def test_a_letter_is_made_anew_when_it_leaves_more_than_two_bank_days_after_its_date(
    letter_date: date, leaving: date, anew: bool
) -> None:
    assert timetable.must_be_made_anew(letter_date, leaving) is anew


def test_a_demand_waits_for_the_last_day_and_two_bank_days() -> None:
    assert timetable.earliest_demand_day(date(2026, 12, 1)) == date(2026, 12, 3)
    assert timetable.earliest_demand_day(date(2026, 12, 30)) == date(2027, 1, 5)


def test_the_creditor_is_asked_the_day_after_the_last_day() -> None:
    assert timetable.creditor_decides_day(date(2026, 12, 31)) == date(2027, 1, 1)


@given(DAYS, st.integers(1, 60))
def test_steps_come_on_bank_days_and_in_their_order(received: date, days: int) -> None:
    reminder = timetable.reminder_day(received)
    last = timetable.last_day_to_pay(reminder, days)
    demand = timetable.earliest_demand_day(last)
    assert received < reminder < last < demand
    assert all(bank_days.is_bank_day(day) for day in (reminder, last, demand))
    assert last >= reminder + timedelta(days=days)
    assert not any(bank_days.is_bank_day(received + timedelta(days=n)) for n in range(1, (reminder - received).days))


@given(DAYS)
def test_letters_of_the_earliest_date_and_later_may_leave_and_those_before_may_not(leaving: date) -> None:
    earliest = timetable.earliest_letter_date(leaving)
    assert not timetable.must_be_made_anew(earliest, leaving)
    assert timetable.must_be_made_anew(earliest - timedelta(days=1), leaving)
    assert earliest <= leaving


@given(DAYS)
def test_a_letter_may_leave_on_three_bank_days_counted_from_a_bank_day(day: date) -> None:
    letter_date = bank_days.on_or_after(day)
    may = [n for n in range(20) if not timetable.must_be_made_anew(letter_date, letter_date + timedelta(days=n))]
    assert sum(bank_days.is_bank_day(letter_date + timedelta(days=n)) for n in may) == 3
    assert may == list(range(len(may)))
