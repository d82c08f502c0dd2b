"""What a claim amounts to on a day, with every öre explained, and how it came to that.

Before the reminder a payment lowers the principal from its day. After it a payment goes to costs, then interest, then
principal (the traditional order within one debt, with Commercial Code 9:5), and fixes the interest so far to the öre.
Paying what the letter states by its last day settles the claim; the interest in between is waived. A claim whose
principal was paid or credited before there was any letter is settled too. Interest is never computed past the last
known reference rate: the balance stops there and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core.balance_walk import Allocation, Cause, Point, Walk
from punktlig.core.late_rate import KNOWN_RATES, RateUnknown, ReferenceRates
from punktlig.core.money import Money

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.balance_facts import BalanceFacts, MadeCharge
    from punktlig.core.explanation import Explained
    from punktlig.core.turnover import Turnover

__all__ = ["Allocation", "Cause", "ClaimBalance", "Point", "charges_without_ground", "claim_balance", "history"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBalance:
    """The claim on a day; `lines` add up to the total less what was overpaid.

    `day` is the day asked for, or the last day that could be computed when `unknown` says why it goes no further.
    `growth` is what the next day adds, None when its rate is not known. `allocations` follow the order of the days;
    `turnover` is what the journal has booked of the claim when it agrees with this balance.
    """

    day: date
    principal_left: Money
    interest: Money
    fees: Money
    total: Money
    overpaid: Money
    growth: Money | None
    lines: tuple[Explained, ...]
    allocations: tuple[Allocation, ...]
    turnover: Turnover
    unknown: RateUnknown | None = None

    @property
    def known(self) -> bool:
        """Whether the balance is of the day that was asked for."""
        return self.unknown is None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to ask for, and that is known."""
        return self.known and not self.total


def claim_balance(facts: BalanceFacts, day: date, rates: ReferenceRates = KNOWN_RATES) -> ClaimBalance:
    """Return what the claim amounts to on the day, interest of that day included."""
    walk = Walk(facts, rates)
    walk.go(day)
    interest = walk.finish()
    principal, fees = Money(walk.principal), Money(walk.fees)
    return ClaimBalance(
        day=walk.day,
        principal_left=principal,
        interest=interest,
        fees=fees,
        total=principal + interest + fees,
        overpaid=Money(walk.overpaid),
        growth=walk.growth(),
        lines=tuple(walk.lines),
        allocations=tuple(walk.allocations),
        turnover=walk.turnover(),
        unknown=walk.unknown,
    )


def history(facts: BalanceFacts, through: date, rates: ReferenceRates = KNOWN_RATES) -> tuple[Point, ...]:
    """Return how the claim stood before and after everything that changed it, from the due date through the day."""
    walk = Walk(facts, rates)
    walk.go(through)
    walk.look(walk.day, Cause.STATED_DAY)
    return tuple(walk.points)


def charges_without_ground(facts: BalanceFacts) -> tuple[MadeCharge, ...]:
    """Return the charges whose letter is dated after the day on which the principal had already been covered.

    The payment was booked before the letter's date but told later: the charge is to be reversed (NJA 1988 s. 312).
    """
    left = facts.owed.ore
    covered: date | None = None
    for received in sorted(facts.received, key=lambda each: each.day):
        if left > 0 and facts.goes_to_principal(received):
            left -= received.amount.ore
            covered = received.day if left <= 0 else None
    return tuple(charge for charge in facts.charges if covered and covered < charge.day and charge.reversed_on is None)
