"""Reads UBL 2.1 invoices and credit notes, among them Peppol BIS Billing 3.0, into our own words.

Names: a party is called by its legal name (`RegistrationName`), and by `PartyName` only when there is none. The claim
is one between legal persons, and a letter to a trading name alone has reached nobody.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree

from punktlig.core.invoice import DocumentKind, Invoice, InvoiceLine, InvoiceParty, PaymentAccount, PostalAddress
from punktlig.formats.accounts import distinct_accounts, payment_account
from punktlig.formats.deductions import deduction_in
from punktlig.formats.document_kinds import kind_of_document
from punktlig.formats.fields import FieldIsMissing, Part, currency_code
from punktlig.formats.identity import chosen_identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

INVOICE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

_PREFIXES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def read_ubl(root: etree._Element) -> Invoice:
    """Return the invoice or credit note of a UBL root element, without its source file.

    A credit note is one by its root or by its type code (381 in an Invoice root occurs). Nothing is added up or judged.

    Raises:
        FieldIsMissing: no number, currency, seller's name or buyer's name.
        FieldIsUnreadable: a date, an amount or a currency that cannot be understood.
        FieldIsRepeated: several numbers, due dates or amounts to pay.
        FieldIsTooLong: a text that is no name, number or note.
    """
    document = Part(root, _PREFIXES)
    is_credit_note = etree.QName(root).namespace == CREDIT_NOTE_NAMESPACE
    number = document.required_text("cbc:ID")
    currency = _currency(document)
    lines = document.parts("cac:CreditNoteLine" if is_credit_note else "cac:InvoiceLine")
    notes = document.notes("cbc:Note")
    terms = document.notes("cac:PaymentTerms/cbc:Note")
    totals = "cac:LegalMonetaryTotal/cbc:"
    return Invoice(
        number=number,
        kind=DocumentKind.CREDIT_NOTE
        if is_credit_note
        else kind_of_document(document.sole_text("cbc:InvoiceTypeCode")),
        currency=currency,
        seller=_named(document.required_part("cac:AccountingSupplierParty/cac:Party")),
        buyer=_named(document.required_part("cac:AccountingCustomerParty/cac:Party")),
        payee=_party(payee) if (payee := document.part("cac:PayeeParty")) else None,
        issue_date=document.day("cbc:IssueDate"),
        due_date=_due_date(document),
        payable=document.amount(f"{totals}PayableAmount", currency=currency),
        total=document.amount(f"{totals}TaxInclusiveAmount", currency=currency),
        prepaid=document.amount(f"{totals}PrepaidAmount", currency=currency),
        tax=_tax(document, currency),
        lines=tuple(_line(line) for line in lines),
        accounts=distinct_accounts(_accounts(document)),
        payment_reference=document.text("cac:PaymentMeans/cbc:PaymentID"),
        corrected_invoice=document.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        buyer_reference=document.text("cbc:BuyerReference"),
        terms="\n".join(terms),
        notes=notes,
        deduction=deduction_in(
            [*notes, *terms, *_reasons(document), *(text for line in lines for text in _words(line))]
        ),
    )


def _currency(document: Part) -> str:
    payable = document.part("cac:LegalMonetaryTotal/cbc:PayableAmount")
    carried = payable.attribute("currencyID") if payable else ""
    # UBL outside Peppol may leave the code out, but every amount carries its currency.
    if payable and carried and not document.sole_text("cbc:DocumentCurrencyCode"):
        return currency_code(carried, f"{payable.name}/@currencyID", payable.line)
    return document.currency("cbc:DocumentCurrencyCode")


def _due_date(document: Part) -> date | None:
    # BT-9: a credit note has no DueDate of its own, and invoices outside Peppol often put it beside the account.
    return (
        document.day("cbc:DueDate")
        or document.day("cac:PaymentMeans/cbc:PaymentDueDate")
        or document.day("cac:PaymentTerms/cbc:PaymentDueDate")
    )


def _tax(document: Part, currency: str) -> Decimal | None:
    # A second TaxTotal in the accounting currency (BT-111) says the same tax again and is left out.
    amounts = [
        part.number()
        for part in document.parts("cac:TaxTotal/cbc:TaxAmount")
        if part.attribute("currencyID") in {"", currency}
    ]
    return sum(amounts, Decimal(0)) if amounts else None


def _named(party: Part) -> InvoiceParty:
    found = _party(party)
    if not found.name:
        raise FieldIsMissing(f"{party.name}/PartyLegalEntity/RegistrationName", party.line)
    return found


def _party(party: Part) -> InvoiceParty:
    endpoints = _identifiers(party, "cbc:EndpointID")
    number, scheme = chosen_identity(
        _identifiers(party, "cac:PartyLegalEntity/cbc:CompanyID"),
        [*_identifiers(party, "cac:PartyIdentification/cbc:ID"), *endpoints],
    )
    # Scheme EM is an e-mail address as electronic address.
    reached_at = next((endpoint for endpoint, kind in endpoints if kind == "EM"), "")
    address = party.part("cac:PostalAddress")
    return InvoiceParty(
        name=party.text("cac:PartyLegalEntity/cbc:RegistrationName") or party.text("cac:PartyName/cbc:Name"),
        identity_number=number,
        identity_scheme=scheme,
        vat_number=_vat_number(party),
        address=_address(address) if address else PostalAddress(),
        contact=party.text("cac:Contact/cbc:Name"),
        email=party.text("cac:Contact/cbc:ElectronicMail") or reached_at,
        telephone=party.text("cac:Contact/cbc:Telephone"),
    )


def _identifiers(party: Part, path: str) -> list[tuple[str, str]]:
    return [(part.one_line, part.attribute("schemeID")) for part in party.parts(path)]


def _vat_number(party: Part) -> str:
    # A Swedish seller has a second registration, scheme TAX, that reads "GODKÄND FÖR F-SKATT".
    for registration in party.parts("cac:PartyTaxScheme"):
        if registration.text("cac:TaxScheme/cbc:ID").upper() == "VAT":
            return registration.text("cbc:CompanyID")
    return ""


def _address(address: Part) -> PostalAddress:
    street = " ".join([*address.texts("cbc:StreetName"), *address.texts("cbc:BuildingNumber")])
    box = address.text("cbc:Postbox")
    lines = [
        street,
        *address.texts("cbc:AdditionalStreetName"),
        *address.texts("cac:AddressLine/cbc:Line"),
        f"Box {box}" if box.isdecimal() else box,
    ]
    return PostalAddress(
        lines=tuple(line for line in lines if line),
        postcode=address.text("cbc:PostalZone"),
        town=address.text("cbc:CityName"),
        country=address.text("cac:Country/cbc:IdentificationCode").upper(),
    )


def _accounts(document: Part) -> Iterator[PaymentAccount]:
    for account in document.parts("cac:PaymentMeans/cac:PayeeFinancialAccount"):
        number = account.text("cbc:ID")
        if number:
            yield payment_account(number, account.text("cac:FinancialInstitutionBranch/cbc:ID"))


def _line(line: Part) -> InvoiceLine:
    quantity = line.part("cbc:InvoicedQuantity") or line.part("cbc:CreditedQuantity")
    if quantity is not None and not quantity.content():
        quantity = None
    return InvoiceLine(
        text=" – ".join(dict.fromkeys([*line.texts("cac:Item/cbc:Name"), *line.texts("cac:Item/cbc:Description")])),
        quantity=quantity.number() if quantity else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        amount=line.amount("cbc:LineExtensionAmount"),
        period_start=line.day("cac:InvoicePeriod/cbc:StartDate"),
        period_end=line.day("cac:InvoicePeriod/cbc:EndDate"),
    )


def _reasons(part: Part) -> tuple[str, ...]:
    return part.notes("cac:AllowanceCharge/cbc:AllowanceChargeReason")


def _words(line: Part) -> tuple[str, ...]:
    item = (*line.notes("cac:Item/cbc:Name"), *line.notes("cac:Item/cbc:Description"))
    return (*line.notes("cbc:Note"), *item, *_reasons(line))
