"""How the tests read the repository's own documents: links, headings and the names that claim to be code."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

from tests.house.repository import PACKAGE, ROOT, tracked_files, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_FLOOR = "core|formats|letters|ui|run|exchange|tenancy|receivables|agency|clock"
_NAME = re.compile(rf"(?:{_FLOOR})(?:\.[A-Za-z_]\w*)+")
_FILE = re.compile(rf"(?:src|tests|docs|bench|script|examples|{_FLOOR})/[\w./-]*")
_TEST = re.compile(r"tests/[\w/]+\.py::\w+")
_FLOORS = tuple(f"{floor}/" for floor in _FLOOR.split("|"))


def documents() -> list[Path]:
    """Return the Markdown documents that we write; a font's licence is its author's."""
    return [path for path in tracked_files() if path.suffix == ".md" and "fonts" not in path.parts]


def prose(text: str) -> str:
    """Return the text without its fenced blocks."""
    return _FENCE.sub("", text)


def broken_links(text: str, document: Path) -> list[str]:
    """Return the relative links of a document that lead to no file, or to no heading in it."""
    return [link for link in _LINK.findall(prose(text)) if "://" not in link and not _leads(link, text, document)]


def _leads(link: str, text: str, document: Path) -> bool:
    if link.startswith("mailto:"):
        return True
    name, _, anchor = link.partition("#")
    if not name:
        return anchor in anchors(text)
    target = (document.parent / name).resolve()
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, made as code hosts make them."""
    plain = (re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in _HEADING.findall(prose(text)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def false_names(text: str) -> list[str]:
    """Return what is written as code in a text and claims to be a name, file or test here, but is none."""
    found = []
    for code in _CODE.findall(prose(text)):
        if _TEST.fullmatch(code):
            is_true = is_test(code)
        elif _NAME.fullmatch(code):
            is_true = is_name(code)
        elif _FILE.fullmatch(code):
            is_true = (ROOT / ("src/punktlig" if code.startswith(_FLOORS) else "") / code).exists()
        else:
            continue
        if not is_true:
            found.append(code)
    return found


@cache
def is_name(dotted: str) -> bool:
    """Tell whether `core.money.Money.parse` and the like stands under `punktlig`: a module, or something in one.

    The source is asked and nothing is imported: each site has its own settings, and no process has both.
    """
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        place = PACKAGE.joinpath(*parts[:count])
        for module in (place.with_suffix(".py"), place / "__init__.py"):
            if module.is_file():
                return _is_named(tree_of(module).body, parts[count:], module)
    return False


def _is_named(body: Sequence[ast.stmt], names: list[str], module: Path) -> bool:
    if not names:
        return True
    for statement in _statements(body):
        match statement:
            case ast.ClassDef(name=name, body=inside, bases=bases) if name == names[0]:
                return _is_named(inside, names[1:], module) or any(_inherits(base, names[1:], module) for base in bases)
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)) if name == names[0]:
                return len(names) == 1
            case ast.Assign(targets=targets) if any(isinstance(t, ast.Name) and t.id == names[0] for t in targets):
                return len(names) == 1
            case ast.TypeAlias(name=ast.Name(id=name)) if name == names[0]:
                return len(names) == 1
            case _:
                pass
    return False


def _inherits(base: ast.expr, names: list[str], module: Path) -> bool:
    """Tell whether a class of the same module, which another builds on, has the name."""
    return isinstance(base, ast.Name) and _is_named(tree_of(module).body, [base.id, *names], module)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse])


def is_test(reference: str) -> bool:
    """Tell whether `tests/core/test_due.py::test_…` names a test that stands in that file."""
    name, _, test = reference.partition("::")
    path = ROOT / name
    return path.is_file() and re.search(rf"^ *def {test}\(", path.read_text("utf-8"), re.MULTILINE) is not None


def table_rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of every row of the tables under a heading, without their headers."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    rules = [number for number, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    return [row for number, row in enumerate(cells) if number not in rules and number + 1 not in rules]
