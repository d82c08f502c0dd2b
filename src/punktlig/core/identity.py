"""Swedish personal identity numbers, coordination numbers and organisation numbers."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from stdnum import luhn

from punktlig.core.plain_values import plain_value

_OF_AGE = 18
_COORDINATION = 60
_FIRST_ORGANISATION_MONTH = 20
_CENTURIES_OF_PERSONS = frozenset({"18", "19", "20"})
_WRITTEN = re.compile(r"(?P<century>\d{2})?(?P<first>\d{6})(?P<sign>[-+])?(?P<last>\d{4})", re.ASCII)
_VAT = re.compile(r"SE-?(?P<number>\d{6}-?\d{4})-?\d{2}", re.ASCII | re.IGNORECASE)


class IdentityKind(StrEnum):
    """The three sorts of number."""

    PERSONAL = "personal"
    COORDINATION = "coordination"
    ORGANISATION = "organisation"


class NotAnIdentityNumber(ValueError):
    """The text is no valid Swedish identity number; `reason` says what is wrong with it."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{text!r} is not a Swedish identity number: {reason}")


@plain_value()
class IdentityNumber:
    """A valid number: its ten digits, what sort it is and, for a person, the date of birth."""

    digits: str
    kind: IdentityKind
    birth_date: date | None = None

    def __str__(self) -> str:
        return f"{self.digits[:6]}-{self.digits[6:]}"

    @property
    def of_age_on(self) -> date:
        """The eighteenth birthday of a person; born on 29 February means 1 March in a common year."""
        assert self.birth_date is not None  # noqa: S101 - asked of persons only
        year = self.birth_date.year + _OF_AGE
        try:
            return self.birth_date.replace(year=year)
        except ValueError:
            return date(year, 3, 1)

    def is_of_age(self, today: date) -> bool:
        """Tell whether a person is 18 or older on the day."""
        return self.of_age_on <= today


def read_identity_number(text: str, *, today: date) -> IdentityNumber:
    """Return the number written as `YYMMDD-NNNN`, `YYYYMMDDNNNN`, `NNNNNN-NNNN`, `16NNNNNNNNNN` or a VAT number.

    With two digits of the year a person was born in the latest century that is not after `today`. The sign becomes `+`
    in the year in which the person turns a hundred (Population Registration Act 1991:481 s. 18), so with it the year
    of birth lies at least a hundred years before the year of `today`.

    Raises:
        NotAnIdentityNumber: with the reason.
    """
    written = re.sub(r"[\s\u00a0\u2010-\u2013]", lambda found: "-" if found[0] in "‐‑‒–" else "", text)
    vat = _VAT.fullmatch(written)
    match = _WRITTEN.fullmatch(vat["number"] if vat else written)
    if match is None:
        raise NotAnIdentityNumber(text, "it should be ten or twelve digits")
    digits = match["first"] + match["last"]
    if not luhn.is_valid(digits):
        raise NotAnIdentityNumber(text, "the check digit is wrong")
    if int(digits[2:4]) >= _FIRST_ORGANISATION_MONTH:
        if match["century"] not in (None, "16"):
            raise NotAnIdentityNumber(text, "an organisation number has ten digits, or twelve that begin with 16")
        return IdentityNumber(digits, IdentityKind.ORGANISATION)
    return _person(text, digits, match["century"], match["sign"], today)


def _person(text: str, digits: str, century: str | None, sign: str | None, today: date) -> IdentityNumber:
    day = int(digits[4:6])
    kind = IdentityKind.COORDINATION if day > _COORDINATION else IdentityKind.PERSONAL
    month, day = int(digits[2:4]), day - _COORDINATION if day > _COORDINATION else day
    if century is not None and century not in _CENTURIES_OF_PERSONS:
        raise NotAnIdentityNumber(text, "a person's number has ten digits, or twelve that begin with 18, 19 or 20")
    latest = today.year - 100 if sign == "+" else today.year
    year = int(century + digits[:2]) if century else latest - (latest - int(digits[:2])) % 100
    try:
        born = date(year, month, day)
        if century is None and born > today:
            born = date(year - 100, month, day)
    except ValueError as problem:
        raise NotAnIdentityNumber(text, "it begins with a date that does not exist") from problem
    if born > today:
        raise NotAnIdentityNumber(text, "the date of birth lies ahead")
    return IdentityNumber(digits, kind, born)
