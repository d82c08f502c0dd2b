"""A migration is named by its verb and stands alone: the application goes on changing, what was migrated does not."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import PACKAGE, shown, tree_of

if TYPE_CHECKING:
    from pathlib import Path

_MIGRATIONS = sorted(path for path in PACKAGE.glob("**/migrations/*.py") if path.name != "__init__.py")
_FOLDERS = sorted({path.parent for path in _MIGRATIONS})
_NAME = re.compile(r"\d{4}_(?:initial|[a-z0-9_]+)\.py")
_MADE_UP = re.compile(r"_(?:auto|squashed|remove|alter|rename|merge)_\d|_auto_|and_more\.py$")


def of_the_application(tree: ast.AST) -> list[str]:
    """Return what a migration imports from the application, besides the operations made for migrations."""
    found = [
        name
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return [name for name in found if name.startswith("punktlig") and name != "punktlig.tenancy.operations"]


def test_there_are_migrations_of_both_sites_and_of_their_people() -> None:
    assert {shown(folder) for folder in _FOLDERS} == {
        "src/punktlig/agency/records/migrations",
        "src/punktlig/receivables/records/migrations",
        "src/punktlig/tenancy/migrations",
    }


@pytest.mark.parametrize("migration", _MIGRATIONS, ids=shown)
def test_a_migration_imports_nothing_from_the_application(migration: Path) -> None:
    assert of_the_application(tree_of(migration)) == []


@pytest.mark.parametrize("migration", _MIGRATIONS, ids=shown)
def test_a_migration_is_named_by_its_verb(migration: Path) -> None:
    assert _NAME.fullmatch(migration.name)
    assert not _MADE_UP.search(migration.name)


@pytest.mark.parametrize("folder", _FOLDERS, ids=shown)
def test_migrations_are_numbered_without_a_gap_and_without_two_heads(folder: Path) -> None:
    numbers = [int(path.name[:4]) for path in _MIGRATIONS if path.parent == folder]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_import_from_the_application_would_be_found() -> None:
    code = "from punktlig.core.money import Money\nfrom punktlig.tenancy.operations import BelongToTenant\nimport uuid"
    assert of_the_application(ast.parse(code)) == ["punktlig.core.money"]
