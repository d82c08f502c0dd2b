"""Reads single fields out of an XML file and refuses, with field, value and line, what cannot be understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from punktlig.formats.safe_xml import UnreadableInvoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

MAX_TEXT = 1_000
"""Characters of a name, an address line or a number. Longer is a mistake, and would not fit on any letter."""

MAX_NOTE = 20_000
"""Characters of a note or of payment terms, which may hold a page of conditions."""

_SHOWN_CHARACTERS = 80

# At most 15 digits before the point, which also keeps 1e999, NaN and infinity out. XML Schema allows ".5" and "5.".
_DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,10})?|\.\d{1,10})", re.ASCII)

# XML Schema allows a time zone after a date. The day is the seller's day, whatever the zone, so the zone is dropped.
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_COMPACT_DATE = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(eq=False)
class FieldIsUnreadable(UnreadableInvoice):
    """A field holds something else than it should. `line` counts from 1."""

    field: str
    value: str
    expected: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.field} is {_shown(self.value)}; expected {self.expected}"


@dataclass(eq=False)
class FieldIsMissing(UnreadableInvoice):
    """A field without which the invoice cannot be used is absent or empty. `line` is where it would have been."""

    field: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.field} is missing or empty"


@dataclass(eq=False)
class FieldIsRepeated(UnreadableInvoice):
    """A field that has one meaning is there several times with different values."""

    field: str
    values: tuple[str, ...]
    line: int

    def __str__(self) -> str:
        values = ", ".join(_shown(value) for value in self.values[:5])
        return f"line {self.line}: {self.field} is there with different values ({values}); expected one"


@dataclass(eq=False)
class FieldIsTooLong(UnreadableInvoice):
    """A field has more than `limit` characters."""

    field: str
    length: int
    limit: int
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.field} has {self.length} characters; at most {self.limit} are read"


@dataclass(frozen=True, slots=True)
class Part:
    """An element of the file and the prefixes that its paths are written with.

    A path is as in `cac:Party/cbc:Name` and means every element that matches it.
    """

    element: etree._Element
    prefixes: Mapping[str, str]

    @property
    def line(self) -> int:
        """The line the element starts on."""
        return cast("int | None", self.element.sourceline) or 0

    def parts(self, path: str) -> list[Part]:
        """Return every element at the path."""
        return [Part(found, self.prefixes) for found in self.element.iterfind(path, dict(self.prefixes))]

    def part(self, path: str) -> Part | None:
        """Return the first element at the path."""
        return next(iter(self.parts(path)), None)

    def required_part(self, path: str) -> Part:
        """Return the first element at the path.

        Raises:
            FieldIsMissing: there is none.
        """
        found = self.part(path)
        if found is None:
            raise FieldIsMissing(self._name_of(path), self.line)
        return found

    def attribute(self, name: str) -> str:
        """Return the attribute's text, empty when absent."""
        return " ".join((self.element.get(name) or "").split())[:MAX_TEXT]

    @property
    def name(self) -> str:
        """The path to the element without root and prefixes, as in `LegalMonetaryTotal/PayableAmount`."""
        steps = [_local(self.element.tag), *(_local(above.tag) for above in self.element.iterancestors())]
        return "/".join(reversed(steps[:-1])) or steps[0]

    def content(self, limit: int = MAX_TEXT) -> str:
        """Return the element's own text; white space at the ends is dropped.

        Raises:
            FieldIsUnreadable: there are elements inside where a text should be.
            FieldIsTooLong: more than `limit` characters.
        """
        if len(self.element):
            raise FieldIsUnreadable(
                self.name, f"<{_local(self.element[0].tag)}>", "a text without elements inside", self.line
            )
        text = (self.element.text or "").strip()
        if len(text) > limit:
            raise FieldIsTooLong(self.name, len(text), limit, self.line)
        return text

    def texts(self, path: str) -> tuple[str, ...]:
        """Return every text at the path that is not empty, each on one line."""
        found = (part.one_line for part in self.parts(path))
        return tuple(text for text in found if text)

    def notes(self, path: str) -> tuple[str, ...]:
        """Return every free text at the path that is not empty, with its own line breaks."""
        found = (part.content(MAX_NOTE) for part in self.parts(path))
        return tuple(text for text in found if text)

    def text(self, path: str) -> str:
        """Return the first text at the path that is not empty, or an empty text."""
        return next(iter(self.texts(path)), "")

    def sole_text(self, path: str) -> str:
        """Return the one text at the path, or an empty text; the same text twice is one text.

        Raises:
            FieldIsRepeated: the path holds different texts, and choosing one would be a guess.
        """
        found = self._sole(path)
        return found.one_line if found else ""

    def required_text(self, path: str) -> str:
        """Return the one text at the path.

        Raises:
            FieldIsMissing: absent or empty.
            FieldIsRepeated: different texts.
        """
        text = self.sole_text(path)
        if not text:
            raise FieldIsMissing(self._name_of(path), self.line)
        return text

    def currency(self, path: str) -> str:
        """Return the one currency code at the path.

        Raises:
            FieldIsMissing: absent or empty.
            FieldIsUnreadable: not three capital letters.
            FieldIsRepeated: different codes.
        """
        code = self.required_text(path)
        found = self.parts(path)[0]
        return currency_code(code, found.name, found.line)

    def amount(self, path: str, *, currency: str = "") -> Decimal | None:
        """Return the one number at the path; `None` when absent.

        Raises:
            FieldIsUnreadable: not a decimal number with a point, or in another `currency`.
            FieldIsRepeated: different numbers.
        """
        found = self._sole(path)
        if found is None:
            return None
        for part in self.parts(path):
            stated = part.attribute("currencyID")
            if currency and stated and stated != currency:
                raise FieldIsUnreadable(f"{part.name}/@currencyID", stated, "the currency of the invoice", part.line)
        return found.number()

    def number(self) -> Decimal:
        """Return the element's own text as a number.

        Raises:
            FieldIsUnreadable: not a decimal number with a point.
        """
        text = self.content()
        if _DECIMAL.fullmatch(text) is None:
            raise FieldIsUnreadable(self.name, text, "a number with a decimal point, such as 1200.00", self.line)
        return Decimal(text)

    def day(self, path: str, *, compact: bool = False) -> date | None:
        """Return the one date at the path, written 2026-10-01 or, `compact`, 20261001; `None` when absent.

        Raises:
            FieldIsUnreadable: not written so, or not a day of the calendar.
            FieldIsRepeated: different dates.
        """
        found = self._sole(path)
        if found is None:
            return None
        text = found.one_line
        match = (_COMPACT_DATE if compact else _DATE).fullmatch(text)
        expected = "a date, such as 20261001" if compact else "a date, such as 2026-10-01"
        if match is None:
            raise FieldIsUnreadable(found.name, text, expected, found.line)
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError as error:
            raise FieldIsUnreadable(
                found.name, text, f"{expected}; the calendar has no such day", found.line
            ) from error

    @property
    def one_line(self) -> str:
        """The element's own text with every run of white space as one space; refusals as `content`."""
        return " ".join(self.content().split())

    def _sole(self, path: str) -> Part | None:
        """Return the first of the elements that hold a text, provided that all of them hold the same."""
        found = [part for part in self.parts(path) if part.content()]
        texts = tuple(dict.fromkeys(part.one_line for part in found))
        if len(texts) > 1:
            raise FieldIsRepeated(found[0].name, texts, found[1].line)
        return found[0] if found else None

    def _name_of(self, path: str) -> str:
        steps = [step.rpartition(":")[2] for step in path.split("/")]
        return "/".join([*([] if self.element.getparent() is None else [self.name]), *steps])


def currency_code(text: str, field: str, line: int) -> str:
    """Return the text when it is a currency code; `field` and `line` say where it stands.

    Raises:
        FieldIsUnreadable: not three capital letters.
    """
    if _CURRENCY.fullmatch(text) is None:
        raise FieldIsUnreadable(field, text, "a currency code of three capital letters, such as SEK", line)
    return text


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 1] + "…")
