"""The API's day in tests, whatever the calendar says."""

from __future__ import annotations

import pytest

from punktlig import clock
from tests.agency.samples import NOW


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
