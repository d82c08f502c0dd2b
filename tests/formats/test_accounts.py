"""What kind of account an invoice names."""

from __future__ import annotations

import pytest

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.formats.accounts import NotAnAccountNumber, distinct_accounts, parse_account, payment_account

IBAN = "SE4550000000058398257466"


@pytest.mark.parametrize(
    ("number", "mark", "kind", "kept"),
    [
        ("5050-1055", "SE:BANKGIRO", AccountKind.BANKGIRO, "50501055"),
        ("50501055", " se:bankgiro ", AccountKind.BANKGIRO, "50501055"),
        ("5050 1055", "BGABSESS", AccountKind.BANKGIRO, "50501055"),
        ("28 65 43-4", "SE:PLUSGIRO", AccountKind.PLUSGIRO, "2865434"),
    ],
)
def test_a_giro_is_one_because_the_file_says_so(number: str, mark: str, kind: AccountKind, kept: str) -> None:
    assert payment_account(number, mark) == PaymentAccount(kind=kind, number=kept)


def test_a_giro_with_a_wrong_check_digit_is_kept_as_written() -> None:
    assert payment_account("5050-1056", "SE:BANKGIRO").number == "5050-1056"
    assert payment_account("28 65 43-5", "SE:PLUSGIRO").number == "28 65 43-5"


def test_digits_that_could_be_a_giro_are_none_when_the_file_does_not_say() -> None:
    assert payment_account("5050-1055", "") == PaymentAccount(kind=AccountKind.OTHER, number="5050-1055")


def test_an_iban_is_one_by_its_check_digits_whatever_its_spaces_and_case() -> None:
    account = payment_account("se45 5000 0000 0583 9825 7466", "ESSESESS")
    assert account == PaymentAccount(kind=AccountKind.IBAN, number=IBAN, bic="ESSESESS")
    assert payment_account("SE4650000000058398257466", "esses ess").kind is AccountKind.OTHER


def test_only_what_is_built_as_a_bic_is_one() -> None:
    assert payment_account(IBAN, "essesessxxx").bic == "ESSESESSXXX"
    assert payment_account(IBAN, "5000").bic == ""
    assert payment_account("8327-9,123", "SWEDSESS") == PaymentAccount(
        kind=AccountKind.OTHER, number="8327-9,123", bic="SWEDSESS"
    )


def test_the_same_number_is_listed_once_and_with_its_bic() -> None:
    without, with_bic = payment_account(IBAN, ""), payment_account(IBAN, "ESSESESS")
    giro = payment_account("5050-1055", "SE:BANKGIRO")
    assert distinct_accounts([without, giro, with_bic, without]) == (with_bic, giro)
    assert distinct_accounts([with_bic, without]) == (with_bic,)
    assert distinct_accounts([]) == ()


@pytest.mark.parametrize(
    ("kind", "written", "kept", "wrong"),
    [
        (AccountKind.BANKGIRO, "5050-1055", "50501055", "5050-1056"),
        (AccountKind.PLUSGIRO, "28 65 43-4", "2865434", "28 65 43-5"),
        (AccountKind.IBAN, "SE45 5000 0000 0583 9825 7466", IBAN, "SE46 5000 0000 0583 9825 7466"),
    ],
)
def test_a_number_is_one_of_its_kind_by_its_check_digit(kind: AccountKind, written: str, kept: str, wrong: str) -> None:
    assert parse_account(kind, written) == kept
    with pytest.raises(NotAnAccountNumber):
        parse_account(kind, wrong)
