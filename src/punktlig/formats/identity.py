"""Which of a party's many identifiers is the registration, organisation or personal identity number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import luhn

if TYPE_CHECKING:
    from collections.abc import Iterable

SWEDISH_ORGANISATION = "0007"
"""ISO 6523 code of the Swedish organisation number."""

# A person: a month to 12, and a day to 31 or, in a coordination number, to 91. Twelve digits of an organisation begin
# with 16. An organisation number of ten digits is not looked for: one customer number in ten would pass as a firm's.
_PERSON = re.compile(r"(?:18|19|20)?(\d\d(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01]))[-+]?(\d{4})", re.ASCII)
_ORGANISATION = re.compile(r"16(\d\d[2-9]\d{3})-?(\d{4})", re.ASCII)


def chosen_identity(legal: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return number and scheme as written, or two empty texts.

    `legal` are the numbers that the file calls registration numbers: the first one counts. `other` are identifiers of
    any sort, such as a customer number or a GLN: one counts only when its scheme is the Swedish organisation number, or
    when it has no scheme, its check digit is right and it is built as a personal identity number or begins with 16, as
    an organisation number of twelve digits does.
    """
    for number, scheme in legal:
        if number:
            return number, scheme
    candidates = [(number, scheme) for number, scheme in other if number]
    for number, scheme in candidates:
        if scheme == SWEDISH_ORGANISATION:
            return number, scheme
    for number, scheme in candidates:
        shape = _PERSON.fullmatch(number) or _ORGANISATION.fullmatch(number)
        if not scheme and shape is not None and luhn.is_valid(shape[1] + shape[2]):
            return number, ""
    return "", ""
