"""A platform's feed: events of all its creditors, in the order of their positions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from punktlig.exchange import messages
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from uuid import UUID

# Joined with the creditor in every condition, which is the first column of every key. The server writes the JSON, since
# facts and summary are JSON there already: reading them only to write them again would take ten times as long. What a
# summary leaves out because it says nothing is told as null. LATERAL with OFFSET 0, so that each entry's event is found
# and then its claim: where tables have never been analysed, PostgreSQL would pair all entries with all claims first.
_OF_FEED = """
SELECT count(*), coalesce(string_agg(concat(
    '{"id":"', event.id, '","kind":"', event.kind,
    '","at":"', to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '","actor":', to_json(event.actor),
    ',"company_id":"', creditor.company_id, '","invoice_id":"', claim.invoice_id,
    '","handover_id":"', claim.handover_id, '","claim_id":"', claim.id, '","claim_number":', to_json(claim.number),
    ',"facts":', event.facts, ',"summary":', '{"next_event":null,"next_event_day":null}'::jsonb || event.summary, '}'
), ',' ORDER BY entry.position), '')
FROM agency_feed_entry entry
JOIN agency_creditor creditor ON creditor.id = entry.creditor_id
CROSS JOIN LATERAL (
    SELECT id, kind, at, actor, facts, summary, claim_id FROM agency_claim_event AS told
    WHERE told.creditor_id = entry.creditor_id AND told.id = entry.id OFFSET 0
) AS event
CROSS JOIN LATERAL (
    SELECT id, invoice_id, handover_id, number FROM agency_claim AS told
    WHERE told.creditor_id = entry.creditor_id AND told.id = event.claim_id OFFSET 0
) AS claim
WHERE entry.platform_id = %s AND entry.position BETWEEN %s AND %s
"""
_OF_CLAIM = """
SELECT event.id, event.kind, event.at, event.actor, creditor.company_id, claim.invoice_id, claim.handover_id, claim.id,
    claim.number, event.facts::text, event.summary::text
FROM agency_claim_event event
JOIN agency_creditor creditor ON creditor.id = event.creditor_id
JOIN agency_claim claim ON claim.creditor_id = event.creditor_id AND claim.id = event.claim_id
WHERE event.creditor_id = %s AND event.claim_id = %s
ORDER BY event.sequence
"""


def events_between(platform_id: UUID, first: int, last: int) -> str:
    """Return the events from one position of the platform's feed through another, as a JSON array of `ClaimEvent`.

    Reads across creditors: the platform owns them all, and the condition names it.
    """
    with acting_for_everyone(), connection.cursor() as cursor:
        cursor.execute(_OF_FEED, [platform_id, first, last])
        count, events = cursor.fetchone()
    assert count == last - first + 1  # noqa: S101 - a gap would be skipped by the reader for ever
    return f"[{events}]"


def events_of_claim(creditor_id: UUID, claim_id: UUID) -> tuple[messages.ClaimEvent, ...]:
    """Return the events of a claim, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CLAIM, [creditor_id, claim_id])
        return tuple(_event(row) for row in cursor.fetchall())


def _event(row: tuple[Any, ...]) -> messages.ClaimEvent:
    event_id, kind, at, actor, company_id, invoice_id, handover_id, claim_id, number, facts, summary = row
    return messages.ClaimEvent(
        id=event_id,
        kind=messages.EventKind(kind),
        at=at,
        actor=actor,
        company_id=company_id,
        invoice_id=invoice_id,
        handover_id=handover_id,
        claim_id=claim_id,
        claim_number=number,
        facts=json.loads(facts),
        summary=messages.ClaimSummary.model_validate_json(summary),
    )
