"""What an invoice adds up to, to the öre."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from punktlig.core.eligibility import TotalIsNegative
from punktlig.core.invoice_totals import InvoiceHasNoLines, PrepaidExceedsInvoice, PricedLine, totals_of
from punktlig.core.money import Money


def test_lines_round_to_the_ore_and_vat_once_for_each_rate() -> None:
    quarter = Decimal(25)
    totals = totals_of(
        [
            PricedLine(Decimal("0.5"), Money(1), quarter),  # 0.005 is 0.01
            PricedLine(Decimal(3), Money(1), quarter),
            PricedLine(Decimal(1), Money(10_003), Decimal(12)),
            PricedLine(Decimal(-1), Money(1_000), Decimal(0)),
        ],
        Money(500),
    )
    assert [(rate.percent, rate.taxed, rate.tax) for rate in totals.taxes] == [
        (quarter, Money(4), Money(1)),
        (Decimal(12), Money(10_003), Money(1_200)),
        (Decimal(0), Money(-1_000), Money(0)),
    ]
    assert (totals.net, totals.tax, totals.total, totals.payable) == (
        Money(9_007), Money(1_201), Money(10_208), Money(9_708),
    )  # fmt: skip


def test_an_invoice_has_a_line_and_asks_for_no_less_than_nothing() -> None:
    with pytest.raises(InvoiceHasNoLines):
        totals_of([])
    line = PricedLine(Decimal(1), Money(10_000), Decimal(25))
    assert totals_of([line], Money(12_500)).payable == Money(0)
    with pytest.raises(PrepaidExceedsInvoice):
        totals_of([line], Money(12_501))
    with pytest.raises(TotalIsNegative):
        totals_of([PricedLine(Decimal(-1), Money(1), Decimal(25))])


@given(
    st.lists(
        st.builds(
            PricedLine,
            st.decimals(-1_000, 1_000, places=3),
            st.integers(-10_000_000, 10_000_000).map(Money),
            st.sampled_from([Decimal(0), Decimal(6), Decimal(12), Decimal(25), Decimal("25.00")]),
        ),
        min_size=1,
    )
)
def test_the_rates_add_up_to_the_whole_whatever_the_order(lines: list[PricedLine]) -> None:
    try:
        totals = totals_of(lines, Money(0))
    except TotalIsNegative:
        # Also of lines that add up to more than nothing: their VAT may be less, when what is taken back bears more.
        assume(False)
    assert totals.net == Money.total(line.amount for line in lines) == Money.total(rate.taxed for rate in totals.taxes)
    assert totals.total == totals.net + totals.tax == totals.payable
    assert len({rate.percent for rate in totals.taxes}) == len(totals.taxes)
    assert totals_of(list(reversed(lines))) == totals
