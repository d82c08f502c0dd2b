"""Reads UN/CEFACT Cross Industry Invoices, which is also the XML inside a Factur-X or ZUGFeRD PDF, into our own words.

Names: `Name` of a party is its legal name here; the trading name stands elsewhere and is used when there is no other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.invoice import Invoice, InvoiceLine, InvoiceParty, PaymentAccount, PostalAddress
from punktlig.formats.accounts import distinct_accounts, payment_account
from punktlig.formats.deductions import deduction_in
from punktlig.formats.document_kinds import kind_of_document
from punktlig.formats.fields import FieldIsMissing, FieldIsUnreadable, Part
from punktlig.formats.identity import chosen_identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lxml import etree

NAMESPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"

_PREFIXES = {
    "rsm": NAMESPACE,
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_YEAR_MONTH_DAY = "102"


def read_cii(root: etree._Element) -> Invoice:
    """Return the invoice or credit note of a CrossIndustryInvoice root element, without its source file.

    Raises:
        FieldIsMissing: no number, currency, seller's name or buyer's name.
        FieldIsUnreadable: a date, an amount or a currency that cannot be understood.
        FieldIsRepeated: several numbers, due dates or amounts to pay.
        FieldIsTooLong: a text that is no name, number or note.
    """
    document = Part(root, _PREFIXES)
    header = document.required_part("rsm:ExchangedDocument")
    trade = document.required_part("rsm:SupplyChainTradeTransaction")
    agreement = trade.required_part("ram:ApplicableHeaderTradeAgreement")
    settlement = trade.required_part("ram:ApplicableHeaderTradeSettlement")
    currency = settlement.currency("ram:InvoiceCurrencyCode")
    lines = trade.parts("ram:IncludedSupplyChainTradeLineItem")
    notes = header.notes("ram:IncludedNote/ram:Content")
    terms = settlement.notes("ram:SpecifiedTradePaymentTerms/ram:Description")
    reasons = settlement.notes("ram:SpecifiedTradeAllowanceCharge/ram:Reason")
    totals = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    return Invoice(
        number=header.required_text("ram:ID"),
        kind=kind_of_document(header.sole_text("ram:TypeCode")),
        currency=currency,
        seller=_named(agreement.required_part("ram:SellerTradeParty")),
        buyer=_named(agreement.required_part("ram:BuyerTradeParty")),
        payee=_party(payee) if (payee := settlement.part("ram:PayeeTradeParty")) else None,
        issue_date=_day(header, "ram:IssueDateTime"),
        due_date=_day(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime"),
        payable=settlement.amount(f"{totals}DuePayableAmount", currency=currency),
        total=settlement.amount(f"{totals}GrandTotalAmount", currency=currency),
        prepaid=settlement.amount(f"{totals}TotalPrepaidAmount", currency=currency),
        tax=_tax(settlement, f"{totals}TaxTotalAmount", currency),
        lines=tuple(_line(line) for line in lines),
        accounts=distinct_accounts(_accounts(settlement)),
        payment_reference=settlement.text("ram:PaymentReference"),
        corrected_invoice=settlement.text("ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        terms="\n".join(terms),
        notes=notes,
        deduction=deduction_in([*notes, *terms, *reasons, *(text for line in lines for text in _words(line))]),
    )


def _day(part: Part, path: str) -> date | None:
    moment = f"{path}/udt:DateTimeString"
    for written in part.parts(moment):
        written_as = written.attribute("format")
        if written_as not in {"", _YEAR_MONTH_DAY}:
            raise FieldIsUnreadable(f"{written.name}/@format", written_as, "102, a date such as 20261001", written.line)
    return part.day(moment, compact=True)


def _tax(settlement: Part, path: str, currency: str) -> Decimal | None:
    # The second total, in the accounting currency (BT-111), says the same tax again and is left out.
    amounts = [part.number() for part in settlement.parts(path) if part.attribute("currencyID") in {"", currency}]
    return sum(amounts, Decimal(0)) if amounts else None


def _named(party: Part) -> InvoiceParty:
    found = _party(party)
    if not found.name:
        raise FieldIsMissing(f"{party.name}/Name", party.line)
    return found


def _party(party: Part) -> InvoiceParty:
    endpoints = _identifiers(party, "ram:URIUniversalCommunication/ram:URIID")
    number, scheme = chosen_identity(
        _identifiers(party, "ram:SpecifiedLegalOrganization/ram:ID"),
        [*_identifiers(party, "ram:GlobalID"), *_identifiers(party, "ram:ID"), *endpoints],
    )
    # Scheme EM is an e-mail address as electronic address.
    reached_at = next((endpoint for endpoint, kind in endpoints if kind == "EM"), "")
    address = party.part("ram:PostalTradeAddress")
    contact = "ram:DefinedTradeContact/ram:"
    return InvoiceParty(
        name=party.text("ram:Name") or party.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identity_number=number,
        identity_scheme=scheme,
        vat_number=next(
            (vat for vat, kind in _identifiers(party, "ram:SpecifiedTaxRegistration/ram:ID") if kind == "VA"), ""
        ),
        address=_address(address) if address else PostalAddress(),
        contact=party.text(f"{contact}PersonName") or party.text(f"{contact}DepartmentName"),
        email=party.text(f"{contact}EmailURIUniversalCommunication/ram:URIID") or reached_at,
        telephone=party.text(f"{contact}TelephoneUniversalCommunication/ram:CompleteNumber"),
    )


def _identifiers(party: Part, path: str) -> list[tuple[str, str]]:
    return [(part.one_line, part.attribute("schemeID")) for part in party.parts(path)]


def _address(address: Part) -> PostalAddress:
    lines = [address.text(f"ram:{line}") for line in ("LineOne", "LineTwo", "LineThree")]
    return PostalAddress(
        lines=tuple(line for line in lines if line),
        postcode=address.text("ram:PostcodeCode"),
        town=address.text("ram:CityName"),
        country=address.text("ram:CountryID").upper(),
    )


def _accounts(settlement: Part) -> Iterator[PaymentAccount]:
    for means in settlement.parts("ram:SpecifiedTradeSettlementPaymentMeans"):
        account = "ram:PayeePartyCreditorFinancialAccount/ram:"
        number = means.text(f"{account}IBANID") or means.text(f"{account}ProprietaryID")
        if number:
            yield payment_account(number, means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"))


def _line(line: Part) -> InvoiceLine:
    product = "ram:SpecifiedTradeProduct/ram:"
    quantity = line.part("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    if quantity is not None and not quantity.content():
        quantity = None
    settlement = "ram:SpecifiedLineTradeSettlement/ram:"
    return InvoiceLine(
        text=" – ".join(dict.fromkeys([*line.texts(f"{product}Name"), *line.texts(f"{product}Description")])),
        quantity=quantity.number() if quantity else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        amount=line.amount(f"{settlement}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        period_start=_day(line, f"{settlement}BillingSpecifiedPeriod/ram:StartDateTime"),
        period_end=_day(line, f"{settlement}BillingSpecifiedPeriod/ram:EndDateTime"),
    )


def _words(line: Part) -> tuple[str, ...]:
    product = "ram:SpecifiedTradeProduct/ram:"
    note = line.notes("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content")
    reasons = line.notes("ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:Reason")
    return (*note, *line.notes(f"{product}Name"), *line.notes(f"{product}Description"), *reasons)
