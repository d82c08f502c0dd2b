"""Every variable that the program reads is explained, and none is explained that it does not read."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from punktlig.run.databases import SITES
from tests.house.repository import PACKAGE, ROOT, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE = re.compile(r"PUNKTLIG_[A-Z_]*[A-Z]")
_WRITTEN = re.compile(r"\bPUNKTLIG_(?:<SITE>_)?[A-Z_]*[A-Z]\b")
_PAGES = ("docs/deployment.md", "docs/command.md", "CONTRIBUTING.md")
# Django keeps these names of ours among its settings; they are no variables.
_SETTINGS = {"PUNKTLIG_APP_ROLE", "PUNKTLIG_DESK_ROLE", "PUNKTLIG_MEMBER_MODEL", "PUNKTLIG_TENANT_MODEL"}


def variables_in(tree: ast.AST, sites: tuple[str, ...]) -> Iterator[str]:
    """Yield the variables that a module reads; one whose name is put together is yielded for each of the sites."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if _VARIABLE.fullmatch(text):
                yield text
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_, ast.Constant(value=str() as tail), *_]
            ) if name == "of_environment":
                yield from (f"PUNKTLIG_{site.upper()}_{tail}" for site in sites)
            case ast.JoinedStr(values=[ast.Constant(value="PUNKTLIG_"), _, ast.Constant(value=str() as tail), *_]) if (
                tail != "_"
            ):
                name = tail.strip("_").split(" ")[0]
                yield from (f"PUNKTLIG_{site.upper()}_{name}" for site in sites)
            case _:
                pass


def read_variables() -> set[str]:
    found: set[str] = set()
    for module in PACKAGE.rglob("*.py"):
        floor = module.relative_to(PACKAGE).parts[0]
        found |= set(variables_in(tree_of(module), (floor,) if floor in SITES else SITES))
    return found - _SETTINGS


def explained_variables() -> set[str]:
    found = {name for page in _PAGES for name in _WRITTEN.findall((ROOT / page).read_text("utf-8"))}
    return {name.replace("<SITE>", site.upper()) for name in found for site in SITES}


def test_every_variable_that_is_read_is_explained() -> None:
    assert read_variables() - explained_variables() == set()


def test_no_variable_is_explained_that_nobody_reads() -> None:
    assert explained_variables() - read_variables() == set()


def test_a_variable_would_be_found() -> None:
    code = """
import os
CLOCK = "PUNKTLIG_CLOCK_FILE"
os.environ.get("PUNKTLIG_DEMO")
site_settings.of_environment(SITE, "URL", "http://localhost")
os.environ.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL")
"""
    assert set(variables_in(ast.parse(code), ("agency",))) == {
        "PUNKTLIG_CLOCK_FILE",
        "PUNKTLIG_DEMO",
        "PUNKTLIG_AGENCY_URL",
        "PUNKTLIG_AGENCY_DATABASE_URL",
    }
