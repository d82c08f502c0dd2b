"""Letters that have left and count a payment taken back since: the next edition of the step corrects them.

What has left stays stored as it was, and its charge stands: the next edition asks for no other. A charge that was let
go stays so, and a letter without one is not corrected by one with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from punktlig.agency.records.claim import ReceivedCommand
from punktlig.agency.records.claim_end import ENDED
from punktlig.agency.records.claim_money import CONFIRMED
from punktlig.agency.records.debtor_address import DebtorAddress
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.exchange.messages import NextEvent

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """The dates of the last and of the first letter that the debtor has had, and when the first has surely come.

    That is its last day to pay: nobody knows how long the post took.
    """

    last: date
    first: date
    arrived: date


def letters_told(creditor_id: UUID, claim_ids: Collection[UUID]) -> QuerySet[Letter]:
    """Return the letters of these claims that have left and not come back."""
    return Letter.objects.filter(
        creditor=creditor_id, claim__in=claim_ids, left_at__isnull=False, stopped_at__isnull=True
    )


def told_before(creditor: Creditor, claim_ids: Collection[UUID]) -> dict[UUID, ToldBefore]:
    """Return what the debtors of these claims have been told by letters that have left and not come back."""
    left = letters_told(creditor.id, claim_ids).order_by("edition")
    days: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for claim_id, day, last_day in left.values_list("claim_id", "day", "last_day_to_pay"):
        days[claim_id].append((day, last_day))
    return {claim_id: ToldBefore(own[-1][0], *own[0]) for claim_id, own in days.items()}


def letter_in_force(claim: Claim) -> Letter | None:
    """Return the claim's letter that no other has replaced, without its content."""
    letters = Letter.objects.filter(creditor=claim.creditor_id, claim=claim, replaced_at__isnull=True)
    return letters.defer("content").first()


@dataclass(frozen=True, slots=True)
class Out:
    """The letter that the debtor has had last, without its content, and the one made to correct it, if it is made."""

    letter: Letter
    correction: Letter | None = None


def letter_out(claim: Claim) -> Out | None:
    """Return the letter that may come back and count: the newest that has left, until its correction has left too.

    One that was corrected by another that has left counts no more: the newer one tells whether letters arrive. Nor does
    one where the next goes to another address.
    """
    in_force = letter_in_force(claim)
    if in_force is not None and in_force.stopped_at is not None:
        return None
    if in_force is not None and in_force.left_at is not None:
        return Out(in_force)
    # None is in force where a correction was stopped by a payment, since taken back, and is planned anew.
    last = letters_told(claim.creditor_id, [claim.id]).defer("content").order_by("-edition").first()
    if last is None or DebtorAddress.objects.filter(
        creditor=claim.creditor_id, claim=claim, entered_at__gt=last.made_at
    ):
        return None
    return Out(last, in_force)


def next_letter(claim: Claim) -> NextEvent:
    """Return what the claim's next letter is: one that corrects another where the debtor has had any."""
    is_told = letters_told(claim.creditor_id, [claim.id]).exists()
    return NextEvent.CORRECTION_IS_ISSUED if is_told else NextEvent.REMINDER_IS_ISSUED


def told_before_it(letter: Letter) -> bool:
    """Tell whether a letter before this one has reached the debtor, as far as anybody knows."""
    return letters_told(letter.creditor_id, [letter.claim_id]).filter(edition__lt=letter.edition).exists()


def is_leaving(claim: Claim, letter: Letter, at: datetime) -> bool:
    """Tell whether the letter is with a gateway that will say what becomes of it.

    An e-mail of a claim that has ended is not tried any more: unless a worker has it in hand, nobody will ever say.
    When the claim goes on, a person is asked.
    """
    if not letter.is_leaving or claim.status not in ENDED:
        return letter.is_leaving
    unheard = Delivery.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at),
        creditor=letter.creditor_id,
        letter=letter,
        gateway="email",
        state=DeliveryState.QUEUED,
    )
    return not unheard.exists()


def must_be_corrected(letter: Letter) -> bool:
    """Tell whether the letter has left and counts a payment that was taken back after it was made."""
    if letter.left_at is None or letter.stopped_at is not None:
        return False
    commands = ReceivedCommand.objects.filter(creditor=letter.creditor_id, claim=letter.claim_id, state=CONFIRMED)
    later = commands.filter(place__gt=letter.commands_counted)
    since = later.filter(reverses__isnull=False)
    # One that came along with the handover is no command, and every letter counts it.
    payments = later.filter(reverses__isnull=True, id__in=since.values("reverses"))
    return since.count() > payments.count()
