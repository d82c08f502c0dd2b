"""Late-payment interest told in small cases; examples and properties stand in files of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.explanation import What
from punktlig.core.interest import Debt, PartPayment, daily_growth, late_payment_interest
from punktlig.core.late_rate import STATUTORY, Convention, LateRate, RateUnknown
from punktlig.core.money import ZERO, Money
from tests.core.invented import paid

PRINCIPAL = Money(10_000_00)
FIRST = date(2026, 10, 1)
TEN_PERCENT = LateRate.fixed(Decimal(10))


def _total(debt: Debt, through: date) -> Money:
    return late_payment_interest(debt, through).total


@pytest.mark.parametrize(
    ("through", "total"),
    [
        (date(2026, 9, 30), "0.00"),  # the due date itself
        (date(2026, 10, 1), "2.74"),
        (date(2026, 10, 2), "5.48"),
        (date(2026, 11, 23), "147.95"),
    ],
)
def test_interest_counts_the_day_after_the_due_date_and_the_last_day(through: date, total: str) -> None:
    assert str(_total(Debt(PRINCIPAL, FIRST), through)) == total


@pytest.mark.parametrize(
    ("paid_on", "total"),
    [
        (date(2026, 9, 1), "73.97"),  # before the due date: half the principal from the start
        (date(2026, 9, 30), "73.97"),  # on the due date: the same
        (date(2026, 10, 1), "75.34"),  # on the first interest day, which still counts on the whole
        (date(2026, 10, 31), "116.44"),
        (date(2026, 11, 22), "146.58"),
        (date(2026, 11, 23), "147.95"),  # on the letter's day: nothing changes yet
        (date(2026, 11, 24), "147.95"),  # later: not known today
    ],
)
def test_a_part_payment_lowers_the_balance_from_the_day_after_it(paid_on: date, total: str) -> None:
    debt = Debt(PRINCIPAL, FIRST, payments=(paid(paid_on, "5000.00"),))
    assert str(_total(debt, date(2026, 11, 23))) == total


@pytest.mark.parametrize(("bears", "total"), [(True, "75.34"), (False, "73.97")])
def test_whether_the_day_of_payment_bears_interest_is_a_setting(bears: bool, total: str) -> None:
    debt = Debt(PRINCIPAL, FIRST, payments=(paid(FIRST, "5000.00"),), payment_day_bears_interest=bears)
    assert str(_total(debt, date(2026, 11, 23))) == total


def test_a_debt_paid_in_full_stops_growing_and_an_overpayment_earns_nothing() -> None:
    debt = Debt(PRINCIPAL, FIRST, payments=(paid(date(2026, 10, 31), "10000.01"), paid(date(2026, 11, 10), "1.00")))
    assert _total(debt, date(2026, 11, 23)) == _total(debt, date(2026, 10, 31)) == Money(84_93)
    assert daily_growth(debt, date(2026, 11, 24)) == ZERO
    assert debt.unpaid(date(2026, 11, 23)) == ZERO


def test_a_debt_paid_before_it_fell_due_bears_no_interest_and_needs_no_rate() -> None:
    debt = Debt(PRINCIPAL, date(2027, 1, 5), payments=(paid(date(2026, 12, 1), "10000.00"),))
    assert late_payment_interest(debt, date(2031, 1, 1)).lines == ()
    assert _total(Debt(ZERO, date(2027, 1, 5)), date(2031, 1, 1)) == ZERO


def test_the_unpaid_principal_counts_the_payments_of_the_day_itself() -> None:
    debt = Debt(PRINCIPAL, FIRST, payments=(paid(date(2026, 10, 31), "4000.00"), paid(date(2026, 11, 23), "1000.00")))
    days = (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 22), date(2026, 11, 23))
    assert [str(debt.unpaid(day)) for day in days] == ["10000.00", "6000.00", "6000.00", "5000.00"]


@pytest.mark.parametrize(
    ("first", "through", "known"),
    [
        (date(2026, 12, 31), date(2026, 12, 31), True),
        (date(2026, 12, 31), date(2027, 1, 1), False),
        (date(2027, 1, 1), date(2027, 1, 1), False),
        (date(2002, 7, 1), date(2002, 7, 1), True),
        (date(2002, 6, 30), date(2002, 7, 1), False),
        (date(1990, 1, 1), date(1990, 1, 2), False),
    ],
)
@pytest.mark.parametrize("payments", [(), (paid(date(2002, 7, 1), "1.00"),)])
def test_a_day_without_a_known_rate_is_refused_by_its_date(
    first: date,
    through: date,
    known: bool,
    payments: tuple[PartPayment, ...],
) -> None:
    debt = Debt(PRINCIPAL, first, payments=payments)
    if known:
        assert _total(debt, through) > ZERO
    else:
        with pytest.raises(RateUnknown) as refused:
            late_payment_interest(debt, through)
        assert refused.value.day == (first if first < date(2002, 7, 1) else date(2027, 1, 1))


def test_each_line_explains_one_period_of_one_rate_one_capital_and_one_year() -> None:
    debt = Debt(Money(8_400_50), date(2025, 6, 17), payments=(paid(date(2026, 8, 14), "3000.50"),))
    interest = late_payment_interest(debt, date(2026, 11, 23))
    told = [
        (str(line.first_day), str(line.last_day), str(line.capital), int(line.percent), line.days, str(line.amount))
        for line in interest.lines
    ]
    assert told == [
        ("2025-06-17", "2025-06-30", "8400.50", 11, 14, "35.44"),
        ("2025-07-01", "2025-12-31", "8400.50", 10, 184, "423.48"),
        ("2026-01-01", "2026-06-30", "8400.50", 10, 181, "416.57"),
        ("2026-07-01", "2026-08-14", "8400.50", 10, 45, "103.57"),
        ("2026-08-15", "2026-11-23", "5400.00", 10, 101, "149.43"),  # 149.4247 and the residual of the total
    ]
    assert str(interest.total) == "1128.49"
    assert interest.days == 525
    assert {(line.reference_percent, line.year_days) for line in interest.lines} == {
        (Decimal("3.00"), 365),
        (Decimal("2.00"), 365),
    }


def test_an_agreed_fixed_rate_has_a_line_for_each_calendar_year() -> None:
    interest = late_payment_interest(Debt(PRINCIPAL, date(2023, 11, 1), LateRate.fixed(Decimal(18))), date(2025, 1, 31))
    assert [(line.days, line.year_days, str(line.amount)) for line in interest.lines] == [
        (61, 365, "300.82"),
        (366, 366, "1800.00"),
        (31, 365, "152.88"),
    ]
    assert all(line.reference_percent is None for line in interest.lines)


def test_years_of_365_days_are_shown_as_such() -> None:
    debt = Debt(PRINCIPAL, date(2024, 1, 1), TEN_PERCENT)
    interest = late_payment_interest(debt, date(2024, 12, 31), convention=Convention.ACT_365)
    assert [(line.days, line.year_days, str(line.amount)) for line in interest.lines] == [(366, 365, "1002.74")]


def test_whole_kronor_drop_the_ore_and_the_lines_still_add_up() -> None:
    debt = Debt(Money(16_350_00), date(2022, 2, 21))
    interest = late_payment_interest(debt, date(2023, 6, 27), convention=Convention.WHOLE_KRONOR)
    assert interest.total == Money.total(line.amount for line in interest.lines) == Money(2003_00)


def test_many_lines_of_less_than_half_an_ore_share_what_rounding_left_over() -> None:
    # 0.10 kr at 8 % is 0.4 öre in half a year: such a line alone rounds to nothing, the sum of them does not.
    interest = late_payment_interest(Debt(Money(10), date(2020, 1, 1)), date(2026, 11, 23))
    amounts = [line.amount for line in interest.lines]
    assert min(amounts) >= ZERO
    assert Money.total(amounts) == interest.total


def test_the_sum_of_rates_never_falls_below_nothing() -> None:
    debt = Debt(PRINCIPAL, date(2018, 1, 1), LateRate.reference_plus(Decimal("0.25")))
    interest = late_payment_interest(debt, date(2018, 12, 31))  # the reference rate was -0.50 %
    assert interest.total == ZERO
    assert [line.percent for line in interest.lines] == [0, 0]
    assert daily_growth(debt, date(2018, 5, 1)) == ZERO


def test_a_negative_reference_rate_lowers_the_statutory_rate() -> None:
    interest = late_payment_interest(Debt(PRINCIPAL, date(2018, 1, 1)), date(2018, 12, 31))
    assert str(interest.total) == "750.00"
    assert [line.percent for line in interest.lines] == [Decimal("7.50"), Decimal("7.50")]


@pytest.mark.parametrize(
    ("day", "growth"),
    [
        (date(2026, 9, 30), "0.00"),
        (date(2026, 10, 1), "2.74"),
        (date(2026, 10, 31), "2.74"),
        (date(2026, 11, 1), "1.37"),
        (date(2026, 12, 31), "1.37"),
    ],
)
def test_each_later_day_adds_the_interest_of_that_day_alone(day: date, growth: str) -> None:
    debt = Debt(PRINCIPAL, FIRST, payments=(paid(date(2026, 10, 31), "5000.00"),))
    assert str(daily_growth(debt, day)) == growth


def test_growth_of_a_day_without_a_known_rate_is_refused() -> None:
    with pytest.raises(RateUnknown):
        daily_growth(Debt(PRINCIPAL, FIRST), date(2027, 1, 1))


def test_every_line_names_its_law_its_basis_its_rate_and_its_days() -> None:
    (line,) = late_payment_interest(Debt(PRINCIPAL, FIRST), date(2026, 11, 23)).explain()
    assert (line.what, line.statute, line.basis, line.percent) == (
        What.INTEREST,
        "1975:635 s. 6",
        PRINCIPAL,
        Decimal(10),
    )
    assert (line.first_day, line.last_day, line.days, line.year_days) == (FIRST, date(2026, 11, 23), 54, 365)
    (agreed,) = late_payment_interest(Debt(PRINCIPAL, FIRST, TEN_PERCENT), date(2026, 11, 23)).explain()
    assert agreed.statute == "1975:635 s. 1"
    assert STATUTORY != TEN_PERCENT


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_part_payment_is_more_than_nothing(amount: str) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        paid(FIRST, amount)


def test_a_principal_is_never_below_nothing() -> None:
    with pytest.raises(ValueError, match="never below nothing"):
        Debt(Money(-1), FIRST)
