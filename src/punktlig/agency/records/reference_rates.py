"""The reference rates that are known here: the program's own, and those that two of the agency's people have added."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from punktlig.agency.records.added_rate import AddedRate
from punktlig.core.added_rates import Disagreement, disagreements, with_added
from punktlig.core.late_rate import KNOWN_RATES, ReferenceRates
from punktlig.core.statutes.reference_rates import ReferenceRate

# Tables of cumulated rate-days hang on each; only the newest is asked for again and again.
_MOST_KEPT = 4


def known_rates(day: date) -> ReferenceRates:
    """Return the rates to reckon with on the day and the day after, which a letter tells the growth of.

    While the program's own reach so far nothing is asked: an approved rate never changes, and the program's own count
    before it. Beyond them it is one query of a few rows, so no process goes on with what it knew once.
    """
    if day + timedelta(days=1) <= KNOWN_RATES.known_through:
        return KNOWN_RATES
    return all_known_rates()


def all_known_rates() -> ReferenceRates:
    """Return every rate that is known now; one query."""
    return _joined(tuple(_approved()))


def disagreeing_rates() -> tuple[Disagreement, ...]:
    """Return the approved rates that the program itself, since a later release, says something else about."""
    return disagreements(_approved())


def _approved() -> list[ReferenceRate]:
    rows = AddedRate.objects.filter(approved_at__isnull=False).order_by("valid_from")
    return [ReferenceRate(*row) for row in rows.values_list("valid_from", "percent", "source")]


@lru_cache(maxsize=_MOST_KEPT)
def _joined(added: tuple[ReferenceRate, ...]) -> ReferenceRates:
    return with_added(added)
