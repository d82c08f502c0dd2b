"""Messages to the agency that have gone without an answer for so long that a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.receivables.records.sending import LATE_AFTER
from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.tenancy.plain_reading import Found, Statement


@dataclass(frozen=True)
class Silence:
    """How many messages wait, since when the longest, and the latest problem of that one as `Outgoing` keeps it."""

    count: int
    since: datetime
    problem: str


@dataclass(frozen=True)
class Silences:
    """What the agency does not answer: handovers, the payments and credit notes told to it, and those taken back."""

    handovers: Silence | None = None
    commands: Silence | None = None
    reversals: Silence | None = None


def silences(company_id: UUID, *, invoice_id: UUID | None = None, at: datetime) -> Silences:
    """Return what is late of the company or of one invoice."""
    return read_silences(run_together(silence_statement(company_id, invoice_id=invoice_id, at=at))[0])


def silence_statement(company_id: UUID, *, invoice_id: UUID | None = None, at: datetime) -> Statement:
    """Return what to ask for silences, for whoever asks for more in the same message."""
    tried = [company_id, at - LATE_AFTER, invoice_id, invoice_id]
    return _SILENCES, [*tried, *tried, *tried]


def read_silences(found: Found) -> Silences:
    """Return the silences that the answer to `silence_statement` tells of."""
    return Silences(**{what: Silence(count, since, problem) for what, count, since, problem in found.rows if count})


def late_among(company_id: UUID, invoice_ids: Sequence[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return those of the invoices whose handover is late."""
    (late,) = run_together((_LATE_INVOICES, [company_id, at - LATE_AFTER, list(invoice_ids)]))
    return frozenset(invoice_id for (invoice_id,) in late.rows)


# `Outgoing.is_late` as a condition, of what still waits for its answer.
_LATE = "company_id = %s AND first_tried_at <= %s AND last_problem <> ''"
_HANDOVERS = f"receivables_handover WHERE state = 'queued' AND {_LATE}"
_COMMANDS = f"receivables_command WHERE state = 'requested' AND delivered_at IS NULL AND {_LATE}"
_COUNTED = "count(*), min(first_tried_at), (array_agg(last_problem ORDER BY first_tried_at, id))[1]"
# Written once: every page that tells of silence asks, and there is hardly ever any.
_SILENCES = f"""
SELECT 'handovers', {_COUNTED} FROM {_HANDOVERS} AND (%s::uuid IS NULL OR invoice_id = %s)
UNION ALL
SELECT 'commands', {_COUNTED} FROM {_COMMANDS} AND reverses IS NULL AND (%s::uuid IS NULL OR invoice_id = %s)
UNION ALL
SELECT 'reversals', {_COUNTED} FROM {_COMMANDS} AND reverses IS NOT NULL AND (%s::uuid IS NULL OR invoice_id = %s)
"""  # noqa: S608 - the words are ours
_LATE_INVOICES = f"SELECT invoice_id FROM {_HANDOVERS} AND invoice_id = ANY(%s)"  # noqa: S608
