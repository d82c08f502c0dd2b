"""The clock is read at the edges only, so that every rule and every letter can be asked about any day."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import PACKAGE, modules_of, shown, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Floors that may ask what day it is. Whatever is added beside them is below the edges until it is named here.
_EDGES = {"run"}
_BELOW = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists() and path.name not in _EDGES)
_READS = {"today", "now", "utcnow"}
# A stopwatch at the edge says nothing about which day it is.
_TIMERS = {"import time", "from time import"}


def clock_readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) where the code reads the clock, or names something that does."""
    modules, classes = _names_for_datetime(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(name.name == "time" for name in names):
                yield node.lineno, "import time"
            case ast.ImportFrom(module="time", level=0):
                yield node.lineno, "from time import"
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in classes and attribute in _READS:
                yield node.lineno, f"{name}.{attribute}"
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr=("date" | "datetime") as kind), attr=attribute
            ) if name in modules and attribute in _READS:
                yield node.lineno, f"{name}.{kind}.{attribute}"
            case _:
                pass


def _names_for_datetime(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names the module `datetime` goes by here, and those of its classes `date` and `datetime`."""
    modules: set[str] = set()
    classes: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.asname or name.name for name in node.names if name.name == "datetime"}
        elif isinstance(node, ast.ImportFrom) and node.module == "datetime":
            classes |= {name.asname or name.name for name in node.names if name.name in ("date", "datetime")}
    return modules, classes


def test_the_rules_the_formats_and_the_letters_lie_below_the_edges() -> None:
    assert {"core", "formats", "letters"} <= set(_BELOW)


@pytest.mark.parametrize("module", modules_of(*_BELOW), ids=shown)
def test_no_clock_is_read_below_the_edges(module: Path) -> None:
    assert list(clock_readings(tree_of(module))) == []


def test_the_edge_asks_what_day_it_is_in_one_place() -> None:
    readers = {
        shown(module)
        for module in modules_of(*_EDGES)
        if any(what not in _TIMERS for _, what in clock_readings(tree_of(module)))
    }
    assert readers == {"src/punktlig/clock.py"}


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\ntoday = date.today()",
        "from datetime import date as day\ntoday = day.today()",
        "from datetime import datetime\nstamp = datetime.now(tz)",
        "import datetime\nstamp = datetime.datetime.utcnow()",
        "import datetime as dt\nstamp = dt.date.today()",
        "from datetime import date\nfield(default_factory=date.today)",
        "import time\ntime.time()",
        "from time import monotonic",
    ],
)
def test_a_reading_of_the_clock_would_be_found(code: str) -> None:
    assert list(clock_readings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\ndate.fromisoformat('2026-01-01')",
        "late = facts.today > due.effective_date",
        "def rule(today): return today",
    ],
)
def test_a_day_that_is_handed_in_is_left_alone(code: str) -> None:
    assert list(clock_readings(ast.parse(code))) == []
