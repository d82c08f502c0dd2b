"""Only actions change what is stored: a page, an endpoint or a job asks one, and records lend them the hands."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import PACKAGE, modules_of, shown, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SITES = ("receivables", "agency")
_EDGES = ("web", "portal", "api", "hooks", "jobs", "gateways")
# What else writes, and why it may.
_ALLOWED = {
    "src/punktlig/tenancy/accounts.py",  # whose an address is when it is confirmed, in the way that allauth lets us say
    "src/punktlig/tenancy/mass_rows.py",  # the hands of the actions that write many rows at once
    "src/punktlig/tenancy/models.py",  # how Django makes a person
    "src/punktlig/ui/chosen_language.py",  # a person's own choice of language, the same on both sites
    "src/punktlig/run/demo_data/receivables.py",  # the invented company's own address, before anybody has seen it
}

_METHODS = {"save", "create", "bulk_create", "bulk_update", "delete", "get_or_create", "update_or_create"}
_STATEMENT = re.compile(r"\b(?:INSERT INTO|DELETE FROM|TRUNCATE|COPY \S+ (?:\(|FROM)|UPDATE \S+(?: AS \w+)? SET)\b")


def writings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) where the code changes rows: by a method of Django's, a statement, or our mass insert."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=method)) if method in _METHODS:
                yield node.lineno, f".{method}()"
            # A dictionary is updated with a positional argument, rows with named columns.
            case ast.Call(func=ast.Attribute(attr="update"), args=[], keywords=[_, *_]):
                yield node.lineno, ".update()"
            case ast.Call(func=ast.Name(id="insert_rows" | "insert_all" as hand)):
                yield node.lineno, f"{hand}()"
            case ast.JoinedStr() | ast.Constant() if _STATEMENT.search(_text(node)):
                yield node.lineno, "a statement"
            case _:
                pass


def _text(node: ast.AST) -> str:
    """Return the text of a literal in one line, with `x` where an f-string is filled in."""
    match node:
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
        case ast.Constant(value=str() as text):
            pass
        case _:
            return ""
    return " ".join(text.split())


def _modules() -> list[Path]:
    floors = [path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    return [module for module in modules_of(*floors) if "migrations" not in module.parts]


def _is_below_the_edges(module: Path) -> bool:
    floor, *inside = module.relative_to(PACKAGE).parts
    return floor in _SITES and inside[0] in ("actions", "records")


@cache
def writers_in_records(site: str) -> frozenset[tuple[str, str]]:
    """Return (module, name) of what stands in the site's records and writes, itself or by way of another of them."""
    found: set[tuple[str, str]] = set()
    known = -1
    modules = [module for module in modules_of(f"{site}/records") if "migrations" not in module.parts]
    while known != len(found):
        known = len(found)
        for module in modules:
            name = _dotted(module)
            here = {each for where, each in found if where == name} | _imported(tree_of(module), found)
            for node in tree_of(module).body:
                if list(writings(node)) or _uses(node, here):
                    found |= {(name, each) for each in _names_of(node)}
    return frozenset(found)


def _names_of(node: ast.stmt) -> list[str]:
    """Return what a statement at the top of a module names: a function, a class, or the text of a statement."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []


def _dotted(module: Path) -> str:
    return ".".join(("punktlig", *module.relative_to(PACKAGE).with_suffix("").parts))


def _imported(tree: ast.AST, wanted: set[tuple[str, str]] | frozenset[tuple[str, str]]) -> set[str]:
    """Return the names under which a module has imported some of the wanted."""
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if (node.module or "", name.name) in wanted
    }


def _uses(tree: ast.AST, names: set[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(tree))


def test_only_actions_and_what_records_lend_them_change_rows() -> None:
    writers = {shown(module) for module in _modules() if list(writings(tree_of(module)))}
    outside = {name for name in writers if not _is_below_the_edges(PACKAGE.parents[1] / name)}
    assert outside == _ALLOWED


@pytest.mark.parametrize("site", _SITES)
def test_no_edge_borrows_the_hands_that_write(site: str) -> None:
    writers = writers_in_records(site)
    assert writers
    edges = [path for path in (PACKAGE / site).iterdir() if path.name in _EDGES]
    borrowed = {
        shown(module): names
        for edge in edges
        for module in edge.rglob("*.py")
        if (names := _imported(tree_of(module), writers))
    }
    assert borrowed == {}


def test_what_writes_in_records_is_found_also_by_way_of_another() -> None:
    assert {"write_events", "stop_letters", "carry_out"} <= {name for _, name in writers_in_records("agency")}
    assert {"add_payments", "write_handovers", "Chunk"} <= {name for _, name in writers_in_records("receivables")}


@pytest.mark.parametrize(
    "code",
    [
        "invoice.save()",
        "Claim.objects.create(number=number)",
        "Payment.objects.bulk_create(payments)",
        "Claim.objects.filter(id=id).update(status='paid')",
        "claim.delete()",
        "cursor.execute('UPDATE agency_claim SET status = %s', [status])",
        "cursor.execute(f'UPDATE {table} AS row SET paid = true')",
        "STATEMENT = '''\nINSERT INTO agency_claim (id)\nSELECT id FROM given'''",
        "cursor.execute('DELETE FROM agency_claim')",
        "insert_rows(Claim, columns, rows)",
        "insert_all(NewRows(Claim, columns, rows))",
    ],
)
def test_a_writing_would_be_found(code: str) -> None:
    assert list(writings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "facts.update({'a': 1})",
        "digest.update(body)",
        "Claim.objects.filter(id=id).select_related('creditor')",
        "query = 'SELECT id FROM agency_claim FOR UPDATE SKIP LOCKED'",
        "title = 'The claim was updated'",
    ],
)
def test_a_reading_is_left_alone(code: str) -> None:
    assert list(writings(ast.parse(code))) == []
