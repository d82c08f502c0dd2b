"""A claim's balance once more, told the long way: every day in turn, fractions, and the rates from their own table.

Nothing here is shared with `core.claim_balance`, so that a mistake would have to be made twice.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from punktlig.core.statutes.reference_rates import REFERENCE_RATES


@cache
def _percent(day: date) -> Fraction:
    return 8 + Fraction(max((row.valid_from, row.percent) for row in REFERENCE_RATES if row.valid_from <= day)[1])


@dataclass
class SlowClaim:
    """Amounts are öre. `letter` is day, fee, total and last day to pay; `received` day, amount, kind and told early."""

    owed: int
    first_interest_day: date | None
    letter: tuple[date, int, int, date] | None
    received: list[tuple[date, int, str, bool]]
    closed_on: date | None = None
    principal: int = 0
    interest: int = 0
    fees: int = 0
    overpaid: int = 0
    running: Fraction = field(default_factory=Fraction)
    paid_after: int = 0

    def on(self, asked: date, start: date) -> tuple[int, int, int, int]:
        """Return principal, interest, fees and what was overpaid at the end of the day."""
        self.principal = self.owed
        day = start
        while day <= asked:
            if self.first_interest_day and day >= self.first_interest_day:
                year = 366 if calendar.isleap(day.year) else 365
                self.running += self.principal * _percent(day) / 100 / year
            self._what_came_in(day, early=True)
            if self.letter and self.letter[0] == day and not self._nothing_left():
                self.fees += self.letter[1]
            self._what_came_in(day, early=False)
            if self.closed_on == day:
                self.principal = self.interest = self.fees = 0
                self.running = Fraction(0)
            day += timedelta(days=1)
        return self.principal, self.interest + _rounded(self.running), self.fees, self.overpaid

    def _nothing_left(self) -> bool:
        return self.principal == self.interest == self.fees == _rounded(self.running) == 0

    def _what_came_in(self, day: date, *, early: bool) -> None:
        for booked, amount, kind, told_early in self.received:
            to_principal = kind == "credit_note" or told_early or self.letter is None or booked < self.letter[0]
            if booked != day or to_principal is not early:
                continue
            self.paid_after += 0 if told_early else amount
            settles = (
                not told_early
                and self.letter is not None
                and day <= self.letter[3]
                and self.paid_after >= self.letter[2]
            )
            if to_principal and amount < self.principal and not settles:
                self.principal -= amount
                continue
            self.interest += _rounded(self.running)
            self.running = Fraction(0)
            left = amount
            for part in ("principal", "interest", "fees") if to_principal else ("fees", "interest", "principal"):
                taken = min(left, getattr(self, part))
                setattr(self, part, getattr(self, part) - taken)
                left -= taken
            self.overpaid += left
            if settles or (to_principal and self.principal == 0):
                self.principal = self.interest = self.fees = 0


def _rounded(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))
