"""Customers: entering them, changing them, and mending what stands in the way of a letter.

An invoice that is at the agency keeps the customer as it was when the invoice was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from punktlig.core.parties import SWEDEN, DebtorKind, DebtorKindContradicted, IdentityNumberUnreadable, debtor_from
from punktlig.core.refusal import Refusal
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import LIVE_AT_AGENCY, Invoice
from punktlig.receivables.records.ledger_lock import lock_ledger, next_customer_number
from punktlig.receivables.records.ledger_refusals import CustomerNameMissing, CustomerNumberTaken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a letter reaches the customer; `street` may have several lines."""

    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = SWEDEN


@dataclass(frozen=True, kw_only=True)
class CustomerEntry:
    """What is entered about a customer. No number means the next free one."""

    name: str
    number: str = ""
    kind: DebtorKind | None = None
    identity_number: str = ""
    vat_number: str = ""
    address: Address = Address()
    email: str = ""
    telephone: str = ""
    language: str = "sv"
    identity_is_protected: bool = False


@transaction.atomic
def create_customer(company_id: UUID, entry: CustomerEntry, *, today: date) -> Customer:
    """Enter a customer.

    Raises:
        CustomerNameMissing, CustomerNumberTaken, IdentityNumberUnreadable or DebtorKindContradicted.
    """
    lock_ledger(company_id)
    customer = Customer(id=uuid4(), company_id=company_id)
    _fill(customer, entry, number=entry.number.strip() or str(next_customer_number(company_id)))
    _check(customer, today)
    customer.save(force_insert=True)
    return customer


@transaction.atomic
def change_customer(
    company_id: UUID, customer_id: UUID, entry: CustomerEntry, *, user: User, today: date, at: datetime
) -> Customer:
    """Change a customer, and say so on its unpaid invoices.

    Raises:
        Customer.DoesNotExist, and as `create_customer`.
    """
    lock_ledger(company_id)
    customer = _locked(company_id, customer_id)
    before = _told(customer)
    _fill(customer, entry, number=entry.number.strip() or customer.number)
    _check(customer, today)
    changed = [name for name, value in _told(customer).items() if before[name] != value]
    if changed:
        customer.save()
        _tell_unpaid_invoices(customer, "customer_changed", changed, user=user, at=at)
    return customer


@transaction.atomic
def mend_address(company_id: UUID, customer_id: UUID, address: Address, *, user: User, at: datetime) -> Customer:
    """Change where letters reach the customer, as the sending asks for it.

    Raises:
        Customer.DoesNotExist.
    """
    customer = _locked(company_id, customer_id)
    _place(customer, address)
    customer.save(update_fields=["street", "postcode", "town", "country"])
    _tell_unpaid_invoices(customer, "address_mended", ["address"], user=user, at=at)
    return customer


@transaction.atomic
def mend_kind(
    company_id: UUID, customer_id: UUID, kind: DebtorKind, *, user: User, today: date, at: datetime
) -> Customer:
    """Say whether the customer is a consumer, a trader or a public body, as the sending asks for it.

    Raises:
        Customer.DoesNotExist, IdentityNumberUnreadable or DebtorKindContradicted.
    """
    customer = _locked(company_id, customer_id)
    customer.kind = kind.value
    _check(customer, today)
    customer.save(update_fields=["kind"])
    _tell_unpaid_invoices(customer, "kind_mended", ["kind"], user=user, at=at)
    return customer


def _locked(company_id: UUID, customer_id: UUID) -> Customer:
    return Customer.objects.select_for_update().get(company_id=company_id, id=customer_id)


def _fill(customer: Customer, entry: CustomerEntry, *, number: str) -> None:
    customer.number = number
    customer.name = " ".join(entry.name.split())
    customer.kind = entry.kind.value if entry.kind else ""
    customer.identity_number = entry.identity_number.strip()
    customer.vat_number = entry.vat_number.strip()
    customer.email = entry.email.strip()
    customer.telephone = entry.telephone.strip()
    customer.language = entry.language
    customer.identity_is_protected = entry.identity_is_protected
    _place(customer, entry.address)


def _place(customer: Customer, address: Address) -> None:
    customer.street = "\n".join(line.strip() for line in address.street.splitlines() if line.strip())
    customer.postcode = address.postcode.strip()
    customer.town = address.town.strip()
    customer.country = address.country.strip().upper() or SWEDEN


def _check(customer: Customer, today: date) -> None:
    if not customer.name:
        raise CustomerNameMissing
    taken = (
        Customer.objects.filter(company_id=customer.company_id, number=customer.number).exclude(id=customer.id).first()
    )
    if taken is not None:
        raise CustomerNumberTaken(customer.number, taken.name)
    try:
        debtor_from(customer.party(), customer.debtor_kind, today=today)
    except (IdentityNumberUnreadable, DebtorKindContradicted):
        raise
    except Refusal:
        # True of some customers, such as an estate, and told when an invoice is to be sent. Here only what cannot be
        # true is refused.
        return


def _told(customer: Customer) -> dict[str, object]:
    """Return what a person may change, under the names that the history uses."""
    return {
        "number": customer.number,
        "name": customer.name,
        "kind": customer.kind,
        "identity_number": customer.identity_number,
        "vat_number": customer.vat_number,
        "address": (customer.street, customer.postcode, customer.town, customer.country),
        "email": customer.email,
        "telephone": customer.telephone,
        "language": customer.language,
        "identity_is_protected": customer.identity_is_protected,
    }


def _tell_unpaid_invoices(customer: Customer, code: str, changed: Sequence[str], *, user: User, at: datetime) -> None:
    """Add a history line that names what was changed, never the values: a protected address stays out of it.

    What the agency works with is as it was sent, and the line says so.
    """
    unpaid = Invoice.objects.filter(company_id=customer.company_id, customer=customer, remaining_ore__gt=0)
    sent = set(unpaid.filter(LIVE_AT_AGENCY).values_list("id", flat=True))
    HistoryLine.objects.bulk_create(
        [
            HistoryLine(
                company_id=customer.company_id,
                invoice_id=invoice_id,
                at=at,
                actor=user.get_full_name(),
                code=code,
                facts={"changed": list(changed)} | ({"sent": True} if invoice_id in sent else {}),
            )
            for invoice_id in unpaid.values_list("id", flat=True)
        ],
        batch_size=500,
    )
