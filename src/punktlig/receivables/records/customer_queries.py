"""The customer list: what a search finds, its orders, and what each customer owes. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum

from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.keyset_paging import ROWS_ON_A_PAGE, Page, Stretch, page_of
from punktlig.receivables.records.rows import begins_with, key_of
from punktlig.tenancy.plain_reading import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from punktlig.tenancy.plain_reading import Statement


_LENGTHS_OF_A_NUMBER = (10, 12)


class CustomerOrder(StrEnum):
    """How the list is sorted."""

    NAME = "name"
    NUMBER = "number"
    NEWEST = "newest"


_STRETCHES = {
    CustomerOrder.NAME: Stretch("name_key"),
    CustomerOrder.NUMBER: Stretch("number"),
    CustomerOrder.NEWEST: Stretch("created_at", descending=True),
}


@dataclass(frozen=True)
class Owing:
    """How many of a customer's invoices are unpaid, and what is left of them together."""

    count: int = 0
    remaining_ore: int = 0


def customers_named(company_id: UUID, words: str) -> QuerySet[Customer, Customer]:
    """Return the customers of whose name some word begins with the words.

    The beginning of the whole name is found in the index. A later word, such as a surname, is looked for in every name
    of the company, some thousands, as they stand in the index: one of words would not be used under row-level security,
    which asks for a comparison that cannot tell of rows it was not to see. Somebody with protected
    personal data is found by the whole name alone, since a part of it would let it be guessed at.
    """
    key = key_of(words.replace("\0", ""))
    begun = begins_with("name_key", key) | Q(name_key__contains=f" {key}")
    return Customer.objects.filter(begun & Q(identity_is_protected=False) | Q(name_key=key), company_id=company_id)


def customers(company_id: UUID, search: str = "") -> QuerySet[Customer, Customer]:
    """Return the customers that a name, customer number, identity number or e-mail address finds, in no order."""
    words = search.replace("\0", "").strip()[:100]
    if not words:
        return Customer.objects.filter(company_id=company_id)
    found = customers_named(company_id, words) | Customer.objects.filter(
        Q(number=words) | Q(email__iexact=words), company_id=company_id
    )
    digits = "".join(sign for sign in words if sign.isdigit())
    # Whoever knows the whole number may find by it; a part of it would let it be guessed at, digit by digit.
    if len(digits) in _LENGTHS_OF_A_NUMBER:
        first, last = digits[-10:-4], digits[-4:]
        written = {f"{century}{first}{sign}{last}" for century in ("", "16", "19", "20") for sign in ("", "-")}
        found |= Customer.objects.filter(identity_number__in=written, company_id=company_id)
    return found


def customer_page(
    company_id: UUID,
    *,
    search: str = "",
    order: CustomerOrder = CustomerOrder.NAME,
    mark: str = "",
    size: int = ROWS_ON_A_PAGE,
) -> Page[Customer]:
    """Return a page of the list."""
    return page_of(customers(company_id, search), [_STRETCHES[order]], mark, size)


def customers_statement(company_id: UUID, customer_ids: Iterable[UUID]) -> Statement:
    """Return what to ask for these customers of the company."""
    return _BY_ID, [company_id, list(customer_ids)]


_BY_ID = f"""
SELECT {", ".join(columns_of(Customer))} FROM receivables_customer WHERE company_id = %s AND id = ANY(%s)
"""  # noqa: S608 - the names are ours


def owing_of(company_id: UUID, customer_ids: Iterable[UUID]) -> dict[UUID, Owing]:
    """Return what each of the customers owes in SEK; those who owe nothing are left out."""
    rows = (
        Invoice.objects.filter(
            company_id=company_id, customer__in=list(customer_ids), remaining_ore__gt=0, currency="SEK"
        )
        .values_list("customer_id")
        .annotate(count=Count("id"), left=Sum("remaining_ore"))
    )
    return {customer_id: Owing(count, int(left or 0)) for customer_id, count, left in rows}
