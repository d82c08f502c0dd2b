"""What holds for late-payment interest whatever the debt is, and agreement with a slow calculation of its own."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.interest import Debt, Interest, PartPayment, daily_growth, late_payment_interest
from punktlig.core.late_rate import STATUTORY, Convention, LateRate
from punktlig.core.money import ZERO, Money
from tests.core.slow_interest import days_between, slow_interest

KNOWN_FROM, KNOWN_THROUGH = date(2002, 7, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)

# The dates that bite: both ends of every half-year and of February.
_BITING = [
    date(year, month, day)
    for year in range(2003, 2027)
    for month, day in ((1, 1), (2, 28), (3, 1), (6, 30), (7, 1), (12, 31))
] + [date(year, 2, 29) for year in range(2004, 2027, 4)]
DAYS = st.sampled_from(_BITING) | st.dates(KNOWN_FROM, KNOWN_THROUGH)
PRINCIPALS = (st.integers(0, 100_00) | st.integers(0, 99_000_000_00)).map(Money)
PERCENTS = st.integers(0, 400_000).map(lambda units: Decimal(units) / 10_000)
RATES = st.just(STATUTORY) | PERCENTS.map(LateRate.fixed) | PERCENTS.map(LateRate.reference_plus)


@st.composite
def periods(draw: st.DrawFn, longest: int = 1_500) -> tuple[date, date]:
    """Draw a first day and a last day that is not before it."""
    first = draw(DAYS)
    nearest = [day for day in _BITING if first <= day <= first + timedelta(days=longest)]
    anywhere = st.integers(0, longest).map(lambda days: min(first + timedelta(days=days), KNOWN_THROUGH))
    return first, draw(st.sampled_from(nearest) | anywhere if nearest else anywhere)


@st.composite
def debts(draw: st.DrawFn, longest: int = 1_500) -> tuple[Debt, date]:
    """Draw a debt with up to four part payments, some before it falls due or after the last day."""
    first, through = draw(periods(longest))
    principal = draw(PRINCIPALS)
    payments = draw(
        st.lists(
            st.builds(
                PartPayment,
                st.integers(-40, longest).map(lambda days: first + timedelta(days=days)),
                st.integers(1, max(principal.ore // 2, 1)).map(Money),
            ),
            max_size=4,
        )
    )
    return Debt(principal, first, draw(RATES), tuple(payments)), through


@given(debts(longest=800), st.sampled_from([Convention.ACT_ACT, Convention.ACT_365]))
def test_a_slow_calculation_day_by_day_in_fractions_agrees_to_the_ore(
    drawn: tuple[Debt, date], convention: Convention
) -> None:
    debt, through = drawn
    paid: Counter[date] = Counter()
    for payment in debt.payments:
        paid[payment.day] += payment.amount.ore
    expected = slow_interest(
        debt.principal.ore,
        days_between(debt.first_day, through),
        Fraction(debt.rate.percent),
        above_reference=debt.rate.above_reference,
        flat_365=convention is Convention.ACT_365,
        paid_ore=paid,
    )
    assert late_payment_interest(debt, through, convention=convention).total.ore == expected


@given(debts(), st.sampled_from(Convention))
def test_the_lines_add_up_to_the_total_exactly_and_none_is_negative(
    drawn: tuple[Debt, date], convention: Convention
) -> None:
    debt, through = drawn
    interest = late_payment_interest(debt, through, convention=convention)
    lines = interest.lines
    assert Money.total(line.amount for line in lines) == interest.total
    assert all(line.amount >= ZERO and line.days > 0 for line in lines)
    assert [explained.amount for explained in interest.explain()] == [line.amount for line in lines]


@given(debts())
def test_the_lines_follow_each_other_without_gap_or_overlap_within_one_half_year(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    lines = late_payment_interest(debt, through).lines
    for earlier, later in pairwise(lines):
        assert later.first_day == earlier.last_day + ONE_DAY
        assert later.capital <= earlier.capital
    for line in lines:
        assert line.first_day.year == line.last_day.year
        assert line.days == (line.last_day - line.first_day).days + 1
        if debt.rate.above_reference:
            assert (line.first_day.month > 6) is (line.last_day.month > 6)
    if lines:
        assert lines[0].first_day == debt.first_day
        assert lines[-1].last_day <= through
    assert sum(line.days for line in lines) == late_payment_interest(debt, through).days


@given(periods(), PRINCIPALS, RATES, st.data())
def test_splitting_a_period_changes_at_most_the_rounding(
    period: tuple[date, date], principal: Money, rate: LateRate, data: st.DataObject
) -> None:
    first, through = period
    split = data.draw(st.integers(0, (through - first).days).map(lambda days: first + timedelta(days=days)))
    whole = late_payment_interest(Debt(principal, first, rate), through)
    before = late_payment_interest(Debt(principal, first, rate), split)
    after = late_payment_interest(Debt(principal, split + ONE_DAY, rate), through)
    # Not rounded they are equal; each of the two roundings moves at most half an öre.
    assert before.exact + after.exact == whole.exact
    assert abs(before.total.ore + after.total.ore - whole.total.ore) <= 1


@given(debts())
def test_interest_never_falls_with_time(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    earlier = late_payment_interest(debt, through - ONE_DAY)
    now = late_payment_interest(debt, through)
    assert earlier.total <= now.total
    assert earlier.exact <= now.exact
    assert abs((now.total - earlier.total).ore - daily_growth(debt, through).ore) <= 1


@given(periods(), PRINCIPALS, st.integers(0, 10_000_00), RATES)
def test_interest_never_falls_with_the_principal_or_the_rate(
    period: tuple[date, date], principal: Money, more: int, rate: LateRate
) -> None:
    first, through = period
    interest = late_payment_interest(Debt(principal, first, rate), through).total
    assert interest <= late_payment_interest(Debt(principal + Money(more), first, rate), through).total
    higher = LateRate(rate.units + 1, above_reference=rate.above_reference)
    assert interest <= late_payment_interest(Debt(principal, first, higher), through).total


@given(debts(), st.data())
def test_the_order_in_which_part_payments_are_told_does_not_matter(
    drawn: tuple[Debt, date], data: st.DataObject
) -> None:
    debt, through = drawn
    shuffled = data.draw(st.permutations(debt.payments))
    again = Debt(debt.principal, debt.first_day, debt.rate, tuple(shuffled))
    assert _told(late_payment_interest(again, through)) == _told(late_payment_interest(debt, through))


@given(debts())
def test_a_part_payment_never_raises_the_interest(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    unpaid = Debt(debt.principal, debt.first_day, debt.rate)
    assert late_payment_interest(debt, through).total <= late_payment_interest(unpaid, through).total


@given(debts())
def test_two_payments_on_one_day_are_as_one(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    halves = tuple(
        PartPayment(payment.day, Money(part))
        for payment in debt.payments
        for part in (payment.amount.ore // 2, payment.amount.ore - payment.amount.ore // 2)
        if part
    )
    again = Debt(debt.principal, debt.first_day, debt.rate, halves)
    assert late_payment_interest(again, through).total == late_payment_interest(debt, through).total


@given(debts())
def test_years_of_365_days_never_give_less_and_the_same_outside_leap_years(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    exact = late_payment_interest(debt, through)
    flat = late_payment_interest(debt, through, convention=Convention.ACT_365)
    assert flat.total >= exact.total
    if not any(line.year_days == 366 for line in exact.lines):
        assert flat.total == exact.total


@given(debts())
def test_whole_kronor_are_the_exact_sum_with_the_ore_dropped(drawn: tuple[Debt, date]) -> None:
    debt, through = drawn
    exact = late_payment_interest(debt, through)
    whole = late_payment_interest(debt, through, convention=Convention.WHOLE_KRONOR).total
    assert whole.ore % 100 == 0
    # Rounding half up may reach the next whole krona; dropping never does.
    assert whole.ore <= exact.total.ore <= whole.ore + 100


@given(st.integers(2003, 2026), PRINCIPALS, PERCENTS)
def test_a_whole_calendar_year_bears_the_whole_fixed_rate(year: int, principal: Money, percent: Decimal) -> None:
    debt = Debt(principal, date(year, 1, 1), LateRate.fixed(percent))
    total = late_payment_interest(debt, date(year, 12, 31)).total
    assert total.ore == int(principal.ore * Fraction(percent) / 100 + Fraction(1, 2))


@given(debts())
def test_a_day_before_the_first_interest_day_bears_nothing(drawn: tuple[Debt, date]) -> None:
    debt, _ = drawn
    assert late_payment_interest(debt, debt.first_day - ONE_DAY).total == ZERO
    assert late_payment_interest(debt, debt.first_day - ONE_DAY).lines == ()


def _told(interest: Interest) -> tuple[object, ...]:
    return interest.total, interest.lines
