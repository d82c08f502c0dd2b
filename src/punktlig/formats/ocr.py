"""Payment references for Swedish giro payments (OCR): a check digit last and, by agreement, a length digit before it.

The creditor's agreement with the bank decides what a payment is refused for, so the levels are named and none is
assumed. A reference must never be made from a personal identity number: it is printed on paper and shown in banks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from stdnum import luhn

from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection

MIN_DIGITS = 2
MAX_DIGITS = 25

_DIGITS = re.compile(r"\d+", re.ASCII)
_SPACES = re.compile(r"[ \u00a0\u202f]")


class OcrLevel(StrEnum):
    """What the bank checks under the agreement for the giro."""

    CHECK_DIGIT = "check_digit"
    LENGTH_DIGIT = "length_digit"
    FIXED_LENGTH = "fixed_length"


@dataclass(eq=False)
class NotAnOcrReference(Refusal, ValueError):
    """The text cannot be an OCR reference, or the base cannot become one; `reason` says why."""

    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.text!r} is not an OCR reference: {self.reason}"


@dataclass(eq=False)
class OcrCheckDigitIsWrong(NotAnOcrReference):
    """The last digit does not match the others; `expected` would."""

    expected: str


@dataclass(eq=False)
class OcrLengthDigitIsWrong(NotAnOcrReference):
    """The second last digit does not tell the length; `expected` would."""

    expected: str


@dataclass(eq=False)
class OcrLengthIsWrong(NotAnOcrReference):
    """The reference does not have one of the `lengths` that the agreement allows."""

    lengths: tuple[int, ...]


def ocr_reference(base: str, *, with_length: bool = True) -> str:
    """Return the base with its control digits: `12345` becomes `1234574`, or `123455` without length digit.

    Raises:
        NotAnOcrReference: the base is not digits, or the reference would have more than 25.
    """
    if _DIGITS.fullmatch(base) is None:
        raise NotAnOcrReference(base, "the base is digits only")
    body = base
    if with_length:
        body += str((len(base) + 2) % 10)
    if len(body) + 1 > MAX_DIGITS:
        raise NotAnOcrReference(base, f"the reference would have more than {MAX_DIGITS} digits")
    return body + str(luhn.calc_check_digit(body))


def check_ocr(
    text: str, levels: Collection[OcrLevel] = (OcrLevel.CHECK_DIGIT,), *, lengths: Collection[int] = ()
) -> str:
    """Return the digits of a reference that passes every one of the levels; spaces between digits are dropped.

    `lengths` are the lengths that an agreement with `OcrLevel.FIXED_LENGTH` allows, usually one or two.

    Raises:
        NotAnOcrReference: not 2 to 25 digits.
        OcrLengthIsWrong: not of a fixed length.
        OcrCheckDigitIsWrong: the last digit is wrong.
        OcrLengthDigitIsWrong: the second last digit is wrong.
    """
    digits = _SPACES.sub("", text.strip())
    if _DIGITS.fullmatch(digits) is None or not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        raise NotAnOcrReference(text, f"it has {MIN_DIGITS} to {MAX_DIGITS} digits and nothing else")
    if OcrLevel.FIXED_LENGTH in levels and len(digits) not in lengths:
        allowed = tuple(sorted(lengths))
        raise OcrLengthIsWrong(text, f"the agreement allows {' or '.join(map(str, allowed))} digits", allowed)
    expected = str(luhn.calc_check_digit(digits[:-1]))
    if OcrLevel.CHECK_DIGIT in levels and digits[-1] != expected:
        raise OcrCheckDigitIsWrong(text, f"the last digit should be {expected}", expected)
    length = str(len(digits) % 10)
    if OcrLevel.LENGTH_DIGIT in levels and digits[-2] != length:
        raise OcrLengthDigitIsWrong(text, f"the second last digit should be {length}, from the length", length)
    return digits
