"""Every sample file, with the values a person reads in it."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.facts import ReminderFacts
from punktlig.core.invoice import AccountKind, DocumentKind, InvoiceParty, PaymentAccount, PostalAddress
from punktlig.core.reminder import refusals
from tests.formats.samples import SAMPLE_FILES, SAMPLES, read_sample, sample

BUYER_OF_EXAMPLE_7 = PostalAddress(lines=("Anystreet 8", "Back door"), postcode="101", town="Anytown", country="SE")


def test_the_samples_are_the_files_of_the_provenance_table() -> None:
    table = (SAMPLES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+/[^`]+)` \|.*\| ([0-9a-f]{12}) \|.*\((\d+) bytes\)", table, re.MULTILINE)
    assert {name for name, _, _ in rows} == {path.relative_to(SAMPLES).as_posix() for path in SAMPLE_FILES}
    for name, beginning, size in rows:
        content = (SAMPLES / name).read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(beginning)
        assert len(content) == int(size)


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_the_bytes_are_kept_as_evidence_with_their_hash(path: object) -> None:
    name = str(getattr(path, "name", ""))
    source = read_sample(name).source
    assert source is not None
    assert source.content == sample(name)
    assert source.sha256 == hashlib.sha256(sample(name)).hexdigest()
    assert source.format == ("cii" if "cii" in str(path) else "ubl")


def test_the_swedish_ubl_example() -> None:
    invoice = read_sample("ubl_se_sek_example7.xml")
    assert (invoice.number, invoice.kind, invoice.currency) == ("INVOICE_test_7", DocumentKind.INVOICE, "SEK")
    assert (invoice.issue_date, invoice.due_date, invoice.terms) == (date(2013, 3, 11), None, "Payment within 30 days")
    assert (invoice.payable, invoice.total, invoice.prepaid, invoice.tax) == (
        Decimal(3200),
        Decimal(3200),
        None,
        Decimal(0),
    )
    assert invoice.seller.name == "The Sellercompany Incorporated"
    assert (invoice.buyer.name, invoice.buyer.address) == ("THe Buyercompany", BUYER_OF_EXAMPLE_7)
    assert invoice.buyer.email == "john@buyercompany.no"
    assert [line.amount for line in invoice.lines] == [Decimal(2500), Decimal(700)]
    assert invoice.lines[0].text == "Road tax – Weight-based tax, vehicles >3000 KGM"


def test_a_number_that_only_looks_like_an_iban_is_not_one() -> None:
    other = (PaymentAccount(kind=AccountKind.OTHER, number="SE1212341234123412", bic="SEXDABCD"),)
    assert read_sample("ubl_se_sek_example7.xml").accounts == other
    assert read_sample("cii_se_sek_example7.xml").accounts == other


def test_an_identifier_of_unknown_sort_with_a_wrong_check_digit_is_not_an_identity_number() -> None:
    assert read_sample("ubl_se_sek_example7.xml").seller.identity_number == ""


def test_the_swedish_cii_example_reads_like_the_ubl_one() -> None:
    cii, ubl = read_sample("cii_se_sek_example7.xml"), read_sample("ubl_se_sek_example7.xml")
    assert cii.issue_date == date(2013, 5, 13)
    for field in ("number", "kind", "currency", "seller", "due_date", "payable", "total", "accounts", "terms", "notes"):
        assert getattr(cii, field) == getattr(ubl, field), field
    assert (cii.buyer.name, cii.buyer.address) == (ubl.buyer.name, ubl.buyer.address)
    assert [(line.text, line.amount) for line in cii.lines] == [(line.text, line.amount) for line in ubl.lines]


def test_the_factur_x_example() -> None:
    invoice = read_sample("facturx_en16931_duedate.xml")
    assert (invoice.number, invoice.kind, invoice.currency) == ("471102", DocumentKind.INVOICE, "EUR")
    assert (invoice.issue_date, invoice.due_date) == (date(2018, 3, 5), date(2019, 3, 5))
    assert (invoice.payable, invoice.prepaid, invoice.tax) == (Decimal("529.87"), Decimal(0), Decimal("56.87"))
    assert (invoice.seller.name, invoice.seller.vat_number) == ("Lieferant GmbH", "DE123456789")
    assert invoice.buyer.address == PostalAddress(
        lines=("Kundenstraße 15",), postcode="69876", town="Frankfurt", country="DE"
    )
    assert [(line.text, line.quantity, line.amount) for line in invoice.lines] == [
        ("Trennblätter A4", Decimal(20), Decimal(198)),
        ("Joghurt Banane", Decimal(50), Decimal(275)),
    ]
    assert invoice.notes[0] == "Rechnung gemäß Bestellung vom 01.03.2018."


def test_the_peppol_example() -> None:
    invoice = read_sample("peppol_bis3_invoice_positive.xml")
    assert (invoice.number, invoice.currency, invoice.due_date) == ("12345", "DKK", date(2019, 2, 24))
    assert (invoice.payable, invoice.tax) == (Decimal("782179.43"), Decimal("156435.89"))
    assert (invoice.payment_reference, invoice.buyer_reference) == ("12345667890", "n/a")
    assert invoice.seller == InvoiceParty(
        name="Company A",
        identity_number="DK12345678",
        identity_scheme="0184",
        vat_number="DK12345678",
        address=PostalAddress(lines=("Street",), postcode="1057", town="Copenhagen", country="DK"),
    )
    assert (invoice.lines[0].period_start, invoice.lines[0].period_end) == (date(2018, 9, 1), date(2018, 9, 30))


def test_a_credit_note_is_one_by_its_root() -> None:
    note = read_sample("ubl_creditnote1.xml")
    assert (note.number, note.kind, note.currency) == ("018304 / 28865", DocumentKind.CREDIT_NOTE, "EUR")
    assert (note.payable, note.due_date, note.payment_reference) == (Decimal("100.11"), None, "010676609538")
    assert note.accounts == (PaymentAccount(kind=AccountKind.IBAN, number="BE91000000143476", bic="BPOTBEB1"),)
    assert [(line.quantity, line.amount) for line in note.lines] == [(Decimal(1), Decimal("100.11"))]


def test_all_accounts_are_listed_in_the_order_of_the_file() -> None:
    invoice = read_sample("ubl_guide_example1.xml")
    assert [account.number for account in invoice.accounts] == ["NL57RABO0107307510", "NL03INGB0004489902"]
    assert invoice.payment_reference == "Deb. 10202 / Fact. 12115118"
    assert (invoice.payable, invoice.due_date) == (Decimal("250.33"), date(2015, 1, 9))
    assert len(invoice.lines) == 20
    assert invoice.buyer.identity_number == "", "10202 is a customer number"


def test_what_was_paid_before_and_another_payee_are_read() -> None:
    invoice = read_sample("ubl_guide_example2_nok.xml")
    assert (invoice.total, invoice.prepaid, invoice.payable) == (Decimal("1801.78"), Decimal(1000), Decimal("801.78"))
    assert invoice.payee == InvoiceParty(
        name="Ebeneser Scrooge AS", identity_number="989823401", identity_scheme="0082"
    )
    assert invoice.accounts == (PaymentAccount(kind=AccountKind.IBAN, number="NO9386011117947", bic="DNBANOKK"),)
    assert [line.amount for line in invoice.lines] == [
        Decimal(amount) for amount in ("1273", "-3.96", "4.96", "-25", "187.50")
    ]
    assert invoice.lines[1].text == 'Returned "Advanced computing" book'


# Every reason is told at once. The first is why no declaration of the creditor's could help, where there is such a one.
REFUSED = {
    "cii_se_sek_example7.xml": ["due_date_missing", "debtor_kind_unknown", "address_incomplete"],
    "facturx_en16931_duedate.xml": ["currency_is_not_sek", "debtor_kind_unknown"],
    "peppol_bis3_invoice_positive.xml": ["currency_is_not_sek"],
    "ubl_creditnote1.xml": ["invoice_is_credit_note", "currency_is_not_sek", "due_date_missing"],
    "ubl_guide_example1.xml": ["currency_is_not_sek", "debtor_kind_unknown"],
    "ubl_guide_example2_nok.xml": ["currency_is_not_sek", "payee_is_another", "limitation_may_have_run"],
    "ubl_se_sek_example7.xml": ["due_date_missing", "debtor_kind_unknown", "address_incomplete"],
}


def test_every_sample_has_its_refusals_listed() -> None:
    assert REFUSED.keys() == {path.name for path in SAMPLE_FILES}


@pytest.mark.parametrize("name", REFUSED)
def test_no_sample_may_be_reminded_and_each_is_refused_by_its_names(name: str) -> None:
    facts = ReminderFacts(invoice=read_sample(name), today=date(2026, 11, 23))
    assert [refusal.code for refusal in refusals(facts)] == REFUSED[name]
