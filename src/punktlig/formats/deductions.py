"""Whether the words of an invoice speak of a ROT, RUT or green deduction.

With a deduction the customer owes only a share of the total, and the file has no field that says which: Peppol has no
term for it. So the words are a question to a person, never an amount. A text that says that no deduction was made also
raises the question, because a wrong claim against a consumer costs more than an answer.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from punktlig.core.invoice import DeductionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

# Income Tax Act (1999:1229) ch. 67 s. 13 (RUT), s. 13 a (ROT), s. 36 (green). Only whole words: rotfrukter, rotation,
# rutnät and trut are none of them. An optional hyphen of any sort, or a space, as people write it.
_JOIN = r"[\s\u2010\u2011\u2013-]*"
_SUBJECTS = r"(?:avdrag|arbete|tjänst|reduktion|belopp|underlag)"
_OTHER_HALF = rf"[\u2010\u2011\u2013-]\s*(?:och|eller|/|&)\s*(?:rot|rut){_JOIN}{_SUBJECTS}"
_MARKS = {
    DeductionKind.ROT: re.compile(rf"\brot(?:{_JOIN}{_SUBJECTS}|{_OTHER_HALF})", re.IGNORECASE),
    DeductionKind.RUT: re.compile(rf"\brut(?:{_JOIN}{_SUBJECTS}|{_OTHER_HALF})", re.IGNORECASE),
    DeductionKind.GREEN: re.compile(rf"\bgrön(?:a|t)?{_JOIN}teknik", re.IGNORECASE),
}

# "Avgår ROT 30 %", or a line "Arbete RUT" and a note on tax, name the deduction by its capitals alone. Capitals on an
# invoice without such a word are not enough: "STUHL ROT" is a red chair on a German one.
_CAPITALS = {
    DeductionKind.ROT: re.compile(r"\bROT\b"),
    DeductionKind.RUT: re.compile(r"\bRUT\b"),
}
_ABOUT_TAX = re.compile(r"avdrag|avgår|skattereduktion|husarbete|skatteverket", re.IGNORECASE)

# Words that ROT and RUT share; "hushållsarbete" is the Act's own. Household services in everyday language are RUT.
_HOUSEHOLD = re.compile(r"hushållsnära", re.IGNORECASE)
_UNNAMED = re.compile(r"skattereduktion|hushållsarbete|husarbete|husavdrag", re.IGNORECASE)


def deduction_in(texts: Iterable[str]) -> DeductionKind | None:
    """Return the deduction that any of the texts speaks of, ROT before RUT before green, or `None`.

    Words that ROT and RUT share, with neither named anywhere, count as ROT: its percentage has changed with the years,
    so the stricter questions are asked.
    """
    text = unicodedata.normalize("NFC", "\n".join(texts))
    found = {kind for kind, mark in _MARKS.items() if mark.search(text)}
    if _ABOUT_TAX.search(text):
        found |= {kind for kind, mark in _CAPITALS.items() if mark.search(text)}
    if not found and _HOUSEHOLD.search(text):
        return DeductionKind.RUT
    if not found and _UNNAMED.search(text):
        return DeductionKind.ROT
    return next((kind for kind in DeductionKind if kind in found), None)
