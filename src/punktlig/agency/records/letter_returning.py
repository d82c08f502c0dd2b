"""Letters that were given away and have not left after all.

What came in meanwhile was allocated as though the debtor had been reminded: costs first. Since nobody was, it counts on
the invoice, and the journal is corrected. That may settle the claim; and when the claim ended meanwhile, the letter
must not leave any more and its charge falls away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from punktlig.agency.records.claim_end import ENDED
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.events_writing import NewEvent
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.letter_stopping import NOTHING, stop_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import claim_paid
from punktlig.core.claim_balance import claim_balance
from punktlig.exchange.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.money import Money


def letters_returned(creditor: Creditor, claims: Sequence[Claim], *, today: date, at: datetime) -> list[NewEvent]:
    """Book what the claims amount to now that their letters wait again, and return the events that tell of it.

    Letters of claims that have ended, or are settled by this, are stopped. The caller holds the claims' row locks, has
    stored that the letters wait, and writes the events.
    """
    if not claims:
        return []
    facts, rates = balance_facts(creditor, claims), known_rates(today)
    balances = {claim_id: claim_balance(own, today, rates) for claim_id, own in facts.items()}
    over = [claim for claim in claims if claim.status in ENDED or balances[claim.id].is_settled]
    stopped = stop_letters(creditor, over, today=today, at=at) if over else {}
    booked = book_balances(creditor, claims, today=today, at=at)
    events: list[NewEvent] = []
    for claim in claims:
        balance, moved = booked[claim.id].balance, booked[claim.id].moved
        left = balance.total if balance.known else None
        if claim in over:
            told = stopped.get(claim.id, NOTHING)
            events += told.events(claim, actor=settings.SITE_NAME, balance=left, balance_day=balance.day)
        if moved:
            events.append(_corrected(claim, left, balance.day))
        if claim in over and claim.status not in ENDED:
            events.append(claim_paid(claim, today, at))
    return events


def _corrected(claim: Claim, balance: Money | None, day: date) -> NewEvent:
    return NewEvent(
        claim=claim,
        kind=EventKind.BALANCE_CORRECTED,
        actor=settings.SITE_NAME,
        balance=balance,
        balance_day=day,
    )
