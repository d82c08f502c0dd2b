"""Letters on their way: taken to be handed over, and settled by what their gateway answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from punktlig.agency.records.letter import Delivery, DeliveryState
from punktlig.agency.records.letter_settling import settle_answers
from punktlig.agency.records.letter_taking import claims_of, due_deliveries, due_letter, let_go, take, take_due
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.handing_over import Answer, DueLetter, Way

MOST_AT_ONCE = 500


def creditors_with_due_letters(way: Way, *, today: date, at: datetime) -> list[UUID]:
    """Return the creditors that have letters to hand over this way. Reads across creditors, as a job may."""
    with acting_for_everyone():
        due = due_deliveries(way, today=today, at=at).order_by("creditor_id").values_list("creditor_id", flat=True)
        return list(due.distinct())


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
    queued = list(
        of_batch.filter(state=DeliveryState.QUEUED).select_for_update(of=("self",)).order_by("next_try_at", "id")
    )
    if not written:
        let_go(creditor_id, queued)
        return take(creditor_id, queued, today=today, at=at, batch_id=batch_id)
    letters = [*queued, *of_batch.filter(state=DeliveryState.ACCEPTED).order_by("next_try_at", "id")]
    claims = claims_of(creditor_id, letters)
    return [due_letter(delivery, claims[delivery.letter.claim_id]) for delivery in letters]


def settle(creditor_id: UUID, answers: Iterable[Answer], *, today: date, at: datetime) -> None:
    """Write down what the gateway answered; an answer to what is settled already changes nothing."""
    if settle_answers(creditor_id, answers, today=today, at=at):
        app.configure_task("deliver_letters").defer()
