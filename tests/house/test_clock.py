"""The clock is read at the edges only, so that every rule, every page and every letter can be asked about any day."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import PACKAGE, modules_of, shown, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The machine's own clock is read here; everybody else asks `punktlig.clock`, which the demo and the tests can set.
_REAL_CLOCK = {
    "src/punktlig/clock.py",
    # A signature is about the wire: both sites compare the real moment, also when the demo's clock is ahead.
    "src/punktlig/exchange/signatures.py",
}
# Who may ask `punktlig.clock`: the floors that meet people, other programs or the calendar, and their pages' parts.
_EDGE_FLOORS = {"run", "ui"}
_EDGES_OF_A_SITE = {"web", "portal", "api", "hooks", "jobs"}
_SITES = {"receivables", "agency"}

_READS = {"today", "now", "utcnow", "localdate", "localtime"}
_ASKS = {"today", "now", "days_ahead", "move"}
# A stopwatch says nothing about which day it is.
_STOPWATCH = {"monotonic", "perf_counter", "sleep"}
# Columns that tell when a row was written, for whoever looks after the database.
_WRITTEN_AT = {"created_at", "joined_at"}


def real_clock_readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) where the code reads the machine's clock, or names something that does."""
    modules, classes, stopwatches = _names_for_time(tree)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="time", level=0, names=names) if any(n.name not in _STOPWATCH for n in names):
                yield node.lineno, "from time import"
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                name in stopwatches and attribute not in _STOPWATCH
            ):
                yield node.lineno, f"{name}.{attribute}"
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in classes and attribute in _READS:
                yield node.lineno, f"{name}.{attribute}"
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr=("date" | "datetime") as kind), attr=attribute
            ) if name in modules and attribute in _READS:
                yield node.lineno, f"{name}.{kind}.{attribute}"
            case ast.ImportFrom(module="django.db.models.functions", names=names) if "Now" in {n.name for n in names}:
                yield node.lineno, "the database's clock"
            case ast.Constant(value=str() as text) if _asks_the_database(text):
                yield node.lineno, "the database's clock"
            case _:
                pass


def _names_for_time(tree: ast.AST) -> tuple[set[str], set[str], set[str]]:
    """Return the names here of the module `datetime`, of what can be asked for the day, and of the module `time`."""
    modules: set[str] = set()
    classes: set[str] = set()
    stopwatches: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.asname or name.name for name in node.names if name.name == "datetime"}
            stopwatches |= {name.asname or name.name for name in node.names if name.name == "time"}
        elif isinstance(node, ast.ImportFrom) and (node.module, node.level) == ("datetime", 0):
            classes |= {name.asname or name.name for name in node.names if name.name in ("date", "datetime")}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            classes |= {name.asname or name.name for name in node.names if name.name == "timezone"}
    return modules, classes, stopwatches


def _asks_the_database(text: str) -> bool:
    lowered = text.lower()
    return any(call in lowered for call in ("now()", "current_timestamp", "current_date", "clock_timestamp"))


def askings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) where the code asks `punktlig.clock` what day or moment it is."""
    names = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "punktlig"
        for name in node.names
        if name.name == "clock"
    }
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="punktlig.clock", names=imported):
                for name in imported:
                    if name.name in _ASKS:
                        yield node.lineno, name.name
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in names and attribute in _ASKS:
                yield node.lineno, f"{name}.{attribute}"
            case _:
                pass


def writing_moments(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, field) of the columns that Django fills in with the machine's clock."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=field)], value=ast.Call(keywords=keywords)) if any(
                keyword.arg in ("auto_now", "auto_now_add") for keyword in keywords
            ):
                yield node.lineno, field
            case _:
                pass


def is_an_edge(module: Path) -> bool:
    floor, *inside = module.relative_to(PACKAGE).parts
    return floor in _EDGE_FLOORS or (floor in _SITES and inside[0] in _EDGES_OF_A_SITE)


def floors() -> list[str]:
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def _modules() -> list[Path]:
    """Return every module but the migrations, whose moments are those of the models they were written from."""
    return [path for path in [PACKAGE / "clock.py", *modules_of(*floors())] if "migrations" not in path.parts]


_BELOW = [module for module in _modules() if not is_an_edge(module) and module.name != "clock.py"]


def test_the_rules_and_what_is_stored_lie_below_the_edges() -> None:
    below = {"/".join(module.relative_to(PACKAGE).parts[:2]) for module in _BELOW}
    assert {"core/reminder.py", "formats/ocr.py", "letters/renderer.py", "exchange/client.py"} <= below
    assert {f"{site}/{floor}" for site in _SITES for floor in ("actions", "records")} <= below
    assert not any(name.endswith(("/web", "/jobs", "/api", "/portal", "/hooks")) for name in below)


def test_the_machines_clock_is_read_in_few_named_places() -> None:
    readers = {shown(module) for module in _modules() if list(real_clock_readings(tree_of(module)))}
    assert readers == _REAL_CLOCK


@pytest.mark.parametrize("module", _BELOW, ids=shown)
def test_nobody_below_the_edges_asks_what_day_it_is(module: Path) -> None:
    assert list(askings(tree_of(module))) == []


def test_a_moment_that_the_database_layer_fills_in_only_tells_when_a_row_was_written() -> None:
    filled = {field for module in _modules() for _, field in writing_moments(tree_of(module))}
    assert filled == _WRITTEN_AT


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\ntoday = date.today()",
        "from datetime import date as day\ntoday = day.today()",
        "from datetime import datetime\nstamp = datetime.now(tz)",
        "import datetime\nstamp = datetime.datetime.utcnow()",
        "import datetime as dt\nstamp = dt.date.today()",
        "from datetime import date\nfield(default_factory=date.today)",
        "from django.utils import timezone\nfield = DateTimeField(default=timezone.now)",
        "from django.db.models.functions import Now",
        "query = 'UPDATE agency_claim SET closed_at = now()'",
        "import time\ntime.time()",
        "from time import time",
    ],
)
def test_a_reading_of_the_machines_clock_would_be_found(code: str) -> None:
    assert list(real_clock_readings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\ndate.fromisoformat('2026-01-01')",
        "late = facts.today > due.effective_date",
        "def rule(today): return today",
        "import time\nuntil = time.monotonic() + 5",
    ],
)
def test_a_day_that_is_handed_in_and_a_stopwatch_are_left_alone(code: str) -> None:
    assert list(real_clock_readings(ast.parse(code))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from punktlig import clock\ntoday = clock.today()",
        "from punktlig import clock as time_of_day\nfield(default=time_of_day.now)",
        "from punktlig.clock import now",
    ],
)
def test_asking_what_day_it_is_would_be_found(code: str) -> None:
    assert list(askings(ast.parse(code)))


def test_the_time_zone_may_be_named_anywhere() -> None:
    assert list(askings(ast.parse("from punktlig.clock import STOCKHOLM, day_of"))) == []
