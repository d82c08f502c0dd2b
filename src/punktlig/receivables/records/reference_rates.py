"""The reference rates that are known here: the program's own, and those that the agency has told."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from punktlig.core.added_rates import with_added
from punktlig.core.late_rate import KNOWN_RATES, ReferenceRates
from punktlig.core.statutes.reference_rates import ReferenceRate
from punktlig.receivables.records.heard_rate import HeardRate

# Tables of cumulated rate-days hang on each; only the newest is asked for again and again.
_MOST_KEPT = 4


def known_rates(day: date) -> ReferenceRates:
    """Return the rates to reckon with on the day and the day after, which a preview tells the growth of.

    While the program's own reach so far nothing is asked; beyond them it is one query of a few rows.
    """
    if day + timedelta(days=1) <= KNOWN_RATES.known_through:
        return KNOWN_RATES
    return all_known_rates()


def rates_on(day: date, heard: tuple[ReferenceRate, ...]) -> ReferenceRates:
    """Return what `known_rates` does, of what the agency has told when that has been read already, oldest first."""
    return KNOWN_RATES if day + timedelta(days=1) <= KNOWN_RATES.known_through else _joined(heard)


def all_known_rates() -> ReferenceRates:
    """Return every rate that is known now; one query."""
    rows = HeardRate.objects.order_by("valid_from").values_list("valid_from", "percent", "source")
    return _joined(tuple(ReferenceRate(*row) for row in rows))


@lru_cache(maxsize=_MOST_KEPT)
def _joined(heard: tuple[ReferenceRate, ...]) -> ReferenceRates:
    return with_added(heard)
