"""The form in which every amount explains itself: on a page, in a letter, in the API and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from punktlig.core.money import Money


class What(StrEnum):
    """What an explained amount is."""

    PRINCIPAL = "principal"
    DEDUCTION = "deduction"
    PART_PAYMENT = "part_payment"
    INTEREST = "interest"
    REMINDER_FEE = "reminder_fee"
    LATE_PAYMENT_COMPENSATION = "late_payment_compensation"
    CREDIT_NOTE = "credit_note"
    CHARGE_REVERSED = "charge_reversed"
    WAIVED = "waived"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One amount and where it comes from. Empty fields do not apply.

    `basis` is the money the rate is taken of, `percent` the yearly rate, `days` of a year of `year_days` days,
    `statute` the law as `year:number s. section` or a judgment, and `condition` a date the amount rests on, such as the
    day the fee was agreed.
    """

    what: What
    amount: Money
    statute: str = ""
    basis: Money | None = None
    first_day: date | None = None
    last_day: date | None = None
    percent: Decimal | None = None
    days: int | None = None
    year_days: int | None = None
    condition: date | None = None
