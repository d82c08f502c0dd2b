"""Letters that must not leave any more, and charges whose letter never left or whose ground is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from punktlig.agency.records.events_writing import NewEvent
from punktlig.agency.records.journal import CHARGES, Account, EntryKind, JournalEntry
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.agency.records.letter_correcting import letters_told
from punktlig.core.money import ZERO, Money
from punktlig.exchange.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor


@dataclass(frozen=True, slots=True)
class Stopped:
    """What was stopped for a claim: its letter, when one had not been handed over, and the charge taken back."""

    letter_id: UUID | None = None
    reversed: Money = ZERO

    def events(self, claim: Claim, *, actor: str, balance: Money | None, balance_day: date) -> list[NewEvent]:
        """Return the events that tell of it; the claim's fields already say how it stands now."""
        told = []
        if self.letter_id is not None:
            told.append((EventKind.REMINDER_STOPPED, {"letter_id": str(self.letter_id)}))
        if self.reversed:
            told.append((EventKind.FEE_REVERSED, {"amount": str(self.reversed)}))
        return [
            NewEvent(claim=claim, kind=kind, actor=actor, balance=balance, balance_day=balance_day, facts=facts)
            for kind, facts in told
        ]


NOTHING = Stopped()


def stop_letters(creditor: Creditor, claims: Sequence[Claim], *, today: date, at: datetime) -> dict[UUID, Stopped]:
    """Stop the letters of these claims that no gateway has been given, and take back the charges made for them.

    The caller holds the claims' row locks, and writes the events. A letter that was handed over is out of reach.
    """
    letters = list(
        Letter.objects.select_for_update()
        .filter(
            creditor=creditor,
            claim__in=[claim.id for claim in claims],
            handed_at__isnull=True,
            stopped_at__isnull=True,
            replaced_at__isnull=True,
        )
        .only("id", "claim_id", "creditor_id")
    )
    if not letters:
        return {}
    ids = [letter.id for letter in letters]
    Letter.objects.filter(creditor=creditor, id__in=ids).update(stopped_at=at)
    Delivery.objects.filter(creditor=creditor, letter__in=ids, state=DeliveryState.QUEUED).update(
        state=DeliveryState.STOPPED, answered_at=at
    )
    # The charge of one that corrects another was made for that, which has left.
    corrected = letters_told(creditor.id, [letter.claim_id for letter in letters])
    told = set(corrected.values_list("claim_id", flat=True))
    of_their_own = [letter.claim_id for letter in letters if letter.claim_id not in told]
    taken_back = reverse_charges(creditor, of_their_own, today=today, at=at)
    return {letter.claim_id: Stopped(letter.id, taken_back.get(letter.claim_id, ZERO)) for letter in letters}


def standing_charges(creditor: Creditor, claim_ids: Sequence[UUID]) -> list[JournalEntry]:
    """Return the entries of the charges of these claims that have not been taken back."""
    if not claim_ids:
        return []
    entries = JournalEntry.objects.filter(creditor=creditor, claim__in=claim_ids, kind__in=CHARGES)
    corrected = JournalEntry.objects.filter(creditor=creditor, claim__in=claim_ids, corrects__isnull=False).values_list(
        "corrects_id", flat=True
    )
    taken_back = set(corrected)
    return [entry for entry in entries if entry.id not in taken_back]


def reverse_charges(creditor: Creditor, claim_ids: Sequence[UUID], *, today: date, at: datetime) -> dict[UUID, Money]:
    """Take back the charges of these claims that stand, each by an opposite entry naming the first; return the sums."""
    standing = {entry.id: entry for entry in standing_charges(creditor, claim_ids)}
    amounts: dict[UUID, int] = dict(
        JournalEntry.objects.filter(creditor=creditor, id__in=list(standing))
        .annotate(owed=Sum("postings__amount_ore", filter=Q(postings__account=Account.FEES_OWED)))
        .values_list("id", "owed")
    )
    write_entries(
        creditor,
        [
            NewEntry(
                claim_id=entry.claim_id,
                kind=EntryKind.FEE_REVERSED,
                day=today,
                source_id=entry.source_id,
                corrects_id=entry.id,
                postings=((Account.FEES_OWED, -amounts[entry.id]), (Account.FEE_INCOME, amounts[entry.id])),
            )
            for entry in standing.values()
        ],
        at=at,
    )
    return {entry.claim_id: Money(amounts[entry.id]) for entry in standing.values()}
