"""A payment that was booked by mistake, and that the creditor itself can take back no more, is taken back at the desk.

It is counted in a letter that has left, or came along with the handover, or the claim has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from punktlig.agency.records.claim import Claim, ReceivedCommand
from punktlig.agency.records.command_effects import take_back
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.letter_correcting import is_leaving, letter_in_force
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import ClaimCommand, body_of

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(eq=False)
class PaymentDoesNotCount(Refusal):
    """The claim counts no such payment: it was taken back before, or it is another claim's."""


@dataclass(eq=False)
class LetterIsLeaving(Refusal):
    """A letter that counts the payment is with the printer or the mail server: whether it leaves is not known yet."""


def take_back_wrong_payment(
    creditor_id: UUID, claim_id: UUID, payment_id: UUID, *, note: str, actor: str, today: date, at: datetime
) -> Claim:
    """Take the payment back: from now on it has never counted. Once, however many ask for it at the same time.

    The debtor gets a corrected letter on the next bank day where one that has left counts it, unless the claim has
    ended and stays so. It is stored as the creditor's own reversal would be, with the note, and told in the same way.

    Raises:
        PaymentDoesNotCount, LetterIsLeaving or Claim.DoesNotExist.
    """
    creditor = Creditor.objects.get(id=creditor_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(creditor=creditor, id=claim_id)
    payment = next((each for each in counted_payments(creditor, claim) if each.id == payment_id), None)
    if payment is None:
        raise PaymentDoesNotCount
    letter = letter_in_force(claim)
    if letter is not None and payment.is_counted_in(letter) and is_leaving(claim, letter, at):
        raise LetterIsLeaving
    message = ClaimCommand(
        command_id=uuid4(),
        company_id=creditor.company_id,
        handover_id=claim.handover_id,
        kind="reversal",
        day=today,
        amount=payment.amount,
        reference=note,
        reverses=payment.id,
    )
    sent = body_of(message)
    command = ReceivedCommand(
        id=message.command_id,
        creditor=creditor,
        handover_id=claim.handover_id,
        claim=claim,
        kind=message.kind,
        day=message.day,
        amount_ore=message.amount.ore,
        reverses=message.reverses,
        body=sent.body,
        sha256=sent.sha256,
        received_at=at,
    )
    command.save(force_insert=True)
    take_back(creditor, claim, command, payment, note=note, actor=actor, today=today, at=at)
    return claim
