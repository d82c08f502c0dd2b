"""Percentages of the Interest Act and of the Consumer Credit Act that are not the reference rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Margin(StrEnum):
    """What is added to the reference rate, and what for."""

    LATE_PAYMENT = "late_payment"
    CONSUMER_CEILING = "consumer_ceiling"


@dataclass(frozen=True, slots=True)
class StatutoryMargin:
    """Percentage points above the reference rate from `valid_from` until a later row of the same kind."""

    kind: Margin
    valid_from: date
    percent: Decimal
    source: str


STATUTORY_MARGINS: tuple[StatutoryMargin, ...] = (
    StatutoryMargin(
        Margin.LATE_PAYMENT,
        date(2002, 7, 1),
        Decimal(8),
        "Interest Act (1975:635) s. 6, as worded since SFS 2002:352; unchanged in the copy of September 2025",
    ),
    StatutoryMargin(
        Margin.CONSUMER_CEILING,
        date(2025, 3, 1),
        Decimal(20),
        "Consumer Credit Act (2010:1846) s. 19 a, in force 2025-03-01: late interest at most reference rate + 20 points",
    ),
)

# Interest Act s. 4: thirty days from the sending of the demand. Trade guides say "a month"; the Act says days.
DAYS_AFTER_DEMAND = 30


def margin(kind: Margin, on: date) -> Decimal | None:
    """Return the percentage points of this kind in force on the day, or None when there is no such rule that day."""
    found = None
    for row in STATUTORY_MARGINS:
        if row.kind is kind and row.valid_from <= on:
            found = row.percent
    return found
