"""Late-payment interest once more, told the long way: fractions, one day at a time, from the table of rates itself.

Nothing here is shared with `core.interest`, so that a mistake would have to be made twice.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from punktlig.core.statutes.reference_rates import REFERENCE_RATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@cache
def reference_percent(day: date) -> Fraction:
    """Return the reference rate of the day by going through all the rows."""
    return Fraction(max(row for row in ((r.valid_from, r.percent) for r in REFERENCE_RATES) if row[0] <= day)[1])


def slow_interest(
    principal_ore: int,
    days: Iterable[date],
    percent: Fraction,
    *,
    above_reference: bool,
    flat_365: bool = False,
    paid_ore: Mapping[date, int] | None = None,
) -> int:
    """Return the interest in öre, rounded half up once; a payment lowers the balance from the day after it."""
    total = Fraction(0)
    for day in days:
        paid = sum(ore for paid_on, ore in (paid_ore or {}).items() if paid_on < day)
        balance = max(principal_ore - paid, 0)
        rate = percent + reference_percent(day) if above_reference else percent
        year = 366 if calendar.isleap(day.year) and not flat_365 else 365
        total += Fraction(balance) * max(rate, Fraction(0)) / 100 / year
    return int(total + Fraction(1, 2))


def days_between(first: date, last: date) -> list[date]:
    """Return all days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
