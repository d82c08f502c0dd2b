"""Writing handovers down: the rows a confirmation makes, for one invoice or a thousand alike."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection

from punktlig.exchange.messages import body_of
from punktlig.receivables.records.handover import Handover, HandoverState
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import AgencyState, Invoice
from punktlig.receivables.records.sending_facts import Prepared, prepare
from punktlig.tenancy.mass_rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.tenancy.models import User

_HANDOVER_COLUMNS = (
    "id", "company_id", "invoice_id", "body", "sha256", "state", "created_at", "created_by_id", "attempts",
    "next_try_at", "last_problem", "claim_number", "refusal_code", "refusal_facts",
)  # fmt: skip
_HISTORY_COLUMNS = ("id", "company_id", "invoice_id", "at", "actor", "by_agency", "code", "facts")

# A mended invoice is sent anew: what the agency once refused of it no longer stands there.
_MARK_AS_SENDING = """
UPDATE receivables_invoice SET agency_state = %s, sent_at = %s, refusal_code = '', refusal_facts = '{}'
WHERE company_id = %s AND id = ANY(%s)
"""


def lock_and_prepare(company_id: UUID, invoice_ids: Sequence[UUID], *, today: date) -> list[Prepared]:
    """Lock the invoices, in the order of their ids as everybody does, and return them as they stand now."""
    lock_invoices(company_id, invoice_ids)
    return prepare(company_id, invoice_ids, today=today)


def lock_invoices(company_id: UUID, invoice_ids: Sequence[UUID]) -> set[UUID]:
    """Lock the company's invoices among these, in the order of their ids so that nobody waits in a ring."""
    locked = Invoice.objects.select_for_update().filter(company_id=company_id, id__in=invoice_ids).order_by("id")
    return set(locked.values_list("id", flat=True))


def write_handovers(company_id: UUID, going: Sequence[Prepared], *, user: User, at: datetime) -> None:
    """Store the handovers with the exact bytes that will be sent, and mark the invoices; the caller holds the locks."""
    if not going:
        return
    handovers, history = [], []
    for one in going:
        handover_id, invoice_id = uuid4(), one.invoice.id
        sent = body_of(one.submission(handover_id))
        handovers.append((
            handover_id, company_id, invoice_id, sent.body, sent.sha256, HandoverState.QUEUED.value, at, user.id, 0,
            at, "", "", "", "{}",
        ))  # fmt: skip
        history.append((uuid4(), company_id, invoice_id, at, user.get_full_name(), False, "invoice_sent", "{}"))
    insert_rows(Handover, _HANDOVER_COLUMNS, handovers)
    insert_rows(HistoryLine, _HISTORY_COLUMNS, history)
    with connection.cursor() as cursor:
        cursor.execute(_MARK_AS_SENDING, [AgencyState.SENDING.value, at, company_id, [one.invoice.id for one in going]])
        assert cursor.rowcount == len(going)  # noqa: S101 - a handover without its invoice would be a claim nobody sees
