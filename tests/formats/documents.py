"""Small UBL and CII documents, whole enough to be read, with one part at a time written otherwise."""

from __future__ import annotations

UBL_PARTS = {
    "number": "<cbc:ID>F-1</cbc:ID>",
    "issued": "<cbc:IssueDate>2026-09-01</cbc:IssueDate>",
    "due": "<cbc:DueDate>2026-10-01</cbc:DueDate>",
    "type": "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>",
    "note": "",
    "currency": "<cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>",
    "reference": "",
    "seller": "<cac:PartyLegalEntity><cbc:RegistrationName>Säljaren AB</cbc:RegistrationName></cac:PartyLegalEntity>",
    "buyer": "<cac:PartyLegalEntity><cbc:RegistrationName>Köparen AB</cbc:RegistrationName></cac:PartyLegalEntity>",
    "payee": "",
    "means": "",
    "terms": "",
    "allowance": "",
    "tax": '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">20.00</cbc:TaxAmount></cac:TaxTotal>',
    "totals": '<cbc:PayableAmount currencyID="SEK">100.00</cbc:PayableAmount>',
    "lines": "",
}

CII_PARTS = {
    "number": "<ram:ID>F-1</ram:ID>",
    "type": "<ram:TypeCode>380</ram:TypeCode>",
    "issued": '<ram:IssueDateTime><udt:DateTimeString format="102">20260901</udt:DateTimeString></ram:IssueDateTime>',
    "note": "",
    "lines": "",
    "seller": "<ram:Name>Säljaren AB</ram:Name>",
    "buyer": "<ram:Name>Köparen AB</ram:Name>",
    "reference": "",
    "currency": "<ram:InvoiceCurrencyCode>SEK</ram:InvoiceCurrencyCode>",
    "payee": "",
    "means": "",
    "allowance": "",
    "terms": "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
    '<udt:DateTimeString format="102">20261001</udt:DateTimeString>'
    "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>",
    "totals": "<ram:DuePayableAmount>100.00</ram:DuePayableAmount>",
    "corrected": "",
}


def ubl_document(*, root: str = "Invoice", **written: str) -> bytes:
    """Return a UBL document of one line per part, with the named parts replaced; `seller` and `buyer` are a Party's."""
    parts = {**UBL_PARTS, **written}
    assert parts.keys() == UBL_PARTS.keys()
    parts["seller"] = (
        f"<cac:AccountingSupplierParty><cac:Party>{parts['seller']}</cac:Party></cac:AccountingSupplierParty>"
    )
    parts["buyer"] = (
        f"<cac:AccountingCustomerParty><cac:Party>{parts['buyer']}</cac:Party></cac:AccountingCustomerParty>"
    )
    parts["totals"] = f"<cac:LegalMonetaryTotal>{parts['totals']}</cac:LegalMonetaryTotal>"
    lines = "\n".join(parts.values())
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\n'
        f"{lines}\n</{root}>"
    ).encode()


def cii_document(**written: str) -> bytes:
    """Return a CII document with the named parts replaced; `seller` and `buyer` are the inside of a trade party."""
    parts = {**CII_PARTS, **written}
    assert parts.keys() == CII_PARTS.keys()
    return f"""<rsm:CrossIndustryInvoice
  xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument>{parts["number"]}{parts["type"]}{parts["issued"]}{parts["note"]}</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
{parts["lines"]}
<ram:ApplicableHeaderTradeAgreement>
{parts["reference"]}
<ram:SellerTradeParty>{parts["seller"]}</ram:SellerTradeParty>
<ram:BuyerTradeParty>{parts["buyer"]}</ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement>
{parts["currency"]}
{parts["payee"]}
{parts["means"]}
{parts["allowance"]}
{parts["terms"]}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{parts["totals"]}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
{parts["corrected"]}
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>""".encode()
