"""The facts of a claim's money, gathered from what was written; `core.claim_balance` makes the balance of them.

The letter names how many payments and credit notes it has counted, and they are numbered as they are carried out, under
the claim's lock, which is also held while a letter is taken to be handed over. So it does not matter when each of them
came: those up to that number are in the letter, and the others came after it. A letter that nobody has been given is
made anew or stopped when something comes in.

Where a letter that has left was corrected by the next edition, what the first one said holds until then, and its charge
is as old as it is. The last one, left or not, says what has been counted, also when it was stopped or came back: what
came in before it was put on the invoice, and is not put on the costs of the first one afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import ReceivedCommand
from punktlig.agency.records.claim_end import rates_known_at_end
from punktlig.agency.records.claim_facts import stored_facts
from punktlig.agency.records.debtor_addresses import addresses_of
from punktlig.agency.records.journal import CHARGES, EntryKind, JournalEntry
from punktlig.agency.records.letter import Letter
from punktlig.core.balance_facts import BalanceFacts, MadeCharge, Received, ReceivedKind, StatedTotal
from punktlig.core.interest import PartPayment
from punktlig.core.money import Money
from punktlig.core.reminder import bears_no_interest
from punktlig.core.statutes.fees import ChargeKind
from punktlig.exchange.messages import ClaimSubmission
from punktlig.tenancy.plain_reading import as_array, read_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.debtor_address import DebtorAddress
    from punktlig.core.facts import Terms

CONFIRMED = "confirmed"

_ONE_DAY = timedelta(days=1)

# All columns but the body.
_CONFIRMED_COMMANDS = """
SELECT id, creditor_id, handover_id, claim_id, kind, day, amount_ore, sha256, state, code, place, reverses, reversed_at,
    received_at
FROM agency_received_command WHERE creditor_id = %s AND claim_id = ANY(%s::uuid[]) AND state = %s ORDER BY place
"""


def submission_of(claim: Claim) -> ClaimSubmission:
    """Return the message the claim was made from."""
    return ClaimSubmission.model_validate_json(bytes(claim.submission))


def confirmed_commands(creditor: Creditor, claims: Iterable[Claim]) -> dict[UUID, list[ReceivedCommand]]:
    """Return the commands that have been carried out, by claim, in the order of their places. One query.

    Payments that were taken back and what took them back are among them: `counts` tells which lower the claim.
    """
    found: dict[UUID, list[ReceivedCommand]] = defaultdict(list)
    ids = as_array(claim.id for claim in claims)
    for command in read_rows(ReceivedCommand, _CONFIRMED_COMMANDS, [creditor.id, ids, CONFIRMED]):
        assert command.claim_id is not None  # noqa: S101 - it was found by its claim
        found[command.claim_id].append(command)
    return found


def part_payments(commands: Iterable[ReceivedCommand]) -> list[PartPayment]:
    """Return the commands as what they are before the reminder: part payments of the principal."""
    return [
        PartPayment(command.day, Money(command.amount_ore), ReceivedKind(command.kind) is ReceivedKind.CREDIT_NOTE)
        for command in commands
        if command.counts
    ]


def taken_back(commands: Iterable[ReceivedCommand]) -> frozenset[UUID]:
    """Return the ids of the payments of the handover that these confirmed commands took back; all of a claim's.

    Other ids may be among them, but not that of a command which told once more of what came with the handover. Claims
    of before that was refused may have one, and then the command is what its reversal takes back.
    """
    commands = list(commands)
    named = frozenset(command.reverses for command in commands if command.reverses is not None)
    return named - {command.id for command in commands if command.reversed_at is not None}


def balance_facts(
    creditor: Creditor, claims: Sequence[Claim], *, without: Collection[UUID] = ()
) -> dict[UUID, BalanceFacts]:
    """Return the facts of each claim's balance, by claim, in four queries for any number of them; five if any ended.

    The claims have their `submission` loaded. Payments of the ids `without` are left out, as if they had been taken
    back.
    """
    if not claims:
        return {}
    ids = [claim.id for claim in claims]
    commands = confirmed_commands(creditor, claims)
    letters: dict[UUID, list[Letter]] = defaultdict(list)
    made = Letter.objects.filter(creditor=creditor, claim__in=ids)
    for letter in made.defer("content").order_by("edition"):
        letters[letter.claim_id].append(letter)
    given = addresses_of(creditor.id, ids)
    reversed_on, closed_on = _reversed_and_closed(creditor, ids)
    known_through = rates_known_at_end(creditor, claims)
    return {
        claim.id: _facts(
            creditor,
            claim,
            commands.get(claim.id, ()),
            letters.get(claim.id, ()),
            given.get(claim.id, ()),
            without=without,
            reversed_on=reversed_on.get(claim.id),
            closed_on=closed_on.get(claim.id),
            rates_known_through=known_through.get(claim.id),
        )
        for claim in claims
    }


def _reversed_and_closed(creditor: Creditor, ids: Sequence[UUID]) -> tuple[dict[UUID, date], dict[UUID, date]]:
    """Return the days on which the last charge of each claim was taken back, unless one stands, and the claim ended."""
    kinds = (*CHARGES, EntryKind.FEE_REVERSED, EntryKind.CLAIM_CLOSED)
    entries = JournalEntry.objects.filter(creditor=creditor, claim__in=ids, kind__in=kinds).order_by("booked_at")
    made: dict[UUID, UUID] = {}
    taken_back: set[UUID | None] = set()
    reversed_on: dict[UUID, date] = {}
    closed_on: dict[UUID, date] = {}
    for entry_id, claim_id, kind, day, corrects in entries.values_list("id", "claim_id", "kind", "day", "corrects_id"):
        if kind == EntryKind.FEE_REVERSED:
            taken_back.add(corrects)
            reversed_on[claim_id] = day
        elif kind == EntryKind.CLAIM_CLOSED:
            # Later entries of an end only correct what was left then.
            closed_on.setdefault(claim_id, day)
        else:
            made[entry_id] = claim_id
    for entry_id, claim_id in made.items():
        if entry_id not in taken_back:
            # A letter that came back had its charge taken back, and the letter made after it has one that stands.
            reversed_on.pop(claim_id, None)
    return reversed_on, closed_on


def _facts(
    creditor: Creditor,
    claim: Claim,
    commands: Sequence[ReceivedCommand],
    letters: Sequence[Letter],
    given_addresses: Sequence[DebtorAddress],
    *,
    without: Collection[UUID],
    reversed_on: date | None,
    closed_on: date | None,
    rates_known_through: date | None,
) -> BalanceFacts:
    counting = [command for command in commands if command.counts]
    dropped = {command.id for command in counting}.intersection(without)
    # Not judged again by the contract: a claim stays what it was when a later version asks more of a message.
    reminder = stored_facts(
        bytes(claim.submission),
        creditor,
        claim.received_day,
        addresses=given_addresses,
        without=taken_back(commands).union(without) - dropped,
    ).reminder
    due = reminder.due
    asking = [each for each in letters if _asks(each)]
    told = [each for each in asking if each.handed_at]
    letter = asking[-1] if asking else None
    given = letters[-1] if told else None
    stating = [each for each in told if each.stopped_at is None]
    before = reminder.payments  # the handover: no command is among them
    received = [
        Received(
            day=each.day,
            amount=each.amount,
            kind=ReceivedKind.CREDIT_NOTE if each.is_credit_note else ReceivedKind.PAYMENT,
            in_letter=True,
        )
        for each in before
    ]
    received += [
        Received(
            day=command.day,
            amount=Money(command.amount_ore),
            kind=ReceivedKind(command.kind),
            in_letter=given is None or (command.place or 0) <= given.commands_counted,
            missed_by=sum((command.place or 0) > each.commands_counted for each in stating),
        )
        for command in counting
        if command.id not in dropped
    ]
    return BalanceFacts(
        payable=Money(claim.payable_ore),
        owed=Money(claim.principal_ore),
        due_day=due.effective_date,
        first_interest_day=None if bears_no_interest(reminder) else due.first_interest_day,
        charges=(_charge(reminder.terms, asking, reversed_on),) if letter and letter.charge_ore else (),
        received=tuple(received),
        stated=tuple(_stated(stating)),
        closed_on=closed_on,
        rates_known_through=rates_known_through,
        credited_before=Money.total(each.amount for each in before if each.is_credit_note),
    )


def _asks(letter: Letter) -> bool:
    """Tell whether the letter asks for anything, or did until it was corrected.

    One that was stopped before any gateway had it asked for nothing, and its charge was taken back. Nor did one that
    was replaced before it left.
    """
    if letter.replaced_at is not None and letter.left_at is None:
        return False
    return letter.stopped_at is None or letter.handed_at is not None


def _charge(terms: Terms, letters: Sequence[Letter], reversed_on: date | None) -> MadeCharge:
    kind = ChargeKind.LATE_PAYMENT_COMPENSATION if terms.claims_compensation else ChargeKind.REMINDER_FEE
    first = next(each for each in letters if each.charge_ore)
    return MadeCharge(
        kind=kind,
        amount=Money(letters[-1].charge_ore),
        day=first.day,
        agreed_since=None if terms.claims_compensation else terms.reminder_fee_agreed_since,
        reversed_on=max(reversed_on, first.day) if reversed_on else None,
    )


def _stated(letters: Sequence[Letter]) -> Iterator[StatedTotal]:
    """Yield what each letter said; who paid that before the date of the one that corrects it has paid."""
    for letter, later in zip_longest(letters, letters[1:]):
        last_day = min(letter.last_day_to_pay, later.day - _ONE_DAY) if later else letter.last_day_to_pay
        yield StatedTotal(letter_date=letter.day, total=Money(letter.total_ore), last_day_to_pay=last_day)
