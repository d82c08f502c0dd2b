"""A person's note on an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import Invoice

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from punktlig.tenancy.models import User


def add_note(company_id: UUID, invoice_id: UUID, *, text: str, user: User, at: datetime) -> HistoryLine:
    """Add the note to the invoice's history and return its line.

    Raises:
        Invoice.DoesNotExist: it is not one of the company's.
    """
    invoice = Invoice.objects.only("id").get(company_id=company_id, id=invoice_id)
    return HistoryLine.objects.create(
        company_id=company_id, invoice=invoice, at=at, actor=user.get_full_name(), code="note", facts={"text": text}
    )
