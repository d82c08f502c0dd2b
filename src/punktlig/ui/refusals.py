"""Turns a refusal of the rules into words: what is wrong, with the facts of the case, and what to do about it.

This is the one table between codes and people. The command and the sites read the same texts, so what to do is said
without naming an option or a button; each edge adds its own where that helps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from string import Formatter
from typing import TYPE_CHECKING

from punktlig.core.formatting import Language, formatting, masked_identity
from punktlig.core.money import Money
from punktlig.ui import (
    desk_refusal_texts_en,
    desk_refusal_texts_sv,
    ledger_refusal_texts_en,
    ledger_refusal_texts_sv,
    refusal_texts_en,
    refusal_texts_sv,
    running_refusal_texts_en,
    running_refusal_texts_sv,
    sending_refusal_texts_en,
    sending_refusal_texts_sv,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from punktlig.core.refusal import Refusal

# One table for each part of the program, in the same order in both languages.
TABLES: Mapping[Language, tuple[ModuleType, ...]] = {
    "sv": (
        refusal_texts_sv,
        ledger_refusal_texts_sv,
        running_refusal_texts_sv,
        sending_refusal_texts_sv,
        desk_refusal_texts_sv,
    ),
    "en": (
        refusal_texts_en,
        ledger_refusal_texts_en,
        running_refusal_texts_en,
        sending_refusal_texts_en,
        desk_refusal_texts_en,
    ),
}
_TEXTS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    language: {code: text for table in tables for code, text in table.TEXTS.items()}
    for language, tables in TABLES.items()
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    language: {name: word for table in tables for name, word in table.WORDS.items()}
    for language, tables in TABLES.items()
}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class RefusalText:
    """`what` is wrong, in one or two sentences, and what `todo` about it."""

    what: str
    todo: str


def explain_refusal(refusal: Refusal, language: Language) -> RefusalText:
    """Return the refusal in words, with its facts filled in as the language writes them.

    Raises:
        KeyError: the refusal has no text; a test walks all of them so that none is forgotten.
    """
    what, todo = _TEXTS[language][refusal.code]
    facts = refusal.facts()
    return RefusalText(_fill(what, facts, language), _fill(todo, facts, language))


def word(name: str, language: Language) -> str:
    """Return the name of a fact or kind in the language, or the name itself when it has none."""
    return _WORDS[language].get(name, name)


def codes(language: Language) -> frozenset[str]:
    """Return the codes that have a text in the language."""
    return frozenset(_TEXTS[language])


def _fill(template: str, facts: Mapping[str, object], language: Language) -> str:
    def keep_when_told(part: re.Match[str]) -> str:
        names = [name for _, name, _, _ in Formatter().parse(part[1]) if name]
        return part[1] if all(_is_told(facts[name]) for name in names) else ""

    # The square brackets are looked for before the facts go in, so a customer's own brackets stay as they are.
    wanted = _OPTIONAL.sub(keep_when_told, template)
    return wanted.format_map({name: _Fact(value, language) for name, value in facts.items()})


def _is_told(value: object) -> bool:
    return value not in ("", (), None)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact in a text: `{x}` is written by its type, `{x:percent}` as a rate, `{x:word}` as a word we translate.

    `{x:identity}` is a person's or a company's number, of a person without the last four digits.
    """

    value: object
    language: Language

    def __format__(self, style: str) -> str:
        return _written(self.value, style, self.language)


def _written(value: object, style: str, language: Language) -> str:
    write = formatting(language)
    match value:
        case Money():
            text = write.with_currency(value)
        case date():
            text = write.date(value)
        case Decimal():
            text = write.percent(value) if style == "percent" else write.decimal(value)
        case tuple():
            text = ", ".join(_written(item, style, language) for item in value)
        case Enum():
            text = _WORDS[language][str(value.value)]
        case _:
            shown = " ".join(str(value).split())
            text = shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
            if style == "word":
                text = _WORDS[language].get(text, text)
            elif style == "identity":
                text = masked_identity(text)
    return text
