"""How the tests read the repository's own documents: links, headings and the names that claim to be code."""

from __future__ import annotations

import importlib
import re
from dataclasses import is_dataclass
from functools import cache
from typing import TYPE_CHECKING

from tests.house.repository import ROOT, tracked_files

if TYPE_CHECKING:
    from pathlib import Path

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_NAME = re.compile(r"(?:core|formats|letters|ui|run)(?:\.[A-Za-z_]\w*)+")
_FILE = re.compile(r"(?:src|tests|docs|bench|script|examples|core|formats|letters|ui|run)/[\w./-]*")
_TEST = re.compile(r"tests/[\w/]+\.py::\w+")
_FLOORS = ("core/", "formats/", "letters/", "ui/", "run/")


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
    """Tell whether `core.money.Money.parse` and the like exists under `punktlig`: a module, or something in one."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        name = ".".join(["punktlig", *parts[:count]])
        try:
            found: object = importlib.import_module(name)
        except ModuleNotFoundError as problem:
            if problem.name is None or not f"{name}.".startswith(f"{problem.name}."):
                raise
            continue
        return _has(found, parts[count:])
    return False


def _has(owner: object, names: list[str]) -> bool:
    for name in names:
        # A field without a default is no attribute of its class unless it has slots.
        is_field = is_dataclass(owner) and name in owner.__dataclass_fields__
        if not hasattr(owner, name):
            return is_field and name == names[-1]
        owner = getattr(owner, name)
    return True


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
