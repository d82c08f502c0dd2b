"""Where a claim goes on: with a letter still to be made or to be corrected, or where the one that it has stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.delivery_schedule import MAY_HAVE_LEFT
from punktlig.agency.records.event import ClaimEvent
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.agency.records.letter_correcting import letter_in_force, must_be_corrected, next_letter
from punktlig.agency.records.reminder_events import LETTER_REFUSED
from punktlig.core import timetable
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent

if TYPE_CHECKING:
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim


def plan_letter(claim: Claim, day: date, at: datetime) -> None:
    """Let the round issue the claim's letter; those that reached nobody are replaced by the one it makes.

    It corrects one that has left where the correction was stopped, or came back.
    """
    Letter.objects.filter(creditor=claim.creditor_id, claim=claim, replaced_at__isnull=True).update(replaced_at=at)
    _plan(claim, next_letter(claim), day)


def correct_letter(claim: Claim, letter: Letter, today: date) -> bool:
    """Plan the letter that corrects the one in force, on the next bank day, and tell whether it has to be corrected.

    The one that has left stays in force until then: it is all that the debtor has been told.
    """
    if not must_be_corrected(letter):
        return False
    _plan(claim, NextEvent.CORRECTION_IS_ISSUED, timetable.reminder_day(today))
    return True


def _plan(claim: Claim, what: NextEvent, day: date) -> None:
    claim.status = ClaimStatus.RECEIVED.value
    claim.needs_person, claim.needs_person_since = "", None
    claim.next_event, claim.next_event_day = what.value, day
    claim.reminder_day, claim.last_day_to_pay = day, None


def reopen(claim: Claim, *, today: date, at: datetime) -> str:
    """Let a claim that had ended by a payment go on, as if that had never been; return what a person is asked, if any.

    A letter that has left stands, with its last day to pay; that it has passed is told once. If it counts a payment
    that was taken back it is corrected. A letter that was stopped before it left is made anew for the next bank day, as
    the first is. Whether an e-mail that was under way has left, or what is to be done about a letter that was refused
    for good, a person decides, as before the payment.
    """
    claim.closed_at = None
    letter = letter_in_force(claim)
    deliveries = (
        Delivery.objects.filter(creditor=claim.creditor_id, letter=letter) if letter else Delivery.objects.none()
    )
    ways = dict(deliveries.values_list("state", "gateway"))
    if letter is None or (letter.stopped_at is not None and DeliveryState.STOPPED in ways):
        plan_letter(claim, timetable.reminder_day(today), at)
        return ""
    if letter.stopped_at is not None:
        return LETTER_REFUSED
    if correct_letter(claim, letter, today):
        return ""
    if letter.left_at is not None:
        claim.status, claim.next_event = ClaimStatus.REMINDER_SENT.value, NextEvent.LAST_DAY_TO_PAY.value
        claim.next_event_day = letter.last_day_to_pay
        if _has_passed(claim, letter):
            claim.next_event, claim.next_event_day = NextEvent.CREDITOR_DECIDES.value, today
        return ""
    if ways.get(DeliveryState.QUEUED) == "email":
        # A second one must not be sent, whatever has become of the first.
        return MAY_HAVE_LEFT
    claim.status, claim.next_event = ClaimStatus.REMINDER_ISSUED.value, NextEvent.REMINDER_LEAVES.value
    claim.next_event_day = today
    return ""


def _has_passed(claim: Claim, letter: Letter) -> bool:
    """Tell whether the round has told already that the letter's last day to pay has passed."""
    told = ClaimEvent.objects.filter(creditor=claim.creditor_id, claim=claim, kind=EventKind.LAST_DAY_PASSED.value)
    return told.filter(at__gt=letter.left_at).exists()
