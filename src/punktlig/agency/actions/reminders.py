"""Issue the reminders that are due: the step, the fee, the letter and the event in one transaction, once a claim."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim, ClaimStep, Step
from punktlig.agency.records.claim_facts import facts_of
from punktlig.agency.records.claim_money import confirmed_commands, part_payments, submission_of
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.letter_writing import NewLetter, store_letters, write_letter
from punktlig.core.bank_days import is_bank_day
from punktlig.core.eligibility import NothingLeftToPay
from punktlig.core.money import ZERO
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent
from punktlig.tenancy.mass_rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import ReceivedCommand

log = logging.getLogger(__name__)

# A fault of ours with one claim: it waits for a person and the others go on. The log has the trace.
COULD_NOT_BE_MADE = "could_not_be_made"


@dataclass(frozen=True, slots=True)
class Issued:
    """How many claims of the chunk got a reminder, were found paid, and wait for a person."""

    issued: int = 0
    paid: int = 0
    for_person: int = 0

    @property
    def seen(self) -> int:
        """How many claims the chunk had; fewer than its limit means that none is left."""
        return self.issued + self.paid + self.for_person

    def __add__(self, other: Issued) -> Issued:
        return Issued(self.issued + other.issued, self.paid + other.paid, self.for_person + other.for_person)


@dataclass(frozen=True, slots=True)
class _Paid:
    claim: Claim


@dataclass(frozen=True, slots=True)
class _ForPerson:
    claim: Claim
    code: str


def issue_reminders(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> Issued:
    """Issue the reminders of the creditor that are due today, at most `limit`, oldest first; only on a bank day.

    Claims that somebody else holds are passed over. Run again until it has seen fewer than `limit`.
    """
    if not is_bank_day(today):
        return Issued()
    creditor = Creditor.objects.get(id=creditor_id)
    claims = list(
        Claim.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(creditor=creditor, status=ClaimStatus.RECEIVED, reminder_day__lte=today, needs_person="")
        .order_by("reminder_day", "id")[:limit]
    )
    if not claims:
        return Issued()
    commands = confirmed_commands(creditor, claims)
    letters: list[NewLetter] = []
    paid: list[_Paid] = []
    for_person: list[_ForPerson] = []
    for claim in claims:
        match _decide(creditor, claim, commands.get(claim.id, ()), today):
            case NewLetter() as letter:
                letters.append(letter)
            case _Paid() as found:
                paid.append(found)
            case _ForPerson() as found:
                for_person.append(found)
    _store_steps(creditor, letters, at)
    store_letters(creditor, letters, at=at)
    write_entries(creditor, [entry for letter in letters for entry in _charge(letter, today)], at=at)
    write_events(
        creditor,
        [
            *(_issued(letter, today) for letter in letters),
            *(_paid(found, today, at) for found in paid),
            *(_asked(found, today, at) for found in for_person),
        ],
        at=at,
    )
    if letters:
        app.configure_task("deliver_letters").defer()
    return Issued(len(letters), len(paid), len(for_person))


def _decide(
    creditor: Creditor, claim: Claim, commands: Sequence[ReceivedCommand], today: date
) -> NewLetter | _Paid | _ForPerson:
    try:
        submission = submission_of(claim)
        reminder = remind(facts_of(submission, creditor, today, part_payments(commands)))
        return write_letter(creditor, claim, submission, reminder, commands_counted=len(commands))
    except NothingLeftToPay:
        return _Paid(claim)
    except Refusal as refusal:
        return _ForPerson(claim, refusal.code)
    except Exception:
        log.exception("no reminder could be made of claim %s", claim.number)
        return _ForPerson(claim, COULD_NOT_BE_MADE)


def _store_steps(creditor: Creditor, letters: Sequence[NewLetter], at: datetime) -> None:
    """Store the steps before anything else: a step that was taken already is a duplicate key, and all is undone."""
    insert_rows(
        ClaimStep,
        ("id", "creditor_id", "claim_id", "step", "taken_at"),
        [(letter.step_id, creditor.id, letter.claim.id, Step.REMINDER.value, at) for letter in letters],
    )


def _charge(letter: NewLetter, today: date) -> list[NewEntry]:
    charge = letter.reminder.charge_amount.ore
    if not charge:
        return []
    compensation = letter.reminder.facts.terms.claims_compensation
    return [
        NewEntry(
            claim_id=letter.claim.id,
            kind=EntryKind.COMPENSATION if compensation else EntryKind.REMINDER_FEE,
            day=today,
            source_id=letter.id,
            postings=((Account.FEES_OWED, charge), (Account.FEE_INCOME, -charge)),
        )
    ]


def _issued(letter: NewLetter, today: date) -> NewEvent:
    claim, reminder = letter.claim, letter.reminder
    claim.status = ClaimStatus.REMINDER_ISSUED.value
    claim.last_day_to_pay = reminder.last_day_to_pay
    claim.next_event = NextEvent.REMINDER_LEAVES.value
    claim.next_event_day = today
    return NewEvent(
        claim=claim,
        kind=EventKind.REMINDER_ISSUED,
        actor=settings.SITE_NAME,
        balance=reminder.total,
        balance_day=today,
        facts={
            "letter_id": str(letter.id),
            "letter_date": today.isoformat(),
            "unpaid": str(reminder.unpaid),
            "interest": str(reminder.interest_amount),
            "charge": str(reminder.charge_amount),
            "total": str(reminder.total),
            "last_day_to_pay": reminder.last_day_to_pay.isoformat(),
        },
    )


def _paid(found: _Paid, today: date, at: datetime) -> NewEvent:
    claim = found.claim
    claim.status = ClaimStatus.PAID.value
    claim.next_event, claim.next_event_day = "", None
    claim.closed_at = at
    return NewEvent(claim=claim, kind=EventKind.CLAIM_PAID, actor=settings.SITE_NAME, balance=ZERO, balance_day=today)


def _asked(found: _ForPerson, today: date, at: datetime) -> NewEvent:
    claim = found.claim
    claim.status = ClaimStatus.NEEDS_PERSON.value
    claim.needs_person, claim.needs_person_since = found.code, at
    claim.next_event, claim.next_event_day = "", None
    return NewEvent(
        claim=claim,
        kind=EventKind.PERSON_NEEDED,
        actor=settings.SITE_NAME,
        balance=None,
        balance_day=today,
        facts={"code": found.code},
    )
