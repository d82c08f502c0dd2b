"""The daily round: issue the reminders that are due, make outdated letters anew, note whose last day has passed.

It may run at any time and as often as one likes: what it does is decided by what is due, and nothing is due twice.
After an outage the first run does all that waited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.actions.closing import ask_creditors
from punktlig.agency.actions.letters import outdated_letters, renew_letters
from punktlig.agency.actions.reminders import Issued, issue_reminders
from punktlig.agency.records.claim import Claim
from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.tenancy.context import acting_for, acting_for_everyone

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import Model, QuerySet

_CHUNK = 1000


def run_daily_round(*, today: date, at: datetime) -> Issued:
    """Do all that is due on the day for every creditor, a chunk a transaction; return what was issued."""
    issued = Issued()
    due = Claim.objects.filter(status=ClaimStatus.RECEIVED, reminder_day__lte=today, needs_person="")
    passed = Claim.objects.filter(
        status=ClaimStatus.REMINDER_SENT, next_event=NextEvent.LAST_DAY_TO_PAY, last_day_to_pay__lt=today
    )
    for creditor_id in _creditors(due):
        while True:
            with acting_for(creditor_id):
                chunk = issue_reminders(creditor_id, today=today, at=at, limit=_CHUNK)
            issued += chunk
            if chunk.seen < _CHUNK:
                break
    for creditor_id in _creditors(outdated_letters(today)):
        while True:
            with acting_for(creditor_id):
                renewed = renew_letters(creditor_id, today=today, at=at, limit=_CHUNK)
            if renewed.seen < _CHUNK:
                break
    for creditor_id in _creditors(passed):
        while True:
            with acting_for(creditor_id):
                asked = ask_creditors(creditor_id, today=today, at=at, limit=_CHUNK)
            if asked < _CHUNK:
                break
    return issued


def _creditors(rows: QuerySet[Model]) -> list[UUID]:
    """Return the creditors of the rows; reads across creditors, as the round may."""
    with acting_for_everyone():
        return list(rows.order_by("creditor_id").values_list("creditor_id", flat=True).distinct())
