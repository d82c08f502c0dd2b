"""What has happened to a claim's money, as its balance is computed from it: charges, what came in, waivers, the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from punktlig.core.late_rate import STATUTORY, LateRate
from punktlig.core.money import ZERO, Money
from punktlig.core.statutes.fees import ChargeKind, statutory_fee

if TYPE_CHECKING:
    from datetime import date


class ReceivedKind(StrEnum):
    """What lowered the claim: money, or the creditor's credit note."""

    PAYMENT = "payment"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCharge:
    """A charge made on the claim: the reminder fee or the compensation, dated as its letter.

    `reversed_on` is the day it was taken back, as when its letter never left.
    """

    kind: ChargeKind
    amount: Money
    day: date
    agreed_since: date | None = None
    reversed_on: date | None = None

    @property
    def statute(self) -> str:
        """The section of the Act that allows it."""
        fee = statutory_fee(self.kind, self.day)
        return fee.section if fee else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money or credit, on the day it was booked.

    `in_letter` tells that it was known before the claim's letter was made, so that the letter has counted it already.
    Of letters that were corrected, it is the last one; `missed_by` is how many of those that stated a total, from the
    first on, were made without it.
    """

    day: date
    amount: Money
    kind: ReceivedKind = ReceivedKind.PAYMENT
    in_letter: bool = False
    missed_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """What a letter that left asked for: paid in full by the last day, it settles the claim."""

    letter_date: date
    total: Money
    last_day_to_pay: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A part of the claim that was let go of by decision: interest first, then charges, then principal."""

    day: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceFacts:
    """Everything that a claim's balance on any day rests on.

    `payable` is what the invoice asks for, `owed` the debtor's share of it. `due_day` is the effective due date,
    `first_interest_day` None when no interest may be claimed. `closed_on` is the day the claim ended for another reason
    than that everything was paid. `credited_before` is how much of what was received are credit notes that the creditor
    told with the handover. `rates_known_through` is the last day whose reference rate was known when the claim ended,
    if that was before it did: what was booked then stands, and interest of later days stays out for ever.
    """

    payable: Money
    owed: Money
    due_day: date
    first_interest_day: date | None
    rate: LateRate = STATUTORY
    charges: tuple[MadeCharge, ...] = ()
    received: tuple[Received, ...] = ()
    stated: tuple[StatedTotal, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    closed_on: date | None = None
    credited_before: Money = ZERO
    rates_known_through: date | None = None

    def goes_to_principal(self, received: Received) -> bool:
        """Tell whether it lowers the principal first.

        A credit note is of the invoice itself. A payment known before the letter, or booked before the letter's date
        (NJA 1988 s. 312), was made on the invoice when there were no costs to pay.
        """
        if received.kind is ReceivedKind.CREDIT_NOTE or received.in_letter:
            return True
        return not self.charges_or_letters_by(received.day)

    def charges_or_letters_by(self, day: date) -> bool:
        """Tell whether a reminder of this date or an earlier one exists."""
        return any(charge.day <= day for charge in self.charges) or any(
            stated.letter_date <= day for stated in self.stated
        )
