"""The events of the reminder's road, each with what it changes of its claim. They are written with `write_events`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from punktlig.agency.records.claim_end import rates_at_end
from punktlig.agency.records.events_writing import NewEvent
from punktlig.core.money import ZERO
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent

if TYPE_CHECKING:
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.letter_writing import NewLetter
    from punktlig.core.claim_balance import ClaimBalance

# A fault of ours with one claim: it waits for a person and the others go on. The log has the trace.
COULD_NOT_BE_MADE = "could_not_be_made"
# What the claim was made from can no longer be read; a fault of ours too.
CLAIM_UNREADABLE = "claim_unreadable"
# The gateway, or the printer afterwards, has refused the letter for good.
LETTER_REFUSED = "letter_refused"


def reminder_issued(letter: NewLetter, today: date) -> NewEvent:
    """Tell that a reminder was issued, with what it asks for; also when it was made anew."""
    claim = letter.claim
    claim.status = ClaimStatus.REMINDER_ISSUED.value
    claim.last_day_to_pay = letter.last_day_to_pay
    claim.next_event = NextEvent.REMINDER_LEAVES.value
    claim.next_event_day = today
    return NewEvent(
        claim=claim,
        kind=EventKind.REMINDER_ISSUED,
        actor=settings.SITE_NAME,
        balance=letter.total,
        balance_day=today,
        facts={
            "letter_id": str(letter.id),
            "edition": str(letter.edition),
            "letter_date": today.isoformat(),
            "unpaid": str(letter.unpaid),
            "interest": str(letter.interest),
            "charge": str(letter.charge),
            "total": str(letter.total),
            "last_day_to_pay": letter.last_day_to_pay.isoformat(),
        }
        | ({"corrects": letter.corrects.isoformat()} if letter.corrects else {}),
    )


def claim_paid(claim: Claim, today: date, at: datetime) -> NewEvent:
    """Tell that nothing is left to ask for."""
    end(claim, ClaimStatus.PAID, at)
    return NewEvent(
        claim=claim,
        kind=EventKind.CLAIM_PAID,
        actor=settings.SITE_NAME,
        balance=ZERO,
        balance_day=today,
        facts=rates_at_end(today),
    )


def person_needed(claim: Claim, code: str, balance: ClaimBalance, at: datetime) -> NewEvent:
    """Tell that the claim waits for a person, and why."""
    wait_for_person(claim, code, at)
    return NewEvent(
        claim=claim,
        kind=EventKind.PERSON_NEEDED,
        actor=settings.SITE_NAME,
        balance=balance.total if balance.known else None,
        balance_day=balance.day,
        facts={"code": code[:60]},
    )


def wait_for_person(claim: Claim, code: str, at: datetime) -> None:
    """Leave nothing planned until a person has looked at what the code says."""
    claim.status = ClaimStatus.NEEDS_PERSON.value
    claim.needs_person, claim.needs_person_since = code[:60], at
    claim.next_event, claim.next_event_day = "", None


def end(claim: Claim, status: ClaimStatus, at: datetime) -> None:
    """Leave nothing planned and nothing asked."""
    claim.status = status.value
    claim.next_event, claim.next_event_day = "", None
    claim.needs_person, claim.needs_person_since = "", None
    claim.closed_at = at


def person_answered(claim: Claim, balance: ClaimBalance, *, actor: str) -> NewEvent:
    """Tell that what a person was asked about the claim is settled; its fields already say how it goes on."""
    return NewEvent(
        claim=claim,
        kind=EventKind.PERSON_ANSWERED,
        actor=actor,
        balance=balance.total if balance.known else None,
        balance_day=balance.day,
    )
