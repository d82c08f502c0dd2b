"""A debtor whom a letter did not reach is found at another address: the claim goes on with a letter to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_money import submission_of
from punktlig.agency.records.claim_reopening import plan_letter
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.debtor_address import DebtorAddress
from punktlig.agency.records.debtor_addresses import (
    addresses_of,
    at_newest,
    failed_address,
    is_same_address,
    may_give_address,
    planned_day,
    window_lines,
)
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.letter_stopping import NOTHING, stop_letters
from punktlig.agency.records.reminder_events import claim_paid
from punktlig.core.parties import SWEDEN
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import Address, ClaimStatus, EventKind
from punktlig.letters.fitting import refuse_too_large

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


@dataclass(eq=False)
class AddressIsNotAsked(Refusal):
    """The claim waits for no address: its letter is on its way, it waits for something else, or it has ended."""


@dataclass(eq=False)
class AddressHasFailed(Refusal):
    """The address is the one where the letter did not reach the debtor."""


def give_new_address(
    creditor_id: UUID, claim_id: UUID, address: Address, *, actor: str, today: date, at: datetime
) -> Claim:
    """Store where the debtor is to be reached and let the claim go on: the round of the next bank day makes the letter.

    Until then another address may be given, and the last one counts. The same one given twice changes nothing.

    Raises:
        AddressIsNotAsked, AddressHasFailed, AddressDoesNotFit, AddressIncomplete, CountryUnreadable or
        Claim.DoesNotExist.
    """
    creditor = Creditor.objects.get(id=creditor_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(creditor=creditor, id=claim_id)
    given = addresses_of(creditor_id, [claim_id]).get(claim_id, [])
    if not may_give_address(claim, given) or _has_letter_on_its_way(claim):
        raise AddressIsNotAsked
    submission = submission_of(claim)
    name = submission.debtor.name
    refuse_too_large(window_lines(name, address), is_abroad=(address.country or SWEDEN) != SWEDEN)
    if is_same_address(name, address, failed_address(claim, submission, given)):
        raise AddressHasFailed
    waits = claim.status == ClaimStatus.NEEDS_PERSON
    if not waits and is_same_address(name, address, at_newest(submission, given).debtor.address):
        return claim
    DebtorAddress.objects.create(
        creditor=creditor,
        claim=claim,
        sequence=claim.sequence + 1,
        lines=[line.strip() for line in address.lines if line.strip()],
        postcode=address.postcode.strip(),
        town=address.town.strip(),
        country=address.country or SWEDEN,
        entered_by=actor,
        entered_at=at,
    )
    stopped = NOTHING
    if waits:
        # One that could not be made anew for the old address still waits, with its charge.
        stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim_id, NOTHING)
        plan_letter(claim, planned_day(claim, today), at)
    # In another country other rules may decide the interest.
    balance = book_balances(creditor, [claim], today=today, at=at)[claim.id].balance
    assert claim.reminder_day is not None  # noqa: S101 - a claim whose letter is to be made
    left = balance.total if balance.known else None
    told = NewEvent(
        claim=claim,
        kind=EventKind.ADDRESS_CHANGED,
        actor=actor,
        balance=left,
        balance_day=balance.day,
        facts={"reminder_day": claim.reminder_day.isoformat()},
    )
    also = stopped.events(claim, actor=actor, balance=left, balance_day=balance.day)
    write_events(creditor, [told, *also], at=at)
    if balance.is_settled:
        write_events(creditor, [claim_paid(claim, today, at)], at=at)
    return claim


def _has_letter_on_its_way(claim: Claim) -> bool:
    letters = Letter.objects.filter(creditor=claim.creditor_id, claim=claim, handed_at__isnull=False)
    return letters.filter(stopped_at__isnull=True, replaced_at__isnull=True).exists()
