"""Swedish bank days, and how a due date moves to one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


@lru_cache(maxsize=128)
def _closed_days(year: int) -> frozenset[date]:
    # "public" is the Act on Public Holidays (1989:253); "de_facto" adds Midsummer Eve, Christmas Eve and New Year's
    # Eve, on which the banks are closed and which the deadline rule (1930:173 s. 2) treats as holidays too.
    # Sundays are left out because weekends are tested by weekday.
    days = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), include_sundays=False)
    return frozenset(day for day in days if day.year == year)


def is_bank_day(day: date) -> bool:
    """Tell whether Swedish banks are open: not a weekend, a public holiday or an eve they close on."""
    return day.weekday() < _SATURDAY and day not in _closed_days(day.year)


# The letters of a day ask for the same few hundred days.
@lru_cache(maxsize=4096)
def on_or_after(day: date) -> date:
    """Return the day itself when the banks are open, else the next day they are.

    Promissory Notes Act (1936:81) s. 5 and 1930:173 s. 2 say so for notes and statutory times; invoices follow by
    analogy.
    """
    while not is_bank_day(day) and day < date.max:
        day += timedelta(days=1)
    return day


def before(day: date) -> date:
    """Return the latest bank day before the day."""
    day -= timedelta(days=1)
    while not is_bank_day(day):
        day -= timedelta(days=1)
    return day


def add_bank_days(day: date, count: int) -> date:
    """Return the `count`-th bank day after the day; with count 0 the day itself, open or not."""
    for _ in range(count):
        day = on_or_after(day + timedelta(days=1))
    return day
