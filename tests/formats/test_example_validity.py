"""The invented invoices: their sums add up, their check digits are right and Peppol's Swedish rules hold."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pytest
from stdnum import iban, luhn

from punktlig.core.invoice import AccountKind
from punktlig.formats.giro import parse_bankgiro, parse_plusgiro
from punktlig.formats.ocr import OcrLevel, check_ocr
from tests.formats.examples import READABLE, UBL_FILES, WRONG_CHECK_DIGIT, read_example, root_of

if TYPE_CHECKING:
    from lxml import etree

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}

# Personal numbers from Skatteverket's published list of numbers for tests, which are given to nobody.
TEST_PERSONS = {
    "19900101-2385",
    "20000711-2386",
    "20000818-2388",
    "20001231-2393",
    "20010512-2394",
    "20010625-2398",
    "20010907-2397",
    "20170101-2393",
}


def texts(element: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in element.iterfind(path, NAMESPACES)]


def sum_of(element: etree._Element, path: str) -> Decimal:
    return sum((Decimal(text) for text in texts(element, path)), Decimal(0))


def ore(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


# What the files say


def test_the_kinds_of_accounts() -> None:
    kinds = {name: read_example(name).accounts[0].kind for name in READABLE if not name.startswith("23-")}
    assert kinds["04-trader-plusgiro.xml"] is AccountKind.PLUSGIRO
    assert {name for name, kind in kinds.items() if kind is AccountKind.IBAN} == {
        "08-trader-norway-iban.xml",
        "09-consumer-denmark.xml",
        "22-refused-euro.xml",
    }
    assert kinds["12-trader-cii.xml"] is AccountKind.BANKGIRO


@pytest.mark.parametrize("name", READABLE)
def test_check_digits_are_right(name: str) -> None:
    invoice = read_example(name)
    for account in invoice.accounts:
        match account.kind:
            case AccountKind.BANKGIRO:
                assert parse_bankgiro(account.number) == account.number
            case AccountKind.PLUSGIRO:
                assert parse_plusgiro(account.number) == account.number
            case _:
                assert iban.is_valid(account.number)
        if account.kind in {AccountKind.BANKGIRO, AccountKind.PLUSGIRO} and invoice.number.isdecimal():
            reference = check_ocr(invoice.payment_reference, [OcrLevel.CHECK_DIGIT, OcrLevel.LENGTH_DIGIT])
            assert reference.startswith(invoice.number)


@pytest.mark.parametrize("name", READABLE)
def test_persons_have_numbers_that_were_published_for_tests(name: str) -> None:
    buyer = read_example(name).buyer
    if buyer.identity_number and not buyer.identity_scheme:
        assert buyer.identity_number in TEST_PERSONS


def test_invoice_numbers_are_used_once() -> None:
    numbers = [texts(root_of(name), "cbc:ID")[0] for name in UBL_FILES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", READABLE)
def test_dates_are_in_order(name: str) -> None:
    invoice = read_example(name)
    assert invoice.issue_date is not None
    assert invoice.due_date is None or invoice.issue_date < invoice.due_date
    for line in invoice.lines:
        assert line.period_end is None or line.period_end <= invoice.issue_date


# The sums, as EN 16931 adds them (BR-CO-10 to BR-CO-17)


@pytest.mark.parametrize("name", UBL_FILES)
def test_the_sums_add_up(name: str) -> None:
    root = root_of(name)
    totals = root.find("cac:LegalMonetaryTotal", NAMESPACES)
    assert totals is not None
    lines = [*root.iterfind("cac:InvoiceLine", NAMESPACES), *root.iterfind("cac:CreditNoteLine", NAMESPACES)]
    for line in lines:
        (quantity,) = texts(line, "cbc:InvoicedQuantity") or texts(line, "cbc:CreditedQuantity")
        (price,) = texts(line, "cac:Price/cbc:PriceAmount")
        assert sum_of(line, "cbc:LineExtensionAmount") == ore(Decimal(quantity) * Decimal(price))
    allowances = sum_of(root, "cac:AllowanceCharge/cbc:Amount")
    without_tax = sum_of(totals, "cbc:TaxExclusiveAmount")
    with_tax = sum_of(totals, "cbc:TaxInclusiveAmount")
    line_sum = sum((sum_of(line, "cbc:LineExtensionAmount") for line in lines), Decimal(0))
    assert sum_of(totals, "cbc:LineExtensionAmount") == line_sum
    assert sum_of(totals, "cbc:AllowanceTotalAmount") == allowances
    assert without_tax == line_sum - allowances
    assert with_tax == without_tax + sum(map(Decimal, texts(root, "cac:TaxTotal/cbc:TaxAmount")[:1]))
    assert sum_of(totals, "cbc:PayableAmount") == (
        with_tax - sum_of(totals, "cbc:PrepaidAmount") + sum_of(totals, "cbc:PayableRoundingAmount")
    )


@pytest.mark.parametrize("name", UBL_FILES)
def test_the_tax_is_that_of_its_rates(name: str) -> None:
    root = root_of(name)
    bases: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for line in [*root.iterfind("cac:InvoiceLine", NAMESPACES), *root.iterfind("cac:CreditNoteLine", NAMESPACES)]:
        category = "cac:Item/cac:ClassifiedTaxCategory/cbc:"
        key = texts(line, f"{category}ID")[0], Decimal(texts(line, f"{category}Percent")[0])
        bases[key] += sum_of(line, "cbc:LineExtensionAmount")
    for allowance in root.iterfind("cac:AllowanceCharge", NAMESPACES):
        assert texts(allowance, "cbc:ChargeIndicator") == ["false"]
        key = texts(allowance, "cac:TaxCategory/cbc:ID")[0], sum_of(allowance, "cac:TaxCategory/cbc:Percent")
        bases[key] -= sum_of(allowance, "cbc:Amount")
    total = root.find("cac:TaxTotal", NAMESPACES)
    assert total is not None
    subtotals = {}
    for subtotal in total.iterfind("cac:TaxSubtotal", NAMESPACES):
        rate = sum_of(subtotal, "cac:TaxCategory/cbc:Percent")
        base = sum_of(subtotal, "cbc:TaxableAmount")
        subtotals[texts(subtotal, "cac:TaxCategory/cbc:ID")[0], rate] = base
        assert sum_of(subtotal, "cbc:TaxAmount") == ore(base * rate / 100)
    assert subtotals == bases
    assert sum_of(total, "cbc:TaxAmount") == sum_of(total, "cac:TaxSubtotal/cbc:TaxAmount")


def test_the_sums_of_the_cii_example_add_up() -> None:
    settlement = root_of("12-trader-cii.xml").find(".//ram:ApplicableHeaderTradeSettlement", NAMESPACES)
    assert settlement is not None
    totals = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    line_sum = sum((line.amount or Decimal(0) for line in read_example("12-trader-cii.xml").lines), Decimal(0))
    tax = ore(line_sum * sum_of(settlement, "ram:ApplicableTradeTax/ram:RateApplicablePercent") / 100)
    assert sum_of(settlement, f"{totals}LineTotalAmount") == line_sum
    assert sum_of(settlement, f"{totals}TaxBasisTotalAmount") == line_sum
    assert sum_of(settlement, "ram:ApplicableTradeTax/ram:CalculatedAmount") == tax
    assert sum_of(settlement, f"{totals}TaxTotalAmount") == tax
    assert sum_of(settlement, f"{totals}GrandTotalAmount") == line_sum + tax
    assert sum_of(settlement, f"{totals}DuePayableAmount") == line_sum + tax


# Peppol's rules for Sweden (SE-R-001 to SE-R-013) and the fields that Peppol asks of every invoice


@pytest.mark.parametrize("name", UBL_FILES)
def test_the_swedish_rules_of_peppol_hold(name: str) -> None:
    root = root_of(name)
    seller = root.find("cac:AccountingSupplierParty/cac:Party", NAMESPACES)
    assert seller is not None
    (number,) = texts(seller, "cac:PartyLegalEntity/cbc:CompanyID")
    assert re.fullmatch(r"\d{10}", number), "SE-R-003, SE-R-004"
    assert luhn.is_valid(number), "SE-R-013"
    registrations = {
        texts(found, "cac:TaxScheme/cbc:ID")[0]: texts(found, "cbc:CompanyID")[0]
        for found in seller.iterfind("cac:PartyTaxScheme", NAMESPACES)
    }
    assert registrations == {"VAT": f"SE{number}01", "TAX": "GODKÄND FÖR F-SKATT"}, "SE-R-001, SE-R-002, SE-R-005"
    standard = [
        sum_of(category, "cbc:Percent")
        for tag in ("ClassifiedTaxCategory", "TaxCategory")
        for category in root.iterfind(f".//cac:{tag}", NAMESPACES)
        if texts(category, "cbc:ID") == ["S"]
    ]
    assert set(standard) <= {Decimal(25), Decimal(12), Decimal(6)}, "SE-R-006"
    for means in root.iterfind("cac:PaymentMeans", NAMESPACES):
        assert texts(means, "cbc:PaymentMeansCode") == ["30"], "SE-R-011, SE-R-012"
        (account,) = texts(means, "cac:PayeeFinancialAccount/cbc:ID")
        (branch,) = texts(means, "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID")
        if branch == "SE:BANKGIRO":
            assert re.fullmatch(r"\d{7,8}", account), "SE-R-009, SE-R-010"
        elif branch == "SE:PLUSGIRO":
            assert re.fullmatch(r"\d{2,8}", account), "SE-R-007, SE-R-008"


@pytest.mark.parametrize("name", UBL_FILES)
def test_swedish_buyers_numbers_are_right_but_for_the_one_that_is_wrong_on_purpose(name: str) -> None:
    buyer = root_of(name).find("cac:AccountingCustomerParty/cac:Party", NAMESPACES)
    assert buyer is not None
    numbers = [
        found.text or ""
        for found in buyer.iterfind("cac:PartyLegalEntity/cbc:CompanyID", NAMESPACES)
        if found.get("schemeID") == "0007"
    ]
    for number in numbers:
        assert luhn.is_valid(number) is (name != WRONG_CHECK_DIGIT)
        assert texts(buyer, "cac:PartyTaxScheme/cbc:CompanyID") in ([f"SE{number}01"], [])


@pytest.mark.parametrize("name", UBL_FILES)
def test_what_peppol_asks_of_every_invoice_is_there(name: str) -> None:
    root = root_of(name)
    for path in (
        "cbc:CustomizationID",
        "cbc:ProfileID",
        "cbc:BuyerReference",
        "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID",
        "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID",
        "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    ):
        assert all(texts(root, path)), path
        assert texts(root, path), path
    payable = sum_of(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    # BR-CO-25: what is to be paid has a due date or payment terms.
    assert (
        payable <= 0
        or root.tag.endswith("}CreditNote")
        or texts(root, "cbc:DueDate")
        or texts(root, "cac:PaymentTerms/cbc:Note")
    )
