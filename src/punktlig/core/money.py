"""Swedish kronor as whole öre. The only place where an amount becomes text or text becomes an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)(?P<kronor>\d{1,13}|\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4})(?:[.,](?P<ore>\d{1,2}))?", re.ASCII
)
# `1,234` is more than a thousand kronor to some and less than two to others; with both signs the last can only be öre.
_GROUPED_BY_SIGN = re.compile(r"[-−]?\d{1,3}(?:(?:,\d{3}){1,4}\.|(?:\.\d{3}){1,4},)\d{2}", re.ASCII)
_TOLD = re.compile(r"-?\d{1,13}\.\d{2}", re.ASCII)
# Far above any invoice, and small enough that a pasted telephone book is refused.
_MOST_DIGITS_OF_KRONOR = 13
_ORE = Decimal("0.01")
# Put together once: half of the time of writing an amount.
_ENDINGS = tuple(f".{ore:02d}" for ore in range(100))


class NotAnAmount(ValueError):
    """The text is not an amount in kronor with at most two decimals."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not an amount in kronor with at most two decimals, such as 1200.00")


@dataclass(frozen=True, slots=True, order=True, init=False)
class Money:
    """An amount in SEK. `ore` is whole öre and may be negative."""

    ore: int

    def __init__(self, ore: int) -> None:
        # bool is an int, and a float would pass every later comparison until the first öre is lost.
        if type(ore) is not int:
            raise TypeError(f"Money takes whole öre as int, not {type(ore).__name__}")
        _set_ore(self, ore)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the amount written as `1200`, `1200.5`, `1200,50` or `-1200.00`; spaces may group thousands.

        So may the other sign than that before the öre, when both digits of the öre are there: `1,200.50`, `1.200,50`.

        Raises:
            NotAnAmount: anything else, also more than two decimals.
        """
        written = text.strip()
        if _GROUPED_BY_SIGN.fullmatch(written):
            written = f"{re.sub('[.,]', '', written[:-3])}.{written[-2:]}"
        match = _AMOUNT.fullmatch(written)
        kronor = re.sub(r"\D", "", match["kronor"]) if match else ""
        if match is None or len(kronor) > _MOST_DIGITS_OF_KRONOR:
            raise NotAnAmount(text)
        ore = int(kronor) * 100 + int((match["ore"] or "").ljust(2, "0"))
        return cls(-ore if match["sign"] else ore)

    @classmethod
    def told(cls, text: str) -> Self:
        """Return the amount in the exchange form, as `str` writes it; at a third of the time of `parse`.

        Raises:
            NotAnAmount: anything else.
        """
        if _TOLD.fullmatch(text) is None:
            raise NotAnAmount(text)
        return cls(int(text.replace(".", "")))

    @classmethod
    def of_decimal(cls, amount: Decimal) -> Self:
        """Return the amount of a decimal in kronor.

        Raises:
            NotAnAmount: the decimal is not finite, has a part smaller than an öre or more than 13 digits of kronor.
        """
        # Arithmetic on decimals rounds silently to 28 digits, and comparison does not. So the size is bounded first,
        # and then the amount is compared with itself in whole öre.
        if not amount.is_finite() or amount.adjusted() >= _MOST_DIGITS_OF_KRONOR:
            raise NotAnAmount(str(amount))
        rounded = amount.quantize(_ORE)
        if rounded != amount:
            raise NotAnAmount(str(amount))
        return cls(int(rounded.scaleb(2)))

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Self:
        """Return the sum; nothing at all is 0.00."""
        return cls(sum(amount.ore for amount in amounts))

    def __add__(self, other: Money) -> Money:
        return Money(self.ore + other.ore)

    def __sub__(self, other: Money) -> Money:
        return Money(self.ore - other.ore)

    def __neg__(self) -> Money:
        return Money(-self.ore)

    def __bool__(self) -> bool:
        return self.ore != 0

    def __str__(self) -> str:
        """Return the exchange form: kronor, a point and two decimals, as in `"1200.00"`."""
        ore = self.ore
        return f"{ore // 100}{_ENDINGS[ore % 100]}" if ore >= 0 else f"-{-self}"

    def as_decimal(self) -> Decimal:
        """Return the amount in kronor with two decimals."""
        return _ORE * self.ore


# What a frozen dataclass does by way of object.__setattr__, at a third of the cost: an amount is made for every claim.
_set_ore = Money.__dict__["ore"].__set__

ZERO = Money(0)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient of two whole numbers rounded to the nearest, a half away from zero; `denominator` > 0."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude
