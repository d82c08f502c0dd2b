"""Messages to the agency that have gone without an answer for so long that a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min

from punktlig.receivables.records.handover import Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.sending import is_late

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Silence:
    """How many messages wait, since when the longest, and the latest problem of that one as `Outgoing` keeps it."""

    count: int
    since: datetime
    problem: str


def late_handovers(company_id: UUID, *, at: datetime) -> Silence | None:
    """Return what is known of the company's late handovers, or None when there are none."""
    return _silence(Handover.objects.filter(is_late(at), company_id=company_id, state=HandoverState.QUEUED))


def late_commands(company_id: UUID, *, at: datetime, invoice_id: UUID | None = None) -> Silence | None:
    """Return what is known of the payments and credit notes, of one invoice or all, that the agency does not answer."""
    waiting = Command.objects.filter(
        is_late(at), company_id=company_id, state=CommandState.REQUESTED, delivered_at__isnull=True
    )
    return _silence(waiting if invoice_id is None else waiting.filter(invoice_id=invoice_id))


def late_among(company_id: UUID, invoice_ids: Sequence[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return those of the invoices whose handover is late."""
    if not invoice_ids:
        return frozenset()
    late = Handover.objects.filter(
        is_late(at), company_id=company_id, invoice_id__in=invoice_ids, state=HandoverState.QUEUED
    )
    return frozenset(late.values_list("invoice_id", flat=True))


def _silence(late: QuerySet[Handover, Handover] | QuerySet[Command, Command]) -> Silence | None:
    found = late.aggregate(count=Count("id"), since=Min("first_tried_at"))
    if not found["count"]:
        return None
    problem = late.order_by("first_tried_at", "id").values_list("last_problem", flat=True).first()
    return Silence(found["count"], found["since"], problem or "")
