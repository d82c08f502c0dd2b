"""What UBL invoices say in the parts that break naive readers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.invoice import AccountKind, DeductionKind, DocumentKind, InvoiceParty, PaymentAccount, PostalAddress
from punktlig.formats.fields import FieldIsMissing, FieldIsRepeated, FieldIsUnreadable
from punktlig.formats.reader import read_invoice
from tests.formats.documents import ubl_document

NAME = "<cac:PartyLegalEntity><cbc:RegistrationName>Köparen AB</cbc:RegistrationName></cac:PartyLegalEntity>"


def means(number: str, mark: str, reference: str = "", due: str = "") -> str:
    return (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
        + (f"<cbc:PaymentDueDate>{due}</cbc:PaymentDueDate>" if due else "")
        + (f"<cbc:PaymentID>{reference}</cbc:PaymentID>" if reference else "")
        + f"<cac:PayeeFinancialAccount><cbc:ID>{number}</cbc:ID><cac:FinancialInstitutionBranch><cbc:ID>{mark}</cbc:ID>"
        "</cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    )


def amount(name: str, value: str, currency: str = "SEK") -> str:
    return f'<cbc:{name} currencyID="{currency}">{value}</cbc:{name}>'


def test_what_was_paid_before_lowers_what_is_asked_for() -> None:
    totals = amount("TaxInclusiveAmount", "1250") + amount("PrepaidAmount", "250") + amount("PayableAmount", "1000")
    invoice = read_invoice(ubl_document(totals=totals))
    assert (invoice.total, invoice.prepaid, invoice.payable) == (Decimal(1250), Decimal(250), Decimal(1000))


def test_a_negative_amount_is_read_as_it_is() -> None:
    assert read_invoice(ubl_document(totals=amount("PayableAmount", "-500.00"))).payable == Decimal(-500)


def test_a_missing_amount_is_none_and_not_zero() -> None:
    assert read_invoice(ubl_document(totals="")).payable is None


def test_an_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(FieldIsUnreadable) as refused:
        read_invoice(ubl_document(totals=amount("PayableAmount", "100", "EUR")))
    assert refused.value.field == "LegalMonetaryTotal/PayableAmount/@currencyID"


def test_two_different_amounts_to_pay_are_refused() -> None:
    with pytest.raises(FieldIsRepeated):
        read_invoice(ubl_document(totals=amount("PayableAmount", "100") + amount("PayableAmount", "200")))


def test_without_a_currency_code_the_amount_tells_the_currency() -> None:
    assert read_invoice(ubl_document(currency="")).currency == "SEK"


@pytest.mark.parametrize("stated", ["kr", "sek", "SEKK"])
def test_what_the_amount_tells_must_be_a_currency_code(stated: str) -> None:
    with pytest.raises(FieldIsUnreadable) as refused:
        read_invoice(ubl_document(currency="", totals=amount("PayableAmount", "100", stated)))
    assert (refused.value.field, refused.value.value) == ("LegalMonetaryTotal/PayableAmount/@currencyID", stated)


def test_without_any_currency_the_code_is_missing() -> None:
    with pytest.raises(FieldIsMissing, match="DocumentCurrencyCode"):
        read_invoice(ubl_document(currency="", totals="<cbc:PayableAmount>100</cbc:PayableAmount>"))


def test_the_second_tax_total_in_the_accounting_currency_is_left_out() -> None:
    tax = f"<cac:TaxTotal>{amount('TaxAmount', '20.00', 'EUR')}</cac:TaxTotal>"
    tax += f"<cac:TaxTotal>{amount('TaxAmount', '223.40')}</cac:TaxTotal>"
    euro = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    invoice = read_invoice(ubl_document(currency=euro, tax=tax, totals=amount("PayableAmount", "100", "EUR")))
    assert (invoice.currency, invoice.tax) == ("EUR", Decimal(20))
    assert read_invoice(ubl_document(tax="")).tax is None


def test_another_payee_is_read_beside_the_seller() -> None:
    payee = (
        "<cac:PayeeParty><cac:PartyName><cbc:Name>Factorn AB</cbc:Name></cac:PartyName><cac:PartyLegalEntity>"
        '<cbc:CompanyID schemeID="0007">5598994208</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty>'
    )
    invoice = read_invoice(ubl_document(payee=payee))
    assert invoice.payee == InvoiceParty(name="Factorn AB", identity_number="5598994208", identity_scheme="0007")
    assert invoice.seller.name == "Säljaren AB"
    assert read_invoice(ubl_document()).payee is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("389", DocumentKind.SELF_BILLED),
        ("381", DocumentKind.CREDIT_NOTE),
        ("384", DocumentKind.INVOICE),
        ("325", DocumentKind.OTHER),
    ],
)
def test_the_type_code_decides_in_an_invoice_root(code: str, kind: DocumentKind) -> None:
    assert read_invoice(ubl_document(type=f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>")).kind is kind


def test_a_credit_note_root_is_a_credit_note_and_names_the_invoice_it_corrects() -> None:
    reference = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>20428</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    lines = (
        '<cac:CreditNoteLine><cbc:CreditedQuantity unitCode="H87">1</cbc:CreditedQuantity>'
        f"{amount('LineExtensionAmount', '80.00')}<cac:Item><cbc:Name>Dörr</cbc:Name></cac:Item></cac:CreditNoteLine>"
    )
    note = read_invoice(ubl_document(root="CreditNote", type="", due="", reference=reference, lines=lines))
    assert (note.kind, note.corrected_invoice, note.due_date) == (DocumentKind.CREDIT_NOTE, "20428", None)
    assert [(line.text, line.quantity, line.unit, line.amount) for line in note.lines] == [
        ("Dörr", Decimal(1), "H87", Decimal(80))
    ]


def test_the_due_date_may_stand_beside_the_account_or_the_terms() -> None:
    beside = means("50551209", "SE:BANKGIRO", due="2026-10-05")
    assert read_invoice(ubl_document(due="", means=beside)).due_date == date(2026, 10, 5)
    terms = "<cac:PaymentTerms><cbc:PaymentDueDate>2026-10-06</cbc:PaymentDueDate></cac:PaymentTerms>"
    assert read_invoice(ubl_document(due="", terms=terms)).due_date == date(2026, 10, 6)
    assert read_invoice(ubl_document(means=beside)).due_date == date(2026, 10, 1), "the invoice's own comes first"
    assert read_invoice(ubl_document(due="")).due_date is None


def test_several_due_dates_are_an_instalment_plan_and_refused() -> None:
    with pytest.raises(FieldIsRepeated, match="PaymentDueDate"):
        read_invoice(
            ubl_document(
                due="",
                means=means("50551209", "SE:BANKGIRO", due="2026-10-05")
                + means("50551209", "SE:BANKGIRO", due="2026-11-05"),
            )
        )


def test_every_account_is_read_in_order_and_the_first_reference_counts() -> None:
    written = means("5055-1209", "SE:BANKGIRO", "2038875") + means("SE4550000000058398257466", "ESSESESS", "20388")
    invoice = read_invoice(ubl_document(means=written + means("28 65 43-4", "SE:PLUSGIRO") + means("50551209", "")))
    assert invoice.accounts == (
        PaymentAccount(kind=AccountKind.BANKGIRO, number="50551209"),
        PaymentAccount(kind=AccountKind.IBAN, number="SE4550000000058398257466", bic="ESSESESS"),
        PaymentAccount(kind=AccountKind.PLUSGIRO, number="2865434"),
        PaymentAccount(kind=AccountKind.OTHER, number="50551209"),
    )
    assert invoice.payment_reference == "2038875"


def test_an_account_without_a_number_is_passed_over() -> None:
    assert read_invoice(ubl_document(means=means(" ", "SE:BANKGIRO", "2038875"))).accounts == ()


def test_of_several_tax_registrations_the_vat_number_is_the_one_of_scheme_vat() -> None:
    def registration(number: str, scheme: str) -> str:
        return (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
            f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        )

    both = registration("GODKÄND FÖR F-SKATT", "TAX") + registration("SE559944317201", "VAT")
    assert read_invoice(ubl_document(buyer=both + NAME)).buyer.vat_number == "SE559944317201"
    assert read_invoice(ubl_document(buyer=registration("Godkänd för F-skatt", "TAX") + NAME)).buyer.vat_number == ""


def test_the_legal_name_counts_before_the_trading_name() -> None:
    trading = "<cac:PartyName><cbc:Name>Köpis</cbc:Name></cac:PartyName>"
    assert read_invoice(ubl_document(buyer=trading + NAME)).buyer.name == "Köparen AB"
    assert read_invoice(ubl_document(buyer=trading)).buyer.name == "Köpis"


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_a_party_without_a_name_is_refused(party: str) -> None:
    with pytest.raises(FieldIsMissing, match="PartyLegalEntity/RegistrationName is missing"):
        read_invoice(ubl_document(**{party: "<cbc:EndpointID schemeID='0007'>5599443172</cbc:EndpointID>"}))


def test_an_invoice_without_a_number_is_refused() -> None:
    with pytest.raises(FieldIsMissing, match="ID is missing"):
        read_invoice(ubl_document(number="<cbc:ID> </cbc:ID>"))


def test_the_address_is_read_line_by_line() -> None:
    address = (
        "<cac:PostalAddress><cbc:Postbox>120</cbc:Postbox><cbc:StreetName>Storgatan</cbc:StreetName>"
        "<cbc:AdditionalStreetName>Port B</cbc:AdditionalStreetName><cbc:BuildingNumber>4</cbc:BuildingNumber>"
        "<cbc:CityName>Örebro</cbc:CityName><cbc:PostalZone>702 10</cbc:PostalZone>"
        "<cac:AddressLine><cbc:Line>Plan 3</cbc:Line></cac:AddressLine>"
        "<cac:Country><cbc:IdentificationCode>se</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
    )
    assert read_invoice(ubl_document(buyer=address + NAME)).buyer.address == PostalAddress(
        lines=("Storgatan 4", "Port B", "Plan 3", "Box 120"), postcode="702 10", town="Örebro", country="SE"
    )
    assert read_invoice(ubl_document()).buyer.address == PostalAddress()


def test_a_box_that_says_so_itself_is_not_called_a_box_twice() -> None:
    address = "<cac:PostalAddress><cbc:Postbox>Box 120</cbc:Postbox></cac:PostalAddress>"
    assert read_invoice(ubl_document(buyer=address + NAME)).buyer.address.lines == ("Box 120",)


def test_a_consumer_is_known_by_the_personal_number_and_reached_at_the_endpoint() -> None:
    buyer = (
        '<cbc:EndpointID schemeID="EM">gunnel@example.com</cbc:EndpointID>'
        "<cac:PartyIdentification><cbc:ID>10202</cbc:ID></cac:PartyIdentification>"
        "<cac:PartyIdentification><cbc:ID>19900101-2385</cbc:ID></cac:PartyIdentification>"
    )
    found = read_invoice(ubl_document(buyer=buyer + NAME)).buyer
    assert (found.identity_number, found.identity_scheme, found.email) == ("19900101-2385", "", "gunnel@example.com")


def test_a_line_has_its_text_quantity_amount_and_period() -> None:
    line = (
        '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="HUR">3.5</cbc:InvoicedQuantity>'
        f"{amount('LineExtensionAmount', '-1890.00')}"
        "<cac:InvoicePeriod><cbc:StartDate>2026-08-03</cbc:StartDate><cbc:EndDate>2026-08-04</cbc:EndDate>"
        "</cac:InvoicePeriod><cac:Item><cbc:Description>Arbete</cbc:Description><cbc:Name>Arbete</cbc:Name>"
        "</cac:Item></cac:InvoiceLine>"
    )
    found = read_invoice(ubl_document(lines=line)).lines[0]
    assert (found.text, found.quantity, found.unit, found.amount) == ("Arbete", Decimal("3.5"), "HUR", Decimal(-1890))
    assert (found.period_start, found.period_end) == (date(2026, 8, 3), date(2026, 8, 4))


def test_an_empty_quantity_is_none() -> None:
    line = "<cac:InvoiceLine><cbc:InvoicedQuantity unitCode='HUR'/></cac:InvoiceLine>"
    found = read_invoice(ubl_document(lines=line)).lines[0]
    assert (found.quantity, found.unit, found.amount, found.text) == (None, "", None, "")


ROT = "Rotavdrag 30 %"


REASON = f"<cac:AllowanceCharge><cbc:AllowanceChargeReason>{ROT}</cbc:AllowanceChargeReason></cac:AllowanceCharge>"


@pytest.mark.parametrize(
    ("part", "written"),
    [
        ("note", f"<cbc:Note>{ROT}</cbc:Note>"),
        ("terms", f"<cac:PaymentTerms><cbc:Note>{ROT}</cbc:Note></cac:PaymentTerms>"),
        ("allowance", REASON),
        ("lines", f"<cac:InvoiceLine><cbc:Note>{ROT}</cbc:Note></cac:InvoiceLine>"),
        ("lines", f"<cac:InvoiceLine><cac:Item><cbc:Name>{ROT}</cbc:Name></cac:Item></cac:InvoiceLine>"),
        ("lines", f"<cac:InvoiceLine><cac:Item><cbc:Description>{ROT}</cbc:Description></cac:Item></cac:InvoiceLine>"),
        ("lines", f"<cac:InvoiceLine>{REASON}</cac:InvoiceLine>"),
    ],
)
def test_a_deduction_is_seen_wherever_the_words_stand(part: str, written: str) -> None:
    assert read_invoice(ubl_document(**{part: written})).deduction is DeductionKind.ROT


def test_an_invoice_that_names_no_deduction_has_none() -> None:
    assert read_invoice(ubl_document()).deduction is None
