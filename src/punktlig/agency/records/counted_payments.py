"""The payments that lower a claim: told by commands, or with the handover. Credit notes are not among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.agency.records.claim_money import confirmed_commands, submission_of
from punktlig.core.balance_facts import ReceivedKind
from punktlig.core.money import Money

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from punktlig.agency.records.claim import Claim, ReceivedCommand
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.letter import Letter


@dataclass(frozen=True, slots=True)
class CountedPayment:
    """A payment that counts, by the creditor's id. `command` told of it; without one it came with the handover."""

    id: UUID
    day: date
    amount: Money
    command: ReceivedCommand | None = None

    def is_counted_in(self, letter: Letter) -> bool:
        """Tell whether the letter has counted it."""
        return self.command is None or (self.command.place or 0) <= letter.commands_counted


def counted_payments(creditor: Creditor, claim: Claim) -> list[CountedPayment]:
    """Return the payments that count and can be taken back, by their day. The claim has its `submission` loaded.

    Each has an id of its own, which is what it is taken back by, once. Claims of before that was refused may have
    several of one id: of the handover they are one, of their sum, and beside a command of that id they stay.
    """
    commands = confirmed_commands(creditor, [claim]).get(claim.id, ())
    gone = {command.reverses for command in commands}
    found = {
        command.id: CountedPayment(command.id, command.day, Money(command.amount_ore), command)
        for command in commands
        if command.kind == ReceivedKind.PAYMENT.value and command.counts
    }
    handover: dict[UUID, CountedPayment] = {}
    for told in submission_of(claim).payments:
        if told.kind == ReceivedKind.PAYMENT.value and told.id not in gone:
            before = handover.get(told.id)
            amount = told.amount + before.amount if before else told.amount
            handover[told.id] = CountedPayment(told.id, before.day if before else told.day, amount)
    return sorted((handover | found).values(), key=lambda payment: payment.day)
