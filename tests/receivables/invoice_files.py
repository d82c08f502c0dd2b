"""Invoice files built for tests: UBL 2.1 as Peppol writes it, from the company of the samples unless told otherwise."""

from __future__ import annotations

from xml.sax.saxutils import escape

_NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"


def invoice_file(
    number: str,
    *,
    payable: str = "1250.00",
    tax: str = "250.00",
    issued: str = "2026-09-15",
    due: str | None = "2026-10-15",
    currency: str = "SEK",
    seller_number: str = "559012-3450",
    seller: str = "Lillsjöns Snickeri AB",
    buyer: str = "Anna Ek",
    buyer_number: str = "",
    postcode: str = "123 46",
    corrects: str = "",
    line: str = "Byte av hängrännor",
    comment: str = "",
) -> bytes:
    kind = "381" if corrects else "380"
    net = f"{float(payable) - float(tax):.2f}"
    identity = f"<cbc:CompanyID>{escape(buyer_number)}</cbc:CompanyID>" if buyer_number else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_INVOICE}" {_NAMESPACES}>
  <cbc:ID>{escape(number)}</cbc:ID>
  <cbc:IssueDate>{issued}</cbc:IssueDate>
  {f"<cbc:DueDate>{due}</cbc:DueDate>" if due else ""}
  <cbc:InvoiceTypeCode>{kind}</cbc:InvoiceTypeCode>
  {f"<cbc:Note>{escape(comment)}</cbc:Note>" if comment else ""}
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  {_corrected(corrects)}
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>{escape(seller)}</cbc:RegistrationName>
    <cbc:CompanyID schemeID="0007">{escape(seller_number)}</cbc:CompanyID></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PostalAddress><cbc:StreetName>Björkvägen 7</cbc:StreetName><cbc:CityName>Lillsjön</cbc:CityName>
    <cbc:PostalZone>{escape(postcode)}</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>{escape(buyer)}</cbc:RegistrationName>{identity}</cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{tax}</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxInclusiveAmount currencyID="{currency}">{payable}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="{currency}">{payable}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="HUR">2</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="{currency}">{net}</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>{escape(line)}</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>""".encode()


def _corrected(number: str) -> str:
    if not number:
        return ""
    reference = f"<cac:InvoiceDocumentReference><cbc:ID>{escape(number)}</cbc:ID></cac:InvoiceDocumentReference>"
    return f"<cac:BillingReference>{reference}</cac:BillingReference>"
