"""One at a time in a company's ledger: whoever gives out invoice or customer numbers waits for whoever does so now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from punktlig.receivables.records.customer import Customer

if TYPE_CHECKING:
    from uuid import UUID

_KIND = 0x6C656467  # "ledg": advisory locks of other kinds have other first numbers
_FIRST_CUSTOMER = 1001


def lock_ledger(company_id: UUID) -> None:
    """Wait until nobody else enters invoices or customers of the company; then others wait until we commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_KIND, str(company_id)])


def next_customer_number(company_id: UUID) -> int:
    """Return the first free of the customer numbers in digits; the caller holds the ledger's lock."""
    highest = (
        Customer.objects.filter(company_id=company_id, number__regex=r"^[0-9]{1,9}$")
        .annotate(digits=Cast("number", IntegerField()))
        .aggregate(highest=Max("digits"))["highest"]
    )
    return max(_FIRST_CUSTOMER, (highest or 0) + 1)
