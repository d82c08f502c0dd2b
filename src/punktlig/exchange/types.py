"""The types of the fields that the two sites exchange: strict, bounded, and the same text in and out.

JSON has no date, UUID or money. Each is text here, and only in one spelling: a day is `2026-11-25`, an amount is kronor
with two decimals (`"1200.00"`), a moment is UTC. A number in its place is refused, since `0` would otherwise become
1 January 1970.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from punktlig.core.money import Money, NotAnAmount

# What an invoice may say, in öre; interest and fees come on top, and the sum must still be an amount.
MOST_OF_INVOICE = 10**13
_PERCENT = re.compile(r"-?\d{1,2}\.\d{2}", re.ASCII)
_DAY_LENGTH = 10
# No invoice is older and no payment later. The rules add days and years to it, and the calendar ends in 9999.
FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST_LINE = 1000
# Control characters are not text; a tab and a line feed are. Checked by pydantic itself: a message has many texts.
_TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"


class Message(BaseModel):
    """A part of a message: lenient conversions are refused. Every part is asked or told, or of both."""

    model_config = ConfigDict(strict=True, frozen=True, arbitrary_types_allowed=True)


class Asked(Message):
    """What a platform asks of the agency: a field that nobody knows is refused, since it may be about money."""

    model_config = ConfigDict(extra="forbid")


class Told(Message):
    """What the agency tells a platform: fields of a newer agency are passed over, so that it may be upgraded alone."""

    model_config = ConfigDict(extra="ignore")


def _day(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) != _DAY_LENGTH:
            raise ValueError("a day is written 2026-11-25")
        value = date.fromisoformat(value)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("a day is text, written 2026-11-25")  # noqa: TRY004 - pydantic turns ValueError into a field error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("a moment is text with its offset, written 2026-11-25T12:00:00Z")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"a moment lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value.astimezone(UTC)


def _money(value: Any) -> Any:
    if isinstance(value, Money):
        return value
    try:
        return Money.told(value)
    except (NotAnAmount, TypeError):
        raise ValueError('an amount is text in SEK with two decimals, written "1200.00"') from None


def _percent(value: Any) -> Any:
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        return Decimal(value)
    if not isinstance(value, Decimal):
        raise ValueError('a percentage is text with two decimals, written "2.50"')  # noqa: TRY004
    return value


def _of_invoice(value: Money) -> Money:
    if abs(value.ore) >= MOST_OF_INVOICE:
        raise ValueError(f"an amount of an invoice is below {Money(MOST_OF_INVOICE)}")
    return value


def _positive(value: Money) -> Money:
    if value.ore <= 0:
        raise ValueError("this amount is more than nothing")
    return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    # In UTC since it was read; the serializer writes it at a third of the time that Python takes.
    PlainSerializer(lambda moment: moment.replace(microsecond=0), return_type=datetime),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Amount = Annotated[
    Money,
    BeforeValidator(_money),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,13}\.\d{2}$", "examples": ["1200.00"]}),
]
InvoiceAmount = Annotated[
    Amount,
    AfterValidator(_of_invoice),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,11}\.\d{2}$", "examples": ["1200.00"]}),
]
PositiveAmount = Annotated[
    InvoiceAmount,
    AfterValidator(_positive),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{1,11}\.\d{2}$",
            "description": "More than nothing.",
            "examples": ["1200.00"],
        }
    ),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    PlainSerializer(lambda percent: f"{percent:.2f}"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,2}\.\d{2}$", "examples": ["2.50"]}),
]
# pydantic's own reading of a UUID, which is strict too: text of the usual forms, and nothing else in JSON.
Key = UUID
Line = Annotated[str, Field(max_length=LONGEST_LINE, pattern=_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_TEXT)]
Number = Annotated[str, Field(min_length=1, max_length=60, pattern=_TEXT)]
ShortNumber = Annotated[str, Field(min_length=1, max_length=20, pattern=_TEXT)]
EmailAddress = Annotated[str, Field(max_length=254, pattern=_TEXT)]
Telephone = Annotated[str, Field(max_length=40, pattern=_TEXT)]
# A name out of a list that may grow, as the kinds of events do: one that is not known yet is such a word all the same.
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
