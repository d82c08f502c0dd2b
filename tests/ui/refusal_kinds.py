"""Which refusals there are, read from the program's text, and an example of each to be put into words.

The sites' own cannot be imported without the settings of their site. What is asked of the text tables is therefore
asked of the source, and what needs a refusal itself is asked three times: here without Django, and once for each site.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
import typing
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from string import Formatter
from types import UnionType
from typing import TYPE_CHECKING

import punktlig
from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal, snake_case
from punktlig.ui.refusals import TABLES, explain_refusal

if TYPE_CHECKING:
    from punktlig.core.formatting import Language

LANGUAGES: tuple[Language, Language] = ("sv", "en")
SITES = ("receivables", "agency")

_PACKAGE = Path(punktlig.__file__).parent
_NAMES = {"date": date, "Decimal": Decimal, "Money": Money, "ClassVar": typing.ClassVar, "DeductionKind": DeductionKind}
_EXAMPLES: dict[object, object] = {
    str: "gamma",
    int: 7,
    date: date(2026, 11, 23),
    Decimal: Decimal("12.5"),
    Money: Money(1_234_56),
}


@cache
def defined() -> dict[str, str]:
    """Return the module of every refusal's class, by the name of the class, for all of the program."""
    found = {"Refusal": "punktlig.core.refusal"}
    classes = [(module, node) for module in _PACKAGE.rglob("*.py") for node in _classes_in(module)]
    known = 0
    while known != len(found):
        known = len(found)
        for module, node in classes:
            if found.keys() & {base.id for base in node.bases if isinstance(base, ast.Name)}:
                found[node.name] = ".".join(("punktlig", *module.relative_to(_PACKAGE).with_suffix("").parts))
    # A class with an underscore stands in for what another program told; it has no code of its own.
    return {name: module for name, module in found.items() if name != "Refusal" and not name.startswith("_")}


def _classes_in(module: Path) -> list[ast.ClassDef]:
    return [node for node in ast.parse(module.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]


def codes() -> list[str]:
    """Return the code of every refusal of the program, one for each class."""
    return sorted(snake_case(name) for name in defined())


def kinds_of(*floors: str) -> list[type[Refusal]]:
    """Return the refusals of these floors, such as `core`, in the order of their codes."""
    return _imported(name for name, module in defined().items() if module.split(".")[1] in floors)


def kinds_beside_sites() -> list[type[Refusal]]:
    """Return the refusals that need no site's settings."""
    return _imported(name for name, module in defined().items() if module.split(".")[1] not in SITES)


def _imported(names: typing.Iterable[str]) -> list[type[Refusal]]:
    kinds: list[type[Refusal]] = [getattr(importlib.import_module(defined()[name]), name) for name in names]
    return sorted(kinds, key=lambda kind: kind.code)


def example(kind: type[Refusal]) -> Refusal:
    """Return a refusal of the kind with a recognisable value of the right type in every field."""
    return kind(*(_sample(hint) for hint in field_types(kind).values()))


def field_types(kind: type[Refusal]) -> dict[str, object]:
    hints = typing.get_type_hints(kind, vars(importlib.import_module(kind.__module__)) | _NAMES)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def enumerations(kinds: list[type[Refusal]]) -> set[type[Enum]]:
    return {hint for kind in kinds for hint in field_types(kind).values() if _is_enumeration(hint)}


def _is_enumeration(hint: object) -> typing.TypeGuard[type[Enum]]:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _sample(hint: object) -> object:
    if isinstance(hint, UnionType):
        return _sample(next(part for part in typing.get_args(hint) if part is not type(None)))
    if typing.get_origin(hint) is tuple:
        return ("alpha", "beta")
    if _is_enumeration(hint):
        return next(iter(hint))
    return _EXAMPLES[hint]  # an unknown type is a KeyError that names it


def assert_it_says_what_is_wrong_and_what_to_do(kind: type[Refusal], language: Language) -> None:
    text = explain_refusal(example(kind), language)

    assert len(text.what) > 10
    assert len(text.todo) > 10
    assert text.what.endswith(".")
    assert text.todo.endswith(".")
    assert not re.search(r"[{}\[\]]", text.what + text.todo)


def assert_both_languages_tell_the_same_facts(kind: type[Refusal]) -> None:
    facts = set(field_types(kind))
    told = {language: _told(kind.code, language) for language in LANGUAGES}
    assert told["sv"] == told["en"]
    assert told["sv"] <= facts


def _told(code: str, language: Language) -> set[str]:
    (texts,) = (table.TEXTS[code] for table in TABLES[language] if code in table.TEXTS)
    plain = "".join(texts).replace("[", "").replace("]", "")
    return {name for _, name, _, _ in Formatter().parse(plain) if name}


def words_missing(kinds: list[type[Refusal]]) -> set[str]:
    """Return the values of enumerated facts that have no word in a language."""
    members = {str(member.value) for kind in enumerations(kinds) for member in kind}
    words = {language: {name for table in TABLES[language] for name in table.WORDS} for language in LANGUAGES}
    return {f"{language}: {member}" for language in LANGUAGES for member in members - words[language]}
