"""What becomes of a claim whose letter is due, the first or one made anew: a letter, paid, or a person's to decide."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from itertools import batched
from typing import TYPE_CHECKING

from punktlig.agency.records.claim_facts import stored_facts
from punktlig.agency.records.claim_money import balance_facts, confirmed_commands, part_payments, taken_back
from punktlig.agency.records.debtor_addresses import addresses_of
from punktlig.agency.records.identity import agency
from punktlig.agency.records.letter_correcting import told_before
from punktlig.agency.records.letter_stopping import standing_charges
from punktlig.agency.records.letter_writing import NewLetter, Replaced, write_letter
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import COULD_NOT_BE_MADE
from punktlig.core.claim_balance import claim_balance
from punktlig.core.eligibility import NothingLeftToPay
from punktlig.core.letter.compose import Corrected
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.tenancy.ids import ids_in_order

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.letter import Letter
    from punktlig.core.facts import ReminderFacts

log = logging.getLogger(__name__)

# A letter made anew has the same fee; when the rules now say another, a person decides.
CHARGE_WOULD_CHANGE = "charge_would_change"
# A letter that has left is to be corrected, and what came in since covers the invoice but not all of its charges.
ONLY_CHARGES_LEFT = "only_charges_left"

# So many claims take each step side by side. A step's code then stays in the processor's cache from one to the next,
# which saves a seventh of the time, while few enough facts are held at once.
_ABREAST = 32


@dataclass(frozen=True, slots=True)
class Paid:
    """Nothing is left to ask for."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class ForPerson:
    """The rules refuse a letter, or one could not be made; `code` says why."""

    claim: Claim
    code: str


type Decided = NewLetter | Paid | ForPerson


class LetterDecisions:
    """Decides about claims of one creditor, whose row locks are held, from all that came in for them until now."""

    def __init__(self, creditor: Creditor, claims: Sequence[Claim], *, today: date, at: datetime) -> None:
        """Look up the commands and addresses of the claims, each to be decided once: a query each for all of them."""
        self._creditor, self._today = creditor, today
        self._commands = confirmed_commands(creditor, claims)
        # A claim that ended by a payment, since taken back, may have had a letter that was stopped.
        self.went_on = {
            claim_id for claim_id, commands in self._commands.items() if any(each.reverses for each in commands)
        }
        # Of these some may have been told something by letter that is no longer so.
        self._told = told_before(creditor, self.went_on) if self.went_on else {}
        self._charged = {entry.claim_id for entry in standing_charges(creditor, list(self.went_on))}
        self.addresses = addresses_of(creditor.id, [claim.id for claim in claims])
        self._rates, self._sender = known_rates(today), agency()
        self._ids = ids_in_order(2 * len(claims), at=at)  # of each claim's letter and its step

    def decide(
        self, claims: Sequence[Claim], replaced: Mapping[UUID, Letter], *, charge_stands: bool = False
    ) -> Outcomes:
        """Return each claim's letter of today, the next edition of the one it replaces, or why there is none.

        `replaced` are by claim. With `charge_stands` the charge of the old one is neither made again nor changed, and
        nor is it where a letter that has left is corrected. Where it was let go it stays so.
        """
        decided: list[Decided] = []
        for some in batched(claims, _ABREAST):
            decided += _abreast([self._decide(claim, replaced.get(claim.id), charge_stands) for claim in some])
        return Outcomes.of(decided)

    def _decide(self, claim: Claim, old: Letter | None, charge_stands: bool) -> Iterator[Decided | None]:
        """Yield nothing after each step, and in the end what was decided."""
        try:
            decided = yield from self._steps(claim, old, charge_stands)
        except NothingLeftToPay:
            decided = Paid(claim) if self._is_settled(claim) else ForPerson(claim, ONLY_CHARGES_LEFT)
        except Refusal as refusal:
            decided = ForPerson(claim, refusal.code)
        except Exception:
            log.exception("no letter could be made of claim %s", claim.number)
            decided = ForPerson(claim, COULD_NOT_BE_MADE)
        yield decided

    def _steps(self, claim: Claim, old: Letter | None, charge_stands: bool) -> Generator[None, None, Decided]:
        commands = self._commands.get(claim.id, ())
        stored = stored_facts(
            bytes(claim.submission),
            self._creditor,
            self._today,
            later=part_payments(commands),
            addresses=self.addresses.get(claim.id, ()),
            without=taken_back(commands) if claim.id in self.went_on else (),
        )
        yield
        told = self._told.get(claim.id)
        # The debtor has had a demand, which interrupts the limitation as a payment does (Limitation Act s. 5).
        facts = replace(stored.reminder, limitation_interrupted=told.arrived) if told else stored.reminder
        if claim.id in self.went_on and (charge_stands or told):
            charge_stands = claim.id in self._charged
            facts = facts if charge_stands else _without_charge(facts)
        reminder = remind(facts, self._rates)
        if charge_stands and old and reminder.charge_amount.ore != old.charge_ore:
            return ForPerson(claim, CHARGE_WOULD_CHANGE)
        yield
        return write_letter(
            self._creditor,
            claim,
            stored,
            reminder,
            ids=(next(self._ids), next(self._ids)),
            sender=self._sender,
            commands_counted=len(commands),
            replaced=Replaced(old.step_id, old.edition, charge_stands) if old else None,
            corrects=Corrected(told.last, told.first) if told else None,
        )

    def _is_settled(self, claim: Claim) -> bool:
        """Tell whether nothing is left of a claim whose invoice is covered: a letter may have asked for charges."""
        if claim.id not in self._told:
            return True
        facts = balance_facts(self._creditor, [claim])[claim.id]
        return claim_balance(facts, self._today, self._rates).is_settled


def _without_charge(facts: ReminderFacts) -> ReminderFacts:
    return replace(facts, terms=replace(facts.terms, reminder_fee_agreed_since=None, claims_compensation=False))


def _abreast(ways: Sequence[Iterator[Decided | None]]) -> list[Decided]:
    """Go on with all of them a step at a time, until each has yielded its decision; return those in their order."""
    found: dict[int, Decided] = {}
    while len(found) < len(ways):
        for place, way in enumerate(ways):
            if place not in found and (decided := next(way)) is not None:
                found[place] = decided
    return [found[place] for place in range(len(ways))]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was decided about many claims, each in their order."""

    letters: list[NewLetter]
    paid: list[Claim]
    for_person: list[ForPerson]

    @classmethod
    def of(cls, decided: Sequence[Decided]) -> Outcomes:
        """Sort decisions by what they are."""
        return cls(
            letters=[each for each in decided if isinstance(each, NewLetter)],
            paid=[each.claim for each in decided if isinstance(each, Paid)],
            for_person=[each for each in decided if isinstance(each, ForPerson)],
        )
