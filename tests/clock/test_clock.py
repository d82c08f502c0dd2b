"""Today is the day in Sweden, wherever the machine stands."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from punktlig import clock
from punktlig.clock import day_of


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
    assert day_of(moment) == day


def test_the_clock_file_moves_the_day_for_every_process_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(clock.CLOCK_FILE, str(tmp_path / "clock"))
    before = clock.today()
    clock.move(3)
    assert clock.days_ahead() == 3
    assert clock.today() - before in {timedelta(days=3), timedelta(days=4)}, "a midnight may pass between the two"


def test_without_a_clock_file_the_clock_cannot_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.CLOCK_FILE, raising=False)
    with pytest.raises(RuntimeError, match=clock.CLOCK_FILE):
        clock.move(1)
