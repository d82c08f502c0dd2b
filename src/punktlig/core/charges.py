"""Which charge may be added when a claim is late (Act 1981:739 on Compensation for Debt Collection Costs).

Reminder, collection demand and instalment plan may follow each other, each once per claim. Late-payment compensation
needs no agreement, is only for claims against traders and public bodies, and excludes the other three.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from punktlig.core.parties import Debtor, DebtorKind
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.fees import ChargeKind, StatutoryFee, statutory_fee

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from punktlig.core.money import Money


@dataclass(eq=False)
class ChargesExcludeEachOther(Refusal):
    """Late-payment compensation stands instead of reminder fee, collection costs and plan fee (1981:739 ss. 4 a, 5)."""

    wanted: ChargeKind
    already: ChargeKind


@dataclass(eq=False)
class ChargeAlreadyMade(Refusal):
    """The same charge was made on this claim before."""

    wanted: ChargeKind


@dataclass(eq=False)
class CompensationNotFromConsumer(Refusal):
    """Late-payment compensation is for debts between traders, or of a public body to a trader; never a consumer's."""

    name: str


class NoCharge(StrEnum):
    """Why a charge that was asked for is left out; the claim itself stands."""

    NOT_AGREED = "not_agreed"
    AGREED_TOO_LATE = "agreed_too_late"
    CONSUMER_ABROAD = "consumer_abroad"
    NO_RIGHT_TO_INTEREST_YET = "no_right_to_interest_yet"
    NO_AMOUNT_KNOWN = "no_amount_known"


@plain_value()
class Charge:
    """A charge that may be made; `agreed_since` is when the terms said so, for a reminder fee."""

    kind: ChargeKind
    amount: Money
    fee: StatutoryFee
    agreed_since: date | None = None


@plain_value(kw_only=True)
class ChargeFacts:
    """What decides about a charge.

    `debt_arose` is the earliest day the debt may have arisen, `agreed_since` the day from which the creditor's terms
    have a reminder fee, `first_interest_day` the first day that may bear interest.
    """

    debtor: Debtor
    debt_arose: date
    agreed_since: date | None = None
    first_interest_day: date | None = None
    already: Collection[ChargeKind] = ()
    charges_consumers_abroad: bool = False


def charge(kind: ChargeKind, facts: ChargeFacts, on: date) -> Charge | NoCharge:
    """Return the charge for a measure taken on the day, or the reason why it is left out.

    Raises:
        ChargeAlreadyMade, ChargesExcludeEachOther or CompensationNotFromConsumer: it may not be asked for at all.
    """
    if kind is not ChargeKind.REMINDER_FEE or facts.agreed_since is not None:
        # A reminder fee that was never agreed is not asked for, so nothing stands in its way.
        refuse_second(kind, facts.already)
    if kind is ChargeKind.LATE_PAYMENT_COMPENSATION and facts.debtor.kind is DebtorKind.CONSUMER:
        raise CompensationNotFromConsumer(facts.debtor.name)
    why_not = _why_not(kind, facts, on)
    if facts.debtor.is_consumer_abroad and not facts.charges_consumers_abroad:
        # Rome I art. 6: the consumer keeps the protection of the home country; the creditor decides by hand.
        why_not = NoCharge.CONSUMER_ABROAD
    if why_not is not None:
        return why_not
    fee = statutory_fee(kind, on)
    if fee is None:
        return NoCharge.NO_AMOUNT_KNOWN
    return Charge(kind, fee.amount, fee, facts.agreed_since if kind is ChargeKind.REMINDER_FEE else None)


def fee_stands(letter_date: date, booked: date) -> bool:
    """Tell whether a fee stands: the payment was booked on the letter's date or later (NJA 1988 s. 312)."""
    return booked >= letter_date


def refuse_second(kind: ChargeKind, already: Collection[ChargeKind]) -> None:
    """Raise ChargeAlreadyMade or ChargesExcludeEachOther when the charges already made leave no room for this one."""
    if kind in already:
        raise ChargeAlreadyMade(kind)
    for earlier in already:
        if ChargeKind.LATE_PAYMENT_COMPENSATION in (kind, earlier):
            raise ChargesExcludeEachOther(kind, earlier)


def _why_not(kind: ChargeKind, facts: ChargeFacts, on: date) -> NoCharge | None:
    if kind is ChargeKind.REMINDER_FEE:
        # 1981:739 s. 2: agreed at the latest in connection with the debt arising.
        if facts.agreed_since is None:
            return NoCharge.NOT_AGREED
        if facts.agreed_since > facts.debt_arose:
            return NoCharge.AGREED_TOO_LATE
    if kind is ChargeKind.LATE_PAYMENT_COMPENSATION and (
        facts.first_interest_day is None or on < facts.first_interest_day
    ):
        # 1981:739 s. 4 a: it arises with the right to late-payment interest.
        return NoCharge.NO_RIGHT_TO_INTEREST_YET
    return None
