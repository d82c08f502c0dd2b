"""What a creditor tells of its claim does to it: journal, letters not yet gone, status and events.

A payment or credit note lowers the claim, and may end it. A payment that is taken back has never counted: the journal
gets the difference, as always, and a claim that ended by it goes on. What a letter that has left says of the claim is
not changed behind it: a payment counted there stays when the creditor takes it back, and when the agency's own people
do, the debtor gets a corrected letter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import ReceivedCommand
from punktlig.agency.records.claim_end import ENDED, rates_at_end
from punktlig.agency.records.claim_facts import ids_told_with
from punktlig.agency.records.claim_money import CONFIRMED, balance_facts
from punktlig.agency.records.claim_reopening import correct_letter, reopen
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.journal import Account, EntryKind, JournalEntry
from punktlig.agency.records.journal_balance import Because, book_balances
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.letter_correcting import letter_in_force
from punktlig.agency.records.letter_stopping import NOTHING, Stopped, reverse_charges, stop_letters
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import end, person_needed
from punktlig.core.claim_balance import ClaimBalance, charges_without_ground, claim_balance
from punktlig.core.money import ZERO, Money
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.counted_payments import CountedPayment
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.turnover import Turnover

REQUESTED, REFUSED = "requested", "refused"

# Why a command may be refused; docs/api.md explains each.
CLAIM_IS_PAID = "claim_is_paid"
CLAIM_IS_CLOSED = "claim_is_closed"
PAYMENT_AHEAD = "payment_ahead"
HANDOVER_WAS_REFUSED = "handover_was_refused"
PAYMENT_NOT_COUNTED = "payment_not_counted"
PAYMENT_IN_LETTER = "payment_in_letter"
TOLD_WITH_HANDOVER = "told_with_handover"

RATE_UNKNOWN = "rate_unknown"

# What tells that a command was carried out.
_CONFIRMED_AS = {
    "payment": EventKind.PAYMENT_CONFIRMED,
    "credit_note": EventKind.CREDIT_NOTE_CONFIRMED,
    "reversal": EventKind.PAYMENT_REVERSED,
}


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
        taken_back = _taken_back(creditor, claim, command)
        command.code = _refusal(creditor, claim, command, taken_back, today)
        command.state = REFUSED if command.code else CONFIRMED
        if command.code:
            command.save(update_fields=["claim", "code", "state"])
            refused = _event(claim, EventKind.COMMAND_REFUSED, actor, _balance(creditor, claim, today), _facts(command))
            write_events(creditor, [refused], at=at)
        else:
            events = _apply(creditor, claim, command, taken_back, Told(actor), today=today, at=at)
            write_events(creditor, events, at=at)


def take_back(
    creditor: Creditor,
    claim: Claim,
    command: ReceivedCommand,
    payment: CountedPayment,
    *,
    note: str,
    actor: str,
    today: date,
    at: datetime,
) -> None:
    """Carry out a reversal of a payment that counts, whatever has counted it; the caller holds the claim's row.

    `actor` is whom of the agency's own people it is done by, and `note` why. A claim that somebody has ended stays so.
    """
    command.claim, command.state = claim, CONFIRMED
    never_passed = ZERO
    if payment.command is None:
        # The agency took over what was left after it, and so it took over more.
        never_passed, ore = payment.amount, payment.amount.ore
        more = NewEntry(
            claim_id=claim.id,
            kind=EntryKind.CLAIM_RECEIVED,
            day=command.day,
            source_id=command.id,
            postings=((Account.PRINCIPAL_OWED, ore), (Account.DUE_TO_CREDITOR, -ore)),
        )
        write_entries(creditor, [more], at=at)
    told = Told(actor, {"note": note}, never_passed)
    write_events(creditor, _apply(creditor, claim, command, payment.command, told, today=today, at=at), at=at)


@dataclass(frozen=True, slots=True)
class Told:
    """Who does it, what is told of it besides, and how much of it never passed through the claim's journal."""

    actor: str
    facts: Mapping[str, str] = field(default_factory=dict)
    never_passed: Money = ZERO


def may_be_told_again(command: ReceivedCommand) -> bool:
    """Whether the command was refused for what may have been undone since: the claim was paid by something else."""
    return command.code == CLAIM_IS_PAID and command.reverses is None


def _taken_back(creditor: Creditor, claim: Claim, command: ReceivedCommand) -> ReceivedCommand | None:
    """Return the payment that a reversal takes back, when it is one that counts."""
    if command.reverses is None:
        return None
    return ReceivedCommand.objects.filter(
        creditor=creditor,
        claim=claim,
        id=command.reverses,
        kind="payment",
        amount_ore=command.amount_ore,
        state=CONFIRMED,
        reversed_at__isnull=True,
    ).first()


def _refusal(
    creditor: Creditor, claim: Claim, command: ReceivedCommand, taken_back: ReceivedCommand | None, today: date
) -> str:
    if claim.status == ClaimStatus.CLOSED:
        return CLAIM_IS_CLOSED
    if command.reverses is None and claim.status == ClaimStatus.PAID:
        return CLAIM_IS_PAID
    if command.day > today:
        return PAYMENT_AHEAD
    if command.reverses is None and command.id in ids_told_with(bytes(claim.submission)):
        # It counts already. And a reversal, which names it by this id, would take back both.
        return TOLD_WITH_HANDOVER
    return "" if command.reverses is None else _why_it_stays(creditor, claim, taken_back)


def _why_it_stays(creditor: Creditor, claim: Claim, taken_back: ReceivedCommand | None) -> str:
    """Return why a payment may not be taken back, by code."""
    if taken_back is None:
        return PAYMENT_NOT_COUNTED
    letters = Letter.objects.filter(creditor=creditor, claim=claim, handed_at__isnull=False, stopped_at__isnull=True)
    if letters.filter(commands_counted__gte=taken_back.place).exists():
        return PAYMENT_IN_LETTER
    # The creditor has said itself that it was paid all of it.
    ended_by_decision = JournalEntry.objects.filter(creditor=creditor, claim=claim, kind=EntryKind.CLAIM_CLOSED)
    return CLAIM_IS_PAID if ended_by_decision.exists() else ""


def _balance(creditor: Creditor, claim: Claim, today: date) -> ClaimBalance:
    return claim_balance(balance_facts(creditor, [claim])[claim.id], today, known_rates(today))


def _apply(
    creditor: Creditor,
    claim: Claim,
    command: ReceivedCommand,
    taken_back: ReceivedCommand | None,
    told: Told,
    *,
    today: date,
    at: datetime,
) -> list[NewEvent]:
    before = _balance(creditor, claim, today)
    if taken_back is not None:
        taken_back.reversed_at = at
        taken_back.save(update_fields=["reversed_at"])
    command.place = 1 + ReceivedCommand.objects.filter(creditor=creditor, claim=claim, state=CONFIRMED).count()
    command.save(update_fields=["claim", "code", "state", "place"])
    facts = balance_facts(creditor, [claim])[claim.id]
    stopped, had_ended, asked = NOTHING, claim.status in ENDED, ""
    if claim_balance(facts, today, known_rates(today)).is_settled:
        stopped = stop_letters(creditor, [claim], today=today, at=at).get(claim.id, NOTHING)
    elif had_ended:
        # Before anything is booked: of a claim that goes on, interest is reckoned as far as rates are known now.
        asked = reopen(claim, today=today, at=at)
    elif command.reverses is not None and claim.status == ClaimStatus.REMINDER_SENT:
        letter = letter_in_force(claim)
        assert letter is not None  # noqa: S101 - it has been sent
        correct_letter(claim, letter, today)
    if not stopped.reversed and charges_without_ground(facts):
        # That of a letter which has left, also when the one that corrects it was stopped just now.
        charges = reverse_charges(creditor, [claim.id], today=today, at=at)
        stopped = Stopped(stopped.letter_id, charges.get(claim.id, ZERO))
    because = Because(command.id, command.day)
    booked = book_balances(creditor, [claim], today=today, at=at, because=because)[claim.id]
    after = booked.balance
    if after.is_settled and not had_ended:
        end(claim, ClaimStatus.PAID, at)
    question = [person_needed(claim, asked, after, at)] if asked else []
    if not after.known and not claim.needs_person:
        # The interest it fixes has no known rate yet: somebody has to enter it.
        claim.needs_person, claim.needs_person_since = RATE_UNKNOWN, at
    went = _parts(booked.moved, after.overpaid - before.overpaid, sign=-1 if command.reverses else 1)
    if told.never_passed:
        went["principal"] = str(Money.parse(went.get("principal", "0.00")) + told.never_passed)
    facts_told = _facts(command) | went | _correction(command, claim) | dict(told.facts)
    events = [_event(claim, _CONFIRMED_AS[command.kind], told.actor, after, facts_told)]
    events += stopped.events(
        claim, actor=told.actor, balance=after.total if after.known else None, balance_day=after.day
    )
    events += question
    if after.is_settled and not had_ended:
        ends = {"day": command.day.isoformat()} | rates_at_end(today)
        events.append(_event(claim, EventKind.CLAIM_PAID, told.actor, after, ends))
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
    if command.reverses is not None:
        facts["reverses"] = str(command.reverses)
    return facts | ({"code": command.code} if command.code else {})


def _correction(command: ReceivedCommand, claim: Claim) -> dict[str, str]:
    """Return when the letter is made that corrects one which counts what was taken back, if there is to be any."""
    if command.reverses is None or claim.next_event != NextEvent.CORRECTION_IS_ISSUED or claim.next_event_day is None:
        return {}
    return {"correction_day": claim.next_event_day.isoformat()}


def _parts(moved: Turnover, surplus: Money, *, sign: int) -> dict[str, str]:
    """Tell where it went, without what got nothing; with the sign turned, where it is missing again.

    Something told late may move what was counted before it.
    """
    came = moved.paid + moved.credited
    parts = {
        "principal": came.principal,
        "interest": came.interest,
        "fees": came.fees,
        "surplus": surplus,
        "waived": moved.waived.total,
    }
    return {name: str(Money(sign * amount.ore)) for name, amount in parts.items() if amount}
