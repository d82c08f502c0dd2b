"""The day of the tests: a Wednesday whose next day is a bank day."""

from __future__ import annotations

import pytest

from punktlig import clock
from tests.agency.samples import NOW


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
