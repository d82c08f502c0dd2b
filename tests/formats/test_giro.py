"""Bankgiro and plusgiro numbers: how they are printed, and which digits are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from punktlig.formats.giro import (
    NotABankgiroNumber,
    NotAGiroNumber,
    NotAPlusgiroNumber,
    format_bankgiro,
    format_plusgiro,
    parse_bankgiro,
    parse_plusgiro,
)

SEPARATORS = ["", " ", "-", "\u00a0", "\u202f", "\u2010", "\u2011", "–", "−"]


def numbers(least: int, most: int) -> st.SearchStrategy[str]:
    bodies = st.text("0123456789", min_size=least - 1, max_size=most - 1).filter(lambda body: body.strip("0"))
    return bodies.map(lambda body: body + str(luhn.calc_check_digit(body)))


@pytest.mark.parametrize("printed", ["160-9908", "202-7001", "321-7254", "5050-1055"])
def test_a_bankgiro_is_printed_with_a_hyphen_before_the_last_four_digits(printed: str) -> None:
    digits = parse_bankgiro(printed)
    assert digits == printed.replace("-", "")
    assert format_bankgiro(digits) == printed


@pytest.mark.parametrize(
    ("digits", "printed"), [("2865434", "28 65 43-4"), ("45674", "45 67-4"), ("18", "1-8"), ("125", "12-5")]
)
def test_a_plusgiro_is_printed_in_pairs_before_the_check_digit(digits: str, printed: str) -> None:
    assert format_plusgiro(digits) == printed
    assert parse_plusgiro(printed) == digits


def test_an_odd_number_of_digits_before_the_check_digit_begins_with_one_alone() -> None:
    assert format_plusgiro("1234566") == "12 34 56-6"
    assert format_plusgiro("123455") == "1 23 45-5"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_any_space_or_hyphen_may_stand_in_a_number(separator: str) -> None:
    assert parse_bankgiro(f" 5050{separator}1055 ") == "50501055"
    assert parse_plusgiro(separator.join(["28", "65", "43", "4"])) == "2865434"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5050-1056", "its last digit does not match the others"),
        ("1608", "it has 7 or 8 digits"),
        ("505010555", "it has 7 or 8 digits"),
        ("", "it has 7 or 8 digits"),
        ("5050/1055", "it has 7 or 8 digits"),
        ("٥٠٥٠١٠٥٥", "it has 7 or 8 digits"),
        ("0000-0000", "it is only zeros"),
    ],
)
def test_what_is_no_bankgiro_is_refused_with_the_reason_and_the_words_as_written(text: str, reason: str) -> None:
    with pytest.raises(NotABankgiroNumber) as refused:
        format_bankgiro(text)
    assert (refused.value.text, refused.value.reason) == (text, reason)
    assert str(refused.value) == f"{text!r} is not a bankgiro number: {reason}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("28 65 43-5", "its last digit does not match the others"),
        ("8", "it has 2 to 8 digits"),
        ("123456789", "it has 2 to 8 digits"),
        ("PG 18", "it has 2 to 8 digits"),
        ("00", "it is only zeros"),
    ],
)
def test_what_is_no_plusgiro_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAPlusgiroNumber) as refused:
        format_plusgiro(text)
    assert refused.value.reason == reason


def test_the_refusals_are_named_for_other_programs() -> None:
    codes = (NotAGiroNumber.code, NotABankgiroNumber.code, NotAPlusgiroNumber.code)
    assert codes == ("not_a_giro_number", "not_a_bankgiro_number", "not_a_plusgiro_number")


@given(numbers(7, 8))
def test_a_printed_bankgiro_reads_back_to_the_same_digits(digits: str) -> None:
    assert parse_bankgiro(format_bankgiro(digits)) == digits


@given(numbers(2, 8))
def test_a_printed_plusgiro_reads_back_to_the_same_digits(digits: str) -> None:
    printed = format_plusgiro(digits)
    assert parse_plusgiro(printed) == digits
    assert all(len(pair) == 2 for pair in printed.partition("-")[0].split()[1:])


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused_by_name(text: str) -> None:
    for parse in (parse_bankgiro, parse_plusgiro):
        try:
            digits = parse(text)
        except NotAGiroNumber:
            continue
        assert luhn.is_valid(digits)
