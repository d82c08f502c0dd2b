from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.money import ZERO, Money, NotAnAmount, divide_half_up

ORE = st.integers(-(10**15) + 1, 10**15 - 1)


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1200", 1200_00),
        ("1200.5", 1200_50),
        ("1200,50", 1200_50),
        ("1 200,50", 1200_50),
        ("12 345 678,90", 12_345_678_90),
        ("1\u00a0200.00", 1200_00),
        ("1\u202f200.00", 1200_00),
        ("1,200.50", 1200_50),
        ("-1.234.567,89", -1_234_567_89),
        ("9,999,999,999,999.99", 9_999_999_999_999_99),
        ("  0.01 ", 1),
        ("-1200.00", -1200_00),
        ("\u2212450", -450_00),
        ("0", 0),
        ("9999999999999.99", 9_999_999_999_999_99),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, ore: int) -> None:
    assert Money.parse(text).ore == ore


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "kr 5", "1.234", "1,234", "1.200,5", "1,200,50", "1 200.300,50", "1,2000.00", "1 2000",
        "1234 567", "12 34", "1.2.3", "--1", "+1", "1e3",
        "NaN", ".5", "5.", "1 200 ,50", "10000000000000", "99 000 000 000 000", "١٢٠٠", "1 200\n300",
    ],
)  # fmt: skip
def test_what_may_be_read_in_two_ways_is_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        Money.parse(text)
    assert refused.value.text == text


@given(ORE)
def test_an_amount_survives_its_own_text(ore: int) -> None:
    assert Money.parse(str(Money(ore))) == Money(ore)
    assert Money.told(str(Money(ore))) == Money(ore)
    assert Money.of_decimal(Money(ore).as_decimal()) == Money(ore)


@pytest.mark.parametrize("text", ["1", "1.0", "1,00", " 1.00", "1.00\n", "+1.00", "1 000.00", "\u0661.00", "1.000", ""])
def test_what_is_told_has_one_spelling(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.told(text)


@pytest.mark.parametrize(
    "amount",
    [
        "0.001", "NaN", "Infinity", "1E+13", "1E+40", "1E+999999", "1E-999999",
        "1234.5600000000000000000000000000000001", "9999999999999.999",
    ],
)  # fmt: skip
def test_a_decimal_that_is_no_whole_ore_is_refused_and_never_rounded(amount: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.of_decimal(Decimal(amount))


def test_trailing_noughts_are_no_smaller_part() -> None:
    assert Money.of_decimal(Decimal("1200.5000000000000000000000000000000000")) == Money(1200_50)
    assert Money.of_decimal(Decimal("1.2E+3")) == Money(1200_00)


@pytest.mark.parametrize("wrong", [1.0, True, Decimal(1), "1", None])
def test_money_is_made_of_whole_ore_only(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_money_adds_compares_and_is_written_with_two_decimals() -> None:
    assert Money(1_05) + Money(2_00) - Money(5) == Money(3_00)
    assert -Money(5) < ZERO < Money(1)
    assert [str(Money(ore)) for ore in (0, 5, -5, 1_00, -1_234_56)] == ["0.00", "0.05", "-0.05", "1.00", "-1234.56"]
    assert Money.total([]) == ZERO
    assert not ZERO
    assert Money(-1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"), [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (7, 7, 1)]
)
def test_a_half_is_rounded_away_from_nothing(numerator: int, denominator: int, quotient: int) -> None:
    assert divide_half_up(numerator, denominator) == quotient
