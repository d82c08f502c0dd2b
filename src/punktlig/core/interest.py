"""Late-payment interest (Interest Act 1975:635): simple, day by day, rounded once for the whole claim.

    interest = Σ unpaid principal(d) × rate(d) ÷ days in the calendar year of d,  for first day ≤ d ≤ last day

Both ends count: the first interest day is the day after the due date, the last is the day of payment or statement.
Everything is computed in whole numbers and rounded half up to whole öre at the end; the printed lines are rounded one
by one and the last carries the difference, so that they add up to the total.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.explanation import Explained, What
from punktlig.core.late_rate import (
    KNOWN_RATES,
    STATUTORY,
    UNITS_PER_PERCENT,
    YEAR_PARTS,
    Convention,
    LateRate,
    ReferenceRates,
    day_parts,
    next_half_year,
    year_days,
)
from punktlig.core.money import ZERO, Money, divide_half_up
from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator

# öre × ten-thousandths of a percentage point × parts of a year, back to öre.
_SCALE = UNITS_PER_PERCENT * 100 * YEAR_PARTS
_TWICE_SCALE = 2 * _SCALE
_WHOLE_KRONOR = Convention.WHOLE_KRONOR
_ACT_365 = Convention.ACT_365
_ACT_ACT = Convention.ACT_ACT
_ONE_DAY = timedelta(days=1)
_NO_RATE = Decimal(0)
_STATUTE = "1975:635 s. 6"
_AGREED = "1975:635 s. 1"


@plain_value()
class PartPayment:
    """Money received on the principal, on the day it was booked; or the creditor's credit note, on its own day."""

    day: date
    amount: Money
    is_credit_note: bool = False

    def __post_init__(self) -> None:
        if self.amount.ore <= 0:
            raise ValueError(f"a part payment is more than nothing, not {self.amount}")


@plain_value()
class Debt:
    """What bears interest: the principal (VAT included, no fees, no earlier interest) from its first interest day.

    A payment on day P leaves the old balance bearing interest through P, as the last payment does; with
    `payment_day_bears_interest` false the balance falls already on P. No authority has been found either way.
    """

    principal: Money
    first_day: date
    rate: LateRate = STATUTORY
    payments: tuple[PartPayment, ...] = ()
    payment_day_bears_interest: bool = True

    def __post_init__(self) -> None:
        if self.principal.ore < 0:
            raise ValueError(f"a principal is never below nothing: {self.principal}")
        if self.payments:
            object.__setattr__(self, "payments", tuple(sorted(self.payments, key=lambda payment: payment.day)))

    def balances(self, through: date) -> Iterator[tuple[date, date, Money]]:
        """Yield the periods (first day, last day, unpaid principal) up to the day, without those when all is paid."""
        start, balance = self.first_day, self.principal.ore
        for payment in self.payments:
            last = payment.day if self.payment_day_bears_interest else payment.day - _ONE_DAY
            if last >= through:
                break
            if last >= start:
                if balance:
                    yield start, last, Money(balance)
                start = last + _ONE_DAY
            balance = max(balance - payment.amount.ore, 0)
        if balance and start <= through:
            yield start, through, Money(balance)

    def unpaid(self, day: date) -> Money:
        """Return the principal unpaid after the payments booked on or before the day."""
        paid = sum(payment.amount.ore for payment in self.payments if payment.day <= day)
        return Money(max(self.principal.ore - paid, 0))


@plain_value()
class InterestLine:
    """Interest of one period with one capital, one rate and one length of year.

    `reference_percent` is the part of `percent` that is the reference rate, or None at a fixed rate.
    """

    first_day: date
    last_day: date
    capital: Money
    percent: Decimal
    reference_percent: Decimal | None
    days: int
    year_days: int
    amount: Money


class Interest:
    """The interest of one debt through one day.

    `exact` is the sum before rounding, in öre × ten-thousandths of a percentage point × parts of a year. `total` is
    rounded once; `lines` and `explain` are made when asked for.
    """

    # One is made for every claim. What nearly all of them have in common is the class's and not stored in each, which
    # is half of the time it takes to make one.
    rates: ReferenceRates = KNOWN_RATES
    convention: Convention = Convention.ACT_ACT

    def __init__(self, debt: Debt, through: date, exact: int) -> None:
        self.debt = debt
        self.through = through
        self.exact = exact

    @property
    def total(self) -> Money:
        """The sum, rounded half up to whole öre once; in whole-kronor display the öre are dropped."""
        if self.convention is _WHOLE_KRONOR:
            return Money(self.exact // (_SCALE * 100) * 100)
        return Money((2 * self.exact + _SCALE) // _TWICE_SCALE)

    @property
    def days(self) -> int:
        """The number of days that bore interest."""
        return sum((last - first).days + 1 for first, last, _ in self.debt.balances(self.through))

    @property
    def lines(self) -> tuple[InterestLine, ...]:
        """The periods that make up the total: split at part payments and half-years (at a fixed rate: years)."""
        debt = self.debt
        pieces = [
            (start, end, capital)
            for first, last, capital in debt.balances(self.through)
            for start, end in _split(first, last, half_years=debt.rate.above_reference)
        ]
        if len(pieces) == 1:
            amounts = [self.total.ore]
        else:
            amounts = [
                divide_half_up(capital.ore * _weight(debt.rate, start, end, self.rates, self.convention), _SCALE)
                for start, end, capital in pieces
            ]
            _carry_residual(amounts, self.total.ore)
        own, above_reference = debt.rate.percent, debt.rate.above_reference
        lines = []
        for (start, end, capital), amount in zip(pieces, amounts, strict=True):
            reference = self.rates.percent(start) if above_reference else None
            percent = max(own + (reference or 0), _NO_RATE)
            length, days = year_days(start, self.convention), (end - start).days + 1
            # By place, in the order of the fields: half of the time of filling them by their names.
            lines.append(InterestLine(start, end, capital, percent, reference, days, length, Money(amount)))
        return tuple(lines)

    def explain(self) -> tuple[Explained, ...]:
        """Return the lines in the form that the claim page, the letter and the API all show."""
        statute = _STATUTE if self.debt.rate == STATUTORY else _AGREED
        return tuple(
            Explained(
                what=What.INTEREST,
                amount=line.amount,
                statute=statute,
                basis=line.capital,
                first_day=line.first_day,
                last_day=line.last_day,
                percent=line.percent,
                days=line.days,
                year_days=line.year_days,
            )
            for line in self.lines
        )


def late_payment_interest(
    debt: Debt, through: date, rates: ReferenceRates = KNOWN_RATES, convention: Convention = Convention.ACT_ACT
) -> Interest:
    """Return the interest of the debt from its first interest day to and including `through`.

    Before the first day it is nothing.

    Raises:
        RateUnknown: a day that bears interest at a rate above the reference rate lies outside the known half-years.
    """
    if debt.payments:
        exact = _exact_in_periods(debt, through, rates, convention)
    else:
        exact, first_day, rate = debt.principal.ore, debt.first_day, debt.rate
        if first_day > through:
            exact = 0
        # A debt of nothing asks for no rate, so it is not refused for one that is unknown.
        elif exact and rate.above_reference:
            exact *= rates.rate_days(rate.units, first_day, through, convention is _ACT_365)
        elif exact:
            exact *= _weight(rate, first_day, through, rates, convention)
    interest = Interest(debt, through, exact)
    if rates is not KNOWN_RATES or convention is not _ACT_ACT:
        interest.rates, interest.convention = rates, convention
    return interest


def _exact_in_periods(debt: Debt, through: date, rates: ReferenceRates, convention: Convention) -> int:
    """Return the sum before rounding of a debt with part payments.

    A function of its own: were it a generator in the one above, that one's variables would lie in cells, and each look
    at one would cost more, for debts without payments too.
    """
    return sum(
        capital.ore * _weight(debt.rate, first, last, rates, convention)
        for first, last, capital in debt.balances(through)
    )


def daily_growth(
    debt: Debt, day: date, rates: ReferenceRates = KNOWN_RATES, convention: Convention = Convention.ACT_ACT
) -> Money:
    """Return what the given day alone adds, rounded half up to öre; nothing before the first interest day.

    Raises:
        RateUnknown: no reference rate is known for the day.
    """
    for first, last, capital in debt.balances(day):
        if first <= day <= last:
            return Money(divide_half_up(capital.ore * _weight(debt.rate, day, day, rates, convention), _SCALE))
    return ZERO


def _weight(rate: LateRate, first: date, last: date, rates: ReferenceRates, convention: Convention) -> int:
    """Return the sum of rate × length of day over the days, both ends included; `first` ≤ `last`."""
    if rate.above_reference:
        return rates.rate_days(rate.units, first, last, convention is _ACT_365)
    return rate.units * _year_parts(first, last, flat_365=convention is _ACT_365)


def _year_parts(first: date, last: date, *, flat_365: bool) -> int:
    """Return the length of the days in parts of a year; a closed form, so that no table ends anywhere."""
    if flat_365:
        return ((last - first).days + 1) * (YEAR_PARTS // 365)
    return _parts_before(last) + day_parts(last) - _parts_before(first)


def _parts_before(day: date) -> int:
    return day.year * YEAR_PARTS + (day - date(day.year, 1, 1)).days * day_parts(day)


def _split(first: date, last: date, *, half_years: bool) -> Iterator[tuple[date, date]]:
    while first <= last:
        following = next_half_year(first) if half_years else date(first.year + 1, 1, 1)
        end = min(last, following - _ONE_DAY)
        yield first, end
        first = following


def _carry_residual(amounts: list[int], total: int) -> None:
    """Put what rounding left over in the last line; never below nothing, so many tiny lines may share it backwards."""
    residual = total - sum(amounts)
    for position in reversed(range(len(amounts))):
        taken = max(residual, -amounts[position])
        amounts[position] += taken
        residual -= taken
        if not residual:
            return
