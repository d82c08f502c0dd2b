"""Which of a party's many identifiers is the registration, organisation or personal identity number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import luhn

if TYPE_CHECKING:
    from collections.abc import Iterable

SWEDISH_ORGANISATION = "0007"
"""ISO 6523 code of the Swedish organisation number."""

_SWEDISH_SHAPE = re.compile(r"(?:\d\d)?(\d{6})[-+]?(\d{4})", re.ASCII)


def chosen_identity(legal: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return number and scheme as written, or two empty texts.

    `legal` are the numbers that the file calls registration numbers: the first one counts. `other` are identifiers of
    any sort, such as a customer number or a GLN: one counts only when its scheme is the Swedish organisation number, or
    when it has no scheme and is ten or twelve digits with a right check digit, as a personal identity number is.
    """
    for number, scheme in legal:
        if number:
            return number, scheme
    candidates = [(number, scheme) for number, scheme in other if number]
    for number, scheme in candidates:
        if scheme == SWEDISH_ORGANISATION:
            return number, scheme
    for number, scheme in candidates:
        shape = _SWEDISH_SHAPE.fullmatch(number)
        if not scheme and shape is not None and luhn.is_valid(shape[1] + shape[2]):
            return number, ""
    return "", ""
