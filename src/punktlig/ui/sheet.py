"""Invented values for the sheet that shows every part of the pages, `/_parts/` in the demo."""

from __future__ import annotations

from punktlig.ui.statuses import STATUSES


def everything() -> dict[str, object]:
    """Return what the sheet shows."""
    return {"statuses": STATUSES}
