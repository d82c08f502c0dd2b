"""What strangers wrote, made fit for paper: one line of visible text, and nobody's identity number.

Names and invoice lines come from other people's programs. A control or direction mark in them can turn the text beside
it around, hide part of a name or stop the making of the PDF; a pile of combining marks can paint over an amount; and
none of it can be seen by the person who approves the letter. Visible signs of every script stay as they are. Whether
the fonts have them is for the renderer, which refuses by name what it cannot print.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from punktlig.core.identity import IdentityKind, NotAnIdentityNumber, read_identity_number

if TYPE_CHECKING:
    from datetime import date

# Invisible although their category is not "format" (Unicode, Default_Ignorable_Code_Point and blank letters): combining
# grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian and ordinary variation selectors, braille blank.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Of the format characters only these are seen: Arabic, Syriac and Kaithi signs that stand around a number.
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# No living language needs more marks than this on one letter once the text is composed.
_MOST_MARKS = 3
_REPLACEMENT = "\ufffd"
_SIMPLE = re.compile(r"[\x21-\x7e\xa1-\xac\xae-\u02ff]+(?: [\x21-\x7e\xa1-\xac\xae-\u02ff]+)*")

_SHORTEST_NUMBER = 10
# Six or eight digits, four more, and no digit beside them. It begins with a digit and looks back from there, as what
# begins with looking back is tried at every sign of a text: half of the time of a text without any number.
_MAYBE_PERSONAL = re.compile(r"\d(?<!\d\d)\d{5}(?:\d\d)? ?[-+\u2010-\u2013\u2212]? ?\d{4}(?!\d)", re.ASCII)


def plain_text(text: str) -> str:
    """Return the text on one line, composed (NFC), without anything invisible; blanks of any kind become one space."""
    if _SIMPLE.fullmatch(text):
        return text
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if sign.isspace() or category == "Zs":
            kept.append(" ")
        elif category == "Cs":
            # Half a character: it cannot be stored, and the letter must not go without what should have stood there.
            kept.append(_REPLACEMENT)
        elif category == "Cc" or _INVISIBLE.match(sign) or (category == "Cf" and sign not in _VISIBLE_FORMATS):
            continue
        else:
            marks = marks + 1 if category in ("Mn", "Me") else 0
            if marks <= _MOST_MARKS:
                kept.append(sign)
    return " ".join("".join(kept).split())


def without_personal_numbers(text: str, *, today: date, instead: str = "…") -> str:
    """Return the text with every valid personal or coordination number replaced.

    A letter passes through many hands, and the number identifies the person for life. Invoices for ROT and RUT work
    often hold it in a line, where the debtor has no use for it.
    """
    if len(text) < _SHORTEST_NUMBER:
        return text
    return _MAYBE_PERSONAL.sub(lambda found: instead if _is_personal(found[0], today) else found[0], text)


def _is_personal(written: str, today: date) -> bool:
    try:
        number = read_identity_number(written.replace("\u2212", "-"), today=today)
    except NotAnIdentityNumber:
        return False
    return number.kind is not IdentityKind.ORGANISATION
