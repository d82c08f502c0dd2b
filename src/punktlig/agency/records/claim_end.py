"""How far reference rates were known when a claim ended: what was booked then stands, whatever is decided later.

It is kept with the event that tells of the end, where the creditor sees it too. Nothing is kept of a claim that ended
when the rate of the day was known, which is nearly always.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from punktlig.agency.records.event import ClaimEvent
from punktlig.agency.records.reference_rates import known_rates
from punktlig.exchange.messages import ClaimStatus, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor

ENDED: Collection[str] = (ClaimStatus.PAID, ClaimStatus.CLOSED)

RATES_KNOWN_THROUGH = "rates_known_through"


def rates_at_end(today: date) -> dict[str, str]:
    """Return what an event that ends a claim today tells of the rates: nothing while they reach so far."""
    known_through = known_rates(today).known_through
    return {} if known_through >= today else {RATES_KNOWN_THROUGH: known_through.isoformat()}


def rates_known_at_end(creditor: Creditor, claims: Sequence[Claim]) -> dict[UUID, date]:
    """Return through which day rates were known when they ended, of those claims that ended after it."""
    ended = [claim.id for claim in claims if claim.status in ENDED]
    if not ended:
        return {}
    ends = ClaimEvent.objects.filter(
        creditor=creditor, claim__in=ended, kind__in=(EventKind.CLAIM_PAID.value, EventKind.CLAIM_CLOSED.value)
    )
    # A claim may have ended before, by a payment that was taken back: the last end counts.
    last = dict(ends.order_by("sequence").values_list("claim_id", "facts"))
    known = {claim_id: facts.get(RATES_KNOWN_THROUGH) for claim_id, facts in last.items()}
    return {claim_id: date.fromisoformat(day) for claim_id, day in known.items() if day}
