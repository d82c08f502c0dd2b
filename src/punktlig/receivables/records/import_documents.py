"""What the ledger would keep of an invoice file, and why it would not: judged alone, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from punktlig.core.addressee import CountryUnreadable
from punktlig.core.eligibility import (
    DocumentIsNotAnInvoice,
    InvoiceIsSelfBilled,
    PayeeIsAnother,
    TotalIsNegative,
)
from punktlig.core.facts import AmountFinerThanOre, AmountMissing, InvoiceDateMissing
from punktlig.core.invoice import DocumentKind
from punktlig.core.money import ZERO, Money, NotAnAmount
from punktlig.core.parties import SWEDEN
from punktlig.receivables.records.invoice import Invoice, InvoiceLine
from punktlig.receivables.records.invoice_entry import reference_of
from punktlig.receivables.records.ledger_refusals import (
    CreditedInvoiceNotNamed,
    CreditNoteAmountUnclear,
    InvoiceOfAnotherSeller,
    TextTooLongToKeep,
)

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from punktlig.core.invoice import Invoice as InvoiceFacts
    from punktlig.core.invoice import InvoiceParty
    from punktlig.receivables.records.company import Company

_ORGANISATION_DIGITS = 10
# Unsaid, organisation number, Swedish VAT number. A GLN (0088) is a place where goods are taken in.
_SWEDISH_SCHEMES = frozenset({"", "0007", "9955"})
_MOST_QUANTITY = Decimal(10) ** 12
_TEN_THOUSANDTH = Decimal("0.0001")


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice that the ledger would keep, still without its customer, and who is invoiced."""

    invoice: Invoice
    lines: list[InvoiceLine]
    buyer: InvoiceParty


@dataclass(frozen=True)
class CreditDocument:
    """A credit note that the ledger would keep, on the invoice with the number `corrects`, and whom it credits."""

    number: str
    day: date
    amount: Money
    currency: str
    corrects: str
    buyer: InvoiceParty


def document_of(facts: InvoiceFacts, company: Company) -> InvoiceDocument | CreditDocument:
    """Return what the ledger would keep of the file.

    Raises:
        InvoiceOfAnotherSeller, InvoiceIsSelfBilled, DocumentIsNotAnInvoice, PayeeIsAnother, InvoiceDateMissing,
        AmountMissing, AmountFinerThanOre, TotalIsNegative, TextTooLongToKeep, CountryUnreadable,
        CreditedInvoiceNotNamed or CreditNoteAmountUnclear.
    """
    if facts.kind is DocumentKind.SELF_BILLED:
        raise InvoiceIsSelfBilled(facts.number)
    _check_seller(facts.seller, company)
    if facts.kind is DocumentKind.OTHER:
        raise DocumentIsNotAnInvoice(facts.number)
    if facts.issue_date is None:
        raise InvoiceDateMissing
    _refuse_long("invoice number", facts.number, 60)
    if facts.kind is DocumentKind.CREDIT_NOTE:
        return _credit(facts, facts.issue_date)
    _check_payee(facts)
    _check_buyer(facts.buyer)
    return InvoiceDocument(*_invoice(facts, company.id), _identified(facts.buyer))


def _check_seller(seller: InvoiceParty, company: Company) -> None:
    told = seller.identity_number if seller.identity_scheme in _SWEDISH_SCHEMES else ""
    theirs = {_organisation(told), _organisation(seller.vat_number)} - {""}
    ours = {_organisation(company.organisation_number), _organisation(company.vat_number)} - {""}
    same = bool(theirs & ours) if theirs else seller.name.casefold() == company.name.casefold()
    if not same:
        number = seller.identity_number or seller.vat_number
        raise InvoiceOfAnotherSeller(seller.name, number, company.name)


def _organisation(written: str) -> str:
    """Return the ten digits of an organisation number, out of a Swedish VAT number or of twelve digits too."""
    signs = "".join(sign for sign in written.upper() if sign.isalnum())
    if signs.startswith("SE") and signs[2:].isdigit():
        return signs[2 : 2 + _ORGANISATION_DIGITS]
    if not signs.isdigit():
        return signs
    return signs[-_ORGANISATION_DIGITS:]


def _check_payee(facts: InvoiceFacts) -> None:
    """Refuse an invoice that is to be paid to somebody else, who may own the claim; the ledger has no room for both."""
    payee, seller = facts.payee, facts.seller
    if payee is None:
        return
    same_number = payee.identity_number and payee.identity_number == seller.identity_number
    if not same_number and payee.name.casefold() != seller.name.casefold():
        raise PayeeIsAnother(seller.name, payee.name)


def _check_buyer(buyer: InvoiceParty) -> None:
    address = buyer.address
    country = address.country
    if country and not (len(country) == 2 and country.isascii() and country.isupper()):  # noqa: PLR2004 - ISO 3166-1
        raise CountryUnreadable(buyer.name, country)
    for field, text, limit in (
        ("buyer name", buyer.name, 200),
        ("buyer identity number", buyer.identity_number, 30),
        ("buyer VAT number", buyer.vat_number, 30),
        ("buyer street", "\n".join(address.lines), 300),
        ("buyer postcode", address.postcode, 20),
        ("buyer town", address.town, 100),
        ("buyer email", buyer.email, 254),
        ("buyer telephone", buyer.telephone, 40),
    ):
        _refuse_long(field, text, limit)


def _identified(buyer: InvoiceParty) -> InvoiceParty:
    """Return the buyer without a number of another sort than an identity number: a customer keeps no scheme with it."""
    at_home = buyer.address.country in ("", SWEDEN)
    if buyer.identity_scheme in _SWEDISH_SCHEMES or not at_home:
        return buyer
    return replace(buyer, identity_number="", identity_scheme="")


def _refuse_long(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TextTooLongToKeep(field, len(text), limit)


def _ore(amount: Decimal | None) -> int | None:
    if amount is None:
        return None
    try:
        return Money.of_decimal(amount).ore
    except NotAnAmount as problem:
        raise AmountFinerThanOre(amount) from problem


def _invoice(facts: InvoiceFacts, company_id: UUID) -> tuple[Invoice, list[InvoiceLine]]:
    payable = _ore(facts.payable)
    if payable is None:
        raise AmountMissing
    if payable < 0:
        raise TotalIsNegative(Money(payable))
    prepaid = _ore(facts.prepaid) or 0
    total = _ore(facts.total)
    reference = reference_of(facts.payment_reference)
    _refuse_long("payment reference", reference, 30)
    _refuse_long("buyer reference", facts.buyer_reference, 200)
    assert facts.source is not None  # noqa: S101 - read_invoice always gives the bytes
    invoice = Invoice(
        id=uuid4(),
        company_id=company_id,
        number=facts.number,
        currency=facts.currency,
        issue_date=facts.issue_date,
        due_date=facts.due_date,
        total_ore=payable + prepaid if total is None else total,
        tax_ore=_ore(facts.tax),
        prepaid_ore=prepaid,
        payable_ore=payable,
        remaining_ore=payable,
        deduction=facts.deduction.value if facts.deduction else "",
        payment_reference=reference,
        buyer_reference=facts.buyer_reference,
        notes="\n\n".join(dict.fromkeys(text for text in (*facts.notes, facts.terms) if text)),
        source_format=facts.source.format,
        source_sha256=facts.source.sha256,
        source_bytes=facts.source.content,
    )
    lines = [
        InvoiceLine(
            company_id=company_id,
            invoice=invoice,
            position=position,
            text=line.text.strip()[:1000],
            quantity=_quantity(line.quantity),
            unit=line.unit[:20],
            amount_ore=_ore(line.amount),
            period_start=line.period_start,
            period_end=line.period_end,
        )
        for position, line in enumerate(facts.lines, start=1)
    ]
    return invoice, lines


def _quantity(quantity: Decimal | None) -> Decimal | None:
    """Return the quantity as the column keeps it; one that it cannot hold says nothing about the debt."""
    if quantity is None or abs(quantity) >= _MOST_QUANTITY:
        return None
    return quantity.quantize(_TEN_THOUSANDTH)


def _credit(facts: InvoiceFacts, issue_date: date) -> CreditDocument:
    if not facts.corrected_invoice:
        raise CreditedInvoiceNotNamed(facts.number)
    # What is to be paid back may be nothing when the invoice was not paid; the total is then what was credited.
    amount = _ore(facts.total) or _ore(facts.payable) or 0
    if Money(amount) <= ZERO:
        raise CreditNoteAmountUnclear(facts.number)
    buyer = _identified(facts.buyer)
    return CreditDocument(facts.number, issue_date, Money(amount), facts.currency, facts.corrected_invoice, buyer)
