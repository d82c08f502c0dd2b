"""What the agency knows of the money booked on an invoice: along with its handover, or by a command after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from punktlig.receivables.records.handover import Command, Handover, HandoverState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from punktlig.receivables.records.invoice import Invoice


def told_of(invoice: Invoice, booked: Iterable[UUID]) -> frozenset[UUID]:
    """Return the ids, of those given, of the payments and credit notes that the agency has been or will be told of.

    None while the invoice can be sent, for what a refused sending told is told anew by the next. All while the agency
    works with it. When it is done nothing more is told, so what has been booked since is known here alone.
    """
    ids = frozenset(booked)
    if not ids or invoice.state.may_be_sent:
        return frozenset()
    handover = Handover.objects.filter(invoice=invoice).exclude(state=HandoverState.REFUSED).first()
    if invoice.state.is_live or handover is None:
        return ids
    along = {UUID(one["id"]) for one in json.loads(bytes(handover.body)).get("payments", ())}
    after = Command.objects.filter(handover=handover, id__in=ids).values_list("id", flat=True)
    return ids & (along | set(after))
