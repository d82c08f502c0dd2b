"""Telling the agency of money booked on an invoice it has: the rows of commands, with their exact bytes.

A command's id is that of the payment or credit note it tells of, so that one is never told twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimCommand, body_of
from punktlig.receivables.records.handover import Command, Handover, HandoverState
from punktlig.receivables.records.invoice import AgencyState, CreditNote, Invoice, Payment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

# The agency has ended the claim, or never took it: no letter follows that a command would have to stop.
_NOT_THERE = (AgencyState.NOT_SENT, AgencyState.REFUSED, AgencyState.PAID, AgencyState.CLOSED)


def add_commands(company_id: UUID, booked: Sequence[Payment | CreditNote], *, at: datetime) -> list[Command]:
    """Store a command for each of these that is on an invoice with a live handover; the caller holds the locks.

    Whoever calls nudges the job `send_commands` when any is returned.
    """
    if not booked:
        return []
    there = (
        Invoice.objects.filter(company_id=company_id, id__in={row.invoice_id for row in booked})
        .exclude(agency_state__in=_NOT_THERE)
        .values("id")
    )
    handovers = dict(
        Handover.objects.filter(company_id=company_id, invoice__in=there)
        # Of neither does the agency know a claim: a command on it would wait there for ever.
        .exclude(state__in=(HandoverState.REFUSED, HandoverState.CONFLICT))
        .values_list("invoice_id", "id")
    )
    commands = [
        _command(company_id, row, handovers[row.invoice_id], at) for row in booked if row.invoice_id in handovers
    ]
    return Command.objects.bulk_create(commands, batch_size=500)


def _command(company_id: UUID, row: Payment | CreditNote, handover_id: UUID, at: datetime) -> Command:
    kind: Literal["payment", "credit_note"] = "payment" if isinstance(row, Payment) else "credit_note"
    sent = body_of(
        ClaimCommand(
            command_id=row.id,
            company_id=company_id,
            handover_id=handover_id,
            kind=kind,
            day=row.day,
            amount=Money(row.amount_ore),
            reference=" ".join((row.note if isinstance(row, Payment) else row.number).split()),
        )
    )
    return Command(
        id=row.id,
        company_id=company_id,
        invoice_id=row.invoice_id,
        handover_id=handover_id,
        kind=kind,
        amount_ore=row.amount_ore,
        day=row.day,
        created_at=at,
        body=sent.body,
        sha256=sent.sha256,
        next_try_at=at,
    )
