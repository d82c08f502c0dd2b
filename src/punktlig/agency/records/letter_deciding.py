"""What becomes of a claim whose letter is due, the first or one made anew: a letter, paid, or a person's to decide."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.agency.records.claim_facts import stored_facts
from punktlig.agency.records.claim_money import confirmed_commands, part_payments
from punktlig.agency.records.debtor_addresses import addresses_of
from punktlig.agency.records.identity import agency
from punktlig.agency.records.letter_writing import NewLetter, Replaced, write_letter
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import COULD_NOT_BE_MADE
from punktlig.core.eligibility import NothingLeftToPay
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.tenancy.ids import ids_in_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.letter import Letter

log = logging.getLogger(__name__)

# A letter made anew has the same fee; when the rules now say another, a person decides.
CHARGE_WOULD_CHANGE = "charge_would_change"


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
        self.addresses = addresses_of(creditor.id, [claim.id for claim in claims])
        self._rates, self._sender = known_rates(today), agency()
        self._ids = ids_in_order(2 * len(claims), at=at)  # of each claim's letter and its step

    def decide(self, claim: Claim, old: Letter | None = None, *, charge_stands: bool = False) -> Decided:
        """Return the claim's letter of today, the next edition of `old` where there is one, or why there is none.

        With `charge_stands` the charge of the old one is neither made again nor changed.
        """
        commands = self._commands.get(claim.id, ())
        try:
            stored = stored_facts(
                bytes(claim.submission),
                self._creditor,
                self._today,
                later=part_payments(commands),
                addresses=self.addresses.get(claim.id, ()),
            )
            reminder = remind(stored.reminder, self._rates)
            if charge_stands and old and reminder.charge_amount.ore != old.charge_ore:
                return ForPerson(claim, CHARGE_WOULD_CHANGE)
            return write_letter(
                self._creditor,
                claim,
                stored,
                reminder,
                ids=(next(self._ids), next(self._ids)),
                sender=self._sender,
                commands_counted=len(commands),
                replaced=Replaced(old.step_id, old.edition, charge_stands) if old else None,
            )
        except NothingLeftToPay:
            return Paid(claim)
        except Refusal as refusal:
            return ForPerson(claim, refusal.code)
        except Exception:
            log.exception("no letter could be made of claim %s", claim.number)
            return ForPerson(claim, COULD_NOT_BE_MADE)


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
