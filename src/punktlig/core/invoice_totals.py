"""What an invoice adds up to: each line in whole öre, VAT once for each rate, what is left after prepayments.

Rounding: a line is quantity times price, rounded to the öre, a half away from zero; VAT is the rate of the sum of that
rate's lines, rounded likewise once (EN 16931, BR-CO-17; VAT Act 2023:200 ch. 17 s. 24 asks for VAT by rate).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from punktlig.core.eligibility import TotalIsNegative
from punktlig.core.money import ZERO, Money
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHOLE = Decimal(1)


@dataclass(eq=False)
class InvoiceHasNoLines(Refusal):
    """Nothing was charged for: an invoice has at least one line."""


@dataclass(eq=False)
class PrepaidExceedsInvoice(Refusal):
    """More has been paid in advance than the invoice amounts to."""

    prepaid: Money
    total: Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line before it is added up: so many at a price without VAT, and the VAT rate in per cent."""

    quantity: Decimal
    unit_price: Money
    tax_percent: Decimal

    @property
    def amount(self) -> Money:
        """The line without VAT."""
        return Money(int((self.quantity * self.unit_price.ore).quantize(_WHOLE, ROUND_HALF_UP)))


@dataclass(frozen=True, slots=True)
class TaxOfRate:
    """The VAT of one rate: `taxed` is the sum of its lines."""

    percent: Decimal
    taxed: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """The sums of an invoice; `total` is with VAT, `payable` what is asked for after `prepaid`."""

    net: Money
    taxes: tuple[TaxOfRate, ...]
    total: Money
    prepaid: Money
    payable: Money

    @property
    def tax(self) -> Money:
        """The VAT of all rates together."""
        return Money.total(rate.tax for rate in self.taxes)


def totals_of(lines: Iterable[PricedLine], prepaid: Money = ZERO) -> InvoiceTotals:
    """Return what the lines add up to, rates from the highest.

    Raises:
        InvoiceHasNoLines, TotalIsNegative or PrepaidExceedsInvoice.
    """
    taxed: defaultdict[Decimal, int] = defaultdict(int)
    for line in lines:
        taxed[line.tax_percent.normalize()] += line.amount.ore
    if not taxed:
        raise InvoiceHasNoLines
    taxes = tuple(
        TaxOfRate(percent, Money(ore), Money(int((ore * percent).scaleb(-2).quantize(_WHOLE, ROUND_HALF_UP))))
        for percent, ore in sorted(taxed.items(), reverse=True)
    )
    net = Money(sum(taxed.values()))
    total = net + Money.total(rate.tax for rate in taxes)
    if total < ZERO:
        raise TotalIsNegative(total)
    if prepaid > total:
        raise PrepaidExceedsInvoice(prepaid, total)
    return InvoiceTotals(net, taxes, total, prepaid, total - prepaid)
