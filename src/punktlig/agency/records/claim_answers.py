"""What the API answers of claims: the claim as its platform knows it, with the summary of its newest event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from pydantic_core import from_json, to_json

from punktlig.exchange.messages import ClaimAnswer, ClaimSummary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from punktlig.agency.records.claim import Claim

# The sequence is read with the summary, from the row as it is now: an event may have come since the claim was read.
_SUMMARIES = """
SELECT event.claim_id, event.summary::text
FROM agency_claim_event event
JOIN agency_claim claim ON claim.creditor_id = event.creditor_id AND claim.id = event.claim_id
    AND claim.sequence = event.sequence
WHERE event.creditor_id = %s AND event.claim_id = ANY(%s)
"""


type Answer = dict[str, object]
"""A `ClaimAnswer` as JSON has it, whose summary leaves out what says nothing."""


def answers_of(creditor_id: UUID, claims: Sequence[Claim]) -> dict[UUID, Answer]:
    """Return the answer of each of the creditor's claims, by claim, in one query at most.

    They are written from plain values: making the contract's types of what the site itself holds took three times as
    long. A test reads them back by the contract.
    """
    summaries = {claim.id: claim.newest_summary for claim in claims if claim.newest_summary}
    others = [claim.id for claim in claims if claim.id not in summaries]
    if others:
        with connection.cursor() as cursor:
            cursor.execute(_SUMMARIES, [creditor_id, others])
            summaries.update((claim_id, _in_order(from_json(text))) for claim_id, text in cursor.fetchall())
    # Where the creditor's people see them.
    pages = f"{settings.PUNKTLIG_URL}/c/{creditor_id}/claims"
    return {
        claim.id: {
            "claim_id": claim.id,
            "claim_number": claim.number,
            "handover_id": claim.handover_id,
            "invoice_id": claim.invoice_id,
            "sha256": claim.sha256,
            "portal_url": f"{pages}/{claim.id}/",
            "summary": summaries[claim.id],
        }
        for claim in claims
    }


def as_message(told: Answer) -> ClaimAnswer:
    """Return the answer as the contract's message, for whoever says it alone or beside other messages."""
    return ClaimAnswer.model_validate_json(to_json(told))


def _in_order(told: Mapping[str, object]) -> dict[str, object]:
    """Return the summary as it was written: JSON that the server keeps has an order of its own."""
    return {name: told[name] for name in ClaimSummary.model_fields if name in told}
