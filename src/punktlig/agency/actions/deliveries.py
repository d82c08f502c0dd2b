"""Letters on their way: taken to be handed over, and settled by what their gateway answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.events_writing import write_events
from punktlig.agency.records.letter import Delivery, DeliveryState
from punktlig.agency.records.letter_returning import letters_returned
from punktlig.agency.records.letter_settling import settle_answers
from punktlig.agency.records.letter_taking import claims_of, due_deliveries, due_letters, let_go, take, take_due
from punktlig.agency.records.reminder_events import CLAIM_UNREADABLE
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from punktlig.agency.records.handing_over import Answer, DueLetter, Way

MOST_AT_ONCE = 500


def creditors_with_due_letters(way: Way, *, today: date, at: datetime) -> list[UUID]:
    """Return the creditors that have letters to hand over this way. Reads across creditors, as a job may."""
    with acting_for_everyone():
        due = due_deliveries(way, today=today, at=at).order_by("creditor_id").values_list("creditor_id", flat=True)
        return list(due.distinct())


def creditors_with_queued_letters(ways: Collection[Way]) -> list[UUID]:
    """Return the creditors that have letters which wait or are in some worker's hands. Reads across creditors."""
    with acting_for_everyone():
        queued = Delivery.objects.filter(state=DeliveryState.QUEUED, gateway__in=ways).order_by("creditor_id")
        return list(queued.values_list("creditor_id", flat=True).distinct())


def claim_due(
    creditor_id: UUID,
    way: Way,
    *,
    today: date,
    at: datetime,
    limit: int = MOST_AT_ONCE,
    batch_id: UUID | None = None,
) -> list[DueLetter]:
    """Take the creditor's letters that may leave this way today, at most `limit`, and lease them."""
    return take_due(creditor_id, way, today=today, at=at, limit=limit, batch_id=batch_id)


def claim_batch(creditor_id: UUID, batch_id: UUID, *, written: bool, today: date, at: datetime) -> list[DueLetter]:
    """Take the letters of a print batch again, after whoever had it was killed.

    Once the batch was `written` its letters are what they were. Before that, those that may not leave any more are let
    go: they are made anew or stopped like any that wait.
    """
    of_batch = Delivery.objects.filter(creditor_id=creditor_id, batch_id=batch_id).select_related("letter")
    queued = of_batch.filter(state=DeliveryState.QUEUED)
    if not written:
        return _take_again(creditor_id, queued, today=today, at=at, batch_id=batch_id)
    letters = [
        *queued.select_for_update(of=("self",)).order_by("next_try_at", "id"),
        *of_batch.filter(state=DeliveryState.ACCEPTED).order_by("next_try_at", "id"),
    ]
    claims = claims_of(creditor_id, letters)
    return due_letters(creditor_id, letters, claims)


def _take_again(
    creditor_id: UUID, queued: QuerySet[Delivery], *, today: date, at: datetime, batch_id: UUID
) -> list[DueLetter]:
    # Claims before deliveries, as everybody locks them: whoever tells of a payment has to see where the letter is.
    claims = list(
        Claim.objects.select_for_update(of=("self",))
        .filter(creditor_id=creditor_id, id__in=queued.values("letter__claim_id"))
        .order_by("id")
    )
    deliveries = list(queued.select_for_update(of=("self",)).order_by("next_try_at", "id"))
    let_go(creditor_id, deliveries)
    taken = take(creditor_id, deliveries, today=today, at=at, batch_id=batch_id)
    still = {letter.delivery_id for letter in taken}
    back = {delivery.letter.claim_id for delivery in deliveries if delivery.id not in still}
    creditor = Creditor.objects.get(id=creditor_id)
    # What a claim amounts to that cannot be read is booked when it goes on.
    returned = [claim for claim in claims if claim.id in back and claim.needs_person != CLAIM_UNREADABLE]
    events = letters_returned(creditor, returned, today=today, at=at)
    write_events(creditor, events, at=at)
    return taken


def settle(
    creditor_id: UUID, answers: Iterable[Answer], *, today: date, at: datetime, leased_until: datetime | None = None
) -> None:
    """Write down what the gateway answered; an answer to what is settled already changes nothing.

    With `leased_until` it counts only of letters that are still held by this lease.
    """
    if settle_answers(creditor_id, answers, today=today, at=at, leased_until=leased_until):
        app.configure_task("deliver_letters").defer()
