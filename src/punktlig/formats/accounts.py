"""Payment accounts: whether a number is one of its kind, and what kind an invoice names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import iban

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.formats.giro import NotAGiroNumber, parse_bankgiro, parse_plusgiro

if TYPE_CHECKING:
    from collections.abc import Iterable

# Swedish rules for Peppol BIS Billing 3.0: BT-86 holds SE:BANKGIRO or SE:PLUSGIRO when the account (BT-84) is a giro.
# BGABSESS is Bankgirot's own BIC; programs that once wrote Svefaktura still mark a bankgiro with it.
_GIRO_MARKS = {
    "SE:BANKGIRO": AccountKind.BANKGIRO,
    "BGABSESS": AccountKind.BANKGIRO,
    "SE:PLUSGIRO": AccountKind.PLUSGIRO,
}
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


def payment_account(number: str, institution: str) -> PaymentAccount:
    """Return the account with its kind.

    A giro is a giro because the file says so: the digits alone fit both kinds. Its number is kept as digits, or as
    written when the check digit is wrong, so that the one who prints it refuses with the creditor's own words. An IBAN
    is one when its check digits are right, whatever the file calls it. The rest is `OTHER`.
    """
    mark = institution.strip().upper()
    kind = _GIRO_MARKS.get(mark)
    if kind is not None:
        return PaymentAccount(kind=kind, number=_giro_digits(kind, number))
    bic = mark if _BIC.fullmatch(mark) else ""
    if iban.is_valid(number):
        return PaymentAccount(kind=AccountKind.IBAN, number=iban.compact(number), bic=bic)
    return PaymentAccount(kind=AccountKind.OTHER, number=number, bic=bic)


class NotAnAccountNumber(ValueError):
    """The text is no number of the kind of account that was said."""


def parse_account(kind: AccountKind, number: str) -> str:
    """Return the digits of a giro number, or an IBAN without spaces. Raises NotAnAccountNumber."""
    try:
        match kind:
            case AccountKind.BANKGIRO:
                return parse_bankgiro(number)
            case AccountKind.PLUSGIRO:
                return parse_plusgiro(number)
    except NotAGiroNumber as problem:
        raise NotAnAccountNumber(str(problem)) from None
    if not iban.is_valid(number):
        raise NotAnAccountNumber(f"{number!r} is not an IBAN: its length or its check digits are wrong")
    return iban.compact(number)


def distinct_accounts(accounts: Iterable[PaymentAccount]) -> tuple[PaymentAccount, ...]:
    """Return the accounts in the file's order, each number once; of two with the same number the one with BIC."""
    found: dict[tuple[AccountKind, str], PaymentAccount] = {}
    for account in accounts:
        known = found.get((account.kind, account.number))
        if known is None or not known.bic:
            found[account.kind, account.number] = account
    return tuple(found.values())


def _giro_digits(kind: AccountKind, number: str) -> str:
    try:
        return parse_bankgiro(number) if kind is AccountKind.BANKGIRO else parse_plusgiro(number)
    except NotAGiroNumber:
        return number
