"""What time it is. The edges ask here, once for each page, call or job, and pass the day on as an argument.

The clock can be set: a file that holds a whole number of days moves the demo ahead, and tests write it themselves.
Every process of both sites reads the same file, so that they always agree about the day.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CLOCK_FILE = "PUNKTLIG_CLOCK_FILE"


def now() -> datetime:
    """Return the present moment in UTC, moved by the days in the clock file when there is one."""
    return datetime.now(UTC) + timedelta(days=_days_ahead())


def today() -> date:
    """Return the calendar day in Sweden."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the calendar day in Sweden of a moment that knows its zone."""
    return moment.astimezone(STOCKHOLM).date()


def move(days: int) -> None:
    """Set how many days the clock file moves the clock ahead.

    Raises:
        RuntimeError: no clock file is named, so the clock is the real one.
    """
    path = os.environ.get(CLOCK_FILE)
    if not path:
        raise RuntimeError(f"the clock is real: {CLOCK_FILE} names no file")
    set_days(Path(path), days)


def set_days(clock_file: Path, days: int) -> None:
    """Write how many days a clock file moves the clock ahead."""
    # Written beside and renamed: another process may read in the same moment.
    beside = clock_file.with_name(f"{clock_file.name}.new")
    beside.write_text(f"{days}\n")
    beside.replace(clock_file)


def days_ahead() -> int:
    """Return by how many days the clock is moved; 0 is the real time."""
    return _days_ahead()


def _days_ahead() -> int:
    path = os.environ.get(CLOCK_FILE)
    if not path:
        return 0
    try:
        return int(Path(path).read_text())
    except FileNotFoundError:
        return 0
