"""Messages to the agency that have gone without an answer for so long that a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Value

from punktlig.receivables.records.handover import Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.sending import is_late

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Silence:
    """How many messages wait, since when the longest, and the latest problem of that one as `Outgoing` keeps it."""

    count: int
    since: datetime
    problem: str


@dataclass(frozen=True)
class Silences:
    """What the agency does not answer: handovers, and the payments and credit notes told to it."""

    handovers: Silence | None = None
    commands: Silence | None = None


def silences(company_id: UUID, *, invoice_id: UUID | None = None, at: datetime) -> Silences:
    """Return what is late of the company or of one invoice: one query while nothing is."""
    handovers, commands = _late_handovers(company_id, at), _late_commands(company_id, at)
    if invoice_id is not None:
        handovers, commands = handovers.filter(invoice_id=invoice_id), commands.filter(invoice_id=invoice_id)
    counted = _counted(handovers, "handovers").union(_counted(commands, "commands"), all=True)
    problems = {"handovers": _problem_of_the_oldest(handovers), "commands": _problem_of_the_oldest(commands)}
    return Silences(**{what: Silence(count, since, problems[what]()) for what, count, since in counted if count})


def late_among(company_id: UUID, invoice_ids: Sequence[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return those of the invoices whose handover is late."""
    late = _late_handovers(company_id, at).filter(invoice_id__in=invoice_ids)
    return frozenset(late.values_list("invoice_id", flat=True))


def _late_handovers(company_id: UUID, at: datetime) -> QuerySet[Handover, Handover]:
    return Handover.objects.filter(is_late(at), company_id=company_id, state=HandoverState.QUEUED)


def _late_commands(company_id: UUID, at: datetime) -> QuerySet[Command, Command]:
    return Command.objects.filter(
        is_late(at), company_id=company_id, state=CommandState.REQUESTED, delivered_at__isnull=True
    )


def _counted(late: QuerySet[Any, Any], what: str) -> QuerySet[Any, tuple[str, int, datetime]]:
    """Return one row: `what` with the count and the earliest attempt."""
    counted: QuerySet[Any, tuple[str, int, datetime]] = (
        late.order_by()
        .annotate(what=Value(what))
        .values("what")
        .annotate(count=Count("id"), since=Min("first_tried_at"))
        .values_list("what", "count", "since")
    )
    return counted


def _problem_of_the_oldest(late: QuerySet[Any, Any]) -> Callable[[], str]:
    return lambda: late.order_by("first_tried_at", "id").values_list("last_problem", flat=True).first() or ""
