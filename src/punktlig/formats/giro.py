"""Bankgiro and plusgiro numbers: which digits are one, and how they are printed.

A number can be valid as both kinds, so the kind is always told by the caller and never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from stdnum import luhn

from punktlig.core.refusal import Refusal

# People write giro numbers with spaces (also no-break ones) and any kind of hyphen.
_SEPARATORS = re.compile(r"[ \u00a0\u202f\-\u2010\u2011\u2013\u2212]")
_BANKGIRO = re.compile(r"\d{7,8}", re.ASCII)
_PLUSGIRO = re.compile(r"\d{2,8}", re.ASCII)


@dataclass(eq=False)
class NotAGiroNumber(Refusal, ValueError):
    """The text is not a number of the kind of giro that was asked for; `reason` says what is wrong with it."""

    kind: ClassVar[str] = "giro"

    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.text!r} is not a {self.kind} number: {self.reason}"


class NotABankgiroNumber(NotAGiroNumber):
    """The text is not a bankgiro number."""

    kind = "bankgiro"


class NotAPlusgiroNumber(NotAGiroNumber):
    """The text is not a plusgiro number."""

    kind = "plusgiro"


# The article would otherwise melt into the word after it: not_abankgiro_number.
NotAGiroNumber.code = "not_a_giro_number"
NotABankgiroNumber.code = "not_a_bankgiro_number"
NotAPlusgiroNumber.code = "not_a_plusgiro_number"


def parse_bankgiro(text: str) -> str:
    """Return the seven or eight digits of a bankgiro number written with or without hyphen and spaces.

    Raises:
        NotABankgiroNumber: other characters, another length, or a wrong check digit.
    """
    return _digits(text, _BANKGIRO, "it has 7 or 8 digits", NotABankgiroNumber)


def parse_plusgiro(text: str) -> str:
    """Return the two to eight digits of a plusgiro number written with or without hyphen and spaces.

    Raises:
        NotAPlusgiroNumber: other characters, another length, or a wrong check digit.
    """
    return _digits(text, _PLUSGIRO, "it has 2 to 8 digits", NotAPlusgiroNumber)


def format_bankgiro(text: str) -> str:
    """Return the number as printed: `160-9908` or `5050-1055`.

    Raises:
        NotABankgiroNumber: see `parse_bankgiro`.
    """
    digits = parse_bankgiro(text)
    return f"{digits[:-4]}-{digits[-4:]}"


def format_plusgiro(text: str) -> str:
    """Return the number as printed, in pairs from the right before the check digit: `28 65 43-4`.

    Raises:
        NotAPlusgiroNumber: see `parse_plusgiro`.
    """
    digits = parse_plusgiro(text)
    body = digits[:-1]
    odd = len(body) % 2
    pairs = [body[:odd]] * odd + [body[start : start + 2] for start in range(odd, len(body), 2)]
    return f"{' '.join(pairs)}-{digits[-1]}"


def _digits(text: str, shape: re.Pattern[str], rule: str, refusal: type[NotAGiroNumber]) -> str:
    digits = _SEPARATORS.sub("", text.strip())
    if shape.fullmatch(digits) is None:
        raise refusal(text, rule)
    # Zeros alone pass every check digit and are what an empty form field becomes.
    if not digits.strip("0"):
        raise refusal(text, "it is only zeros")
    if not luhn.is_valid(digits):
        raise refusal(text, "its last digit does not match the others")
    return digits
