"""Print batches: opened, taken again after a crash, closed; or fetched and handed over by a person at the desk.

A batch has letters of many creditors, so these verbs are a transaction for each of them. The batch's own row says what
is left to do when the worker is killed between two: that somebody is still filling it (a lease), or what has been said
of it, so that nobody says the opposite of its other letters.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from punktlig.agency.records.handing_over import Answer, DrawnLetter, DueLetter, Verdict
from punktlig.agency.records.letter import Delivery, DeliveryState, PrintBatch
from punktlig.agency.records.letter_drawing import draw_content, drawn_or_not, sorted_out
from punktlig.agency.records.letter_settling import settle_answers
from punktlig.agency.records.letter_taking import claims_of, due_deliveries, due_letters, take_due
from punktlig.agency.records.unreadable_claims import act_past_unreadable
from punktlig.core.refusal import Refusal
from punktlig.tenancy.context import acting_for, acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

MOST_IN_A_BATCH = 500
_LEASE = timedelta(minutes=10)

PRINTER_DID_NOT_TAKE = "printer_did_not_take"


class NoSuchBatch(Refusal):
    """There is no such print batch of the desk, or it is being filled, or somebody has said what became of it."""


def open_batch(*, at: datetime) -> UUID:
    """Open an empty batch for the job, leased to whoever asked."""
    return PrintBatch.objects.create(created_at=at, leased_until=at + _LEASE, attempts=1).id


def lease_open_batch(*, at: datetime) -> UUID | None:
    """Take the oldest batch that a killed worker has left behind, or nothing."""
    with transaction.atomic():
        batch = (
            PrintBatch.objects.select_for_update(skip_locked=True)
            .filter(Q(leased_until__lte=at) | Q(leased_until__isnull=True), handed_over_at__isnull=True, fetched_by="")
            .order_by("created_at")
            .first()
        )
        if batch is None:
            return None
        batch.leased_until = at + _LEASE
        batch.attempts += 1
        batch.save(update_fields=["leased_until", "attempts"])
        return batch.id


def creditors_of_batch(batch_id: UUID) -> list[UUID]:
    """Return the creditors with letters in the batch, in the order that the batch has them."""
    with acting_for_everyone():
        letters = Delivery.objects.filter(batch_id=batch_id, state__in=[DeliveryState.QUEUED, DeliveryState.ACCEPTED])
        return list(letters.order_by("creditor_id").values_list("creditor_id", flat=True).distinct())


def close_batch(batch_id: UUID, evidence: Mapping[str, str], *, letters: int, at: datetime) -> None:
    """Store that the batch has been handed over, or that nothing was left in it."""
    PrintBatch.objects.filter(id=batch_id).update(
        handed_over_at=at,
        leased_until=None,
        letter_count=letters,
        sha256=evidence.get("sha256", ""),
        evidence=dict(evidence),
    )


def drop_batch(batch_id: UUID) -> None:
    """Forget a batch that nothing was put in."""
    PrintBatch.objects.filter(id=batch_id, letter_count=0, handed_over_at__isnull=True).delete()


def fetch_batch(*, by: str, today: date, at: datetime, limit: int = MOST_IN_A_BATCH) -> UUID | None:
    """Gather the letters that wait for print into a batch for a person to download, or return None when none may leave.

    From now on they count as handed over. Each is drawn first, at about a hundred a second: one that cannot be drawn is
    refused for good or waits, and the batch has the others.
    """
    with acting_for_everyone():
        creditors = list(
            due_deliveries("print", today=today, at=at)
            .order_by("creditor_id")
            .values_list("creditor_id", flat=True)
            .distinct()
        )
    batch = PrintBatch.objects.create(created_at=at, fetched_at=at, fetched_by=by, leased_until=at + _LEASE)
    count = 0
    for creditor_id in creditors:
        if count < limit:
            take = partial(_take_into, batch.id, creditor_id, today=today, at=at, limit=limit - count)
            taken = act_past_unreadable(creditor_id, take, today=today, at=at)
            drawn, answers = sorted_out(drawn_or_not(letter, *draw_content(letter.content)) for letter in taken)
            with acting_for(creditor_id):
                _store_drawn(creditor_id, drawn)
                settle_answers(creditor_id, answers, today=today, at=at)
            count += len(drawn)
    if not count:
        batch.delete()
        return None
    PrintBatch.objects.filter(id=batch.id).update(letter_count=count, leased_until=None)
    return batch.id


def _take_into(batch_id: UUID, creditor_id: UUID, *, today: date, at: datetime, limit: int) -> list[DueLetter]:
    """Take letters into a batch that nobody has answered for: what came into it after that would lie there for ever."""
    if not PrintBatch.objects.select_for_update().filter(id=batch_id, evidence={}, handed_over_at=None).exists():
        return []
    return take_due(creditor_id, "print", today=today, at=at, limit=limit, batch_id=batch_id)


def _answer_for(batch_id: UUID, evidence: Mapping[str, str], *, answer: str, at: datetime) -> None:
    """Keep what somebody says of the whole batch, before it is stored of each letter; the same may be said again."""
    with transaction.atomic():
        batch = (
            PrintBatch.objects.select_for_update()
            .filter(Q(leased_until=None) | Q(leased_until__lte=at), id=batch_id, handed_over_at=None)
            .exclude(fetched_by="")
            .first()
        )
        if batch is None or (batch.evidence and answer not in batch.evidence):
            raise NoSuchBatch
        batch.evidence = dict(evidence)
        batch.save(update_fields=["evidence"])


def _store_drawn(creditor_id: UUID, drawn: Sequence[DrawnLetter]) -> None:
    """Store what each letter is as a PDF: whatever has no hash was never in the batch's file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agency_letter SET pdf_sha256 = new.sha256, pages = new.pages "
            "FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS new (id, sha256, pages) "
            "WHERE agency_letter.creditor_id = %s AND agency_letter.id = new.id",
            [
                [letter.due.letter_id for letter in drawn],
                [letter.sha256 for letter in drawn],
                [letter.pages for letter in drawn],
                creditor_id,
            ],
        )


def letters_of_batch(batch_id: UUID) -> list[DueLetter]:
    """Return the letters of a batch, for the zip that is downloaded: the same whenever it is asked for."""
    with acting_for_everyone():
        deliveries = list(
            Delivery.objects.filter(batch_id=batch_id, state__in=[DeliveryState.QUEUED, DeliveryState.ACCEPTED])
            .exclude(letter__pdf_sha256="")
            .select_related("letter")
            .order_by("creditor_id", "next_try_at", "id")
        )
        found = []
        for creditor_id in dict.fromkeys(delivery.creditor_id for delivery in deliveries):
            own = [delivery for delivery in deliveries if delivery.creditor_id == creditor_id]
            claims = claims_of(creditor_id, own)
            found += due_letters(creditor_id, own, claims)
        return found


def hand_over_batch(batch_id: UUID, *, by: str, today: date, at: datetime) -> None:
    """Store that a person has handed a fetched batch to the printer: its letters have left.

    Letters that were taken for it but never drawn, because whoever fetched it was cut off, wait as before.

    Raises:
        NoSuchBatch: it was not fetched at the desk, is being filled, or was handed over or given back already.
    """
    evidence = {"batch": str(batch_id), "handed_over_by": by}
    _answer_for(batch_id, evidence, answer="handed_over_by", at=at)
    letters = letters_of_batch(batch_id)
    for creditor_id in creditors_of_batch(batch_id):
        with acting_for(creditor_id):
            of_batch = Delivery.objects.filter(creditor_id=creditor_id, batch_id=batch_id)
            answers = [
                Answer(
                    delivery_id=delivery_id,
                    verdict=Verdict.ACCEPTED if sha256 else Verdict.NOT_YET,
                    code="" if sha256 else PRINTER_DID_NOT_TAKE,
                    evidence=evidence,
                    pdf_sha256=sha256,
                )
                for delivery_id, sha256 in of_batch.values_list("id", "letter__pdf_sha256")
            ]
            settle_answers(creditor_id, answers, today=today, at=at)
    close_batch(batch_id, evidence, letters=len(letters), at=at)


def give_back_batch(batch_id: UUID, *, by: str, today: date, at: datetime) -> None:
    """Store that the printer did not take a fetched batch: nothing has left, and its letters wait as before.

    Raises:
        NoSuchBatch: it was not fetched at the desk, is being filled, or was handed over or given back already.
    """
    evidence = {"batch": str(batch_id), "given_back_by": by}
    _answer_for(batch_id, evidence, answer="given_back_by", at=at)
    for creditor_id in creditors_of_batch(batch_id):
        with acting_for(creditor_id):
            ids = Delivery.objects.filter(creditor_id=creditor_id, batch_id=batch_id).values_list("id", flat=True)
            answers = [
                Answer(delivery_id=each, verdict=Verdict.NOT_YET, code=PRINTER_DID_NOT_TAKE, evidence=evidence)
                for each in ids
            ]
            settle_answers(creditor_id, answers, today=today, at=at)
    close_batch(batch_id, evidence, letters=0, at=at)
