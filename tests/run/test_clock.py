"""Today is the day in Sweden, wherever the machine stands."""

from datetime import UTC, date, datetime

import pytest

from punktlig.run.clock import today_in_sweden


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_day_begins_at_swedish_midnight_in_winter_and_summer(moment: datetime, day: date) -> None:
    assert today_in_sweden(moment) == day
