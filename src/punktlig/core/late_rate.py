"""The rate of late-payment interest: the known reference rates, and the rate a debt runs at.

Rates are counted in ten-thousandths of a percentage point, and the length of a day in 133 590ths of a year: that is
365 × 366, so a day of a common year is 366 such parts and a day of a leap year 365. Everything stays a whole number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.interest import STATUTORY_MARGINS, Margin, margin
from punktlig.core.statutes.reference_rates import REFERENCE_RATES, ReferenceRate

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS_PER_PERCENT = 10_000
YEAR_PARTS = 365 * 366
_COMMON_DAY = YEAR_PARTS // 365
_LEAP_DAY = YEAR_PARTS // 366
_JULY = 7
_MOST_PERCENT = 1000
_FINEST_PERCENT = Decimal("0.0001")
# A bound on memory; a table takes a third of a megabyte, and agreed margins are few.
_MOST_TABLES = 64


class Convention(StrEnum):
    """How days become years, and how the sum is shown.

    Interest Act s. 6 says interest "for a year", so a whole year bears the whole rate: actual days over the length of
    their own calendar year. Flat 365 exists because other programs use it; it claims slightly more in leap years.
    Whole kronor is how the Enforcement Authority shows a result: öre are dropped.
    """

    ACT_ACT = "act/act"
    ACT_365 = "act/365"
    WHOLE_KRONOR = "whole kronor"


@dataclass(eq=False)
class RateUnknown(Refusal):
    """No reference rate is known for a day that bears interest; it is never guessed from a neighbour."""

    day: date
    known_from: date
    known_through: date


@dataclass(eq=False)
class RateNotUsable(Refusal):
    """An agreed rate is negative, above 1000 %, or finer than a ten-thousandth of a percentage point."""

    percent: Decimal


@dataclass(eq=False)
class RateAboveConsumerCeiling(Refusal):
    """An agreed late rate against a consumer lies above reference rate + 20 points (Consumer Credit Act s. 19 a)."""

    percent: Decimal
    ceiling: Decimal
    day: date


def day_parts(day: date) -> int:
    """Return the length of the day in parts of its calendar year."""
    return _LEAP_DAY if _is_leap(day.year) else _COMMON_DAY


def year_days(day: date, convention: Convention) -> int:
    """Return the number of days that the year of this day is taken to have."""
    return 366 if convention is not Convention.ACT_365 and _is_leap(day.year) else 365


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True, slots=True)
class LateRate:
    """A yearly rate, in ten-thousandths of a percentage point, fixed or above the reference rate of each half-year.

    A negative reference rate lowers the sum; it is not floored by itself. The sum never falls below nothing: an agreed
    margin of less than half a point would otherwise pay the debtor for being late.
    """

    units: int
    above_reference: bool

    @classmethod
    def reference_plus(cls, percent: Decimal) -> LateRate:
        """Return the reference rate in force each day plus so many percentage points.

        Raises:
            RateNotUsable: the percentage cannot be a yearly rate.
        """
        return cls(_units(percent), above_reference=True)

    @classmethod
    def fixed(cls, percent: Decimal) -> LateRate:
        """Return the same rate for every day.

        Raises:
            RateNotUsable: the percentage cannot be a yearly rate.
        """
        return cls(_units(percent), above_reference=False)

    @property
    def percent(self) -> Decimal:
        """The fixed rate, or the points above the reference rate."""
        return _percent(self.units)


@lru_cache(maxsize=_MOST_TABLES)
def _percent(units: int) -> Decimal:
    return Decimal(units) / UNITS_PER_PERCENT


def _units(percent: Decimal) -> int:
    if not percent.is_finite() or not 0 <= percent <= _MOST_PERCENT or percent.quantize(_FINEST_PERCENT) != percent:
        raise RateNotUsable(percent)
    return int(percent * UNITS_PER_PERCENT)


def _signed_units(percent: Decimal) -> int:
    # A reference rate may be negative and is not floored: Interest Act s. 6 knows no floor.
    return int(percent * UNITS_PER_PERCENT)


STATUTORY = LateRate.reference_plus(next(row.percent for row in STATUTORY_MARGINS if row.kind is Margin.LATE_PAYMENT))


def half_year_start(day: date) -> date:
    """Return 1 January or 1 July, whichever begins the half-year of this day."""
    return day.replace(month=_JULY if day.month >= _JULY else 1, day=1)


def next_half_year(day: date) -> date:
    """Return the first day of the half-year after that of this day."""
    return date(day.year, _JULY, 1) if day.month < _JULY else date(day.year + 1, 1, 1)


class RateRowOutOfOrder(ValueError):
    """The rows of reference rates do not follow each other half-year by half-year."""


@dataclass(frozen=True, eq=False)
class ReferenceRates:
    """The known reference rates, one row for each half-year without a gap.

    Cumulated rate-days make the interest between two days a subtraction: the entry of a day is the sum of rate × length
    of day from the first known day up to, not including, that day.
    """

    rows: Sequence[ReferenceRate]
    known_from: date = field(init=False)
    known_through: date = field(init=False)
    _first_ordinal: int = field(init=False, repr=False)
    _tables: dict[int, list[int]] = field(init=False, repr=False, default_factory=dict)
    _flat_tables: dict[int, list[int]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        expected = self.rows[0].valid_from
        for row in self.rows:
            if row.valid_from != expected or half_year_start(expected) != expected:
                raise RateRowOutOfOrder(f"the row of {row.valid_from} stands where {expected} is expected")
            expected = next_half_year(expected)
        object.__setattr__(self, "known_from", self.rows[0].valid_from)
        object.__setattr__(self, "known_through", expected - timedelta(days=1))
        object.__setattr__(self, "_first_ordinal", self.rows[0].valid_from.toordinal())

    def adding(self, row: ReferenceRate) -> ReferenceRates:
        """Return a table that also knows the next half-year; the rest is untouched."""
        return ReferenceRates((*self.rows, row))

    def percent(self, day: date) -> Decimal:
        """Return the reference rate of the day.

        Raises:
            RateUnknown: the day lies outside the known half-years.
        """
        if not self.known_from <= day <= self.known_through:
            raise RateUnknown(day, self.known_from, self.known_through)
        half_years = (day.year - self.known_from.year) * 2 + (day.month >= _JULY) - (self.known_from.month >= _JULY)
        return self.rows[half_years].percent

    def rate_days(self, units: int, first: date, last: date, flat_365: bool = False) -> int:
        """Return the sum of (reference rate + `units`) × length of day over the days, both ends included.

        Rates are in ten-thousandths of a percentage point, lengths in parts of a year; `first` is not after `last`.

        Raises:
            RateUnknown: a day lies outside the known half-years.
        """
        tables = self._flat_tables if flat_365 else self._tables
        table = tables[units] if units in tables else self._table(units, flat_365)
        offset = self._first_ordinal
        start = first.toordinal() - offset
        # A negative index would silently count from the end of the table.
        if start < 0:
            raise RateUnknown(first, self.known_from, self.known_through)
        try:
            return table[last.toordinal() - offset + 1] - table[start]
        except IndexError:
            unknown = max(first, self.known_through + timedelta(days=1))
            raise RateUnknown(unknown, self.known_from, self.known_through) from None

    def _table(self, units: int, flat_365: bool) -> list[int]:
        """Make the cumulated rate-days of the reference rate plus `units`; entry 0 is the first known day."""
        tables = self._flat_tables if flat_365 else self._tables
        if len(tables) >= _MOST_TABLES:
            tables.clear()
        table = tables[units] = self._cumulate(units, flat_365=flat_365)
        return table

    def _cumulate(self, units: int, *, flat_365: bool) -> list[int]:
        table, cumulated = [0], 0
        for row in self.rows:
            rate = max(_signed_units(row.percent) + units, 0)
            step = rate * (_COMMON_DAY if flat_365 else day_parts(row.valid_from))
            for _ in range((next_half_year(row.valid_from) - row.valid_from).days):
                cumulated += step
                table.append(cumulated)
        return table


KNOWN_RATES = ReferenceRates(REFERENCE_RATES)


def lawful_rate(
    agreed: LateRate | None, kind: DebtorKind, first_day: date, through: date, rates: ReferenceRates = KNOWN_RATES
) -> LateRate:
    """Return the rate that may be claimed for these interest days: the agreed one where the law lets it stand.

    Without an agreement, or against a public body with a term below the statutory rate on any day, it is the statutory
    rate (Interest Act s. 6; such a term is void). Between traders a lower rate stands: a creditor may always ask for
    less.

    Raises:
        RateAboveConsumerCeiling: a consumer's rate is above reference + 20 points on some day since 2025-03-01.
        RateUnknown: a day to compare with has no known reference rate.
    """
    if agreed is None:
        return STATUTORY
    if kind is DebtorKind.TRADER:
        return agreed
    for day in _days_of_change(first_day, through):
        ceiling = margin(Margin.CONSUMER_CEILING, day) if kind is DebtorKind.CONSUMER else None
        if kind is DebtorKind.CONSUMER and ceiling is None:
            continue
        reference = rates.percent(day)
        offered = agreed.percent if agreed.above_reference else agreed.percent - reference
        if kind is DebtorKind.PUBLIC_BODY and offered < STATUTORY.percent:
            return STATUTORY
        if ceiling is not None and offered > ceiling:
            raise RateAboveConsumerCeiling(reference + offered, reference + ceiling, day)
    return agreed


def _days_of_change(first_day: date, through: date) -> list[date]:
    """Return the first day and every later day on which a reference rate or a ceiling may change."""
    days = {first_day} | {row.valid_from for row in STATUTORY_MARGINS if first_day < row.valid_from <= through}
    day = next_half_year(first_day)
    while day <= through:
        days.add(day)
        day = next_half_year(day)
    return sorted(days)
