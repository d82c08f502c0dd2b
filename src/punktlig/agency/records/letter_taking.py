"""Which letters may leave now, and taking them with the claim's row locked, so that nothing comes between.

From then on a letter counts as handed over, until its gateway says that it has not left.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from punktlig.agency.records.claim import Claim, ReceivedCommand
from punktlig.agency.records.claim_facts import stored_address
from punktlig.agency.records.claim_money import CONFIRMED
from punktlig.agency.records.debtor_addresses import addresses_of, given_by
from punktlig.agency.records.handing_over import DueLetter, Way
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.core import timetable
from punktlig.exchange.messages import ClaimStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from punktlig.agency.records.debtor_address import DebtorAddress

# Longer than a chunk takes to be drawn and given away; a killed worker's letters are taken again after it.
LEASE = timedelta(minutes=10)


def due_deliveries(way: Way, *, today: date, at: datetime) -> QuerySet[Delivery]:
    """Return the deliveries to be tried now that nobody has: not leased, and in no print batch.

    Those whose letter may not leave are left out already here, so that they never stand in the way of the others. A
    letter that was given away before may have left, and whatever its age only the same may be given again.
    """
    return Delivery.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at),
        Q(letter__handed_at__isnull=False) | Q(letter__day__gte=timetable.earliest_letter_date(today)),
        letter__stopped_at__isnull=True,
        letter__replaced_at__isnull=True,
        letter__claim__status=ClaimStatus.REMINDER_ISSUED,
        letter__claim__needs_person="",
        gateway=way,
        state=DeliveryState.QUEUED,
        next_try_at__lte=at,
        batch_id__isnull=True,
    )


def take_due(
    creditor_id: UUID, way: Way, *, today: date, at: datetime, limit: int, batch_id: UUID | None
) -> list[DueLetter]:
    """Take the creditor's letters that may leave this way today, at most `limit`, into the batch when there is one."""
    deliveries = list(
        due_deliveries(way, today=today, at=at)
        .filter(creditor_id=creditor_id)
        .select_related("letter")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_try_at", "id")[:limit]
    )
    return take(creditor_id, deliveries, today=today, at=at, batch_id=batch_id)


def take(
    creditor_id: UUID, deliveries: Sequence[Delivery], *, today: date, at: datetime, batch_id: UUID | None
) -> list[DueLetter]:
    """Take those of the locked deliveries whose letter may leave today, and lease them.

    Not taken: the letters of a claim that is settled, closed or waits for a person, and those that have to be made anew
    because of their age or of something that came in after they were made.
    """
    claims = claims_of(creditor_id, deliveries, lock=True)
    counted = _commands_counted(creditor_id, claims)
    taken = [
        delivery
        for delivery in deliveries
        if delivery.letter.claim_id in claims
        and _may_leave(delivery.letter, claims[delivery.letter.claim_id], counted, today)
    ]
    ids = [delivery.id for delivery in taken]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agency_delivery SET leased_until = %s, attempts = attempts + 1, batch_id = %s "
            "WHERE creditor_id = %s AND id = ANY(%s)",
            [at + LEASE, batch_id, creditor_id, ids],
        )
    Letter.objects.filter(
        creditor_id=creditor_id, id__in=[delivery.letter_id for delivery in taken], handed_at__isnull=True
    ).update(handed_at=at)
    return due_letters(creditor_id, taken, claims, counted)


def still_leaving(creditor_id: UUID, letters: Sequence[DueLetter], *, leased_until: datetime) -> dict[UUID, bool]:
    """Tell of each delivery that is held by this lease still whether its letter may leave as it is.

    Drawing takes a while and a mail server too. Whatever came in meanwhile keeps the letter here. One that is left out
    is another worker's by now, as when this one was asleep.
    """
    held = Delivery.objects.filter(
        creditor_id=creditor_id,
        id__in=[letter.delivery_id for letter in letters],
        state=DeliveryState.QUEUED,
        leased_until=leased_until,
    )
    found = {delivery_id: rest for delivery_id, *rest in held.values_list("id", *_STANDING)}
    counted = _commands_counted(creditor_id, [claim_id for claim_id, *_ in found.values()])
    known = {letter.delivery_id: letter.commands_known for letter in letters}
    return {
        delivery_id: (
            status == ClaimStatus.REMINDER_ISSUED
            and not (needs_person or stopped_at or replaced_at)
            and counted[claim_id] == known[delivery_id]
        )
        for delivery_id, (claim_id, status, needs_person, stopped_at, replaced_at) in found.items()
    }


_STANDING = (
    "letter__claim_id", "letter__claim__status", "letter__claim__needs_person", "letter__stopped_at",
    "letter__replaced_at",
)  # fmt: skip


def claims_of(creditor_id: UUID, deliveries: Sequence[Delivery], *, lock: bool = False) -> dict[UUID, Claim]:
    """Return the claims of the deliveries by id; with `lock` those that nobody holds, their rows locked."""
    ids = {delivery.letter.claim_id for delivery in deliveries}
    claims = Claim.objects.filter(creditor_id=creditor_id, id__in=ids).order_by("id")
    if lock:
        # Whoever holds a claim is changing it; its letter waits for the next time.
        claims = claims.select_for_update(skip_locked=True)
    return {claim.id: claim for claim in claims}


def _commands_counted(creditor_id: UUID, claims: Iterable[UUID]) -> dict[UUID, int]:
    commands = ReceivedCommand.objects.filter(creditor_id=creditor_id, claim__in=list(claims), state=CONFIRMED)
    found: dict[UUID, int] = defaultdict(int)
    for claim_id in commands.values_list("claim_id", flat=True):
        assert claim_id is not None  # noqa: S101 - it was found by its claim
        found[claim_id] += 1
    return found


def _may_leave(letter: Letter, claim: Claim, counted: dict[UUID, int], today: date) -> bool:
    if claim.status != ClaimStatus.REMINDER_ISSUED or claim.needs_person:
        return False
    if letter.stopped_at is not None or letter.replaced_at is not None:
        return False
    if letter.handed_at is not None:
        # It may have left already; only the same letter may be given again.
        return True
    return not timetable.must_be_made_anew(letter.day, today) and letter.commands_counted == counted[claim.id]


def let_go(creditor_id: UUID, deliveries: Sequence[Delivery]) -> None:
    """Take the letters back from a batch that was never written; the caller holds the claims' row locks.

    What the claims then amount to has to be booked, for those that are not taken again.
    """
    ids = [delivery.id for delivery in deliveries]
    Delivery.objects.filter(creditor_id=creditor_id, id__in=ids).update(batch_id=None, leased_until=None)
    letters = [delivery.letter for delivery in deliveries]
    Letter.objects.filter(creditor_id=creditor_id, id__in=[letter.id for letter in letters]).update(handed_at=None)
    for letter in letters:
        letter.handed_at = None


def due_letters(
    creditor_id: UUID,
    deliveries: Sequence[Delivery],
    claims: Mapping[UUID, Claim],
    counted: Mapping[UUID, int] | None = None,
) -> list[DueLetter]:
    """Return the letters as plain values for their gateway, each with the address it was made for.

    `counted` are the claims' commands, for letters that have not left.
    """
    given = addresses_of(creditor_id, list(claims)) if deliveries else {}
    return [
        _due_letter(
            delivery,
            claims[delivery.letter.claim_id],
            given_by(given.get(delivery.letter.claim_id, ()), delivery.letter.made_at),
            commands_known=counted[delivery.letter.claim_id] if counted else 0,
        )
        for delivery in deliveries
    ]


def _due_letter(delivery: Delivery, claim: Claim, given: Sequence[DebtorAddress], *, commands_known: int) -> DueLetter:
    address = stored_address(bytes(claim.submission), given)
    return DueLetter(
        delivery_id=delivery.id,
        letter_id=delivery.letter_id,
        claim_number=claim.number,
        content=delivery.letter.content,
        recipient=delivery.recipient,
        postcode=address.postcode,
        town=address.town,
        country=address.country or "SE",
        commands_known=commands_known,
    )
