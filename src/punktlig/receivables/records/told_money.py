"""What the agency knows of the money booked on an invoice, along with its handover or by a command after.

And so how a payment booked by mistake is taken back: here alone, or at the agency too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from punktlig.exchange.messages import EventKind
from punktlig.receivables.records.handover import Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import AgencyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from punktlig.receivables.records.invoice import Invoice, Payment

# It may not be so for good: a letter that the printer has been given may come back.
_IN_LETTER = "payment_in_letter"
# The agency's answers to a reversal after which asking once more would change nothing.
_FOR_GOOD = frozenset({_IN_LETTER, "claim_is_closed", "claim_is_paid"})


class WayBack(Enum):
    """How a payment that stands is taken back."""

    HERE = auto()
    """The agency does not count it: it is taken back here and nobody is told."""

    TOLD = auto()
    """A command told the agency of it, and another one takes it back there."""

    ASKED = auto()
    """The agency has been asked to take it back, and has not answered yet."""

    BY_AGENCY = auto()
    """Only the agency can: it came along with the handover or to the agency itself, or the claim is closed."""


def told_of(invoice: Invoice, booked: Iterable[UUID]) -> frozenset[UUID]:
    """Return the ids, of those given, of the payments and credit notes that the agency has been or will be told of.

    None while the invoice can be sent, for what a refused sending told is told anew by the next. All while the agency
    works with it. When it is done nothing more is told, so what has been booked since is known here alone; and so is
    what is booked while a person has to say whose claim of the invoice the agency has.
    """
    ids = frozenset(booked)
    if not ids or invoice.state.may_be_sent:
        return frozenset()
    tells_all = invoice.state.is_live and invoice.state is not AgencyState.NEEDS_ACTION
    return ids if tells_all else ids & told_of_one_of(invoice, ids)


def told_of_one_of(invoice: Invoice, among: Iterable[UUID] | None = None) -> frozenset[UUID]:
    """Return the ids of what went along with the sending that was not refused, or by a command after it.

    All of it is told when there is no such sending; commands only of `among` when it is given.
    """
    handover = Handover.objects.filter(invoice=invoice).exclude(state=HandoverState.REFUSED).first()
    if handover is None:
        return frozenset(among or ())
    along = {UUID(one["id"]) for one in json.loads(bytes(handover.body)).get("payments", ())}
    after = Command.objects.filter(handover=handover, reverses__isnull=True)
    if among is not None:
        after = after.filter(id__in=among)
    return frozenset(along | set(after.values_list("id", flat=True)))


def reversals_of(invoice: Invoice) -> dict[UUID, Command]:
    """Return the latest command that takes back each payment, by the payment, with who asked for it.

    One that is not refused is the latest.
    """
    asked = Command.objects.filter(company_id=invoice.company_id, invoice=invoice, reverses__isnull=False)
    found = list(asked.select_related("asked_by").defer("body"))
    found.sort(key=lambda one: (one.state != CommandState.REFUSED, one.created_at))
    return {one.reverses: one for one in found if one.reverses is not None}


def ways_back(
    invoice: Invoice, payments: Sequence[Payment], reversals: Mapping[UUID, Command] | None = None
) -> dict[UUID, WayBack]:
    """Return how each of these payments of the invoice, which all stand, is taken back."""
    known = told_of(invoice, [one.id for one in payments])
    asked = reversals_of(invoice) if known and reversals is None else reversals or {}
    own: dict[UUID, str] = {}
    if known:
        # A refused sending's commands are done with; what they told went along when the invoice was sent anew.
        commands = Command.objects.filter(~Q(handover__state=HandoverState.REFUSED), invoice=invoice, id__in=known)
        own = dict(commands.values_list("id", "state"))
    standing = _Standing(invoice.state, is_ended=bool(own) and _is_ended(invoice))
    return {
        one.id: _way_back(standing, one, own.get(one.id), asked.get(one.id)) if one.id in known else _untold(one)
        for one in payments
    }


def _untold(payment: Payment) -> WayBack:
    return WayBack.BY_AGENCY if payment.by_agency else WayBack.HERE


@dataclass(frozen=True, slots=True)
class _Standing:
    state: AgencyState
    is_ended: bool


def _is_ended(invoice: Invoice) -> bool:
    """Whether the claim is closed, or the creditor itself has ended it as paid at the agency's portal."""
    if invoice.state is not AgencyState.PAID:
        return invoice.state is AgencyState.CLOSED
    told = HistoryLine.objects.filter(company_id=invoice.company_id, invoice=invoice, by_agency=True)
    return told.filter(code=EventKind.CLAIM_CLOSED.value).exists()


def _way_back(claim: _Standing, payment: Payment, state: str | None, reversal: Command | None) -> WayBack:
    if payment.by_agency or state is None:
        return WayBack.BY_AGENCY
    if state == CommandState.REFUSED:
        return WayBack.HERE
    if reversal is not None and reversal.state != CommandState.REFUSED:
        return WayBack.ASKED
    if claim.is_ended or (reversal is not None and _is_for_good(reversal.refusal_code, claim.state)):
        return WayBack.BY_AGENCY
    return WayBack.TOLD


def _is_for_good(code: str, state: AgencyState) -> bool:
    return code in _FOR_GOOD and not (code == _IN_LETTER and state is AgencyState.REMINDER_PLANNED)
