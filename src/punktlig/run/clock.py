"""What day it is. Asked once, by an edge; the rules get the day as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDISH_TIME = "Europe/Stockholm"


def today_in_sweden(now: datetime | None = None) -> date:
    """Return today's date in Sweden, or the Swedish date of a given moment that knows its zone.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: the machine has no time zone data.
    """
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(SWEDISH_TIME)).date()
