"""Whose invoice a file is: the customer known by identity number, VAT number, or name and postcode; else a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db.models import Q

from punktlig.core.identity import IdentityKind, NotAnIdentityNumber, read_identity_number
from punktlig.core.parties import SWEDEN
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.ledger_lock import next_customer_number
from punktlig.receivables.records.rows import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from punktlig.core.invoice import InvoiceParty


class KnownCustomers:
    """The customers that some buyers may be, read in one query; new ones join as they come."""

    def __init__(self, company_id: UUID, buyers: Iterable[InvoiceParty], *, today: date) -> None:
        self._company_id, self._today = company_id, today
        self._by_identity: dict[str, Customer] = {}
        self._by_vat: dict[str, Customer] = {}
        self._by_place: dict[tuple[str, str], Customer] = {}
        self.new: list[Customer] = []
        self.filled: dict[UUID, Customer] = {}
        self._next_number = next_customer_number(company_id)
        identities: set[str] = set()
        vats: set[str] = set()
        names: set[str] = set()
        for buyer in buyers:
            identities |= self._ways_to_write(buyer.identity_number)
            vats |= {buyer.vat_number} - {""}
            names.add(key_of(buyer.name))
        found = Customer.objects.filter(
            Q(identity_number__in=identities) | Q(vat_number__in=vats) | Q(name_key__in=names), company_id=company_id
        )
        for customer in found.order_by("created_at", "id"):
            self._learn(customer)

    def of(self, buyer: InvoiceParty) -> Customer | None:
        """Return the customer that the buyer is, or None. Two identity numbers are two customers, whatever the name."""
        if buyer.identity_number:
            found = self._by_identity.get(_identity(buyer.identity_number, self._today))
            if found is not None:
                return found
        if buyer.vat_number and (found := self._by_vat.get(buyer.vat_number)) is not None:
            return found
        found = self._by_place.get(_place(buyer.name, buyer.address.postcode))
        return found if found is not None and may_be(found, buyer, today=self._today) else None

    def of_or_new(self, buyer: InvoiceParty) -> Customer:
        """Return the customer that the buyer is, made now when there is none; what was not known of it is filled in."""
        known = self.of(buyer)
        if known is not None:
            self._fill_in(known, buyer)
            return known
        country = buyer.address.country or SWEDEN
        customer = Customer(
            id=uuid4(),
            company_id=self._company_id,
            number=str(self._next_number),
            name=" ".join(buyer.name.split()),
            identity_number=buyer.identity_number,
            vat_number=buyer.vat_number,
            street="\n".join(buyer.address.lines),
            postcode=buyer.address.postcode,
            town=buyer.address.town,
            country=country,
            email=buyer.email,
            telephone=buyer.telephone,
            language="sv" if country == SWEDEN else "en",
        )
        self._next_number += 1
        self.new.append(customer)
        self._learn(customer)
        return customer

    def _fill_in(self, customer: Customer, buyer: InvoiceParty) -> None:
        """Take over what the ledger lacks. What it has may have been mended by a person and stays."""
        found: dict[str, str] = {}
        if not (customer.street or customer.postcode or customer.town):
            found |= {
                "street": "\n".join(buyer.address.lines),
                "postcode": buyer.address.postcode,
                "town": buyer.address.town,
            }
        found |= {"email": buyer.email, "identity_number": buyer.identity_number, "vat_number": buyer.vat_number}
        lacking = {name: text for name, text in found.items() if text and not getattr(customer, name)}
        if not lacking:
            return
        for name, text in lacking.items():
            setattr(customer, name, text)
        self._learn(customer)
        if all(customer is not new for new in self.new):
            self.filled[customer.id] = customer

    def _learn(self, customer: Customer) -> None:
        if customer.identity_number:
            self._by_identity.setdefault(_identity(customer.identity_number, self._today), customer)
        if customer.vat_number:
            self._by_vat.setdefault(customer.vat_number, customer)
        self._by_place.setdefault(_place(customer.name, customer.postcode), customer)

    def _ways_to_write(self, written: str) -> set[str]:
        """Return every way in which the same number may have been kept."""
        if not written:
            return set()
        try:
            number = read_identity_number(written, today=self._today)
        except NotAnIdentityNumber:
            return {written}
        first, last = number.digits[:6], number.digits[6:]
        century = "16" if number.kind is IdentityKind.ORGANISATION else f"{number.birth_date:%Y}"[:2]
        return {written, first + last, f"{first}-{last}", f"{century}{first}{last}", f"{century}{first}-{last}"}


FILLED_IN = ("street", "postcode", "town", "email", "identity_number", "vat_number")
"""The columns that may have been filled in."""


def may_be(customer: Customer, buyer: InvoiceParty, *, today: date) -> bool:
    """Tell whether a document to the buyer can be the customer's: by identity number, else by VAT number or name."""
    told, known = buyer.identity_number, customer.identity_number
    if told and known:
        return _identity(told, today) == _identity(known, today)
    same_vat = bool(buyer.vat_number) and buyer.vat_number == customer.vat_number
    return same_vat or key_of(customer.name) == key_of(buyer.name)


def _identity(written: str, today: date) -> str:
    try:
        return read_identity_number(written, today=today).digits
    except NotAnIdentityNumber:
        return written.strip().upper()


def _place(name: str, postcode: str) -> tuple[str, str]:
    return key_of(" ".join(name.split())), "".join(postcode.split())
