from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core import bank_days

# Act on Public Holidays (1989:253), and the three eves on which the banks are closed. Weekends are not listed.
CLOSED_2026 = """
    2026-01-01 New Year's Day          2026-01-06 Epiphany              2026-04-03 Good Friday
    2026-04-06 Easter Monday           2026-05-01 First of May          2026-05-14 Ascension Day
    2026-06-19 Midsummer Eve           2026-12-24 Christmas Eve         2026-12-25 Christmas Day
    2026-12-31 New Year's Eve
"""
CLOSED_2027 = """
    2027-01-01 New Year's Day          2027-01-06 Epiphany              2027-03-26 Good Friday
    2027-03-29 Easter Monday           2027-05-06 Ascension Day         2027-06-25 Midsummer Eve
    2027-12-24 Christmas Eve           2027-12-31 New Year's Eve
"""


def _days(table: str) -> list[date]:
    return [date.fromisoformat(word) for word in table.split() if word[:4].isdecimal()]


@pytest.mark.parametrize(("year", "closed"), [(2026, CLOSED_2026), (2027, CLOSED_2027)])
def test_the_banks_are_closed_on_these_weekdays_and_no_others(year: int, closed: str) -> None:
    first = date(year, 1, 1)
    weekdays = [day for n in range(365) if (day := first + timedelta(days=n)).weekday() < 5]
    assert [day for day in weekdays if not bank_days.is_bank_day(day)] == _days(closed)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 5),  # the eve of Epiphany
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 4, 30),  # Walpurgis Night
        date(2026, 5, 25),  # Whit Monday, dropped in 2005
        date(2026, 5, 15),  # the Friday after Ascension Day
        date(2027, 12, 27),  # the Monday after Boxing Day: no day is given back
    ],
)
def test_these_days_are_bank_days_although_many_are_off_work(day: date) -> None:
    assert bank_days.is_bank_day(day)


def test_whit_monday_was_a_holiday_through_2004_and_6_june_became_one_in_2005() -> None:
    assert not bank_days.is_bank_day(date(2004, 5, 31))
    assert bank_days.is_bank_day(date(2005, 5, 16))
    assert not bank_days.is_bank_day(date(2005, 6, 6))
    assert not bank_days.is_bank_day(date(2024, 6, 6))


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-06-18", "2026-06-18"),
        ("2026-06-19", "2026-06-22"),  # Midsummer Eve
        ("2026-06-20", "2026-06-22"),
        ("2026-12-24", "2026-12-28"),  # Christmas Eve on a Thursday
        ("2025-12-24", "2025-12-29"),  # Christmas Eve on a Wednesday
        ("2025-12-31", "2026-01-02"),
        ("2024-06-30", "2024-07-01"),  # into another half-year
        ("2026-04-03", "2026-04-07"),  # over Easter
    ],
)
def test_a_day_moves_to_the_next_bank_day(day: str, moved: str) -> None:
    assert bank_days.on_or_after(date.fromisoformat(day)) == date.fromisoformat(moved)


def test_the_last_day_of_the_calendar_does_not_move() -> None:
    assert bank_days.on_or_after(date.max) == date.max


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-11-24", "2026-11-23"),
        ("2026-11-23", "2026-11-20"),
        ("2026-06-22", "2026-06-18"),
        ("2026-04-07", "2026-04-02"),
    ],
)
def test_the_bank_day_before_skips_what_is_closed(day: str, before: str) -> None:
    assert bank_days.before(date.fromisoformat(day)) == date.fromisoformat(before)


@pytest.mark.parametrize(("count", "day"), [(0, "2026-06-20"), (1, "2026-06-22"), (2, "2026-06-23"), (5, "2026-06-26")])
def test_bank_days_are_counted_from_the_day_after(count: int, day: str) -> None:
    assert bank_days.add_bank_days(date(2026, 6, 20), count) == date.fromisoformat(day)


@given(st.dates(date(2002, 7, 1), date(2099, 12, 1)))
def test_a_moved_day_is_a_bank_day_at_most_five_days_later(day: date) -> None:
    moved = bank_days.on_or_after(day)
    assert bank_days.is_bank_day(moved)
    # The longest: Christmas Eve on a Wednesday, then two holidays and a weekend.
    assert day <= moved <= day + timedelta(days=5)
    assert bank_days.before(bank_days.add_bank_days(moved, 1)) == moved
