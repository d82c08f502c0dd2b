"""Reference rates that people add between releases: which one may be entered, who may approve it, what then is known.

The Riksbank decides a half-year's rate just before it begins (Interest Act (1975:635) s. 9), and letters cannot wait
for a release. One person enters the rate with its source, another reads the source and approves it. What the program
itself knows always counts first, and a rate that was approved and says something else is told as a `Disagreement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from punktlig.core.late_rate import KNOWN_RATES, ReferenceRates
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from punktlig.core.statutes.reference_rates import ReferenceRate

# The announcements that were read are dated on the last bank days before the half-year, one on the first after it. Two
# weeks are room for an earlier one; before that nobody can have read the rate anywhere, only guessed it.
DAYS_BEFORE_HALF_YEAR = 14
# The Riksbank's rate is rounded up to the nearest half percentage point: Interest Act s. 9.
STEPS_A_POINT = 2
# Not law but sense: since 2002 the rate has lain from -0.50 to 4.50. What lies outside has lost a decimal point.
LEAST_PERCENT, MOST_PERCENT = -5, 20


@dataclass(eq=False)
class RateIsKnown(Refusal):
    """The reference rate of that half-year is known already and is not changed."""

    valid_from: date
    percent: Decimal


@dataclass(eq=False)
class RateLeavesGap(Refusal):
    """The rate is not of the half-year that follows the last known one."""

    valid_from: date
    expected: date


@dataclass(eq=False)
class RateIsNotDecided(Refusal):
    """The half-year lies so far ahead that the Riksbank cannot have decided its rate yet."""

    valid_from: date
    earliest: date


@dataclass(eq=False)
class RateIsNoHalfStep(Refusal):
    """The Riksbank's reference rate is always a whole or half percentage point."""

    percent: Decimal


@dataclass(eq=False)
class RateIsImplausible(Refusal):
    """The rate lies outside what a reference rate can reasonably be."""

    percent: Decimal
    least: Decimal
    most: Decimal


@dataclass(eq=False)
class RateHasNoSource(Refusal):
    """Nobody can approve a rate without reading where it was found."""


@dataclass(eq=False)
class RateNeedsSecondPerson(Refusal):
    """Whoever entered a rate cannot approve it."""

    name: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A rate that people added or another program told, and the known one of the same half-year, which counts."""

    valid_from: date
    told: Decimal
    known: Decimal


@dataclass(frozen=True, slots=True)
class News:
    """What another program's rates bring: those that follow the known ones, and what is wrong with the others."""

    rows: tuple[ReferenceRate, ...]
    disagreements: tuple[Disagreement, ...]
    refusals: tuple[Refusal, ...]


def next_unknown(rates: ReferenceRates) -> date:
    """Return the first day of the half-year that follows the last known one: the only one whose rate may be added."""
    return rates.known_through + timedelta(days=1)


def earliest_entry(valid_from: date) -> date:
    """Return the first day on which the rate of the half-year may be entered."""
    return valid_from - timedelta(days=DAYS_BEFORE_HALF_YEAR)


def asked_from(valid_from: date) -> date:
    """Return the day from which people are told that the half-year's rate will be needed: a month before it."""
    return (valid_from - timedelta(days=1)).replace(day=1)


def entry_refusals(rates: ReferenceRates, row: ReferenceRate, *, today: date) -> tuple[Refusal, ...]:
    """Return every reason why this rate may not be entered, or approved, today; none means that it may."""
    found: list[Refusal] = []
    expected = next_unknown(rates)
    if rates.known_from <= row.valid_from < expected:
        found.append(RateIsKnown(row.valid_from, rates.percent(row.valid_from)))
    elif row.valid_from != expected:
        found.append(RateLeavesGap(row.valid_from, expected))
    elif today < earliest_entry(row.valid_from):
        found.append(RateIsNotDecided(row.valid_from, earliest_entry(row.valid_from)))
    if not LEAST_PERCENT <= row.percent <= MOST_PERCENT:
        found.append(RateIsImplausible(row.percent, Decimal(LEAST_PERCENT), Decimal(MOST_PERCENT)))
    elif row.percent * STEPS_A_POINT % 1:
        found.append(RateIsNoHalfStep(row.percent))
    if not row.source.strip():
        found.append(RateHasNoSource())
    return tuple(found)


def refuse_unless_enterable(rates: ReferenceRates, row: ReferenceRate, *, today: date) -> None:
    """Return when the rate may be entered today.

    Raises:
        Refusal: the first of what `entry_refusals` lists.
    """
    for refusal in entry_refusals(rates, row, today=today):
        raise refusal


def refuse_unless_approvable(
    rates: ReferenceRates, row: ReferenceRate, *, entered_by: object, entered_name: str, approver: object, today: date
) -> None:
    """Return when this person may approve the rate today; `entered_by` and `approver` are compared, whatever they are.

    Raises:
        RateNeedsSecondPerson: the approver is who entered it.
        Refusal: the first of what `entry_refusals` lists; meanwhile a release may have brought the half-year.
    """
    if approver == entered_by:
        raise RateNeedsSecondPerson(entered_name)
    refuse_unless_enterable(rates, row, today=today)


def change_from_before(rates: ReferenceRates, row: ReferenceRate) -> Decimal:
    """Return by how many percentage points the rate differs from that of the last known half-year."""
    return row.percent - rates.rows[-1].percent


def is_unusual(rates: ReferenceRates, row: ReferenceRate) -> bool:
    """Tell whether the rate changes more than it ever has, so that whoever enters it should look again."""
    largest = max((abs(after.percent - before.percent) for before, after in pairwise(rates.rows)), default=Decimal(0))
    return abs(change_from_before(rates, row)) > largest


def with_added(added: Iterable[ReferenceRate], built_in: ReferenceRates = KNOWN_RATES) -> ReferenceRates:
    """Return the rates that are known: the program's own, and the added ones that follow them without a gap.

    For a half-year that both know, the program's own counts.
    """
    known = built_in
    for row in sorted(added, key=lambda each: each.valid_from):
        if row.valid_from == next_unknown(known):
            known = known.adding(row)
    return known


def disagreements(told: Iterable[ReferenceRate], known: ReferenceRates = KNOWN_RATES) -> tuple[Disagreement, ...]:
    """Return the rates that say something else than the known ones, in the order of their half-years."""
    found = (
        Disagreement(row.valid_from, row.percent, known.percent(row.valid_from))
        for row in told
        if known.known_from <= row.valid_from <= known.known_through
    )
    return tuple(sorted((one for one in found if one.told != one.known), key=lambda one: one.valid_from))


def news(told: Iterable[ReferenceRate], known: ReferenceRates) -> News:
    """Return what another program's rates add to the known ones. A known rate is never changed.

    When a half-year is told wrong or left out, nothing after it is taken.
    """
    rows = sorted(told, key=lambda each: each.valid_from)
    new: list[ReferenceRate] = []
    wrong: tuple[Refusal, ...] = ()
    longer = known
    for row in rows:
        if row.valid_from < next_unknown(known):
            continue
        # When it was decided is for who told it to know.
        wrong = entry_refusals(longer, row, today=row.valid_from)
        if wrong:
            break
        new.append(row)
        longer = longer.adding(row)
    return News(tuple(new), disagreements(rows, known), wrong)
