"""The customer's own share of a ROT, RUT or green-technology invoice (Income Tax Act 1999:1229 ch. 67).

The customer owes only its share until Skatteverket has decided; a reminder and interest are for that share alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.deductions import DEDUCTION_SHARES, DeductionBase, DeductionShare, GreenWork

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.invoice import DeductionKind


@dataclass(eq=False)
class CustomerShareUnknown(Refusal):
    """The invoice speaks of a tax deduction, but how much the customer owes of it was not given."""

    kind: DeductionKind


@dataclass(eq=False)
class CustomerShareOutsideInvoice(Refusal):
    """The customer's share is nothing or more than the invoice asks for."""

    share: Money
    payable: Money


@dataclass(eq=False)
class CustomerShareChanged(Refusal):
    """The percentage on the day of payment differs from the invoice's, so the share is another now."""

    kind: DeductionKind
    invoice_date: date
    percent_then: Decimal
    payment_date: date
    percent_now: Decimal


@dataclass(eq=False)
class DeductionNotInForce(Refusal):
    """No such deduction is known for the day."""

    kind: DeductionKind
    day: date


def share_in_force(kind: DeductionKind, paid_on: date, work: GreenWork | None = None) -> DeductionShare:
    """Return the row that governs a payment on the day.

    Raises:
        DeductionNotInForce: no row is known for the day.
    """
    found = None
    for row in DEDUCTION_SHARES:
        if row.kind is kind and row.work is work and row.valid_from <= paid_on:
            found = row
    if found is None:
        raise DeductionNotInForce(kind, paid_on)
    return found


def customer_share(
    payable: Money,
    kind: DeductionKind,
    paid_on: date,
    *,
    labour: Money,
    material: Money,
    work: GreenWork | None = None,
) -> Money:
    """Return what the customer owes itself: `payable` less the deduction, which is whole kronor, rounded down.

    `labour` and `material` are with VAT. Caps per person and year are not applied: only the creditor and Skatteverket
    know what else the person has used.

    Raises:
        DeductionNotInForce: no row is known for the day.
    """
    row = share_in_force(kind, paid_on, work)
    base = labour if row.base is DeductionBase.LABOUR else labour + material
    deduction = (base.as_decimal() * row.percent / 100).to_integral_value(ROUND_FLOOR)
    return payable - Money.of_decimal(deduction)


def refuse_changed_share(kind: DeductionKind, invoice_date: date, payment_dates: tuple[date, ...]) -> None:
    """Raise CustomerShareChanged when the percentage on a day of payment differs from that of the invoice's day.

    A green invoice does not say which work it is for, so a change for any sort of work counts.
    """
    works = tuple(GreenWork) if any(row.kind is kind and row.work for row in DEDUCTION_SHARES) else (None,)
    for work in works:
        then = share_in_force(kind, invoice_date, work)
        for day in payment_dates:
            now = share_in_force(kind, day, work)
            if now.percent != then.percent:
                raise CustomerShareChanged(kind, invoice_date, then.percent, day, now.percent)
