"""What the API answers of claims: the claim as its platform knows it, with the summary of its newest event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from punktlig.exchange.messages import ClaimAnswer, ClaimSummary

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def answers_of(creditor_id: UUID, claims: Sequence[Claim]) -> dict[UUID, ClaimAnswer]:
    """Return the answer of each of the creditor's claims, by claim, in one query at most."""
    texts = {claim.id: claim.newest_summary for claim in claims if claim.newest_summary}
    others = [claim.id for claim in claims if claim.id not in texts]
    if others:
        with connection.cursor() as cursor:
            cursor.execute(_SUMMARIES, [creditor_id, others])
            texts.update(cursor.fetchall())
    summaries = {claim_id: ClaimSummary.model_validate_json(text) for claim_id, text in texts.items()}
    return {
        claim.id: ClaimAnswer(
            claim_id=claim.id,
            claim_number=claim.number,
            handover_id=claim.handover_id,
            invoice_id=claim.invoice_id,
            sha256=claim.sha256,
            portal_url=portal_url(claim),
            summary=summaries[claim.id],
        )
        for claim in claims
    }


def portal_url(claim: Claim) -> str:
    """Return where the creditor's people see the claim."""
    return f"{settings.PUNKTLIG_URL}/c/{claim.creditor_id}/claims/{claim.id}/"
