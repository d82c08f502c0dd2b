"""Which of a party's identifiers is its identity number. The personal numbers are Skatteverket's, made for tests."""

from __future__ import annotations

import pytest

from punktlig.formats.identity import chosen_identity


def test_the_registration_number_counts_before_every_other() -> None:
    assert chosen_identity([("", "0007"), ("5599443172", "0007")], [("19900101-2385", "")]) == ("5599443172", "0007")
    assert chosen_identity([("DK12345678", "0184")], [("5599443172", "0007")]) == ("DK12345678", "0184")


def test_the_swedish_scheme_counts_wherever_it_stands_and_is_kept_as_written() -> None:
    assert chosen_identity([], [("7300009000000", "0088"), ("559944-3172", "0007")]) == ("559944-3172", "0007")
    assert chosen_identity([], [("559944-3173", "0007")]) == ("559944-3173", "0007"), "a person must see the mistake"


@pytest.mark.parametrize(
    "number", ["19900101-2385", "199001012385", "900101-2385", "9001012385", "900101+2385", "7010632391"]
)
def test_a_number_without_scheme_that_is_built_as_a_personal_number_is_one(number: str) -> None:
    assert chosen_identity([], [("10202", ""), (number, "")]) == (number, "")


def test_twelve_digits_that_begin_with_16_are_an_organisation_number() -> None:
    assert chosen_identity([], [("165599443172", "")]) == ("165599443172", "")


@pytest.mark.parametrize(
    "number",
    [
        "5599443172",  # ten digits with a right check digit: one customer number in ten
        "9001012386",  # a wrong check digit
        "9013012387",  # no thirteenth month
        "9001322380",  # no thirty-second day
        "9001002386",  # no day 0
        "229001012385",  # no such century
        "10202",
        "7300009000000",
    ],
)
def test_a_customer_number_is_no_identity_number(number: str) -> None:
    assert chosen_identity([], [(number, "")]) == ("", "")


def test_a_number_with_another_scheme_is_not_taken_for_a_swedish_one() -> None:
    assert chosen_identity([], [("9001012385", "0088"), ("kund@example.com", "EM")]) == ("", "")
    assert chosen_identity([], []) == ("", "")
