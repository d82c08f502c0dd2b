"""The text of a UsingQR code (revision 2), which Swedish bank apps read into a ready payment.

Only the text: drawing it is the letter's affair. The code is for one payment in kronor to one giro.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum import luhn

from punktlig.core.invoice import AccountKind
from punktlig.core.refusal import Refusal
from punktlig.formats.giro import format_bankgiro, format_plusgiro

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.invoice import PaymentAccount
    from punktlig.core.money import Money

_ORGANISATION_NUMBER = re.compile(r"(?:\d\d)?(\d{6})-?(\d{4})", re.ASCII)


class NoUsingQr(Refusal, ValueError):
    """No code can be made for this payment. `code` names the reason for programs."""


@dataclass(eq=False)
class AmountIsNotPositive(NoUsingQr):
    """There is nothing to pay."""

    amount: Money

    def __str__(self) -> str:
        return f"a payment code needs an amount above zero, not {self.amount}"


@dataclass(eq=False)
class AccountIsNoGiro(NoUsingQr):
    """The account is neither a bankgiro nor a plusgiro."""

    kind: AccountKind

    def __str__(self) -> str:
        return f"a payment code needs a bankgiro or a plusgiro, not an account of kind {self.kind}"


@dataclass(eq=False)
class PayeeIsNotIdentified(NoUsingQr):
    """The payee has no name, or no Swedish organisation number with a right check digit."""

    payee: str
    identity_number: str

    def __str__(self) -> str:
        found = f"{self.payee!r} and {self.identity_number!r}"
        return f"a payment code needs the payee's name and organisation number, not {found}"


@dataclass(eq=False)
class ReferenceIsMissing(NoUsingQr):
    """There is no reference that would tell the payee what is paid."""

    def __str__(self) -> str:
        return "a payment code needs a payment reference"


def usingqr_text(
    *,
    payee: str,
    identity_number: str,
    reference: str,
    due_date: date,
    amount: Money,
    account: PaymentAccount,
    invoice_date: date | None = None,
) -> str:
    """Return the compact JSON text of a payment code, in the field order that the specification's example has.

    Letters are written as they are and not as escapes: the code is read as UTF-8, and å, ä and ö then take two
    bytes instead of six.

    Raises:
        AmountIsNotPositive: zero or less.
        AccountIsNoGiro: another kind of account.
        NotABankgiroNumber, NotAPlusgiroNumber: the number of the account is wrong.
        PayeeIsNotIdentified: no name, or not a Swedish organisation number.
        ReferenceIsMissing: an empty reference.
    """
    if amount.ore <= 0:
        raise AmountIsNotPositive(amount)
    name = " ".join(payee.split())
    number = _ORGANISATION_NUMBER.fullmatch(identity_number.strip())
    if not name or number is None or not luhn.is_valid(number[1] + number[2]):
        raise PayeeIsNotIdentified(payee, identity_number)
    if not reference.strip():
        raise ReferenceIsMissing
    giro, printed = _giro(account)
    fields = [
        ("uqr", "1"),
        ("tp", "1"),
        ("nme", _json_text(name)),
        ("cid", _json_text(f"{number[1]}-{number[2]}")),
        ("iref", _json_text(reference.strip())),
        ("idt", _json_text(f"{invoice_date:%Y%m%d}") if invoice_date else ""),
        ("ddt", _json_text(f"{due_date:%Y%m%d}")),
        ("due", _json_number(amount)),
        ("pt", _json_text(giro)),
        ("acc", _json_text(printed)),
    ]
    return "{" + ",".join(f'"{key}":{value}' for key, value in fields if value) + "}"


def _giro(account: PaymentAccount) -> tuple[str, str]:
    match account.kind:
        case AccountKind.BANKGIRO:
            return "BG", format_bankgiro(account.number)
        case AccountKind.PLUSGIRO:
            # The pairs of the printed number are for people; the code has the hyphen alone.
            return "PG", format_plusgiro(account.number).replace(" ", "")
        case _:
            raise AccountIsNoGiro(account.kind)


def _json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _json_number(amount: Money) -> str:
    """Return the amount as a JSON number without trailing zeros: 5 kronor is `5`, 5 kronor 50 öre is `5.5`."""
    # Written by hand because the json module knows no decimal but float, and an öre must not pass through one.
    kronor, ore = divmod(amount.ore, 100)
    return f"{kronor}.{ore:02d}".rstrip("0").rstrip(".")
