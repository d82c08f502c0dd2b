"""Invented invoices and facts for the rules. Every test says only what it is about; the rest is an ordinary invoice.

The ordinary invoice: 10 000,00 kr to a trader in Sweden, dated 1 September 2026, due Wednesday 30 September 2026, and
looked at on Monday 23 November 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import luhn

from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.money import Money

TODAY = date(2026, 11, 23)


def with_check_digit(digits: str) -> str:
    """Return the digits with their Luhn digit after them."""
    return digits + luhn.calc_check_digit(digits)


def person(born: date, *, coordination: bool = False) -> str:
    """Return a number of twelve digits from Skatteverket's test series: birth numbers 238 and 239 belong to nobody."""
    day = born.day + 60 if coordination else born.day
    return f"{born.year // 100}" + with_check_digit(f"{born:%y%m}{day:02d}238")


def organisation(group: str) -> str:
    """Return an invented organisation number that begins with these two digits, written with a hyphen."""
    digits = with_check_digit(f"{group}9900001")
    return f"{digits[:6]}-{digits[6:]}"


ADULT = person(date(1985, 1, 1))
COMPANY = organisation("55")
MUNICIPALITY = organisation("21")

ADDRESS = PostalAddress(lines=("Storgatan 1",), postcode="123 45", town="Ekviken")
BUYER = InvoiceParty(name="Granbackens Plåt AB", identity_number=COMPANY, identity_scheme="0007", address=ADDRESS)
CONSUMER = InvoiceParty(name="Anna Ek", identity_number=ADULT, address=ADDRESS)
PUBLIC_BODY = replace(BUYER, name="Ekvikens kommun", identity_number=MUNICIPALITY)
TRADER_ABROAD = InvoiceParty(
    name="Nordlys Snekkeri AS",
    vat_number="NO999999999MVA",
    address=PostalAddress(lines=("Fjordveien 3",), postcode="0150", town="Oslo", country="NO"),
)

INVOICE = Invoice(
    number="1042",
    kind=DocumentKind.INVOICE,
    currency="SEK",
    seller=InvoiceParty(name="Lillsjöns Snickeri AB", identity_number=organisation("55")),
    buyer=BUYER,
    issue_date=date(2026, 9, 1),
    due_date=date(2026, 9, 30),
    payable=Decimal("10000.00"),
    total=Decimal("10000.00"),
    lines=(InvoiceLine(text="Köksbänk i ek", amount=Decimal("8000.00")),),
)
FACTS = ReminderFacts(invoice=INVOICE, today=TODAY)


def invoice(**changes: Any) -> Invoice:
    """Return the ordinary invoice with changes."""
    return replace(INVOICE, **changes)


def facts(invoice: Invoice = INVOICE, *, terms: Terms | None = None, **changes: Any) -> ReminderFacts:
    """Return the ordinary facts with changes."""
    return replace(FACTS, invoice=invoice, terms=terms or Terms(), **changes)


def paid(day: date, amount: str) -> PartPayment:
    """Return a part payment; the amount is in kronor."""
    return PartPayment(day, Money.parse(amount))
