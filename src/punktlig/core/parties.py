"""Who owes the debt, as far as the law asks: consumer, trader or public body, at home or abroad, of age or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from punktlig.core.identity import IdentityKind, IdentityNumber, NotAnIdentityNumber, read_identity_number
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.invoice import InvoiceParty


class DebtorKind(StrEnum):
    """The three sorts of debtor that the Interest Act and 1981:739 tell apart."""

    CONSUMER = "consumer"
    TRADER = "trader"
    PUBLIC_BODY = "public"


SWEDEN = "SE"


@dataclass(eq=False)
class DebtorKindUnknown(Refusal):
    """Nothing on the invoice tells whether the debtor is a consumer, a trader or a public body."""

    name: str
    identity_number: str


@dataclass(eq=False)
class DebtorKindContradicted(Refusal):
    """The declared kind of debtor cannot be: the identity number says something else."""

    name: str
    declared: str
    told_by_number: str


@dataclass(eq=False)
class IdentityNumberUnreadable(Refusal):
    """The buyer's identity number is not a valid Swedish one, so neither kind nor age can be trusted."""

    name: str
    identity_number: str
    reason: str


@dataclass(eq=False)
class DebtorIsAnEstate(Refusal):
    """The debtor is a deceased person's estate; a person must find out who represents it."""

    name: str


@dataclass(eq=False)
class DebtorIsBankrupt(Refusal):
    """The name says that the debtor is bankrupt: claims are lodged with the administrator, and a person does that."""

    name: str


@dataclass(eq=False)
class DebtorIsAMinor(Refusal):
    """The debtor is under 18 and represented by a guardian; no letter is sent by routine."""

    name: str
    of_age_on: date


@plain_value()
class Debtor:
    """The debtor as the rules see it. `country` is ISO 3166-1 alpha-2."""

    name: str
    kind: DebtorKind
    country: str = SWEDEN

    @property
    def is_abroad(self) -> bool:
        """Whether the debtor lives or is seated outside Sweden."""
        return self.country != SWEDEN

    @property
    def is_consumer_abroad(self) -> bool:
        """Whether the debtor keeps the consumer protection of another country (Rome I art. 6)."""
        return self.is_abroad and self.kind is DebtorKind.CONSUMER


# The first digit of an organisation number is the legal form's group (Skatteverket SKV 709). Groups 6 and 8 hold both
# those who trade and those who do not, and 25 is the Church of Sweden: there a person is asked.
_TRADER_GROUPS = frozenset("3579")
_ESTATE_GROUP = "1"
_SWEDISH_SCHEMES = frozenset({"", "0007", "9955"})  # unsaid, organisation number, Swedish VAT number
# An estate often keeps the number of the deceased, and a bankrupt company its own: only the name tells.
_ESTATE_NAME = re.compile(r"\bdödsbo(?:et|s)?\b|\bestate of\b", re.IGNORECASE)
_BANKRUPT_NAME = re.compile(r"\bi konkurs\b|\bkonkursbo(?:et|s)?\b", re.IGNORECASE)
_PUBLIC_PREFIXES = frozenset({"20", "21", "22", "23"})


def kind_of_organisation(number: IdentityNumber) -> DebtorKind | None:
    """Return what the group of an organisation number tells, or None when it does not tell."""
    if number.digits[:2] in _PUBLIC_PREFIXES:
        return DebtorKind.PUBLIC_BODY
    return DebtorKind.TRADER if number.digits[0] in _TRADER_GROUPS else None


def debtor_from(buyer: InvoiceParty, declared: DebtorKind | None, *, today: date) -> Debtor:
    """Return the debtor an invoice is addressed to, with the kind that its identity number tells or that was declared.

    A personal number with a VAT registration is a sole trader who may have bought privately: the kind is asked for.
    A sole trader may be declared a trader, since the firm has no other number.

    Raises:
        DebtorIsAnEstate, DebtorIsBankrupt, IdentityNumberUnreadable, DebtorIsAMinor, DebtorKindContradicted or
        DebtorKindUnknown.
    """
    _refuse_name(buyer.name)
    country = buyer.address.country or SWEDEN
    number = _swedish_number(buyer, country, today=today)
    if number is not None and number.birth_date is not None and not number.is_of_age(today):
        raise DebtorIsAMinor(buyer.name, number.of_age_on)
    told = _told_kind(buyer, number, country)
    if told is None and declared is None:
        raise DebtorKindUnknown(buyer.name, buyer.identity_number)
    if number is not None and declared is not None and not _may_be(number, told, declared):
        says = told.value if told else "person" if number.birth_date else "organisation"
        raise DebtorKindContradicted(buyer.name, declared.value, says)
    kind = declared or told
    assert kind is not None  # noqa: S101 - a broken promise of our own: both were None above
    return Debtor(buyer.name, kind, country)


def _refuse_name(name: str) -> None:
    # Almost no name has any of these, and to look for them takes a fifth of the time of the two patterns.
    folded = name.casefold()
    if "dödsbo" not in folded and "estate of" not in folded and "konkurs" not in folded:
        return
    if _ESTATE_NAME.search(name):
        raise DebtorIsAnEstate(name)
    if _BANKRUPT_NAME.search(name):
        raise DebtorIsBankrupt(name)


def _swedish_number(buyer: InvoiceParty, country: str, *, today: date) -> IdentityNumber | None:
    # A number of another scheme, such as a GLN, is no identity number at all; then a Swedish VAT number holds one.
    written = buyer.identity_number if buyer.identity_scheme in _SWEDISH_SCHEMES else ""
    if country != SWEDEN and not buyer.identity_scheme:
        written = ""
    written = written or (buyer.vat_number if buyer.vat_number[:2].upper() == SWEDEN else "")
    if not written:
        return None
    try:
        number = read_identity_number(written, today=today)
    except NotAnIdentityNumber as problem:
        raise IdentityNumberUnreadable(buyer.name, written, problem.reason) from problem
    if number.kind is IdentityKind.ORGANISATION and number.digits[0] == _ESTATE_GROUP:
        raise DebtorIsAnEstate(buyer.name)
    return number


def _told_kind(buyer: InvoiceParty, number: IdentityNumber | None, country: str) -> DebtorKind | None:
    if number is None:
        # A foreign VAT number on the invoice is how a business identifies itself in cross-border trade.
        return DebtorKind.TRADER if country != SWEDEN and buyer.vat_number else None
    if number.birth_date is not None:
        return None if buyer.vat_number else DebtorKind.CONSUMER
    return kind_of_organisation(number)


def _may_be(number: IdentityNumber, told: DebtorKind | None, declared: DebtorKind) -> bool:
    if number.birth_date is not None:
        return declared is not DebtorKind.PUBLIC_BODY
    return declared is not DebtorKind.CONSUMER and told in (None, declared)
