from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from punktlig.core.invoice import InvoiceParty, PostalAddress
from punktlig.core.parties import (
    Debtor,
    DebtorIsAMinor,
    DebtorIsAnEstate,
    DebtorIsBankrupt,
    DebtorKind,
    DebtorKindContradicted,
    DebtorKindUnknown,
    IdentityNumberUnreadable,
    debtor_from,
)
from tests.core.invented import ADULT, BUYER, COMPANY, CONSUMER, PUBLIC_BODY, TODAY, TRADER_ABROAD, organisation, person

KINDS = pytest.mark.parametrize("declared", [None, *DebtorKind])


@pytest.mark.parametrize(
    ("group", "told"),
    [
        ("20", DebtorKind.PUBLIC_BODY),  # state
        ("21", DebtorKind.PUBLIC_BODY),  # municipality
        ("22", DebtorKind.PUBLIC_BODY),
        ("23", DebtorKind.PUBLIC_BODY),  # region
        ("25", None),  # Church of Sweden
        ("35", DebtorKind.TRADER),  # foreign company
        ("55", DebtorKind.TRADER),  # limited company
        ("66", None),  # simple partnership
        ("71", DebtorKind.TRADER),  # cooperative, housing cooperative
        ("80", None),  # association, foundation
        ("91", DebtorKind.TRADER),  # trading and limited partnership
    ],
)
def test_the_group_of_an_organisation_number_tells_the_kind_or_asks(group: str, told: DebtorKind | None) -> None:
    buyer = replace(BUYER, identity_number=organisation(group))
    if told is None:
        with pytest.raises(DebtorKindUnknown):
            debtor_from(buyer, None, today=TODAY)
        assert debtor_from(buyer, DebtorKind.TRADER, today=TODAY).kind is DebtorKind.TRADER
        assert debtor_from(buyer, DebtorKind.PUBLIC_BODY, today=TODAY).kind is DebtorKind.PUBLIC_BODY
    else:
        assert debtor_from(buyer, None, today=TODAY) == Debtor(buyer.name, told)
        assert debtor_from(buyer, told, today=TODAY).kind is told


@pytest.mark.parametrize("group", ["20", "25", "55", "66", "80"])
def test_an_organisation_is_never_a_consumer(group: str) -> None:
    with pytest.raises(DebtorKindContradicted) as refused:
        debtor_from(replace(BUYER, identity_number=organisation(group)), DebtorKind.CONSUMER, today=TODAY)
    assert refused.value.declared == "consumer"


def test_a_company_is_no_public_body_and_a_municipality_no_trader() -> None:
    with pytest.raises(DebtorKindContradicted, match="told_by_number=trader"):
        debtor_from(BUYER, DebtorKind.PUBLIC_BODY, today=TODAY)
    with pytest.raises(DebtorKindContradicted, match="told_by_number=public"):
        debtor_from(PUBLIC_BODY, DebtorKind.TRADER, today=TODAY)


@pytest.mark.parametrize("number", [ADULT, person(date(1985, 1, 1), coordination=True)])
def test_a_person_is_a_consumer_unless_declared_a_sole_trader(number: str) -> None:
    buyer = replace(CONSUMER, identity_number=number)
    assert debtor_from(buyer, None, today=TODAY).kind is DebtorKind.CONSUMER
    assert debtor_from(buyer, DebtorKind.TRADER, today=TODAY).kind is DebtorKind.TRADER
    with pytest.raises(DebtorKindContradicted, match="told_by_number=consumer"):
        debtor_from(buyer, DebtorKind.PUBLIC_BODY, today=TODAY)


@pytest.mark.parametrize("identity_number", [ADULT, ""])
def test_a_sole_trader_registered_for_vat_may_have_bought_privately_so_the_kind_is_asked_for(
    identity_number: str,
) -> None:
    buyer = replace(CONSUMER, identity_number=identity_number, vat_number=f"SE{ADULT[2:]}01")
    with pytest.raises(DebtorKindUnknown):
        debtor_from(buyer, None, today=TODAY)
    assert debtor_from(buyer, DebtorKind.CONSUMER, today=TODAY).kind is DebtorKind.CONSUMER
    assert debtor_from(buyer, DebtorKind.TRADER, today=TODAY).kind is DebtorKind.TRADER


def test_a_vat_number_alone_tells_the_kind() -> None:
    buyer = InvoiceParty(name="Granbackens Plåt AB", vat_number=f"SE{COMPANY.replace('-', '')}01")
    assert debtor_from(buyer, None, today=TODAY).kind is DebtorKind.TRADER


def test_a_location_number_is_no_identity_number() -> None:
    buyer = replace(BUYER, identity_number="7300010000001", identity_scheme="0088")
    with pytest.raises(DebtorKindUnknown):
        debtor_from(buyer, None, today=TODAY)
    assert debtor_from(buyer, DebtorKind.CONSUMER, today=TODAY).kind is DebtorKind.CONSUMER
    told = replace(buyer, vat_number=f"SE{COMPANY.replace('-', '')}01")
    assert debtor_from(told, None, today=TODAY).kind is DebtorKind.TRADER


def test_without_any_number_the_kind_is_asked_for() -> None:
    with pytest.raises(DebtorKindUnknown):
        debtor_from(InvoiceParty(name="Anna Ek"), None, today=TODAY)


@KINDS
def test_a_number_that_cannot_be_read_is_told_whatever_was_declared(declared: DebtorKind | None) -> None:
    with pytest.raises(IdentityNumberUnreadable) as refused:
        debtor_from(replace(BUYER, identity_number="556000-0000"), declared, today=TODAY)
    assert refused.value.reason == "the check digit is wrong"


@KINDS
def test_a_minor_is_told_through_the_day_before_the_eighteenth_birthday(declared: DebtorKind | None) -> None:
    child = replace(CONSUMER, identity_number=person(date(2008, 11, 24)))
    with pytest.raises(DebtorIsAMinor) as refused:
        debtor_from(child, declared, today=date(2026, 11, 23))
    assert refused.value.of_age_on == date(2026, 11, 24)


def test_a_person_is_no_minor_on_the_eighteenth_birthday() -> None:
    grown = replace(CONSUMER, identity_number=person(date(2008, 11, 24)))
    assert debtor_from(grown, None, today=date(2026, 11, 24)).kind is DebtorKind.CONSUMER


@pytest.mark.parametrize(
    "buyer",
    [
        replace(BUYER, identity_number=organisation("19")),
        replace(CONSUMER, name="Anna Eks dödsbo"),
        replace(CONSUMER, name="Dödsboet efter Anna Ek"),
        replace(CONSUMER, name="The estate of Anna Ek"),
        replace(CONSUMER, name="ANNA EKS DÖDSBO"),
        replace(CONSUMER, name="Anna Eks Dödſbo"),
        replace(CONSUMER, name="The EſTATE OF Anna Ek"),
    ],
)
@KINDS
def test_an_estate_is_told_by_its_number_or_its_name(buyer: InvoiceParty, declared: DebtorKind | None) -> None:
    with pytest.raises(DebtorIsAnEstate):
        debtor_from(buyer, declared, today=TODAY)


@pytest.mark.parametrize(
    "name",
    [
        "Granbackens Plåt AB i konkurs",
        "Granbackens Plåts konkursbo",
        "GRANBACKENS PLÅT AB I KONKURS",
        "Granbackens Plåts \N{KELVIN SIGN}on\N{KELVIN SIGN}urſbo",
    ],
)
def test_a_bankrupt_debtor_is_told_by_its_name(name: str) -> None:
    with pytest.raises(DebtorIsBankrupt):
        debtor_from(replace(BUYER, name=name), None, today=TODAY)


@pytest.mark.parametrize("name", ["Konkurshjälpen AB", "Dödsborensarna AB"])
def test_a_firm_that_works_with_such_things_is_neither(name: str) -> None:
    assert debtor_from(replace(BUYER, name=name), None, today=TODAY).kind is DebtorKind.TRADER


def test_a_foreign_vat_number_tells_a_trader_abroad() -> None:
    debtor = debtor_from(TRADER_ABROAD, None, today=TODAY)
    assert (debtor.kind, debtor.country, debtor.is_abroad) == (DebtorKind.TRADER, "NO", True)


def test_a_foreign_number_is_not_read_as_a_swedish_one() -> None:
    buyer = replace(TRADER_ABROAD, vat_number="", identity_number="999999999")
    with pytest.raises(DebtorKindUnknown):
        debtor_from(buyer, None, today=TODAY)
    assert debtor_from(buyer, DebtorKind.CONSUMER, today=TODAY).kind is DebtorKind.CONSUMER


def test_a_swedish_number_counts_abroad_when_the_file_says_that_it_is_one() -> None:
    branch = replace(BUYER, address=PostalAddress(country="NO"))
    assert debtor_from(branch, None, today=TODAY) == Debtor(BUYER.name, DebtorKind.TRADER, "NO")


def test_an_address_without_a_country_is_in_sweden() -> None:
    assert not debtor_from(BUYER, None, today=TODAY).is_abroad
