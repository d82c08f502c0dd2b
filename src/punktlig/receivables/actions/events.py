"""What the agency tells of claims, applied once each: any order, any number of times, gives the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from punktlig.exchange.messages import EventKind
from punktlig.receivables.records.agency_summary import Acknowledged, apply_events_told
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.feed import FeedCursor
from punktlig.receivables.records.handover import CommandState
from punktlig.receivables.records.handover_writing import lock_invoices
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.sending import fitting
from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from punktlig.exchange.messages import ClaimEvent

_log = logging.getLogger(__name__)

# The contents come as lines of one text, and all else is read out of them: that takes less than to send more columns.
# Without MATERIALIZED, each that is read out would parse its line anew. The line of history has the event's own id, so
# that the database too holds that it is told once.
_RECEIVE = """
WITH lines AS MATERIALIZED (
    SELECT line::jsonb AS content FROM string_to_table(%(contents)s, E'\\n') AS line
), told AS MATERIALIZED (
    SELECT (content ->> 'id')::uuid AS id, (content ->> 'invoice_id')::uuid AS invoice_id, content ->> 'kind' AS kind,
        (content ->> 'at')::timestamptz AS at, content
    FROM lines
), received AS (
    INSERT INTO receivables_received_event (id, company_id, invoice_id, kind, at, sequence, content, received_at)
    SELECT id, %(company)s, invoice_id, kind, at, (content -> 'summary' ->> 'sequence')::int, content, %(now)s FROM told
    ON CONFLICT DO NOTHING RETURNING id
), history AS (
    INSERT INTO receivables_history_line (id, company_id, invoice_id, at, actor, by_agency, code, facts)
    SELECT id, %(company)s, invoice_id, at, left(content ->> 'actor', %(longest)s), true, kind,
        coalesce(content -> 'facts', '{}') || jsonb_build_object('claim_number', content -> 'claim_number')
    FROM told JOIN received USING (id)
)
SELECT id FROM received
"""

_COMMANDS = """
UPDATE receivables_command AS command SET state = told.state, refusal_code = told.code, answered_at = told.at,
    delivered_at = coalesce(command.delivered_at, %s), leased_until = NULL, last_problem = ''
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, state, code, at)
WHERE command.company_id = %s AND command.id = told.id AND command.state = %s
"""

# In one message: the feed is looked at many times a second while much goes on.
_ADVANCE = """
INSERT INTO receivables_feed_cursor AS feed (id, cursor, read_at, last_problem) VALUES (1, %s, %s, '')
ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor, read_at = excluded.read_at, last_problem = ''
WHERE feed.cursor = %s
"""

_CONFIRMATIONS = (EventKind.PAYMENT_CONFIRMED, EventKind.CREDIT_NOTE_CONFIRMED)


@transaction.atomic
def apply_events(company_id: UUID, events: Sequence[ClaimEvent], *, at: datetime) -> int:
    """Apply those of the company's events that are new, and return how many were.

    An event is kept by its id for ever and applied once. Its line of history and what it says of a command count
    whatever came before; the claim's summary counts only when it is newer than what the invoice has. An event of a kind
    that is not known here, from a newer agency, is kept and told all the same. Events of invoices that the company does
    not have are left out.
    """
    by_id = {event.id: event for event in events if event.company_id == company_id}
    known = lock_invoices(company_id, list({event.invoice_id for event in by_id.values()}))
    ours = sorted((event for event in by_id.values() if event.invoice_id in known), key=lambda event: event.id.int)
    received = _receive(company_id, ours, at)
    new = [event for event in ours if event.id in received]
    _answer_commands(company_id, new, at)
    apply_events_told(
        company_id,
        [Acknowledged(event.invoice_id, event.claim_number[:20], summary=event.summary) for event in new],
    )
    return len(new)


def of_companies(events: Iterable[ClaimEvent]) -> dict[UUID, list[ClaimEvent]]:
    """Return the events by company, for each to be applied as that company.

    Those of a company that is not here are left out, with a line in the log: it may have moved away.
    """
    found: dict[UUID, list[ClaimEvent]] = {}
    for event in events:
        found.setdefault(event.company_id, []).append(event)
    known = set(Company.objects.filter(id__in=found).values_list("id", flat=True))
    for stranger in found.keys() - known:
        _log.warning("%d events of the unknown company %s are left out", len(found[stranger]), stranger)
    return {company_id: own for company_id, own in found.items() if company_id in known}


def feed_cursor() -> str:
    """Return how far the feed has been read; empty before the first time."""
    return FeedCursor.objects.values_list("cursor", flat=True).first() or ""


def advance_feed(before: str, cursor: str, *, at: datetime) -> None:
    """Keep that everything up to the cursor has been applied, unless somebody else has read on meanwhile."""
    run_together((_ADVANCE, [cursor, at, before]))


@transaction.atomic
def note_feed_problem(problem: str) -> None:
    """Keep why the feed could not be read."""
    FeedCursor.objects.update_or_create(id=1, defaults={"last_problem": fitting(FeedCursor, "last_problem", problem)})


def _receive(company_id: UUID, events: Sequence[ClaimEvent], at: datetime) -> set[UUID]:
    """Keep those that are new, each with a line of history, and return their ids."""
    if not events:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECEIVE,
            {
                # JSON has no line feed but between its signs, where none is written here.
                "contents": "\n".join([event.model_dump_json(exclude_none=True) for event in events]),
                "company": company_id,
                "now": at,
                "longest": HistoryLine._meta.get_field("actor").max_length,  # noqa: SLF001 - Django's documented model API
            },
        )
        return {event_id for (event_id,) in cursor.fetchall()}


def _answer_commands(company_id: UUID, events: Sequence[ClaimEvent], at: datetime) -> None:
    told: list[tuple[UUID, str, str, datetime]] = []
    for event in events:
        command_id = _command_id(event)
        if command_id is not None and event.kind in _CONFIRMATIONS:
            told.append((command_id, CommandState.CONFIRMED.value, "", event.at))
        elif command_id is not None and event.kind == EventKind.COMMAND_REFUSED:
            told.append((command_id, CommandState.REFUSED.value, event.facts.get("code", "")[:60], event.at))
    if told:
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*told, strict=True)]
            cursor.execute(_COMMANDS, [at, *columns, company_id, CommandState.REQUESTED.value])


def _command_id(event: ClaimEvent) -> UUID | None:
    try:
        return UUID(event.facts["command_id"])
    except (KeyError, ValueError):
        return None
