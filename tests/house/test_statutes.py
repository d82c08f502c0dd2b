"""A legal value without a start date governs the wrong claims, and one without a source cannot be checked."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

import punktlig.core.statutes
from tests.house.repository import PACKAGE, modules_of, shown, tree_of

if TYPE_CHECKING:
    from pathlib import Path

_MODULES = [
    importlib.import_module(f"punktlig.core.statutes.{module.name}")
    for module in pkgutil.iter_modules(punktlig.core.statutes.__path__)
]
_TABLES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": rows
    for module in _MODULES
    for name, rows in vars(module).items()
    if isinstance(rows, tuple) and rows and is_dataclass(rows[0])
}


def faults_of(rows: tuple[Any, ...]) -> list[str]:
    """Return what is wrong with a table of dated values: a start, a source or the order."""
    found = []
    latest: dict[tuple[object, ...], date] = {}
    for row in rows:
        start, source = getattr(row, "valid_from", None), getattr(row, "source", None)
        if type(start) is not date:
            found.append(f"{row} has no start date")
            continue
        if not isinstance(source, str) or not source.strip():
            found.append(f"{row} has no source")
        if (earlier := latest.get(_sort(row))) is not None and start <= earlier:
            found.append(f"{row} stands after the row of {earlier}")
        latest[_sort(row)] = start
    return found


def _sort(row: object) -> tuple[object, ...]:
    """Return what a value is for: the fields that sort it, which later rows of the same sort supersede."""
    assert is_dataclass(row)
    values = (getattr(row, field.name) for field in fields(row))
    return tuple(value for value in values if value is None or isinstance(value, Enum | bool))


def unsourced_numbers(path: Path) -> list[str]:
    """Return the numbers that stand alone in a module, in no dated row, and have no comment above that cites a law."""
    lines = path.read_text("utf-8").splitlines()
    found = []
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            above = lines[node.lineno - 2].strip()
            is_number = isinstance(node.value.value, int)
            if is_number and not (above.startswith("#") and "Act" in above and " s. " in above):
                found.append(lines[node.lineno - 1])
    return found


def test_every_module_of_statutes_has_a_table() -> None:
    assert {name.partition(".")[0] for name in _TABLES} == {module.__name__.rpartition(".")[2] for module in _MODULES}


@pytest.mark.parametrize("name", _TABLES)
def test_each_statute_value_has_a_source_and_a_start_date_and_rows_stand_in_order(name: str) -> None:
    assert faults_of(_TABLES[name]) == []


@pytest.mark.parametrize("name", _TABLES)
def test_a_row_cannot_be_changed(name: str) -> None:
    row = _TABLES[name][0]
    with pytest.raises(AttributeError):
        row.source = "somewhere else"


@pytest.mark.parametrize("module", sorted((PACKAGE / "core" / "statutes").glob("*.py")), ids=shown)
def test_a_number_outside_a_dated_row_cites_its_law(module: Path) -> None:
    assert unsourced_numbers(module) == []


def test_no_percentage_of_the_law_hides_outside_the_statutes() -> None:
    # A Decimal made of a literal number in a rule would be a rate or a share that no row dates. Nought and powers of
    # ten are neither.
    hidden = [
        f"{shown(module)}:{node.lineno}"
        for module in modules_of("core")
        if module.parent.name != "statutes"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Decimal"
        and isinstance(node.args[0], ast.Constant)
        and Decimal(str(node.args[0].value)).normalize().as_tuple().digits not in ((0,), (1,))
    ]
    assert hidden == []


@dataclass(frozen=True)
class _Row:
    kind: bool
    valid_from: date | None
    source: str


@pytest.mark.parametrize(
    "rows",
    [
        (_Row(True, None, "Act (1975:635) s. 6"),),
        (_Row(True, date(2013, 3, 16), " "),),
        (_Row(True, date(2013, 3, 16), "SFS"), _Row(True, date(2003, 7, 1), "SFS")),
        (_Row(True, date(2013, 3, 16), "SFS"), _Row(True, date(2013, 3, 16), "SFS")),
    ],
)
def test_a_fault_in_a_row_would_be_found(rows: tuple[Any, ...]) -> None:
    assert faults_of(rows)


def test_rows_of_different_sorts_may_start_on_the_same_day() -> None:
    assert faults_of((_Row(True, date(2013, 3, 16), "SFS"), _Row(False, date(2013, 3, 16), "SFS"))) == []


def test_a_number_without_its_law_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "fees.py"
    module.write_text("# Everybody knows this.\nDAYS = 30\n# Interest Act s. 4: thirty days.\nLAWFUL = 30\n", "utf-8")
    assert unsourced_numbers(module) == ["DAYS = 30"]
