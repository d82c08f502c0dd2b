"""Amounts, dates and rates as people read them; `~` stands for a no-break space here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.formatting import NO_BREAK_SPACE, Language, formatting
from punktlig.core.money import Money


def seen(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, "~")


@pytest.mark.parametrize(
    ("ore", "swedish", "english"),
    [
        (0, "0,00", "0.00"),
        (1, "0,01", "0.01"),
        (99, "0,99", "0.99"),
        (1_284_52, "1~284,52", "1,284.52"),
        (99_999_999_99, "99~999~999,99", "99,999,999.99"),
        (-7_200_00, "−7~200,00", "−7,200.00"),
        (-5, "−0,05", "−0.05"),
    ],
)
def test_an_amount_has_its_ore_no_break_spaces_and_a_true_minus(ore: int, swedish: str, english: str) -> None:
    assert seen(formatting("sv").amount(Money(ore))) == swedish
    assert seen(formatting("en").amount(Money(ore))) == english


def test_the_currency_stands_after_in_swedish_and_before_in_english() -> None:
    assert seen(formatting("sv").with_currency(Money(1_284_52))) == "1~284,52~kr"
    assert seen(formatting("en").with_currency(Money(1_284_52))) == "SEK~1,284.52"
    assert seen(formatting("sv").with_currency(Money(1_284_52), "EUR")) == "1~284,52~EUR"
    assert seen(formatting("en").with_currency(Money(1_284_52), "EUR")) == "EUR~1,284.52"


@pytest.mark.parametrize(
    ("ore", "swedish", "english"),
    [
        (60_00, "60~kr", "SEK~60"),
        (1_000_00, "1~000~kr", "SEK~1,000"),
        (60_50, "60,50~kr", "SEK~60.50"),
        (0, "0~kr", "SEK~0"),
    ],
)
def test_a_round_amount_may_go_without_its_ore(ore: int, swedish: str, english: str) -> None:
    assert seen(formatting("sv").whole_kronor_with_currency(Money(ore))) == swedish
    assert seen(formatting("en").whole_kronor_with_currency(Money(ore))) == english


@pytest.mark.parametrize(
    ("percent", "swedish", "english"),
    [
        ("10", "10,00~%", "10.00%"),
        ("7.5", "7,50~%", "7.50%"),
        ("11.125", "11,125~%", "11.125%"),
        ("0.0001", "0,0001~%", "0.0001%"),
        ("-0.5", "−0,50~%", "−0.50%"),
        ("10.000", "10,00~%", "10.00%"),
        ("100", "100,00~%", "100.00%"),
    ],
)
def test_a_rate_has_two_decimals_or_as_many_as_it_needs(percent: str, swedish: str, english: str) -> None:
    assert seen(formatting("sv").percent(Decimal(percent))) == swedish
    assert seen(formatting("en").percent(Decimal(percent))) == english


@pytest.mark.parametrize(
    ("percent", "swedish", "english"), [("25.00", "25~%", "25%"), ("12.5", "12,5~%", "12.5%"), ("0", "0~%", "0%")]
)
def test_a_rate_of_vat_has_no_needless_decimals(percent: str, swedish: str, english: str) -> None:
    assert seen(formatting("sv").percent_in_short(Decimal(percent))) == swedish
    assert seen(formatting("en").percent_in_short(Decimal(percent))) == english


@pytest.mark.parametrize(
    ("ore", "swedish", "english"),
    [(80_000_00, "80~000", "80,000"), (1_284_99, "1~284", "1,284"), (99, "0", "0"), (-1_000_50, "−1~000", "−1,000")],
)
def test_kronor_alone_leave_the_ore_out(ore: int, swedish: str, english: str) -> None:
    assert seen(formatting("sv").whole_kronor(Money(ore))) == swedish
    assert seen(formatting("en").whole_kronor(Money(ore))) == english


@pytest.mark.parametrize(
    ("number", "swedish"),
    [("2.50", "2,5"), ("240", "240"), ("812.5", "812,5"), ("-3.10", "−3,1"), ("1E+2", "100"), ("0.000", "0")],
)
def test_a_quantity_has_no_needless_zeros(number: str, swedish: str) -> None:
    assert formatting("sv").decimal(Decimal(number)) == swedish


def test_a_date_holds_together() -> None:
    day = date(2025, 9, 1)
    assert seen(formatting("sv").date(day)) == "1~september~2025"
    assert seen(formatting("sv").day_and_month(day)) == "1~september"
    assert seen(formatting("sv").weekday_and_date(day)) == "måndag~1~september~2025"
    assert seen(formatting("en").weekday_and_date(day)) == "Monday~1~September~2025"


@pytest.mark.parametrize(
    ("first", "last", "swedish"),
    [
        (date(2009, 11, 1), date(2009, 11, 11), "1–11~november~2009"),
        (date(2025, 5, 31), date(2025, 6, 30), "31~maj – 30~juni~2025"),
        (date(2025, 12, 31), date(2026, 1, 1), "31~december~2025 – 1~januari~2026"),
        (date(2024, 2, 29), date(2024, 2, 29), "29~februari~2024"),
        (date(2025, 3, 1), date(2026, 3, 1), "1~mars~2025 – 1~mars~2026"),
    ],
)
def test_a_period_repeats_neither_month_nor_year_but_across_new_year(first: date, last: date, swedish: str) -> None:
    assert seen(formatting("sv").period(first, last)) == swedish


@pytest.mark.parametrize(
    ("language", "code", "name"), [("sv", "DE", "Tyskland"), ("en", "NO", "Norway"), ("en", "QX", "QX")]
)
def test_a_country_has_its_name_or_keeps_its_code(language: Language, code: str, name: str) -> None:
    assert formatting(language).country(code) == name


@pytest.mark.parametrize("written", ["SE4550000000058398257466", "se45 5000 0000 0583 9825 7466"])
def test_an_iban_is_printed_in_groups_of_four(written: str) -> None:
    assert formatting("sv").account(written) == "SE45 5000 0000 0583 9825 7466"


def test_the_formatting_of_a_language_is_made_once() -> None:
    assert formatting("sv") is formatting("sv")
