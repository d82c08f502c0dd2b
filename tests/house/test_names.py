"""A module is named by its idea. A drawer for everything is where two words for one thing begin."""

from __future__ import annotations

import pytest

from tests.house.repository import shown, tracked_files

_DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"}


def is_drawer(name: str) -> bool:
    """Tell whether a part of a path names no idea."""
    return bool(_DRAWERS.intersection(name.partition(".")[0].lower().split("_")))


def test_no_file_or_folder_is_a_drawer() -> None:
    drawers = [shown(path) for path in tracked_files() if any(map(is_drawer, shown(path).split("/")))]
    assert drawers == []


@pytest.mark.parametrize("name", ["utils.py", "helpers", "common", "money_helpers.py", "test_utils.py", "Common"])
def test_a_drawer_would_be_found(name: str) -> None:
    assert is_drawer(name)


@pytest.mark.parametrize("name", ["money.py", "commonwealth", "bank_days.py", "reader.py"])
def test_an_idea_is_left_alone(name: str) -> None:
    assert not is_drawer(name)
