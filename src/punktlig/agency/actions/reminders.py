"""Issue the reminders that are due: the step, the fee, the letter and the event in one transaction, once a claim."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim, ClaimStep, Step
from punktlig.agency.records.claim_facts import facts_of
from punktlig.agency.records.claim_money import balance_facts, confirmed_commands, part_payments, submission_of
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.debtor_addresses import addresses_of, at_newest, replaced_letters
from punktlig.agency.records.events_writing import write_events
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.letter_writing import NewLetter, store_letters, write_letter
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import (
    COULD_NOT_BE_MADE,
    claim_paid,
    person_needed,
    reminder_issued,
)
from punktlig.core.bank_days import is_bank_day
from punktlig.core.claim_balance import claim_balance
from punktlig.core.eligibility import NothingLeftToPay
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.exchange.messages import ClaimStatus
from punktlig.tenancy.mass_rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import ReceivedCommand
    from punktlig.agency.records.debtor_address import DebtorAddress
    from punktlig.agency.records.letter import Letter
    from punktlig.core.late_rate import ReferenceRates

log = logging.getLogger(__name__)


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
class _Sent:
    """The addresses given for a claim since the handover, and its last letter when that reached nobody."""

    addresses: Sequence[DebtorAddress]
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class _Paid:
    claim: Claim


@dataclass(frozen=True, slots=True)
class _ForPerson:
    claim: Claim
    code: str


def issue_reminders(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> Issued:
    """Issue the reminders of the creditor that are due today, at most `limit`, oldest first; only on a bank day.

    A claim whose letter did not reach the debtor and that has a new address gets the next edition, with a charge of its
    own since the first was taken back. Claims that somebody else holds are passed over.
    Run again until it has seen fewer than `limit`.
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
    commands, rates = confirmed_commands(creditor, claims), known_rates(today)
    given = addresses_of(creditor.id, [claim.id for claim in claims])
    replaced = replaced_letters(creditor, given) if given else {}
    letters: list[NewLetter] = []
    paid: list[_Paid] = []
    for_person: list[_ForPerson] = []
    for claim in claims:
        sent = _Sent(given.get(claim.id, ()), replaced.get(claim.id))
        match _decide(creditor, claim, commands.get(claim.id, ()), sent, today=today, rates=rates):
            case NewLetter() as letter:
                letters.append(letter)
            case _Paid() as found:
                paid.append(found)
            case _ForPerson() as found:
                for_person.append(found)
    facts = balance_facts(creditor, [found.claim for found in for_person])
    balances = {claim_id: claim_balance(own, today, rates) for claim_id, own in facts.items()}
    book_balances(creditor, [found.claim for found in paid], today=today, at=at)
    _store_steps(creditor, [letter for letter in letters if letter.claim.id not in replaced], at)
    store_letters(creditor, letters, at=at)
    write_entries(creditor, [entry for letter in letters for entry in _charge(letter, today)], at=at)
    write_events(
        creditor,
        [
            *(reminder_issued(letter, today) for letter in letters),
            *(claim_paid(found.claim, today, at) for found in paid),
            *(person_needed(found.claim, found.code, balances[found.claim.id], at) for found in for_person),
        ],
        at=at,
    )
    if letters:
        app.configure_task("deliver_letters").defer()
    return Issued(len(letters), len(paid), len(for_person))


def _decide(
    creditor: Creditor,
    claim: Claim,
    commands: Sequence[ReceivedCommand],
    sent: _Sent,
    *,
    today: date,
    rates: ReferenceRates,
) -> NewLetter | _Paid | _ForPerson:
    try:
        submission = at_newest(submission_of(claim), sent.addresses)
        reminder = remind(facts_of(submission, creditor, today, part_payments(commands)), rates)
        return write_letter(
            creditor,
            claim,
            submission,
            reminder,
            commands_counted=len(commands),
            step_id=sent.letter.step_id if sent.letter else None,
            edition=sent.letter.edition + 1 if sent.letter else 1,
        )
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
