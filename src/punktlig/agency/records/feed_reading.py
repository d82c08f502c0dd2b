"""A platform's feed as messages: events of all its creditors, in the order of their positions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from punktlig.exchange import messages
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from uuid import UUID

# Joined with the creditor in every condition, which is the first column of every key.
_EVENTS = """
SELECT event.id, event.kind, event.at, event.actor, creditor.company_id, claim.invoice_id, claim.handover_id, claim.id,
    claim.number, event.facts, event.summary::text
FROM agency_feed_entry entry
JOIN agency_creditor creditor ON creditor.id = entry.creditor_id
JOIN agency_claim_event event ON event.creditor_id = entry.creditor_id AND event.id = entry.id
JOIN agency_claim claim ON claim.creditor_id = event.creditor_id AND claim.id = event.claim_id
WHERE entry.platform_id = %s AND entry.position BETWEEN %s AND %s
ORDER BY entry.position
"""


def events_between(platform_id: UUID, first: int, last: int) -> tuple[messages.ClaimEvent, ...]:
    """Return the events from one position of the platform's feed through another.

    Reads across creditors: the platform owns them all, and the condition names it.
    """
    with acting_for_everyone(), connection.cursor() as cursor:
        cursor.execute(_EVENTS, [platform_id, first, last])
        return tuple(
            messages.ClaimEvent(
                id=event_id,
                kind=messages.EventKind(kind),
                at=at,
                actor=actor,
                company_id=company_id,
                invoice_id=invoice_id,
                handover_id=handover_id,
                claim_id=claim_id,
                claim_number=number,
                facts=json.loads(facts) if isinstance(facts, str) else facts,
                summary=messages.ClaimSummary.model_validate_json(summary),
            )
            for event_id, kind, at, actor, company_id, invoice_id, handover_id, claim_id, number, facts, summary in (
                cursor.fetchall()
            )
        )
