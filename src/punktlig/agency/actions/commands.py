"""Take what a creditor tells about its claim: a payment it got or had booked by mistake, a credit note it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import Claim, ReceivedCommand, RefusedHandover
from punktlig.agency.records.claim_end import ENDED
from punktlig.agency.records.command_effects import HANDOVER_WAS_REFUSED, REFUSED, carry_out, may_be_told_again
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.handover_locks import lock_handovers

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.exchange.messages import ClaimCommand


@dataclass(frozen=True, slots=True)
class Stored:
    """The command as it is kept: requested, confirmed or refused (with a code); `created` when it came now."""

    command: ReceivedCommand
    created: bool


@dataclass(frozen=True, slots=True)
class CommandIdReused:
    """The command id was used before with other bytes, whose hash this is. Nothing was changed."""

    sha256: str


class DayHasNotBegun:
    """The command's day begins here within a day. Nothing was changed, and the same bytes are to be sent again."""


def receive_command(
    creditor_id: UUID, command: ClaimCommand, body: bytes, sha256: str, *, today: date, at: datetime
) -> Stored | CommandIdReused | DayHasNotBegun:
    """Store the command and carry it out; before its claim has come it waits for it.

    Runs in the creditor's transaction. The same bytes again get the same command and change nothing, but for what was
    refused because the claim was paid: where that payment has been taken back since, it is carried out after all.

    A refusal is for ever, and a letter would follow a payment that was refused. So a payment of tomorrow is not refused
    but told too early: around midnight the platform's clock need only be a moment before ours.
    """
    # The handover's lock, so that a claim that is being accepted at the same moment finds the command or is found.
    lock_handovers(creditor_id, [command.handover_id, command.command_id])
    known = ReceivedCommand.objects.filter(creditor_id=creditor_id, id=command.command_id).first()
    if known is not None and known.sha256 != sha256:
        return CommandIdReused(known.sha256)
    if known is not None:
        if may_be_told_again(known):
            _carry_out_after_all(known, today=today, at=at)
        return Stored(known, created=False)
    if command.day == today + timedelta(days=1):
        return DayHasNotBegun()
    creditor = Creditor.objects.get(id=creditor_id)
    stored = ReceivedCommand(
        id=command.command_id,
        creditor=creditor,
        handover_id=command.handover_id,
        kind=command.kind,
        day=command.day,
        amount_ore=command.amount.ore,
        reverses=command.reverses,
        body=body,
        sha256=sha256,
        received_at=at,
    )
    claim = _locked_claim(creditor_id, command.handover_id)
    if claim is None and RefusedHandover.objects.filter(creditor=creditor, id=command.handover_id).exists():
        stored.state, stored.code = REFUSED, HANDOVER_WAS_REFUSED
    stored.save(force_insert=True)
    if claim is not None:
        carry_out(creditor, [(claim, stored)], actor=creditor.name, today=today, at=at)
    return Stored(stored, created=True)


def _carry_out_after_all(refused: ReceivedCommand, *, today: date, at: datetime) -> None:
    claim = _locked_claim(refused.creditor_id, refused.handover_id)
    if claim is not None and claim.status not in ENDED:
        creditor = Creditor.objects.get(id=refused.creditor_id)
        carry_out(creditor, [(claim, refused)], actor=creditor.name, today=today, at=at)


def _locked_claim(creditor_id: UUID, handover_id: UUID) -> Claim | None:
    claims = Claim.objects.select_for_update(of=("self",))
    return claims.filter(creditor_id=creditor_id, handover_id=handover_id).first()
