"""The one place where what is paid and credited on an invoice is added up.

Rows are added and the sums moved in the same statement order everywhere: whoever books money, a person, a file or the
agency's event, does it here. The sums move by what is added, so that two who book at once both count.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection

from punktlig.receivables.records.invoice import CreditNote, Invoice, Payment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

_ADD = """
UPDATE receivables_invoice AS invoice
SET {column} = invoice.{column} + added.ore, remaining_ore = invoice.remaining_ore - added.ore
FROM (SELECT id, ore FROM unnest(%s::uuid[], %s::bigint[]) AS added (id, ore) ORDER BY id) AS added
WHERE invoice.company_id = %s AND invoice.id = added.id
"""


def lock_invoice(company_id: UUID, invoice_id: UUID) -> Invoice:
    """Return the invoice, locked until the transaction ends.

    Raises:
        Invoice.DoesNotExist: it is not one of the company's.
    """
    return Invoice.objects.select_for_update().defer("source_bytes").get(company_id=company_id, id=invoice_id)


def add_payments(company_id: UUID, payments: Sequence[Payment]) -> None:
    """Add payments to their invoices; the caller holds the locks. The invoices in memory stay as they were."""
    Payment.objects.bulk_create(payments, batch_size=500)
    _move(company_id, "paid_ore", payments)


def take_back(payment: Payment, *, by: User | None, at: datetime) -> None:
    """Take a payment that stands off its invoice; the caller holds the invoice's lock. The invoice in memory stays.

    `by` is nobody when the agency has done it.
    """
    payment.taken_back_at, payment.taken_back_by = at, by
    payment.save(update_fields=["taken_back_at", "taken_back_by"])
    _move(payment.company_id, "paid_ore", [payment], sign=-1)


def add_credit_notes(company_id: UUID, notes: Sequence[CreditNote]) -> None:
    """Add credit notes to their invoices; the caller holds the locks. The invoices in memory stay as they were."""
    CreditNote.objects.bulk_create(notes, batch_size=500)
    _move(company_id, "credited_ore", notes)


def _move(company_id: UUID, column: str, rows: Sequence[Payment] | Sequence[CreditNote], *, sign: int = 1) -> None:
    sums: defaultdict[UUID, int] = defaultdict(int)
    for row in rows:
        assert row.company_id == company_id  # noqa: S101 - money is added to the company's own invoices alone
        sums[row.invoice_id] += sign * row.amount_ore
    if not sums:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(column=column), [list(sums), list(sums.values()), company_id])
        assert cursor.rowcount == len(sums)  # noqa: S101 - the foreign key says so too, but only at the commit
