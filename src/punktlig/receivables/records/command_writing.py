"""Telling the agency of money booked on an invoice it has: the rows of commands, with their exact bytes.

A command's id is that of the payment or credit note it tells of, so that one is never told twice. One that takes a
payment back has an id of its own and names the payment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from django.db.models import Q

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimCommand, body_of
from punktlig.receivables.records.handover import TO_DELIVER, Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.invoice import STANDS, AgencyState, CreditNote, Invoice, Payment
from punktlig.receivables.records.told_money import told_of_one_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

# The agency has ended the claim, or never took it: no letter follows that a command would have to stop.
_NOT_THERE = (AgencyState.NOT_SENT, AgencyState.REFUSED, AgencyState.PAID, AgencyState.CLOSED)

# The agency's refusal of what comes to a claim that is paid. It holds no longer when the claim goes on.
CLAIM_IS_PAID = "claim_is_paid"
# Of an agency that refuses without saying why: a refusal has a code here.
REFUSED_WITHOUT_CODE = "command_refused"


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


def add_untold(company_id: UUID, invoice_ids: Collection[UUID], *, at: datetime) -> list[Command]:
    """Tell of what was booked on these invoices while the agency was done with them, where it is not any more.

    What it was not told of gets a command; what it refused then, or may be refusing, is told again, in the same bytes.
    The caller holds the locks, and nudges the job `send_commands` when any is returned.
    """
    found: list[Payment | CreditNote] = []
    again: list[Command] = []
    for invoice in Invoice.objects.filter(company_id=company_id, id__in=invoice_ids).defer("source_bytes"):
        if not invoice.state.is_live:
            continue
        booked: list[Payment | CreditNote] = [
            *Payment.objects.filter(STANDS, company_id=company_id, invoice=invoice, by_agency=False),
            *CreditNote.objects.filter(company_id=company_id, invoice=invoice),
        ]
        told = told_of_one_of(invoice)
        found += [row for row in booked if row.id not in told]
        again += _tell_again(company_id, [row.id for row in booked if row.id in told], at=at)
    return again + add_commands(company_id, found, at=at)


def _tell_again(company_id: UUID, booked: Collection[UUID], *, at: datetime) -> list[Command]:
    ours = Command.objects.filter(company_id=company_id)
    # The agency is asked to take it back, and will say that it does not count it.
    asked_back = ours.filter(reverses__in=booked, state=CommandState.REQUESTED).values("reverses")
    # What a worker has in hand may have been refused as well: then only its answer says so, and that is taken no more.
    in_hand = TO_DELIVER & Q(leased_until__isnull=False)
    found = ours.filter(Q(refusal_code=CLAIM_IS_PAID) | in_hand, id__in=booked).exclude(id__in=asked_back)
    again = list(found.select_for_update().order_by("id"))
    for command in again:
        if command.state == CommandState.REFUSED:
            command.state, command.refusal_code, command.answered_at = CommandState.REQUESTED, "", None
            command.attempts, command.unheard, command.first_tried_at, command.last_problem = 0, 0, None, ""
        command.delivered_at, command.leased_until, command.next_try_at = None, None, at
        command.save()
    return again


def add_reversal(payment: Payment, handover: Handover, *, by: User, today: date, at: datetime) -> Command:
    """Store a command that takes back a payment told by one before; the caller holds the invoice's lock, and nudges."""
    command_id, company_id = uuid4(), payment.company_id
    sent = body_of(
        ClaimCommand(
            command_id=command_id,
            company_id=company_id,
            handover_id=handover.id,
            kind="reversal",
            day=today,
            amount=Money(payment.amount_ore),
            reverses=payment.id,
        )
    )
    return Command.objects.create(
        id=command_id,
        company_id=company_id,
        invoice_id=payment.invoice_id,
        handover=handover,
        kind="reversal",
        amount_ore=payment.amount_ore,
        day=today,
        created_at=at,
        body=sent.body,
        sha256=sent.sha256,
        next_try_at=at,
        reverses=payment.id,
        asked_by=by,
    )


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
