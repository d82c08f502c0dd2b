"""Whether a claim may have lapsed with time (Limitation Act 1981:130)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from punktlig.core.refusal import Refusal
from punktlig.core.statutes.limitation import limitation_years

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(eq=False)
class LimitationMayHaveRun(Refusal):
    """The limitation period has passed, unless it was interrupted in a way that has not been told."""

    last_day: date
    years: int


def last_day_of_claim(arose: date, interruptions: Iterable[date], *, against_consumer: bool) -> date:
    """Return the last day the claim lives: the period from its creation or the latest interruption (ss. 2, 5, 6).

    A period of years ends on the day of the same number, or on the month's last day (Act 1930:173 s. 1). An
    interruption after the claim had already lapsed does not wake it.
    """
    years = limitation_years(against_consumer=against_consumer)
    last = _years_later(arose, years)
    for day in sorted(interruptions):
        if arose <= day <= last:
            last = _years_later(day, years)
    return last


def refuse_when_limited(arose: date, interruptions: Iterable[date], today: date, *, against_consumer: bool) -> None:
    """Raise LimitationMayHaveRun when the last day has passed."""
    last = last_day_of_claim(arose, interruptions, against_consumer=against_consumer)
    if today > last:
        raise LimitationMayHaveRun(last, limitation_years(against_consumer=against_consumer))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
