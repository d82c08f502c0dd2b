"""How long a claim lives (Limitation Act 1981:130)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class LimitationPeriod:
    """Years from the claim's creation, or from the latest interruption, until it is gone."""

    against_consumer: bool
    valid_from: date
    years: int
    source: str


LIMITATION_PERIODS: tuple[LimitationPeriod, ...] = (
    LimitationPeriod(False, date(1982, 1, 1), 10, "Limitation Act (1981:130) s. 2 first paragraph"),
    LimitationPeriod(True, date(1982, 1, 1), 3, "Limitation Act (1981:130) s. 2 second paragraph"),
)


@lru_cache
def limitation_years(*, against_consumer: bool) -> int:
    """Return the number of years of the period in force."""
    return next(row.years for row in reversed(LIMITATION_PERIODS) if row.against_consumer is against_consumer)
