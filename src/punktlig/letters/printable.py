"""The letter's words as they can be printed: normalised, without signs that draw nothing, and covered by the fonts.

The content is cleaned where it is composed; a stored content may be older than that rule, so the printer keeps its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from punktlig.core.letter.plain_text import plain_text
from punktlig.core.refusal import Refusal
from punktlig.letters.typeface import sans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from punktlig.core.facts import ReminderFacts

# The fields of a letter that are not printed.
_NOT_PRINTED = frozenset({"language", "date", "template", "qr", "align", "width_mm"})
# Where a line feed parts lines; everywhere else it is a space.
_WITH_LINES = "value"

_REMEMBERED = 4096  # most words of a letter stand in the next one too

# Beside ASCII, what the fonts draw each by itself: they put no mark on it, and draw no two of them otherwise than side
# by side. (An l·l of Catalan, an íj of Dutch and a ïï are drawn as one.)
_SINGLE = frozenset(map(chr, range(0xA0, 0x180))) - frozenset("\u00ad·Ííï") | frozenset("–−’”…")
_ESCAPED = frozenset(f"\\u{ord(each):04x}" for each in _SINGLE)
_AN_ESCAPE = re.compile(r"\\u....").findall

_VARIATION_SELECTOR = re.compile("[\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef]")


@dataclass(eq=False)
class CharacterNotCovered(Refusal):
    """The letter has characters that no shipped font can draw. Dropping them would change a name.

    `characters` are written as `U+05D0 HEBREW LETTER ALEF` and `fields` are the parts of the letter where they stand,
    by their names in LetterContent; each is named once, in the order of the letter.
    """

    characters: tuple[str, ...]
    fields: tuple[str, ...]


def printable(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a letter's fields (LetterContent as a dictionary) as JSON has them, with every text ready for the printer.

    - Composed as far as Unicode can (NFC): ä is one character however it was typed.
    - Signs that draw nothing and only steer the text (category Cf: direction marks and overrides, joiners, zero-width
      spaces, soft hyphens; and variation selectors) are left out. Nothing here is written from right to left, because
      no shipped font has such a script, so an override could only make a name read as another.
    - A line feed parts lines where a value may have several; any other white space is an ordinary space.

    Raises:
        CharacterNotCovered: some character cannot be drawn.
    """
    missing: dict[str, None] = {}
    fields: dict[str, None] = {}

    def clean(value: Any, field: str, key: str) -> Any:
        if isinstance(value, str):
            text, uncovered = _clean(value, with_lines=key == _WITH_LINES)
            for character in uncovered:
                missing[character] = fields[field] = None
            return text
        if isinstance(value, tuple):
            return [clean(each, field, key) for each in value]
        if isinstance(value, dict):
            return {name: each if name in _NOT_PRINTED else clean(each, field, name) for name, each in value.items()}
        return value

    cleaned = {name: value if name in _NOT_PRINTED else clean(value, name, name) for name, value in content.items()}
    if missing:
        raise CharacterNotCovered(tuple(map(_named, missing)), tuple(fields))
    return cleaned


def refuse_unprintable(facts: ReminderFacts, debt_text: str) -> None:
    """Refuse an invoice whose letter could not be printed, before anybody is promised one.

    Looked at is what strangers wrote of what the letter says: `compose` takes no other words from them. The address is
    one that a letter can be sent to.

    Raises:
        CharacterNotCovered.
    """
    invoice, has_words = facts.invoice, bool(debt_text.strip(" .,;:"))
    debt = (debt_text,) if has_words else tuple(line.text for line in invoice.lines)
    if _plain().fullmatch(" ".join((invoice.seller.name, invoice.number, *facts.postal_lines, *debt))):
        return
    missing: dict[str, None] = {}
    fields: dict[str, None] = {}
    written = {
        "recipient": facts.postal_lines,
        "heading": (invoice.number, invoice.seller.name),
        "lead" if has_words else "details": debt,
    }
    for field, texts in written.items():
        for text in texts:
            for character in _clean(plain_text(text), with_lines=False)[1]:
                missing[character] = fields[field] = None
    if missing:
        raise CharacterNotCovered(tuple(map(_named, missing)), tuple(fields))


@lru_cache(maxsize=_REMEMBERED)
def _clean(text: str, *, with_lines: bool) -> tuple[str, str]:
    """Return the text to print, and its characters that cannot be drawn."""
    if _plain().fullmatch(text):
        return text, ""
    clean = ("\n" if with_lines else " ").join(_clean_line(line) for line in text.splitlines())
    return clean, "".join(_uncovered(clean))


def _clean_line(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if _is_odd_space(each) else each for each in composed if not _draws_nothing(each))


def _is_odd_space(character: str) -> bool:
    return character.isspace() and character not in sans()


def _draws_nothing(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or _VARIATION_SELECTOR.match(character) is not None


def _uncovered(text: str) -> Iterator[str]:
    """Yield the characters that no font has, and that cannot be put together from a letter and its marks either."""
    covered = sans()
    for character in text:
        if character not in covered and character != "\n":
            parts = unicodedata.normalize("NFD", character)
            if parts == character or not all(part in covered for part in parts):
                yield character


def is_plain(json_in_ascii: str) -> bool:
    """Say whether every character of a text, written as JSON in ASCII, is drawn by itself.

    A backslash of the text itself may look like the beginning of a character that is not: that errs to the safe side.
    """
    return _ESCAPED.issuperset(_AN_ESCAPE(json_in_ascii))


@cache
def _plain() -> re.Pattern[str]:
    """A pattern of texts that need no second look: covered characters that NFC leaves alone, one by one."""
    simple = (
        each
        for each in sans()
        if unicodedata.category(each)[0] not in "MC" and unicodedata.normalize("NFC", each) == each
    )
    return re.compile(f"[{re.escape(''.join(simple))}]*")


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '(a character without a name)')}"
