"""What has gone through each part of a claim: interest fixed, then what paid it, credited it or let go of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from punktlig.core.money import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An amount as the parts of a claim that it is of."""

    fees: Money = ZERO
    interest: Money = ZERO
    principal: Money = ZERO

    @property
    def total(self) -> Money:
        """All of it."""
        return self.fees + self.interest + self.principal

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            fees=self.fees + other.fees,
            interest=self.interest + other.interest,
            principal=self.principal + other.principal,
        )

    def __sub__(self, other: Parts) -> Parts:
        return Parts(
            fees=self.fees - other.fees,
            interest=self.interest - other.interest,
            principal=self.principal - other.principal,
        )

    def __bool__(self) -> bool:
        return bool(self.fees or self.interest or self.principal)


NOTHING = Parts()


class Lowering(StrEnum):
    """By what a claim gets less."""

    PAID = "paid"
    CREDITED = "credited"
    WAIVED = "waived"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """Everything that has gone through a claim by a day.

    `interest_fixed` is the interest that became an amount when something ended its stretch. What is owed of each part
    is what came to it less what lowered it; interest that runs is in none of them.
    """

    interest_fixed: Money = ZERO
    paid: Parts = NOTHING
    credited: Parts = NOTHING
    waived: Parts = NOTHING
    closed: Parts = NOTHING

    def __bool__(self) -> bool:
        return bool(self.interest_fixed or self.paid or self.credited or self.waived or self.closed)

    def __sub__(self, other: Turnover) -> Turnover:
        return Turnover(
            interest_fixed=self.interest_fixed - other.interest_fixed,
            paid=self.paid - other.paid,
            credited=self.credited - other.credited,
            waived=self.waived - other.waived,
            closed=self.closed - other.closed,
        )
