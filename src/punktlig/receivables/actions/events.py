"""What the agency tells of claims, applied once each: any order, any number of times, gives the same."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from punktlig.exchange.messages import EventKind
from punktlig.receivables.records.agency_summary import apply_summaries
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.feed import FeedCursor
from punktlig.receivables.records.handover import CommandState
from punktlig.receivables.records.handover_writing import lock_invoices
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.sending import fitting
from punktlig.tenancy.mass_rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from punktlig.exchange.messages import ClaimEvent

_log = logging.getLogger(__name__)

# The contents are lines of one text: each quotation mark in an array of texts is escaped once more.
_RECEIVE = """
INSERT INTO receivables_received_event (id, company_id, invoice_id, kind, at, sequence, content, received_at)
SELECT id, %s, invoice_id, kind, at, sequence, content::jsonb, %s
FROM ROWS FROM (
    unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::int[]), string_to_table(%s, E'\\n')
) AS told (id, invoice_id, kind, at, sequence, content)
ON CONFLICT DO NOTHING RETURNING id
"""

_NUMBERS = """
UPDATE receivables_invoice AS invoice SET claim_number = told.number
FROM unnest(%s::uuid[], %s::text[]) AS told (id, number)
WHERE invoice.company_id = %s AND invoice.id = told.id AND invoice.claim_number = ''
"""

_COMMANDS = """
UPDATE receivables_command AS command SET state = told.state, refusal_code = told.code, answered_at = told.at,
    delivered_at = coalesce(command.delivered_at, %s), leased_until = NULL, last_problem = ''
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, state, code, at)
WHERE command.company_id = %s AND command.id = told.id AND command.state = %s
"""

_HISTORY_COLUMNS = ("id", "company_id", "invoice_id", "at", "actor", "by_agency", "code", "facts")
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
    ours = sorted((event for event in by_id.values() if event.invoice_id in known), key=lambda event: event.id)
    received = _receive(company_id, ours, at)
    new = [event for event in ours if event.id in received]
    _tell(company_id, new)
    _answer_commands(company_id, new, at)
    _number(company_id, new)
    apply_summaries(company_id, [(event.invoice_id, event.summary) for event in new])
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


@transaction.atomic
def advance_feed(before: str, cursor: str, *, at: datetime) -> None:
    """Keep that everything up to the cursor has been applied, unless somebody else has read on meanwhile."""
    FeedCursor.objects.get_or_create(id=1)
    FeedCursor.objects.filter(id=1, cursor=before).update(cursor=cursor, read_at=at, last_problem="")


@transaction.atomic
def note_feed_problem(problem: str) -> None:
    """Keep why the feed could not be read."""
    FeedCursor.objects.update_or_create(id=1, defaults={"last_problem": fitting(FeedCursor, "last_problem", problem)})


def _receive(company_id: UUID, events: Sequence[ClaimEvent], at: datetime) -> set[UUID]:
    if not events:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECEIVE,
            [
                company_id,
                at,
                [event.id for event in events],
                [event.invoice_id for event in events],
                [str(event.kind) for event in events],
                [event.at for event in events],
                [event.summary.sequence for event in events],
                # JSON has no line feed but between its signs, where none is written here.
                "\n".join(event.model_dump_json(exclude_none=True) for event in events),
            ],
        )
        return {event_id for (event_id,) in cursor.fetchall()}


def _tell(company_id: UUID, events: Sequence[ClaimEvent]) -> None:
    """Add a line of history for each, with the event's own id, so that the database too holds that it is told once."""
    rows = [
        (
            event.id,
            company_id,
            event.invoice_id,
            event.at,
            fitting(HistoryLine, "actor", event.actor),
            True,
            str(event.kind),
            json.dumps({**event.facts, "claim_number": event.claim_number}, ensure_ascii=False),
        )
        for event in events
    ]
    insert_rows(HistoryLine, _HISTORY_COLUMNS, rows)


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


def _number(company_id: UUID, events: Sequence[ClaimEvent]) -> None:
    """Give the invoice its claim's number, which an event may know before the answer to the handover has come."""
    numbers = {event.invoice_id: event.claim_number[:20] for event in events}
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_NUMBERS, [list(numbers), list(numbers.values()), company_id])
