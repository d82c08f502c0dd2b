"""What a letter says and never says, to whom and from whom."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from punktlig.core.addressee import AddressIncomplete, postal_lines
from punktlig.core.invoice import InvoiceLine, InvoiceParty
from punktlig.core.letter.compose import LetterFactMissing, compose
from punktlig.core.parties import DebtorKind
from tests.core.letter.cases import (
    AGENCY,
    ANOTHER_PERSONAL_NUMBER,
    CASES,
    PERSONAL_NUMBER,
)
from tests.core.letter.generated import reminders
from tests.core.letter.readable import readable
from tests.core.letter.reading import (
    consumer_reminder,
    languages,
    letter,
    sold_by,
    with_lines,
)

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.reminder import Reminder


# Debt Recovery Act (1974:182) s. 1: anything that presses makes the letter a collection demand.
_PRESSING = re.compile(
    r"kronofog|betalningsanmärkning|domstol|rättslig|stämning|föreläggande|utmätning|kreditupplys|sista chans|"
    r"ytterligare kostnad|avbryt|enforcement|court|legal|lawsuit|default|credit rating|seiz|sue\b|final notice|warning",
    re.IGNORECASE,
)


@given(reminders(), languages)
@settings(max_examples=50)
def test_nothing_presses_but_a_day_to_pay_and_that_the_claim_may_be_handed_on(
    reminder: Reminder, language: Language
) -> None:
    # The lines are the creditor's words; the letter's own are looked at.
    content = letter(with_lines(reminder), language)
    text = readable(content)
    assert not _PRESSING.search(text)
    collection = re.findall(r"inkasso|collection", text, re.IGNORECASE)
    assert len(collection) == 1
    assert collection[0] in content.otherwise


@given(reminders(), languages)
def test_no_personal_identity_number_is_in_a_letter(reminder: Reminder, language: Language) -> None:
    number = PERSONAL_NUMBER.removeprefix("19")
    written = (
        f"{number} tak",
        f"ROT {PERSONAL_NUMBER.replace('-', '')}",
        f"för {number.replace('-', ' ')}.",
        f"({ANOTHER_PERSONAL_NUMBER})",
    )
    source = reminder.facts.invoice
    hostile = replace(
        source,
        lines=tuple(InvoiceLine(text=text) for text in written),
        seller=InvoiceParty(name=f"Ek {number}", identity_number=ANOTHER_PERSONAL_NUMBER),
        buyer=replace(source.buyer, name=f"{source.buyer.name} {PERSONAL_NUMBER}"),
    )
    changed = replace(reminder, facts=replace(reminder.facts, invoice=hostile))
    for debt_text in ("", f"arbete hos {number}"):
        digits = re.sub(r"\D", "", letter(changed, language, debt_text).to_json())
        assert number.replace("-", "") not in digits
        assert ANOTHER_PERSONAL_NUMBER[2:] not in digits


@given(reminders(), languages)
def test_the_window_holds_the_postal_address_and_nothing_else(reminder: Reminder, language: Language) -> None:
    recipient = letter(reminder, language).recipient
    address = postal_lines(reminder.facts.invoice.buyer)
    country = {"sv": {"DE": "TYSKLAND", "DK": "DANMARK"}, "en": {"DE": "GERMANY", "DK": "DENMARK"}}[language]
    if reminder.debtor.is_abroad:
        assert recipient == (*address, country[reminder.debtor.country])
    else:
        assert recipient == address


def test_a_name_of_invisible_signs_alone_is_refused() -> None:
    reminder = consumer_reminder()
    nameless = replace(reminder.facts.invoice.buyer, name="\u200b\u2060")
    with pytest.raises(AddressIncomplete) as refusal:
        letter(
            replace(reminder, facts=replace(reminder.facts, invoice=replace(reminder.facts.invoice, buyer=nameless)))
        )
    assert refusal.value.missing == ("name",)


def test_a_creditor_or_a_number_of_invisible_signs_alone_is_refused() -> None:
    with pytest.raises(LetterFactMissing) as refusal:
        letter(sold_by(InvoiceParty(name="\u202e"), number="\x00"))
    assert refusal.value.missing == ("creditor_name", "invoice_number")


@pytest.mark.parametrize(
    ("seller", "written"),
    [
        (InvoiceParty(name="Ek AB", identity_number="5592134703"), "Ek AB\nOrg.nr 559213-4703"),
        (InvoiceParty(name="Ek AB", vat_number="SE559213470301"), "Ek AB\nOrg.nr 559213-4703"),
        # A sole trader's registration number is a personal identity number.
        (InvoiceParty(name="Sixten Rask", identity_number=ANOTHER_PERSONAL_NUMBER), "Sixten Rask"),
        (InvoiceParty(name="Sixten Rask", vat_number=f"SE{ANOTHER_PERSONAL_NUMBER[2:]}01"), "Sixten Rask"),
        (InvoiceParty(name="Ek AB", identity_number="559213-4704"), "Ek AB"),
        (InvoiceParty(name="Ek AB"), "Ek AB"),
    ],
)
def test_the_creditor_stands_with_its_organisation_number_but_never_with_a_personal_one(
    seller: InvoiceParty, written: str
) -> None:
    assert written in [fact.value for fact in letter(sold_by(seller)).facts]


def test_a_very_long_creditor_name_is_printed_whole_wherever_it_stands() -> None:
    name = "Föreningen " + "Södra Västergötlands Snickerimästare och " * 6 + "Söner ekonomisk förening"
    content = letter(sold_by(InvoiceParty(name=name)))
    assert content.heading[1] == f"från {name}"
    assert name in content.lead[0][0].text
    assert name in content.facts[2].value


_DU = re.compile(r"\b(?:du|dig|din|ditt)\b", re.IGNORECASE)
_NI = re.compile(r"\b(?:ni|er|ert)\b", re.IGNORECASE)


@given(reminders())
def test_a_consumer_is_du_and_everybody_else_is_ni(reminder: Reminder) -> None:
    text = readable(letter(with_lines(reminder)))
    theirs, not_theirs = (_DU, _NI) if reminder.debtor.kind is DebtorKind.CONSUMER else (_NI, _DU)
    assert theirs.search(text)
    assert not not_theirs.search(text)


def test_a_debtor_abroad_pays_by_iban_and_one_at_home_by_bankgiro() -> None:
    abroad = CASES["trader-abroad-english"].content().payment
    assert [(field.label, field.value) for field in abroad.fields] == [
        ("IBAN", "SE45 5000 0000 0583 9825 7466"),
        ("BIC", "ESSESESS"),
        ("Reference", "4821390707"),
    ]
    assert (abroad.qr, abroad.qr_caption) == (None, "")
    home = letter(consumer_reminder(), "en").payment
    assert [field.label for field in home.fields] == ["Bankgiro", "Payment reference (OCR)"]
    assert home.qr is not None


def test_the_footer_names_the_agency_its_number_its_seat_and_its_permit() -> None:
    agency = replace(AGENCY, permit="Tillstånd från Finansinspektionen", website="ekviken.example")
    content = compose(consumer_reminder(), agency, case_number="1", payment_reference="2")
    text = " ".join(" ".join(column) for column in content.footer)
    for said in ("Ekviken Ombud AB", "559870-2149", "Östersund", agency.permit, agency.website, agency.email):
        assert said in text
