"""Writing handovers down: the rows a confirmation makes, for one invoice or a thousand alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from punktlig.exchange.messages import sha256_of
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.invoice import AgencyState
from punktlig.receivables.records.sending_facts import Prepared, prepare
from punktlig.tenancy.ids import ids_in_order
from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

_LOCK = """
SELECT id, claim_sequence, claim_number = '' FROM receivables_invoice
WHERE company_id = %s AND id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
"""
# One statement, to which each invoice's values come once and as lines of one text: neither ids, hashes nor bodies have
# line feeds. The line of history has its handover's id. A mended invoice is sent anew: what the agency once refused of
# it no longer stands there.
_WRITE = """
WITH going AS MATERIALIZED (
    SELECT id::uuid, invoice_id::uuid, convert_to(body, 'UTF8') AS body, sha256
    FROM ROWS FROM (
        string_to_table(%(ids)s, E'\\n'), string_to_table(%(invoices)s, E'\\n'), string_to_table(%(bodies)s, E'\\n'),
        string_to_table(%(hashes)s, E'\\n')
    ) AS told (id, invoice_id, body, sha256)
), handed_over AS (
    INSERT INTO receivables_handover (id, company_id, invoice_id, body, sha256, state, created_at, created_by_id,
        attempts, next_try_at, last_problem, claim_number, refusal_code, refusal_facts)
    SELECT id, %(company)s, invoice_id, body, sha256, %(queued)s, %(at)s, %(user)s, 0, %(at)s, '', '', '', '{}'
    FROM going
), told AS (
    INSERT INTO receivables_history_line (id, company_id, invoice_id, at, actor, by_agency, code, facts)
    SELECT id, %(company)s, invoice_id, %(at)s, %(actor)s, false, 'invoice_sent', '{}' FROM going
)
UPDATE receivables_invoice AS invoice
SET agency_state = %(sending)s, sent_at = %(at)s, refusal_code = '', refusal_facts = '{}'
FROM going WHERE invoice.company_id = %(company)s AND invoice.id = going.invoice_id
"""


def lock_and_prepare(
    company_id: UUID, invoice_ids: Sequence[UUID | str], *, today: date, free: Collection[str] = ()
) -> list[Prepared]:
    """Lock the invoices, in the order of their ids as everybody does, and return them as they stand now.

    `free` are versions that need not be judged, see `prepare`.
    """
    lock_invoices(company_id, invoice_ids)
    return prepare(company_id, invoice_ids, today=today, free=free)


class Locked(NamedTuple):
    """What an invoice whose lock is held has of its claim."""

    claim_sequence: int
    has_no_claim_number: bool


def lock_invoices(company_id: UUID, invoice_ids: Iterable[UUID | str]) -> dict[UUID, Locked]:
    """Lock the company's invoices among these, in the order of their ids so that nobody waits in a ring."""
    (locked,) = run_together((_LOCK, [company_id, as_array(invoice_ids)]))
    return {invoice_id: Locked(*rest) for invoice_id, *rest in locked.rows}


def write_handovers(company_id: UUID, going: Sequence[Prepared], *, user: User, at: datetime) -> None:
    """Store the handovers with the exact bytes that will be sent, and mark the invoices; the caller holds the locks."""
    if not going:
        return
    ids = list(ids_in_order(len(going), at=at))
    bodies = [one.body(handover_id) for one, handover_id in zip(going, ids, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "ids": "\n".join([one.hex for one in ids]),
                "invoices": "\n".join([one.id.hex for one in going]),
                "bodies": b"\n".join(bodies).decode(),
                "hashes": "\n".join(map(sha256_of, bodies)),
                "company": company_id,
                "queued": HandoverState.QUEUED.value,
                "sending": AgencyState.SENDING.value,
                "actor": user.get_full_name(),
                "user": user.id,
                "at": at,
            },
        )
        assert cursor.rowcount == len(going)  # noqa: S101 - a handover without its invoice would be a claim nobody sees
