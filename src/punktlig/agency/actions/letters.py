"""Letters that wait and can no longer leave as they are: made anew with new dates and the same fee, or stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim, ReceivedCommand
from punktlig.agency.records.claim_money import CONFIRMED, balance_facts
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.agency.records.letter_deciding import LetterDecisions
from punktlig.agency.records.letter_stopping import NOTHING, stop_letters
from punktlig.agency.records.letter_writing import not_reached_by_email, store_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import claim_paid, person_needed, reminder_issued
from punktlig.core import timetable
from punktlig.core.bank_days import is_bank_day
from punktlig.core.claim_balance import claim_balance
from punktlig.core.money import ZERO
from punktlig.exchange.messages import ClaimStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many waiting letters were made anew, how many claims were found paid, and how many wait for a person."""

    renewed: int = 0
    paid: int = 0
    for_person: int = 0

    @property
    def seen(self) -> int:
        """How many letters the chunk had; fewer than its limit means that none is left."""
        return self.renewed + self.paid + self.for_person


def outdated_letters(today: date) -> QuerySet[Letter]:
    """Return the letters that wait and may not leave as they are: too old, or made before something came in."""
    commands = (
        ReceivedCommand.objects.filter(creditor=OuterRef("creditor"), claim=OuterRef("claim"), state=CONFIRMED)
        .order_by()
        .values("claim")
        .annotate(number=Count("*"))
        .values("number")
    )
    return Letter.objects.annotate(commands_now=Coalesce(Subquery(commands), Value(0))).filter(
        Q(day__lt=timetable.earliest_letter_date(today)) | ~Q(commands_now=F("commands_counted")),
        claim__status=ClaimStatus.REMINDER_ISSUED,
        claim__needs_person="",
        handed_at__isnull=True,
        stopped_at__isnull=True,
        replaced_at__isnull=True,
    )


def renew_letters(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> Renewed:
    """Make the creditor's outdated letters anew, dated today, at most `limit`; only on a bank day.

    The older edition is replaced and its delivery stopped in the same transaction.
    """
    if not is_bank_day(today):
        return Renewed()
    creditor = Creditor.objects.get(id=creditor_id)
    # Claims that another worker holds are passed over while they are counted, so that several share the letters.
    waiting = (
        outdated_letters(today)
        .filter(creditor=creditor)
        .select_related("claim")
        .defer("content")
        .select_for_update(skip_locked=True, of=("claim",))
        .order_by("day", "id")
    )
    claims = [letter.claim for letter in waiting[:limit]]
    if not claims:
        return Renewed()
    # Looked up once more under the locks: somebody may have been quicker.
    letters = {
        letter.claim_id: letter
        for letter in outdated_letters(today)
        .filter(creditor=creditor, claim__in=[claim.id for claim in claims])
        .defer("content")
    }
    decisions = LetterDecisions(creditor, claims, today=today, at=at)
    found = decisions.decide([claim for claim in claims if claim.id in letters], letters, charge_stands=True)
    replaced = [letters[new.claim.id] for new in found.letters]
    on_paper = not_reached_by_email(creditor, replaced)
    _replace(replaced, at)
    store_letters(
        creditor,
        [
            replace(new, email="") if old.id in on_paper else new
            for new, old in zip(found.letters, replaced, strict=True)
        ],
        today=today,
        at=at,
    )
    # What came in since the letter that left went to its costs, and counts on the invoice in one that corrects it.
    book_balances(creditor, [each.claim for each in found.letters if each.corrects], today=today, at=at)
    facts, rates = balance_facts(creditor, [each.claim for each in found.for_person]), known_rates(today)
    events = [reminder_issued(new, today) for new in found.letters]
    events += [
        person_needed(each.claim, each.code, claim_balance(facts[each.claim.id], today, rates), at)
        for each in found.for_person
    ]
    events += _paid_events(creditor, found.paid, today, at)
    write_events(creditor, events, at=at)
    if found.letters:
        app.configure_task("deliver_letters").defer()
    return Renewed(len(found.letters), len(found.paid), len(found.for_person))


def _replace(letters: Sequence[Letter], at: datetime) -> None:
    ids = [letter.id for letter in letters]
    Letter.objects.filter(id__in=ids).update(replaced_at=at)
    Delivery.objects.filter(letter__in=ids, state=DeliveryState.QUEUED).update(
        state=DeliveryState.STOPPED, answered_at=at
    )


def _paid_events(creditor: Creditor, claims: Sequence[Claim], today: date, at: datetime) -> list[NewEvent]:
    events: list[NewEvent] = []
    stopped = stop_letters(creditor, claims, today=today, at=at) if claims else {}
    book_balances(creditor, claims, today=today, at=at)
    for claim in claims:
        paid = claim_paid(claim, today, at)
        told = stopped.get(claim.id, NOTHING)
        events += [*told.events(claim, actor=settings.SITE_NAME, balance=ZERO, balance_day=today), paid]
    return events
