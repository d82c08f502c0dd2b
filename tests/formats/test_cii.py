"""What CII invoices say in the parts that break naive readers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.invoice import AccountKind, DeductionKind, DocumentKind, InvoiceParty, PaymentAccount, PostalAddress
from punktlig.formats.fields import FieldIsMissing, FieldIsRepeated, FieldIsUnreadable
from punktlig.formats.reader import read_invoice
from tests.formats.documents import cii_document

NAME = "<ram:Name>Köparen AB</ram:Name>"
LINE = "<ram:IncludedSupplyChainTradeLineItem>{}</ram:IncludedSupplyChainTradeLineItem>"


def moment(day: str, written_as: str = "102") -> str:
    return f'<udt:DateTimeString format="{written_as}">{day}</udt:DateTimeString>'


def due(day: str, written_as: str = "102") -> str:
    inside = f"<ram:DueDateDateTime>{moment(day, written_as)}</ram:DueDateDateTime>"
    return f"<ram:SpecifiedTradePaymentTerms>{inside}</ram:SpecifiedTradePaymentTerms>"


def account(number: str, bic: str, name: str = "ProprietaryID") -> str:
    return (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>"
        f"<ram:PayeePartyCreditorFinancialAccount><ram:{name}>{number}</ram:{name}>"
        "</ram:PayeePartyCreditorFinancialAccount><ram:PayeeSpecifiedCreditorFinancialInstitution>"
        f"<ram:BICID>{bic}</ram:BICID></ram:PayeeSpecifiedCreditorFinancialInstitution>"
        "</ram:SpecifiedTradeSettlementPaymentMeans>"
    )


def test_the_plain_document() -> None:
    invoice = read_invoice(cii_document())
    assert (invoice.number, invoice.kind, invoice.currency) == ("F-1", DocumentKind.INVOICE, "SEK")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 9, 1), date(2026, 10, 1))
    assert (invoice.payable, invoice.total, invoice.prepaid, invoice.tax) == (Decimal(100), None, None, None)


def test_what_was_paid_before_lowers_what_is_asked_for() -> None:
    totals = (
        "<ram:GrandTotalAmount>1250</ram:GrandTotalAmount><ram:TotalPrepaidAmount>250</ram:TotalPrepaidAmount>"
        "<ram:DuePayableAmount>1000</ram:DuePayableAmount>"
    )
    invoice = read_invoice(cii_document(totals=totals))
    assert (invoice.total, invoice.prepaid, invoice.payable) == (Decimal(1250), Decimal(250), Decimal(1000))


def test_a_negative_or_missing_amount_is_read_as_it_is() -> None:
    negative = read_invoice(cii_document(totals="<ram:DuePayableAmount>-5.00</ram:DuePayableAmount>"))
    assert negative.payable == Decimal(-5)
    assert read_invoice(cii_document(totals="")).payable is None


def test_the_second_tax_total_in_the_accounting_currency_is_left_out() -> None:
    totals = (
        '<ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>'
        '<ram:TaxTotalAmount currencyID="SEK">223.40</ram:TaxTotalAmount>'
    )
    euro = "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
    assert read_invoice(cii_document(currency=euro, totals=totals)).tax == Decimal(20)


def test_an_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(FieldIsUnreadable, match="currencyID is 'EUR'"):
        read_invoice(cii_document(totals='<ram:DuePayableAmount currencyID="EUR">5</ram:DuePayableAmount>'))


@pytest.mark.parametrize(
    ("code", "kind"),
    [("381", DocumentKind.CREDIT_NOTE), ("389", DocumentKind.SELF_BILLED), ("325", DocumentKind.OTHER)],
)
def test_the_type_code_decides_what_the_document_is(code: str, kind: DocumentKind) -> None:
    corrected = (
        "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>20428</ram:IssuerAssignedID>"
        "</ram:InvoiceReferencedDocument>"
    )
    invoice = read_invoice(cii_document(type=f"<ram:TypeCode>{code}</ram:TypeCode>", corrected=corrected))
    assert (invoice.kind, invoice.corrected_invoice) == (kind, "20428")


def test_another_payee_is_read_beside_the_seller() -> None:
    payee = (
        "<ram:PayeeTradeParty><ram:Name>Factorn AB</ram:Name><ram:SpecifiedLegalOrganization>"
        '<ram:ID schemeID="0007">5598994208</ram:ID></ram:SpecifiedLegalOrganization></ram:PayeeTradeParty>'
    )
    found = read_invoice(cii_document(payee=payee)).payee
    assert found == InvoiceParty(name="Factorn AB", identity_number="5598994208", identity_scheme="0007")


def test_a_date_in_another_format_than_102_is_refused() -> None:
    with pytest.raises(FieldIsUnreadable, match="expected 102") as refused:
        read_invoice(cii_document(terms=due("1001202610", "203")))
    assert refused.value.value == "203"
    with pytest.raises(FieldIsUnreadable, match="the calendar has no such day"):
        read_invoice(cii_document(terms=due("20260230")))


def test_several_due_dates_are_an_instalment_plan_and_refused() -> None:
    with pytest.raises(FieldIsRepeated):
        read_invoice(cii_document(terms=due("20261001") + due("20261101")))
    assert read_invoice(cii_document(terms=due("20261001") + due("20261001"))).due_date == date(2026, 10, 1)
    assert read_invoice(cii_document(terms="")).due_date is None


def test_every_account_is_read_in_order() -> None:
    written = account("5055-1209", "SE:BANKGIRO") + account("SE4550000000058398257466", "ESSESESS", "IBANID")
    reference = "<ram:PaymentReference>2038875</ram:PaymentReference>"
    invoice = read_invoice(cii_document(means=reference + written))
    assert invoice.accounts == (
        PaymentAccount(kind=AccountKind.BANKGIRO, number="50551209"),
        PaymentAccount(kind=AccountKind.IBAN, number="SE4550000000058398257466", bic="ESSESESS"),
    )
    assert invoice.payment_reference == "2038875"


def test_an_account_without_a_number_and_a_quantity_without_a_value_are_passed_over() -> None:
    means = "ram:SpecifiedTradeSettlementPaymentMeans"
    card = f"<{means}><ram:TypeCode>48</ram:TypeCode></{means}>"
    quantity = '<ram:BilledQuantity unitCode="HUR"/>'
    line = LINE.format(f"<ram:SpecifiedLineTradeDelivery>{quantity}</ram:SpecifiedLineTradeDelivery>")
    invoice = read_invoice(cii_document(means=card, lines=line))
    assert invoice.accounts == ()
    assert (invoice.lines[0].quantity, invoice.lines[0].unit) == (None, "")


def test_of_several_tax_registrations_the_vat_number_is_the_one_of_scheme_va() -> None:
    def registration(number: str, scheme: str) -> str:
        inside = f'<ram:ID schemeID="{scheme}">{number}</ram:ID>'
        return f"<ram:SpecifiedTaxRegistration>{inside}</ram:SpecifiedTaxRegistration>"

    both = registration("GODKÄND FÖR F-SKATT", "FC") + registration("SE559944317201", "VA")
    assert read_invoice(cii_document(buyer=NAME + both)).buyer.vat_number == "SE559944317201"
    assert read_invoice(cii_document(buyer=NAME)).buyer.vat_number == ""


def test_the_trading_name_is_used_when_there_is_no_other() -> None:
    trading = (
        "<ram:SpecifiedLegalOrganization><ram:TradingBusinessName>Köpis</ram:TradingBusinessName>"
        "</ram:SpecifiedLegalOrganization>"
    )
    assert read_invoice(cii_document(buyer=trading)).buyer.name == "Köpis"
    assert read_invoice(cii_document(buyer=NAME + trading)).buyer.name == "Köparen AB"


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_a_party_without_a_name_is_refused(party: str) -> None:
    with pytest.raises(FieldIsMissing, match="TradeParty/Name is missing"):
        read_invoice(cii_document(**{party: ""}))


def test_the_address_is_read_line_by_line() -> None:
    address = (
        "<ram:PostalTradeAddress><ram:PostcodeCode>702 10</ram:PostcodeCode><ram:LineOne>Storgatan 4</ram:LineOne>"
        "<ram:LineTwo/><ram:LineThree>Port B</ram:LineThree><ram:CityName>Örebro</ram:CityName>"
        "<ram:CountryID>se</ram:CountryID></ram:PostalTradeAddress>"
    )
    assert read_invoice(cii_document(buyer=NAME + address)).buyer.address == PostalAddress(
        lines=("Storgatan 4", "Port B"), postcode="702 10", town="Örebro", country="SE"
    )


def endpoint(address: str, scheme: str) -> str:
    inside = f'<ram:URIID schemeID="{scheme}">{address}</ram:URIID>'
    return f"<ram:URIUniversalCommunication>{inside}</ram:URIUniversalCommunication>"


def test_an_electronic_address_of_scheme_em_is_the_e_mail_address_when_no_other_is_given() -> None:
    contact = (
        "<ram:DefinedTradeContact><ram:EmailURIUniversalCommunication><ram:URIID>a@example.com</ram:URIID>"
        "</ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>"
    )
    em = endpoint("b@example.com", "EM")
    assert read_invoice(cii_document(buyer=NAME + em)).buyer.email == "b@example.com"
    assert read_invoice(cii_document(buyer=NAME + contact + em)).buyer.email == "a@example.com"
    assert read_invoice(cii_document(buyer=NAME + endpoint("5599443172", "0007"))).buyer.email == ""


def test_a_swedish_number_as_electronic_address_is_the_identity_number() -> None:
    found = read_invoice(cii_document(buyer=NAME + endpoint("5599443172", "0007"))).buyer
    assert (found.identity_number, found.identity_scheme) == ("5599443172", "0007")


def test_a_line_has_its_text_quantity_amount_and_period() -> None:
    period = (
        f"<ram:BillingSpecifiedPeriod><ram:StartDateTime>{moment('20260803')}</ram:StartDateTime>"
        f"<ram:EndDateTime>{moment('20260804')}</ram:EndDateTime></ram:BillingSpecifiedPeriod>"
    )
    line = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Arbete</ram:Name>"
        "<ram:Description>Snickeri</ram:Description></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeDelivery>"
        '<ram:BilledQuantity unitCode="HUR">3.5</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>'
        f"<ram:SpecifiedLineTradeSettlement>{period}<ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "<ram:LineTotalAmount>1890.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )
    found = read_invoice(cii_document(lines=line)).lines[0]
    assert (found.text, found.quantity, found.unit) == ("Arbete – Snickeri", Decimal("3.5"), "HUR")
    assert (found.amount, found.period_start, found.period_end) == (Decimal(1890), date(2026, 8, 3), date(2026, 8, 4))


RUT = "Rutavdrag 50 %"


@pytest.mark.parametrize(
    ("part", "written"),
    [
        ("note", f"<ram:IncludedNote><ram:Content>{RUT}</ram:Content></ram:IncludedNote>"),
        (
            "terms",
            f"<ram:SpecifiedTradePaymentTerms><ram:Description>{RUT}</ram:Description></ram:SpecifiedTradePaymentTerms>",
        ),
        (
            "allowance",
            f"<ram:SpecifiedTradeAllowanceCharge><ram:Reason>{RUT}</ram:Reason></ram:SpecifiedTradeAllowanceCharge>",
        ),
        ("lines", LINE.format(f"<ram:SpecifiedTradeProduct><ram:Name>{RUT}</ram:Name></ram:SpecifiedTradeProduct>")),
    ],
)
def test_a_deduction_is_seen_wherever_the_words_stand(part: str, written: str) -> None:
    assert read_invoice(cii_document(**{part: written})).deduction is DeductionKind.RUT


@pytest.mark.parametrize("part", ["number", "currency"])
def test_an_invoice_without_number_or_currency_is_refused(part: str) -> None:
    with pytest.raises(FieldIsMissing):
        read_invoice(cii_document(**{part: ""}))
