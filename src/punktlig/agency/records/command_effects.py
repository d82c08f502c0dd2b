"""What a creditor's payment or credit note does to its claim: journal, letters not yet gone, status and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.claim import ReceivedCommand
from punktlig.agency.records.claim_end import rates_at_end
from punktlig.agency.records.claim_money import CONFIRMED, balance_facts
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal_balance import Because, book_balances
from punktlig.agency.records.letter_stopping import NOTHING, Stopped, reverse_charges, stop_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import ClaimBalance, charges_without_ground, claim_balance
from punktlig.core.money import ZERO, Money
from punktlig.exchange.messages import ClaimStatus, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.turnover import Turnover

REQUESTED, REFUSED = "requested", "refused"

# Why a command may be refused; docs/api.md explains each.
CLAIM_IS_PAID = "claim_is_paid"
CLAIM_IS_CLOSED = "claim_is_closed"
PAYMENT_AHEAD = "payment_ahead"
HANDOVER_WAS_REFUSED = "handover_was_refused"

RATE_UNKNOWN = "rate_unknown"


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
        if command.code:
            command.save(update_fields=["claim", "code", "state"])
            refused = _event(claim, EventKind.COMMAND_REFUSED, actor, _balance(creditor, claim, today), _facts(command))
            write_events(creditor, [refused], at=at)
        else:
            write_events(creditor, _apply(creditor, claim, command, actor=actor, today=today, at=at), at=at)


def _refusal(claim: Claim, command: ReceivedCommand, today: date) -> str:
    if claim.status == ClaimStatus.PAID:
        return CLAIM_IS_PAID
    if claim.status == ClaimStatus.CLOSED:
        return CLAIM_IS_CLOSED
    return PAYMENT_AHEAD if command.day > today else ""


def _balance(creditor: Creditor, claim: Claim, today: date) -> ClaimBalance:
    return claim_balance(balance_facts(creditor, [claim])[claim.id], today, known_rates(today))


def _apply(
    creditor: Creditor, claim: Claim, command: ReceivedCommand, *, actor: str, today: date, at: datetime
) -> list[NewEvent]:
    before = _balance(creditor, claim, today)
    command.place = 1 + ReceivedCommand.objects.filter(creditor=creditor, claim=claim, state=CONFIRMED).count()
    command.save(update_fields=["claim", "code", "state", "place"])
    facts = balance_facts(creditor, [claim])[claim.id]
    stopped = NOTHING
    if claim_balance(facts, today, known_rates(today)).is_settled:
        stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim.id, NOTHING)
    if stopped.letter_id is None and charges_without_ground(facts):
        taken_back = reverse_charges(creditor, [claim.id], today=today, at=at)
        stopped = Stopped(reversed=taken_back.get(claim.id, ZERO))
    because = Because(command.id, command.day)
    booked = book_balances(creditor, [claim], today=today, at=at, because=because)[claim.id]
    after = booked.balance
    confirmed = EventKind.PAYMENT_CONFIRMED if command.kind == "payment" else EventKind.CREDIT_NOTE_CONFIRMED
    if after.is_settled:
        claim.status = ClaimStatus.PAID.value
        claim.next_event, claim.next_event_day = "", None
        claim.needs_person, claim.needs_person_since = "", None
        claim.closed_at = at
    elif not after.known and not claim.needs_person:
        # The interest it fixes has no known rate yet: somebody has to enter it.
        claim.needs_person, claim.needs_person_since = RATE_UNKNOWN, at
    went = _parts(booked.moved, after.overpaid - before.overpaid)
    events = [_event(claim, confirmed, actor, after, _facts(command) | went)]
    events += stopped.events(claim, actor=actor, balance=after.total if after.known else None, balance_day=after.day)
    if after.is_settled:
        ends = {"day": command.day.isoformat()} | rates_at_end(today)
        events.append(_event(claim, EventKind.CLAIM_PAID, actor, after, ends))
    return events


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


def _parts(moved: Turnover, surplus: Money) -> dict[str, str]:
    """Tell where it went, without what got nothing. Something told late may move what was counted before it."""
    came = moved.paid + moved.credited
    parts = {
        "principal": came.principal,
        "interest": came.interest,
        "fees": came.fees,
        "surplus": surplus,
        "waived": moved.waived.total,
    }
    return {name: str(amount) for name, amount in parts.items() if amount}
