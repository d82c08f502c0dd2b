"""The reference rates of the Riksbank, as a lawyer would check them: one row for each half-year."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from punktlig.core.late_rate import (
    KNOWN_RATES,
    RateRowOutOfOrder,
    RateUnknown,
    ReferenceRates,
    half_year_start,
    next_half_year,
)
from punktlig.core.statutes.reference_rates import REFERENCE_RATES, ReferenceRate

# Year: first half-year, second half-year, in per cent.
TABLE = """
    2002: -      4.50
    2003: 4.00   3.00
    2004: 3.00   2.00
    2005: 2.00   1.50
    2006: 1.50   2.50
    2007: 3.00   3.50
    2008: 4.00   4.50
    2009: 2.00   0.50
    2010: 0.50   0.50
    2011: 1.50   2.00
    2012: 2.00   1.50
    2013: 1.00   1.00
    2014: 1.00   1.00
    2015: 0.00   0.00
    2016: 0.00  -0.50
    2017: -0.50 -0.50
    2018: -0.50 -0.50
    2019: -0.50  0.00
    2020: 0.00   0.00
    2021: 0.00   0.00
    2022: 0.00   0.50
    2023: 2.50   3.50
    2024: 4.00   4.00
    2025: 3.00   2.00
    2026: 2.00   2.00
"""


def _half_years() -> list[tuple[date, Decimal]]:
    rows = []
    for line in TABLE.strip().splitlines():
        year, first, second = line.replace(":", "").split()
        if first != "-":
            rows.append((date(int(year), 1, 1), Decimal(first)))
        rows.append((date(int(year), 7, 1), Decimal(second)))
    return rows


HALF_YEARS = _half_years()


def test_there_are_49_half_years_each_with_its_source() -> None:
    assert [(row.valid_from, row.percent) for row in REFERENCE_RATES] == HALF_YEARS
    assert len(REFERENCE_RATES) == 49
    assert all(row.source for row in REFERENCE_RATES)


@pytest.mark.parametrize(("start", "percent"), HALF_YEARS)
def test_the_rate_holds_from_the_first_day_of_its_half_year_to_the_last(start: date, percent: Decimal) -> None:
    last = next_half_year(start) - timedelta(days=1)
    assert KNOWN_RATES.percent(start) == KNOWN_RATES.percent(last) == percent
    assert half_year_start(last) == start


def test_a_negative_rate_is_not_floored() -> None:
    assert KNOWN_RATES.percent(date(2017, 3, 1)) == Decimal("-0.50")


@pytest.mark.parametrize("day", [date(2002, 6, 30), date(2027, 1, 1), date(1975, 7, 1), date(2031, 1, 1)])
def test_a_rate_that_is_not_known_is_refused_and_never_guessed(day: date) -> None:
    with pytest.raises(RateUnknown) as refused:
        KNOWN_RATES.percent(day)
    assert refused.value.facts() == {
        "day": day,
        "known_from": date(2002, 7, 1),
        "known_through": date(2026, 12, 31),
    }


def test_a_new_half_year_is_a_new_row_and_leaves_the_rest_alone() -> None:
    longer = KNOWN_RATES.adding(ReferenceRate(date(2027, 1, 1), Decimal("2.50"), "announced"))
    assert longer.percent(date(2027, 6, 30)) == Decimal("2.50")
    assert longer.known_through == date(2027, 6, 30)
    assert longer.rate_days(80_000, date(2002, 7, 1), date(2026, 12, 31)) == KNOWN_RATES.rate_days(
        80_000, date(2002, 7, 1), date(2026, 12, 31)
    )
    with pytest.raises(RateUnknown):
        KNOWN_RATES.percent(date(2027, 1, 1))


@pytest.mark.parametrize("valid_from", [date(2026, 7, 1), date(2027, 7, 1), date(2027, 1, 2)])
def test_a_row_in_the_wrong_place_is_refused(valid_from: date) -> None:
    with pytest.raises(RateRowOutOfOrder):
        KNOWN_RATES.adding(ReferenceRate(valid_from, Decimal(2), "announced"))


def test_rows_must_begin_with_a_half_year() -> None:
    with pytest.raises(RateRowOutOfOrder):
        ReferenceRates((ReferenceRate(date(2026, 2, 1), Decimal(2), "announced"),))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-01-01", "2026-07-01"),
        ("2026-06-30", "2026-07-01"),
        ("2026-07-01", "2027-01-01"),
        ("2026-12-31", "2027-01-01"),
    ],
)
def test_half_years_begin_on_1_january_and_1_july(day: str, following: str) -> None:
    assert next_half_year(date.fromisoformat(day)) == date.fromisoformat(following)
