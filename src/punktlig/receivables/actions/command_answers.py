"""Commands on their way: taken in hand to be sent, and what the agency's answers make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from punktlig.exchange.outcomes import Acknowledged, Refused, Unknown
from punktlig.receivables.records.command_writing import REFUSED_WITHOUT_CODE
from punktlig.receivables.records.handover import TO_DELIVER, Command, CommandState
from punktlig.receivables.records.handover_writing import lock_invoices
from punktlig.receivables.records.reversals import carry_out_answered
from punktlig.receivables.records.sending import fitting, put_off, take_due

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.exchange.outcomes import CommandOutcome


@dataclass(frozen=True)
class CommandAnswer:
    """What came back for one command; `next_try_at` is when to try again if that is nothing.

    `leased_until` is the lease under which it was sent, and so tells to which sending this is the answer.
    """

    command_id: UUID
    outcome: CommandOutcome
    next_try_at: datetime
    leased_until: datetime | None


@transaction.atomic
def take_commands(company_id: UUID, *, most: int, at: datetime) -> list[Command]:
    """Return at most so many commands that are due, leased to the caller; they are sent after this has committed.

    A reversal waits until the agency has the payment that it takes back: the one may be tried again when the other is.
    """
    waiting = Command.objects.filter(TO_DELIVER, company_id=company_id)
    is_told_first = Exists(waiting.filter(id=OuterRef("reverses")))
    return take_due(waiting.filter(Q(reverses__isnull=True) | ~is_told_first), most=most, at=at)


@transaction.atomic
def settle_commands(company_id: UUID, answers: Sequence[CommandAnswer], *, at: datetime) -> None:
    """Write down what the agency answered. That it has a command does not confirm it: an event does, or refuses it.

    A refused reversal need not wait for its event: what follows from it is done at once, and only once. The answer to
    an earlier sending is passed over: the claim may have been opened again since, and the command is told once more.
    """
    ids = [answer.command_id for answer in answers]
    ours = Command.objects.filter(company_id=company_id, id__in=ids)
    lock_invoices(company_id, list(ours.values_list("invoice_id", flat=True)))
    waiting = {
        command.id: command for command in ours.filter(delivered_at__isnull=True).select_for_update().order_by("id")
    }
    unknown: list[tuple[UUID, datetime, Unknown]] = []
    for answer in answers:
        command = waiting.get(answer.command_id)
        if command is None or command.leased_until != answer.leased_until:
            continue
        match answer.outcome:
            case Acknowledged():
                command.delivered_at, command.leased_until, command.last_problem = at, None, ""
                command.save(update_fields=["delivered_at", "leased_until", "last_problem"])
            case Refused(problem=problem):
                _refuse(command, fitting(Command, "refusal_code", problem.code) or REFUSED_WITHOUT_CODE, at)
                if command.reverses is not None:
                    carry_out_answered(company_id, [command.id])
            case Unknown() as no:
                unknown.append((command.id, answer.next_try_at, no))
    put_off(Command, company_id, unknown)


def _refuse(command: Command, code: str, at: datetime) -> None:
    # The line of history comes with the event that tells of it.
    command.delivered_at, command.leased_until, command.last_problem = at, None, ""
    if command.state == CommandState.REQUESTED:
        command.state, command.refusal_code, command.answered_at = CommandState.REFUSED, code, at
    command.save()
