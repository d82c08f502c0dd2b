"""Issue the reminders that are due: the step, the fee, the letter and the event in one transaction, once a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.debtor_addresses import replaced_letters
from punktlig.agency.records.events_writing import write_events
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.letter_deciding import LetterDecisions
from punktlig.agency.records.letter_writing import not_reached_by_email, store_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import claim_paid, person_needed, reminder_issued
from punktlig.core.bank_days import is_bank_day
from punktlig.core.claim_balance import claim_balance
from punktlig.exchange.messages import ClaimStatus
from punktlig.tenancy.plain_reading import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.letter_deciding import Outcomes


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


# What a reminder is made of and an event changes, of a claim's thirty columns.
_DUE = """
SELECT id, creditor_id, number, submission, received_day, payable_ore, principal_ore, status, sequence, reminder_day,
    last_day_to_pay, next_event, next_event_day, needs_person, needs_person_since, closed_at
FROM agency_claim WHERE creditor_id = %s AND status = %s AND reminder_day <= %s AND needs_person = ''
ORDER BY reminder_day, id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def issue_reminders(creditor_id: UUID, *, today: date, at: datetime, limit: int = 1000) -> Issued:
    """Issue the reminders of the creditor that are due today, at most `limit`, oldest first; only on a bank day.

    A claim whose letter did not reach the debtor and that has a new address, or whose letter was stopped by a payment
    that was taken back, gets the next edition, with a charge of its own since the first was taken back. So does one
    whose letter has left and counts such a payment, without a charge of its own. Claims that somebody else holds are
    passed over. Run again until it has seen fewer than `limit`.
    """
    if not is_bank_day(today):
        return Issued()
    creditor = Creditor.objects.get(id=creditor_id)
    claims = read_rows(Claim, _DUE, [creditor_id, ClaimStatus.RECEIVED.value, today, limit])
    if not claims:
        return Issued()
    decisions = LetterDecisions(creditor, claims, today=today, at=at)
    had_letters = decisions.addresses.keys() | decisions.went_on
    replaced = replaced_letters(creditor, had_letters) if had_letters else {}
    found = decisions.decide(claims, replaced)
    facts = balance_facts(creditor, [each.claim for each in found.for_person])
    balances = {claim_id: claim_balance(own, today, known_rates(today)) for claim_id, own in facts.items()}
    book_balances(creditor, found.paid, today=today, at=at)
    if any(letter.corrects for letter in found.letters):
        found = _correct(creditor, found, replaced, at=at)
    store_letters(creditor, found.letters, today=today, at=at)
    # What came in since the letter that is corrected counts on the invoice from now on, as the new one says.
    book_balances(creditor, [each.claim for each in found.letters if each.corrects], today=today, at=at)
    write_events(
        creditor,
        [
            *(reminder_issued(letter, today) for letter in found.letters),
            *(claim_paid(claim, today, at) for claim in found.paid),
            *(person_needed(each.claim, each.code, balances[each.claim.id], at) for each in found.for_person),
        ],
        at=at,
    )
    if found.letters:
        app.configure_task("deliver_letters").defer()
    return Issued(len(found.letters), len(found.paid), len(found.for_person))


def _correct(creditor: Creditor, found: Outcomes, replaced: Mapping[UUID, Letter], *, at: datetime) -> Outcomes:
    """Replace the letters that are corrected; one that had to go on paper is corrected on paper."""
    old = [replaced[each.claim.id] for each in found.letters if each.corrects]
    Letter.objects.filter(creditor=creditor, id__in=[each.id for each in old], replaced_at__isnull=True).update(
        replaced_at=at
    )
    refused = not_reached_by_email(creditor, old)
    on_paper = {each.claim_id for each in old if each.id in refused}
    letters = [replace(each, email="") if each.claim.id in on_paper else each for each in found.letters]
    return replace(found, letters=letters)
