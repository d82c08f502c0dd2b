"""How the invoice came to the amount it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.money import ZERO, Money, NotAnAmount
from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from decimal import Decimal

    from punktlig.core.reminder import Reminder

_ONE_KRONA = 100


@plain_value()
class Charged:
    """How the invoice came to what it asks for: `total` less `prepaid` plus `rounding` is the reminder's `payable`."""

    total: Money
    prepaid: Money
    rounding: Money


def charged(reminder: Reminder) -> Charged:
    """Return the invoice's amount and what was paid in advance, where the invoice says so and it adds up.

    An invoice whose own numbers do not lead to what it asks for is shown with that amount alone: it is what the
    creditor asks, and another sum on the paper would only puzzle.
    """
    invoice = reminder.facts.invoice
    prepaid = _kronor(invoice.prepaid)
    if prepaid is not None and prepaid.ore > 0 and (total := _kronor(invoice.total)) is not None:
        rounding = reminder.payable - (total - prepaid)
        if abs(rounding.ore) < _ONE_KRONA:
            return Charged(total, prepaid, rounding)
    return Charged(reminder.payable, ZERO, ZERO)


def _kronor(decimal: Decimal | None) -> Money | None:
    if decimal is None:
        return None
    try:
        return Money.of_decimal(decimal)
    except NotAnAmount:
        return None
