"""The text of a UsingQR code, by its specification's worked example."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.core.money import Money
from punktlig.formats.giro import NotABankgiroNumber, NotAPlusgiroNumber
from punktlig.formats.usingqr import (
    AccountIsNoGiro,
    AmountIsNotPositive,
    PayeeIsNotIdentified,
    ReferenceIsMissing,
    usingqr_text,
)

EXAMPLE: dict[str, Any] = {
    "payee": "Test company AB",
    "identity_number": "555555-5555",
    "reference": "52456",
    "invoice_date": date(2013, 4, 8),
    "due_date": date(2013, 5, 8),
    "amount": Money(5_00),
    "account": PaymentAccount(kind=AccountKind.BANKGIRO, number="433-8778"),
}


def written(**changed: Any) -> str:
    return usingqr_text(**{**EXAMPLE, **changed})


def test_the_worked_example_of_the_specification() -> None:
    assert written() == (
        '{"uqr":1,"tp":1,"nme":"Test company AB","cid":"555555-5555","iref":"52456","idt":"20130408",'
        '"ddt":"20130508","due":5,"pt":"BG","acc":"433-8778"}'
    )


def test_the_invoice_date_may_be_left_out() -> None:
    assert "idt" not in json.loads(written(invoice_date=None))


@pytest.mark.parametrize(
    ("ore", "number"),
    [
        (500, "5"),
        (550, "5.5"),
        (525, "5.25"),
        (505, "5.05"),
        (1, "0.01"),
        (10_00, "10"),
        (99_999_999_99, "99999999.99"),
    ],
)
def test_the_amount_is_a_number_without_trailing_zeros(ore: int, number: str) -> None:
    assert f'"due":{number},' in written(amount=Money(ore))


@given(st.integers(1, 10**13))
def test_the_amount_reads_back_to_the_ore(ore: int) -> None:
    assert json.loads(written(amount=Money(ore)), parse_float=Decimal)["due"] * 100 == ore


@given(st.text(min_size=1).filter(str.strip))
def test_every_name_and_reference_survives_as_json(text: str) -> None:
    read = json.loads(written(payee=text, reference=text))
    assert read["nme"] == " ".join(text.split())
    assert read["iref"] == text.strip()


def test_swedish_letters_are_written_as_they_are_and_quotes_are_escaped() -> None:
    text = written(payee='Lillsjöns "Å & Ä"\\AB')
    assert '"nme":"Lillsjöns \\"Å & Ä\\"\\\\AB"' in text
    assert written(payee="  Två\n rader ") == written(payee="Två rader")


def test_a_plusgiro_has_its_hyphen_and_no_spaces() -> None:
    text = written(account=PaymentAccount(kind=AccountKind.PLUSGIRO, number="2865434"))
    assert text.endswith('"pt":"PG","acc":"286543-4"}')


def test_an_organisation_number_is_written_with_its_hyphen_however_it_was_given() -> None:
    for given_as in ("5555555555", "165555555555", " 16555555-5555 "):
        assert json.loads(written(identity_number=given_as))["cid"] == "555555-5555"


@pytest.mark.parametrize("ore", [0, -1])
def test_there_is_no_code_for_nothing_to_pay(ore: int) -> None:
    with pytest.raises(AmountIsNotPositive) as refused:
        written(amount=Money(ore))
    assert refused.value.amount == Money(ore)
    assert "above zero" in str(refused.value)


@pytest.mark.parametrize("kind", [AccountKind.IBAN, AccountKind.OTHER])
def test_there_is_no_code_for_an_account_that_is_no_giro(kind: AccountKind) -> None:
    with pytest.raises(AccountIsNoGiro, match=f"account of kind {kind}"):
        written(account=PaymentAccount(kind=kind, number="SE4550000000058398257466"))


def test_there_is_no_code_for_a_giro_with_a_wrong_check_digit() -> None:
    with pytest.raises(NotABankgiroNumber):
        written(account=PaymentAccount(kind=AccountKind.BANKGIRO, number="433-8779"))
    with pytest.raises(NotAPlusgiroNumber):
        written(account=PaymentAccount(kind=AccountKind.PLUSGIRO, number="28 65 43-5"))


@pytest.mark.parametrize(
    ("payee", "number"), [("", "555555-5555"), ("  ", "555555-5555"), ("A", "555555-5556"), ("A", ""), ("A", "SE1")]
)
def test_there_is_no_code_without_the_payees_name_and_number(payee: str, number: str) -> None:
    with pytest.raises(PayeeIsNotIdentified) as refused:
        written(payee=payee, identity_number=number)
    assert (refused.value.payee, refused.value.identity_number) == (payee, number)
    assert repr(number) in str(refused.value)


def test_there_is_no_code_without_a_reference() -> None:
    with pytest.raises(ReferenceIsMissing, match="payment reference"):
        written(reference=" ")
