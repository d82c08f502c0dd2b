"""Amounts, dates and rates as people read them, in Swedish and in British English.

The signs and the names of months come from the Unicode locale data (CLDR) once; putting an amount together is then a
matter of a microsecond, which counts when ten thousand letters are written down at a time. Spaces inside an amount or a
date are no-break spaces, so that neither is ever torn apart at the end of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

if TYPE_CHECKING:
    # By the module's name, because a method here is called `date`.
    import datetime as dt
    from collections.abc import Callable

    from punktlig.core.money import Money

Language = Literal["sv", "en"]

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"

_TERRITORY = {"sv": "SE", "en": "GB"}
_HUNDREDTH = Decimal("0.01")
_THOUSAND = 1000
_DIGITS = re.compile(r"(?P<century>\d\d)?(?P<born>\d{6})-?(?P<last>\d{4})", re.ASCII)
# The month of an organisation number is at least 20, so it can never be a person's day of birth.
_FIRST_ORGANISATION_MONTH = 20


@dataclass(frozen=True)
class Formatting:
    """How one language writes amounts, dates and rates."""

    language: Language
    locale: Locale = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "locale", Locale(self.language, _TERRITORY[self.language]))

    @cached_property
    def _signs(self) -> tuple[str, str]:
        group, point = get_group_symbol(self.locale), get_decimal_symbol(self.locale)
        return (NO_BREAK_SPACE if group.isspace() else group), point

    @cached_property
    def _months(self) -> tuple[str, ...]:
        names = self.locale.months["format"]["wide"]
        return tuple(str(names[number]) for number in range(1, 13))

    @cached_property
    def _short_months(self) -> tuple[str, ...]:
        names = self.locale.months["format"]["abbreviated"]
        return tuple(str(names[number]).rstrip(".") for number in range(1, 13))

    @cached_property
    def _weekdays(self) -> tuple[str, ...]:
        names = self.locale.days["format"]["wide"]
        return tuple(str(names[number]) for number in range(7))

    def amount(self, money: Money) -> str:
        """Return `1 284,52` or `1,284.52`; a negative amount has a true minus."""
        if money.ore < 0:
            return MINUS + self.amount(-money)
        kronor = money.ore // 100
        written = str(kronor) if kronor < _THOUSAND else f"{kronor:,}".replace(",", self._signs[0])
        return written + self._endings[money.ore % 100]

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        # Put together once: a letter says ten amounts, and most of them are its own.
        return tuple(f"{self._signs[1]}{ore:02d}" for ore in range(100))

    def with_currency(self, money: Money, currency: str = "SEK") -> str:
        """Return `1 284,52 kr` in Swedish and `SEK 1,284.52` in English, where kr says nothing; else `1 284,52 EUR`."""
        amount = self.amount(money)
        if self.language == "en":
            return f"{currency}{NO_BREAK_SPACE}{amount}"
        return f"{amount}{NO_BREAK_SPACE}{'kr' if currency == 'SEK' else currency}"

    def whole_kronor(self, money: Money) -> str:
        """Return the kronor alone, `1 284`, the öre cut off, as the scale of a chart has them."""
        return self.amount(money).rpartition(self._signs[1])[0]

    def whole_kronor_with_currency(self, money: Money) -> str:
        """Return a round amount without its öre, as `60 kr`; an amount with öre keeps them."""
        written = self.with_currency(money)
        return written.replace(f"{self._signs[1]}00", "") if money.ore % 100 == 0 else written

    def account(self, iban: str) -> str:
        """Return an IBAN in groups of four, as it is printed (ISO 13616)."""
        signs = "".join(iban.split()).upper()
        return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))

    def decimal(self, number: Decimal) -> str:
        """Return a quantity without needless zeros: `2,5`."""
        plain = f"{number:f}".replace("-", MINUS)
        whole, _, fraction = plain.partition(".")
        fraction = fraction.rstrip("0")
        return f"{whole}{self._signs[1]}{fraction}" if fraction else whole

    def percent(self, percent: Decimal) -> str:
        """Return `10,00 %` or `10.00%`: at least two decimals, more when the rate has them."""
        return self._percent(percent)

    @cached_property
    def _percent(self) -> Callable[[Decimal], str]:
        return lru_cache(maxsize=256)(self._write_percent)

    def _write_percent(self, percent: Decimal) -> str:
        least = f"{percent:.2f}"
        written = least if percent == percent.quantize(_HUNDREDTH) else f"{percent.normalize():f}"
        written = written.replace("-", MINUS).replace(".", self._signs[1])
        return f"{written}{NO_BREAK_SPACE}%" if self.language == "sv" else f"{written}%"

    def percent_in_short(self, percent: Decimal) -> str:
        """Return `25 %` or `25%`, without needless decimals, as the rates of VAT are written."""
        written = self.decimal(percent)
        return f"{written}{NO_BREAK_SPACE}%" if self.language == "sv" else f"{written}%"

    def day_and_month(self, day: dt.date) -> str:
        """Return `1 september`."""
        return f"{day.day}{NO_BREAK_SPACE}{self._months[day.month - 1]}"

    def short_month(self, day: dt.date) -> str:
        """Return `nov`, without the point that ends a shortened word."""
        return self._short_months[day.month - 1]

    def date(self, day: dt.date) -> str:
        """Return `1 september 2025`."""
        return self._date(day)

    @cached_property
    def _date(self) -> Callable[[dt.date], str]:
        # The letters of a day hold the same few hundred days, each letter ten of them.
        return lru_cache(maxsize=4096)(lambda day: f"{self.day_and_month(day)}{NO_BREAK_SPACE}{day.year}")

    def weekday_and_date(self, day: dt.date) -> str:
        """Return `måndag 1 september 2025`."""
        return self._weekday_and_date(day)

    @cached_property
    def _weekday_and_date(self) -> Callable[[dt.date], str]:
        # The letters of a day are all to be paid by the same day, which each says twice.
        return lru_cache(maxsize=256)(lambda day: f"{self._weekdays[day.weekday()]}{NO_BREAK_SPACE}{self.date(day)}")

    def period(self, first: dt.date, last: dt.date) -> str:
        """Return `1–11 november 2009`, `31 maj – 30 juni 2025`, or both dates in full across a year's end."""
        return self._period(first, last)

    @cached_property
    def _period(self) -> Callable[[dt.date, dt.date], str]:
        # Interest is told half-year by half-year, and only the first of a letter's own differs from the others'.
        return lru_cache(maxsize=4096)(self._write_period)

    def _write_period(self, first: dt.date, last: dt.date) -> str:
        if first == last:
            return self.date(first)
        if first.year != last.year:
            return f"{self.date(first)} {EN_DASH} {self.date(last)}"
        if first.month != last.month:
            return f"{self.day_and_month(first)} {EN_DASH} {self.date(last)}"
        return f"{first.day}{EN_DASH}{self.date(last)}"

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 alpha-2 code, or the code when it has none."""
        return str(self.locale.territories.get(code, code))


@lru_cache
def formatting(language: Language) -> Formatting:
    """Return the formatting of the language, made once."""
    return Formatting(language)


def masked_identity(text: str) -> str:
    """Return `559944-3172`; of a personal number only the birth, `19800101-****`; anything else as it is written."""
    match = _DIGITS.fullmatch(text.strip())
    if match is None:
        return text
    if int(match["born"][2:4]) >= _FIRST_ORGANISATION_MONTH:
        return f"{match['born']}-{match['last']}"
    return f"{match['century'] or ''}{match['born']}-****"
