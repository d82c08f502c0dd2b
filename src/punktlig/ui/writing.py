"""Amounts, days, moments and numbers in the language of the page. Templates reach these as filters, views as functions.

Here the page's language is read, and the year of today, so that a day of another year says so.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from punktlig import clock
from punktlig.core.formatting import NO_BREAK_SPACE, Formatting, formatting, masked_identity
from punktlig.core.money import Money

if TYPE_CHECKING:
    from decimal import Decimal


def here() -> Formatting:
    """Return the formatting of the page's language."""
    return formatting("en" if (get_language() or "sv").startswith("en") else "sv")


def amount(value: int | Money) -> str:
    """Return `1 284,52`."""
    return here().amount(_money(value))


def with_currency(value: int | Money, currency: str = "SEK") -> str:
    """Return `1 284,52 kr`, in English `SEK 1,284.52`; of another currency `1 284,52 EUR`."""
    return here().with_currency(_money(value), currency)


def signed(value: int | Money) -> str:
    """Return the amount with its sign, as a change is written."""
    money = _money(value)
    return f"+{here().amount(money)}" if money.ore > 0 else here().amount(money)


def whole(value: int) -> str:
    """Return how many there are, `11 712` or `11,712`."""
    return here().amount(Money(value * 100))[:-3]


def local_day(value: date) -> date:
    """Return the calendar day, of a moment the one in Stockholm."""
    return in_stockholm(value).date() if isinstance(value, datetime) else value


def in_stockholm(value: datetime) -> datetime:
    """Return the moment by the clocks of Stockholm."""
    return value.astimezone(clock.STOCKHOLM)


def day(value: date) -> str:
    """Return `9 november 2026`."""
    return here().date(local_day(value))


def day_and_month(value: date) -> str:
    """Return `9 november`, with the year when it is not this one."""
    value = local_day(value)
    return here().day_and_month(value) if value.year == clock.today().year else here().date(value)


def short_day(value: date, *, today: date | None = None) -> str:
    """Return `9 nov`, with the year when it is not that of today, which whoever writes many days looks up once."""
    value = local_day(value)
    written = f"{value.day}{NO_BREAK_SPACE}{month(value)}"
    return written if value.year == (today or clock.today()).year else f"{written}{NO_BREAK_SPACE}{value.year}"


def month(value: date) -> str:
    """Return `nov`; the point that ends a shortened word is left out in tables."""
    return here().short_month(local_day(value))


def moment(value: datetime) -> str:
    """Return `30 oktober kl. 18.05` by the clocks of Stockholm; in English `30 October at 18:05`."""
    between = " at " if here().language == "en" else f" kl.{NO_BREAK_SPACE}"
    return f"{day_and_month(value)}{between}{clock_time(value)}"


def clock_time(value: datetime) -> str:
    """Return `18.05` by the clocks of Stockholm; in English `18:05`."""
    return f"{in_stockholm(value):%H:%M}" if here().language == "en" else f"{in_stockholm(value):%H.%M}"


def percent(value: Decimal) -> str:
    """Return `10,00 %`."""
    return here().percent(value)


def identity(text: str) -> str:
    """Return `559944-3172`; of a personal number only the birth, `19800101-****`; anything else as it is written."""
    return masked_identity(text)


def _money(value: int | Money) -> Money:
    return value if isinstance(value, Money) else Money(value)
