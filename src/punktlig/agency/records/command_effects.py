"""What a creditor's payment or credit note does to its claim: journal, letters not yet gone, status and events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from punktlig.agency.records.claim_money import CONFIRMED, balance_facts, confirmed_commands
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.letter_stopping import NOTHING, Stopped, reverse_charges, stop_letters
from punktlig.core.claim_balance import ClaimBalance, charges_without_ground, claim_balance
from punktlig.core.money import ZERO, Money
from punktlig.exchange.messages import ClaimStatus, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim, ReceivedCommand
    from punktlig.agency.records.creditor import Creditor

REQUESTED, REFUSED = "requested", "refused"

# Why a command may be refused; docs/api.md explains each.
CLAIM_IS_PAID = "claim_is_paid"
CLAIM_IS_CLOSED = "claim_is_closed"
PAYMENT_AHEAD = "payment_ahead"

RATE_UNKNOWN = "rate_unknown"


@dataclass(frozen=True, slots=True)
class _Sums:
    """What has been paid and let go of by everything received so far, in öre."""

    fees: int
    interest: int
    principal: int
    interest_fixed: int
    waived_fees: int
    waived_interest: int
    waived_principal: int

    @classmethod
    def of(cls, balance: ClaimBalance) -> _Sums:
        parts = balance.allocations
        return cls(
            fees=sum(part.fees.ore for part in parts),
            interest=sum(part.interest.ore for part in parts),
            principal=sum(part.principal.ore for part in parts),
            interest_fixed=sum(part.interest_fixed.ore for part in parts),
            waived_fees=sum(part.waived_fees.ore for part in parts),
            waived_interest=sum(part.waived_interest.ore for part in parts),
            waived_principal=sum(part.waived_principal.ore for part in parts),
        )

    def less(self, other: _Sums) -> _Sums:
        return _Sums(
            fees=self.fees - other.fees,
            interest=self.interest - other.interest,
            principal=self.principal - other.principal,
            interest_fixed=self.interest_fixed - other.interest_fixed,
            waived_fees=self.waived_fees - other.waived_fees,
            waived_interest=self.waived_interest - other.waived_interest,
            waived_principal=self.waived_principal - other.waived_principal,
        )


def carry_out(
    creditor: Creditor,
    commands: Iterable[tuple[Claim, ReceivedCommand]],
    *,
    actor: str,
    today: date,
    at: datetime,
) -> None:
    """Carry out stored commands on claims whose rows the caller holds, in their order, and write what became of each.

    `actor` is the creditor's name in the claim's history. Raises nothing for a command that may not be carried out: it
    is refused by code, with an event.
    """
    for claim, command in commands:
        command.claim = claim
        command.code = _refusal(claim, command, today)
        command.state = REFUSED if command.code else CONFIRMED
        events = (
            [_event(claim, EventKind.COMMAND_REFUSED, actor, _balance(creditor, claim, today), _facts(command))]
            if command.code
            else _apply(creditor, claim, command, actor=actor, today=today, at=at)
        )
        command.save(update_fields=["claim", "code", "state"])
        write_events(creditor, events, at=at)


def _refusal(claim: Claim, command: ReceivedCommand, today: date) -> str:
    if claim.status == ClaimStatus.PAID:
        return CLAIM_IS_PAID
    if claim.status == ClaimStatus.CLOSED:
        return CLAIM_IS_CLOSED
    return PAYMENT_AHEAD if command.day > today else ""


def _balance(creditor: Creditor, claim: Claim, today: date) -> ClaimBalance:
    return claim_balance(balance_facts(creditor, [claim])[claim.id], today)


def _apply(
    creditor: Creditor, claim: Claim, command: ReceivedCommand, *, actor: str, today: date, at: datetime
) -> list[NewEvent]:
    earlier = confirmed_commands(creditor, [claim])[claim.id]
    facts_before = balance_facts(creditor, [claim], {claim.id: earlier})[claim.id]
    facts = balance_facts(creditor, [claim], {claim.id: [*earlier, command]})[claim.id]
    before, after = claim_balance(facts_before, today), claim_balance(facts, today)
    stopped = NOTHING
    if _is_settled(after):
        stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim.id, NOTHING)
    if stopped.letter_id:
        # A charge whose letter never leaves was never asked for, so nothing of it is paid or waived.
        before = claim_balance(replace(facts_before, charges=()), today)
        after = claim_balance(replace(facts, charges=()), today)
    elif charges_without_ground(facts):
        taken_back = reverse_charges(creditor, [claim.id], today=today, at=at)
        stopped = Stopped(reversed=taken_back.get(claim.id, ZERO))
    moved = _Sums.of(after).less(_Sums.of(before))
    write_entries(creditor, _entries(claim, command, moved), at=at)
    confirmed = EventKind.PAYMENT_CONFIRMED if command.kind == "payment" else EventKind.CREDIT_NOTE_CONFIRMED
    if _is_settled(after):
        claim.status = ClaimStatus.PAID.value
        claim.next_event, claim.next_event_day = "", None
        claim.needs_person, claim.needs_person_since = "", None
        claim.closed_at = at
    elif not after.known and not claim.needs_person:
        # The interest it fixes has no known rate yet: somebody has to enter it.
        claim.needs_person, claim.needs_person_since = RATE_UNKNOWN, at
    events = [_event(claim, confirmed, actor, after, _facts(command) | _parts(moved, before, after))]
    events += stopped.events(claim, actor=actor, balance=after.total if after.known else None, balance_day=after.day)
    if _is_settled(after):
        events.append(_event(claim, EventKind.CLAIM_PAID, actor, after, {"day": command.day.isoformat()}))
    return events


def _is_settled(balance: ClaimBalance) -> bool:
    return balance.known and not balance.total


def _event(claim: Claim, kind: EventKind, actor: str, balance: ClaimBalance, facts: dict[str, str]) -> NewEvent:
    return NewEvent(
        claim=claim,
        kind=kind,
        actor=actor,
        balance=balance.total if balance.known else None,
        balance_day=balance.day,
        facts=facts,
    )


def _facts(command: ReceivedCommand) -> dict[str, str]:
    facts = {
        "command_id": str(command.id),
        "kind": command.kind,
        "amount": str(Money(command.amount_ore)),
        "day": command.day.isoformat(),
    }
    return facts | ({"code": command.code} if command.code else {})


def _parts(sums: _Sums, before: ClaimBalance, after: ClaimBalance) -> dict[str, str]:
    """Tell where it went, without what got nothing."""
    parts = {
        "principal": sums.principal,
        "interest": sums.interest,
        "fees": sums.fees,
        "surplus": after.overpaid.ore - before.overpaid.ore,
        "waived": sums.waived_interest + sums.waived_fees + sums.waived_principal,
    }
    return {name: str(Money(ore)) for name, ore in parts.items() if ore}


# ---- The journal --------------------------------------------------------------------------------------------------


def _entries(claim: Claim, command: ReceivedCommand, sums: _Sums) -> list[NewEntry]:
    """Return what the command moves.

    A day earlier than one already booked moves the earlier allocations too, and so the differences of the whole are
    booked and not the command's own allocation.
    """
    to_creditor = Account.PAID_TO_CREDITOR if command.kind == "payment" else Account.CREDITED_BY_CREDITOR
    came_in = EntryKind.PAYMENT_TO_CREDITOR if command.kind == "payment" else EntryKind.CREDIT_NOTE
    return [
        NewEntry(claim_id=claim.id, kind=kind, day=command.day, source_id=command.id, postings=postings)
        for kind, postings in (
            (
                EntryKind.INTEREST_FIXED,
                ((Account.INTEREST_OWED, sums.interest_fixed), (Account.DUE_TO_CREDITOR, -sums.interest_fixed)),
            ),
            (
                came_in,
                (
                    (to_creditor, sums.fees + sums.interest + sums.principal),
                    (Account.FEES_OWED, -sums.fees),
                    (Account.INTEREST_OWED, -sums.interest),
                    (Account.PRINCIPAL_OWED, -sums.principal),
                ),
            ),
            (
                EntryKind.WAIVER,
                (
                    (Account.WAIVED, sums.waived_fees + sums.waived_interest + sums.waived_principal),
                    (Account.FEES_OWED, -sums.waived_fees),
                    (Account.INTEREST_OWED, -sums.waived_interest),
                    (Account.PRINCIPAL_OWED, -sums.waived_principal),
                ),
            ),
        )
        if any(ore for _, ore in postings)
    ]
