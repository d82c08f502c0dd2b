"""How a claim ends by decision, and how it goes on when a person has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_end import ENDED, rates_at_end
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_reopening import correct_letter
from punktlig.agency.records.command_effects import RATE_UNKNOWN
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.delivery_schedule import MAY_HAVE_LEFT, begun_anew
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.handing_over import DID_NOT_LEAVE, Answer, Verdict
from punktlig.agency.records.journal import Account
from punktlig.agency.records.journal_balance import Because, book_balances
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.agency.records.letter_correcting import letter_out, next_letter
from punktlig.agency.records.letter_settling import settle_answers
from punktlig.agency.records.letter_stopping import NOTHING, stop_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import LETTER_REFUSED, claim_paid, end, person_answered
from punktlig.core import bank_days
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.core.money import ZERO
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

type Reason = Literal["paid", "withdrawn"]


@dataclass(eq=False)
class ClaimHasEnded(Refusal):
    """The claim was paid or closed before."""

    status: str


@dataclass(eq=False)
class NothingIsAsked(Refusal):
    """Nobody is asked anything about this claim."""


@dataclass(eq=False)
class LetterIsGone(Refusal):
    """The claim's letter was refused for good, so there is nothing to try again; the claim can be withdrawn."""


@dataclass(eq=False)
class LetterHasNotLeft(Refusal):
    """No gateway has accepted the letter, so there is nothing to take back."""


@dataclass(eq=False)
class CorrectionIsLeaving(Refusal):
    """The letter that corrects the one which came back is with the printer or the mail server, out of reach."""


@dataclass(eq=False)
class LetterIsNotInDoubt(Refusal):
    """Nobody asks whether the claim's letter has left."""


def close_as_paid(creditor_id: UUID, claim_id: UUID, *, actor: str, today: date, at: datetime) -> Claim:
    """End the claim because the creditor has been paid all of it. Raises ClaimHasEnded or Claim.DoesNotExist."""
    return _close(creditor_id, claim_id, "paid", actor=actor, today=today, at=at)


def withdraw(creditor_id: UUID, claim_id: UUID, *, actor: str, today: date, at: datetime) -> Claim:
    """End the claim because the creditor takes it back: nothing more is asked of the debtor.

    Raises:
        ClaimHasEnded or Claim.DoesNotExist.
    """
    return _close(creditor_id, claim_id, "withdrawn", actor=actor, today=today, at=at)


def try_again(creditor_id: UUID, claim_id: UUID, *, actor: str, today: date, at: datetime) -> Claim:
    """Let a claim that waits for a person go on: the next round judges it anew, today if it is a bank day.

    What was wrong has been mended elsewhere (a rate entered, a fault of ours put right): nothing of the claim itself
    can be changed here, since it is what the creditor handed over. A letter that has not got away is tried anew.

    Raises:
        NothingIsAsked, ClaimHasEnded, LetterIsGone or Claim.DoesNotExist.
    """
    creditor, claim = _locked(creditor_id, claim_id)
    if not claim.needs_person:
        raise NothingIsAsked
    write_events(creditor, _go_on(creditor, claim, actor=actor, today=today, at=at), at=at)
    return claim


def go_on_with_known_rates(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> int:
    """Let the creditor's claims go on that waited for a reference rate, and return how many there were.

    Called when the rate of today is known: whoever entered it has done what a person was asked for, once for all.
    """
    creditor = Creditor.objects.get(id=creditor_id)
    claims = list(
        Claim.objects.select_for_update(skip_locked=True, of=("self",))
        .exclude(needs_person="")
        .filter(creditor=creditor, needs_person=RATE_UNKNOWN)
        .order_by("id")[:limit]
    )
    events: list[NewEvent] = []
    for claim in claims:
        events += _go_on(creditor, claim, actor=settings.SITE_NAME, today=today, at=at)
    write_events(creditor, events, at=at)
    return len(claims)


def refuse_letter(creditor_id: UUID, claim_id: UUID, *, reason: str, actor: str, today: date, at: datetime) -> Claim:
    """Store that the claim's letter came back after all: the fee is taken back and a person decides.

    While the letter that corrects it waits to leave, that is stopped: it would go where the first did not arrive.

    Raises:
        LetterHasNotLeft, CorrectionIsLeaving, ClaimHasEnded or Claim.DoesNotExist.
    """
    creditor, claim = _locked(creditor_id, claim_id)
    out = letter_out(claim)
    if out is None:
        raise LetterHasNotLeft
    if out.correction is not None:
        if out.correction.is_leaving:
            raise CorrectionIsLeaving
        _stop_correction(creditor, claim, out.correction, actor=actor, today=today, at=at)
    # It is the claim's letter again: what is asked about the claim is where it did not arrive.
    Letter.objects.filter(creditor=creditor, id=out.letter.id).update(replaced_at=None)
    delivery = Delivery.objects.select_for_update().get(
        creditor=creditor, letter=out.letter, state=DeliveryState.ACCEPTED
    )
    delivery.state = DeliveryState.QUEUED
    delivery.save(update_fields=["state"])
    answer = Answer(
        delivery_id=delivery.id,
        verdict=Verdict.REFUSED,
        code=LETTER_REFUSED,
        for_good=True,
        evidence=delivery.evidence | {"refused_because": reason, "told_by": actor},
    )
    settle_answers(creditor_id, [answer], today=today, at=at)
    claim.refresh_from_db()
    return claim


def _stop_correction(
    creditor: Creditor, claim: Claim, correction: Letter, *, actor: str, today: date, at: datetime
) -> None:
    """Stop the correction that waits, and say so."""
    stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim.id, NOTHING)
    Letter.objects.filter(creditor=creditor, id=correction.id).update(replaced_at=at)
    balance = _balance(creditor, claim, today)
    left = balance.total if balance.known else None
    write_events(creditor, stopped.events(claim, actor=actor, balance=left, balance_day=balance.day), at=at)


def tell_whether_letter_left(
    creditor_id: UUID, claim_id: UUID, *, has_left: bool, actor: str, today: date, at: datetime
) -> Claim:
    """Store what a person has found out of a letter that may have left; that it did not lets it go on paper instead.

    Only a person can say so: on paper, a letter that has left would be a second one. Where the debt has been paid
    meanwhile the claim ends, nothing goes, and the charge for a letter that did not leave is taken back.

    Raises:
        LetterIsNotInDoubt, ClaimHasEnded or Claim.DoesNotExist.
    """
    creditor, claim = _locked(creditor_id, claim_id)
    delivery = (
        Delivery.objects.select_for_update()
        .filter(
            creditor=creditor,
            letter__claim=claim,
            letter__replaced_at__isnull=True,
            gateway="email",
            state=DeliveryState.QUEUED,
        )
        .first()
    )
    if claim.needs_person != MAY_HAVE_LEFT or delivery is None:
        raise LetterIsNotInDoubt
    evidence = {name: value for name, value in delivery.evidence.items() if name != "code"} | {"told_by": actor}
    write_events(creditor, _go_on(creditor, claim, actor=actor, today=today, at=at), at=at)
    if has_left:
        answer = Answer(delivery_id=delivery.id, verdict=Verdict.ACCEPTED, evidence=evidence)
    else:
        answer = Answer(delivery_id=delivery.id, verdict=Verdict.REFUSED, code=DID_NOT_LEAVE, evidence=evidence)
    if settle_answers(creditor_id, [answer], today=today, at=at):
        app.configure_task("deliver_letters").defer()
    claim.refresh_from_db()
    return claim


def ask_creditors(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> int:
    """Note that the creditor decides about its claims whose last day to pay has passed; return how many there were."""
    creditor = Creditor.objects.get(id=creditor_id)
    claims = list(
        Claim.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            creditor=creditor,
            status=ClaimStatus.REMINDER_SENT,
            next_event=NextEvent.LAST_DAY_TO_PAY,
            last_day_to_pay__lt=today,
        )
        .order_by("last_day_to_pay", "id")[:limit]
    )
    facts, rates = balance_facts(creditor, claims), known_rates(today)
    events = []
    for claim in claims:
        claim.next_event, claim.next_event_day = NextEvent.CREDITOR_DECIDES.value, today
        balance = claim_balance(facts[claim.id], today, rates)
        events.append(_told(claim, EventKind.LAST_DAY_PASSED, settings.SITE_NAME, balance))
    write_events(creditor, events, at=at)
    return len(claims)


def _close(creditor_id: UUID, claim_id: UUID, reason: Reason, *, actor: str, today: date, at: datetime) -> Claim:
    creditor, claim = _locked(creditor_id, claim_id)
    stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim.id, NOTHING)
    balance = _balance(creditor, claim, today)
    book_balances(
        creditor,
        [claim],
        today=today,
        at=at,
        because=Because(claim.id),
        closed_to=Account.PAID_TO_CREDITOR if reason == "paid" else Account.WAIVED,
    )
    end(claim, ClaimStatus.PAID if reason == "paid" else ClaimStatus.CLOSED, at)
    write_events(
        creditor,
        [
            *stopped.events(claim, actor=actor, balance=ZERO, balance_day=today),
            NewEvent(
                claim=claim,
                kind=EventKind.CLAIM_CLOSED,
                actor=actor,
                balance=ZERO,
                balance_day=today,
                facts={"reason": reason, "left": str(balance.total)} | rates_at_end(today),
            ),
        ],
        at=at,
    )
    return claim


def _locked(creditor_id: UUID, claim_id: UUID) -> tuple[Creditor, Claim]:
    creditor = Creditor.objects.get(id=creditor_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(creditor=creditor, id=claim_id)
    if claim.status in ENDED:
        raise ClaimHasEnded(claim.status)
    return creditor, claim


def _go_on(creditor: Creditor, claim: Claim, *, actor: str, today: date, at: datetime) -> list[NewEvent]:
    if claim.status == ClaimStatus.NEEDS_PERSON:
        _take_up(creditor, claim, today=today, at=at)
    claim.needs_person, claim.needs_person_since = "", None
    # A rate that was entered meanwhile may let money be allocated that had to wait for it.
    balance = book_balances(creditor, [claim], today=today, at=at)[claim.id].balance
    events = [person_answered(claim, balance, actor=actor)]
    if balance.is_settled:
        events.append(claim_paid(claim, today, at))
    return events


def _take_up(creditor: Creditor, claim: Claim, *, today: date, at: datetime) -> None:
    """Put the claim where it stood when a person was asked for."""
    letter = Letter.objects.filter(creditor=creditor, claim=claim, replaced_at__isnull=True).defer("content").first()
    if letter is not None and letter.stopped_at is not None:
        raise LetterIsGone
    claim.next_event_day = bank_days.on_or_after(today)
    if letter is None:
        claim.status, claim.next_event = ClaimStatus.RECEIVED.value, next_letter(claim).value
        claim.reminder_day = claim.next_event_day
    elif letter.left_at is None:
        _try_delivery_again(creditor, letter, at)
        claim.status, claim.next_event = ClaimStatus.REMINDER_ISSUED.value, NextEvent.REMINDER_LEAVES.value
    elif not correct_letter(claim, letter, today):
        claim.status, claim.next_event = ClaimStatus.REMINDER_SENT.value, NextEvent.LAST_DAY_TO_PAY.value
        claim.next_event_day = letter.last_day_to_pay


def _try_delivery_again(creditor: Creditor, letter: Letter, at: datetime) -> None:
    queued = Delivery.objects.select_for_update().filter(creditor=creditor, letter=letter, state=DeliveryState.QUEUED)
    for delivery in queued:
        begun_anew(delivery).next_try_at = at
        delivery.save(update_fields=["attempts", "evidence", "next_try_at"])


def _balance(creditor: Creditor, claim: Claim, today: date) -> ClaimBalance:
    return claim_balance(balance_facts(creditor, [claim])[claim.id], today, known_rates(today))


def _told(claim: Claim, kind: EventKind, actor: str, balance: ClaimBalance) -> NewEvent:
    return NewEvent(
        claim=claim,
        kind=kind,
        actor=actor,
        balance=balance.total if balance.known else None,
        balance_day=balance.day,
    )
