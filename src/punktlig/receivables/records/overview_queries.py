"""What the overview tells: how much is owed and how late, what waits for a person, how long customers take to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, Sum

from punktlig.core.money import divide_half_up
from punktlig.receivables.records.invoice import AgencyState, Invoice, Payment
from punktlig.receivables.records.invoice_queries import last_overdue_due_date

if TYPE_CHECKING:
    from uuid import UUID

# Days late, first and last of each band; the last band has no end.
BANDS: tuple[tuple[int, int | None], ...] = ((1, 14), (15, 30), (31, 60), (61, 90), (91, None))
_AT_AGENCY = Q(
    agency_state__in=[
        AgencyState.SENDING,
        AgencyState.RECEIVED,
        AgencyState.REMINDER_PLANNED,
        AgencyState.REMINDER_SENT,
        AgencyState.NEEDS_ACTION,
    ]
)
_MONTHS = 12


@dataclass(frozen=True)
class Band:
    """Unpaid invoices of one age: days late from `first` through `last`; `first` 0 is not overdue. Amounts in öre."""

    first: int
    last: int | None
    count: int
    ours_ore: int
    agency_ore: int

    @property
    def sum_ore(self) -> int:
        """The whole of the band."""
        return self.ours_ore + self.agency_ore


@dataclass(frozen=True)
class Month:
    """How many days invoices paid in the month had taken, on the average, and how many they were."""

    month: date
    days: int
    count: int


def unpaid_by_age(company_id: UUID, today: date) -> list[Band]:
    """Return the bands from not overdue to the oldest, in one query; only invoices in kronor."""
    overdue = last_overdue_due_date(today)
    bands: list[tuple[int, int | None, Q]] = [(0, None, Q(due_date__gt=overdue) | Q(due_date__isnull=True))]
    for first, last in BANDS:
        # The first band begins at what is overdue, counting that a due date moves to a bank day.
        newest = overdue if first == 1 else today - timedelta(days=first)
        within = Q(due_date__lte=newest)
        if last is not None:
            within &= Q(due_date__gte=today - timedelta(days=last))
        bands.append((first, last, within))
    wanted: dict[str, Count | Sum] = {}
    for number, (_, _, within) in enumerate(bands):
        wanted[f"count{number}"] = Count("id", filter=within)
        wanted[f"ours{number}"] = Sum("remaining_ore", filter=within & ~_AT_AGENCY, default=0)
        wanted[f"agency{number}"] = Sum("remaining_ore", filter=within & _AT_AGENCY, default=0)
    found = Invoice.objects.filter(company_id=company_id, remaining_ore__gt=0, currency="SEK").aggregate(**wanted)
    return [
        Band(first, last, found[f"count{number}"], found[f"ours{number}"], found[f"agency{number}"])
        for number, (first, last, _) in enumerate(bands)
    ]


def waiting_for_a_person(company_id: UUID) -> list[Invoice]:
    """Return the invoices that the agency refused or asks about, the oldest first, at most ten."""
    return list(
        Invoice.objects.filter(
            company_id=company_id,
            remaining_ore__gt=0,
            agency_state__in=[AgencyState.REFUSED, AgencyState.NEEDS_ACTION],
        )
        .select_related("customer")
        .defer("source_bytes", "notes")
        .order_by("sent_at", "id")[:10]
    )


def without_address(company_id: UUID, today: date) -> list[Invoice]:
    """Return overdue invoices, not sent, whose customer has no street to send a letter to; at most ten."""
    return list(
        Invoice.objects.filter(
            company_id=company_id,
            remaining_ore__gt=0,
            agency_state="",
            currency="SEK",
            due_date__lte=last_overdue_due_date(today),
            customer__street="",
        )
        .select_related("customer")
        .defer("source_bytes", "notes")
        .order_by("due_date", "id")[:10]
    )


def days_to_payment(company_id: UUID, today: date) -> list[Month]:
    """Return the average days from invoice to last payment for the latest twelve months in which something was paid."""
    since = (today.replace(day=1) - timedelta(days=_MONTHS * 31)).replace(day=1)
    settled = (
        Payment.objects.filter(company_id=company_id, invoice__remaining_ore__lte=0, invoice__issue_date__isnull=False)
        .values("invoice", "invoice__issue_date")
        .annotate(paid=Max("day"))
        .filter(paid__gte=since)
    )
    by_month: dict[date, list[int]] = {}
    for issued, paid in settled.values_list("invoice__issue_date", "paid"):
        by_month.setdefault(paid.replace(day=1), []).append((paid - issued).days)
    months = sorted(by_month)[-_MONTHS:]
    return [Month(month, _average(by_month[month]), len(by_month[month])) for month in months]


def _average(days: list[int]) -> int:
    return divide_half_up(sum(days), len(days))
