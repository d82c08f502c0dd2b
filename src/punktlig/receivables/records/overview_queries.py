"""What the overview tells: how much is owed and how late, what waits for a person, how long customers take to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum

from punktlig.core.money import divide_half_up
from punktlig.exchange.messages import NextEvent
from punktlig.receivables.records.handover import Command, CommandState
from punktlig.receivables.records.invoice import (
    LIVE_AT_AGENCY,
    MAY_BE_SENT,
    STANDS,
    AgencyStage,
    AgencyState,
    Invoice,
    Payment,
)
from punktlig.receivables.records.invoice_queries import Tab, in_tab, last_overdue_due_date

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# Days late, first and last of each band; the last band has no end.
BANDS: tuple[tuple[int, int | None], ...] = ((1, 14), (15, 30), (31, 60), (61, 90), (91, None))


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


@dataclass(frozen=True)
class AgencyYear:
    """What came of the invoices sent to the agency this year: `median_days` from sending to the last payment."""

    sent: int
    paid: int
    median_days: int | None


def unpaid_by_age(company_id: UUID, today: date) -> list[Band]:
    """Return the bands from not overdue to the oldest, in one query; only invoices in kronor, as the list's sums."""
    overdue = last_overdue_due_date(today)
    bands: list[tuple[int, int | None, Q]] = [(0, None, Q(due_date__gt=overdue) | Q(due_date__isnull=True))]
    for first, last in BANDS:
        # The first band begins at what is overdue, counting that a due date moves to a bank day.
        newest = overdue if first == 1 else today - timedelta(days=first)
        within = Q(due_date__lte=newest)
        if last is not None:
            within &= Q(due_date__gte=today - timedelta(days=last))
        bands.append((first, last, within))
    at_agency = in_tab(Tab.AT_AGENCY, today)
    wanted: dict[str, Count | Sum] = {}
    for number, (_, _, within) in enumerate(bands):
        wanted[f"count{number}"] = Count("id", filter=within)
        wanted[f"ours{number}"] = Sum("remaining_ore", filter=within & ~at_agency, default=0)
        wanted[f"agency{number}"] = Sum("remaining_ore", filter=within & at_agency, default=0)
    found = Invoice.objects.filter(company_id=company_id, remaining_ore__gt=0, currency="SEK").aggregate(**wanted)
    return [
        Band(first, last, found[f"count{number}"], int(found[f"ours{number}"]), int(found[f"agency{number}"]))
        for number, (first, last, _) in enumerate(bands)
    ]


def overdue_here(company_id: UUID, today: date, *, most: int) -> list[UUID]:
    """Return the overdue invoices that have not been sent, the oldest first, at most so many; all currencies."""
    to_send = Invoice.objects.filter(in_tab(Tab.OVERDUE, today), MAY_BE_SENT, company_id=company_id)
    return list(to_send.order_by("due_date", "id").values_list("id", flat=True)[:most])


def waiting_for_a_person(company_id: UUID, *, most: int) -> list[Invoice]:
    """Return the invoices that the agency refused or asks about, the oldest first, at most so many."""
    return list(
        Invoice.objects.filter(
            company_id=company_id,
            remaining_ore__gt=0,
            agency_state__in=[AgencyState.REFUSED, AgencyState.NEEDS_ACTION],
            # What the index has, which is of all that have been sent.
            agency_stage__in=[AgencyStage.REFUSED, AgencyStage.LIVE],
        )
        .select_related("customer")
        .defer("source_bytes", "notes")
        .order_by("sent_at", "id")[:most]
    )


def payments_kept(company_id: UUID, *, since: datetime, most: int) -> list[Command]:
    """Return the reversals that the agency has refused since then, the newest first, of payments that still stand.

    Not those asked for anew; each with its invoice and customer. After some time they are for the invoice's page alone,
    as the payment may never be taken back.
    """
    reversals = Command.objects.filter(company_id=company_id, reverses__isnull=False)
    later = reversals.filter(
        Q(created_at__gt=OuterRef("created_at")) | ~Q(state=CommandState.REFUSED), reverses=OuterRef("reverses")
    )
    stands = Payment.objects.filter(STANDS, company_id=company_id, id=OuterRef("reverses"))
    refused = reversals.filter(~Exists(later), Exists(stands), state=CommandState.REFUSED, answered_at__gte=since)
    found = refused.select_related("invoice__customer").defer("body", "invoice__source_bytes", "invoice__notes")
    return list(found.order_by("-answered_at", "id")[:most])


def past_the_last_day(company_id: UUID, today: date) -> tuple[int, int]:
    """Return how many claims wait for the company's own decision, and what is left of their invoices in öre."""
    found = Invoice.objects.filter(
        LIVE_AT_AGENCY,
        company_id=company_id,
        agency_state=AgencyState.REMINDER_SENT,
        next_event=NextEvent.CREDITOR_DECIDES,
        next_event_day__lte=today,
    ).aggregate(count=Count("id"), left=Sum("remaining_ore", default=0))
    return found["count"], int(found["left"])


# An invoice counts in the month of the payment that made it paid. Credit notes alone are no payment. Each invoice is
# looked up by its key: a join of the two tables is planned as if they were small right after a large import.
_DAYS_TO_PAYMENT = """
SELECT date_trunc('month', paid)::date AS month, sum(paid - issue_date)::bigint, count(*)
FROM (
    SELECT paid, (
        SELECT invoice.issue_date FROM receivables_invoice AS invoice
        WHERE invoice.company_id = %(company)s AND invoice.id = last.invoice_id AND invoice.remaining_ore <= 0
    ) AS issue_date
    FROM (
        SELECT invoice_id, max(day) AS paid FROM receivables_payment
        WHERE company_id = %(company)s AND day >= %(since)s AND taken_back_at IS NULL
        GROUP BY invoice_id HAVING max(day) <= %(today)s
    ) AS last
) AS settled
WHERE issue_date IS NOT NULL GROUP BY month ORDER BY month
"""


def days_to_payment(company_id: UUID, today: date) -> list[Month]:
    """Return the average days from invoice to last payment, for those of the latest twelve months that have any."""
    a_year_ago = today.replace(year=today.year - 1, day=1)
    since = (a_year_ago + timedelta(days=31)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_TO_PAYMENT, {"company": company_id, "since": since, "today": today})
        return [Month(month, divide_half_up(days, count), count) for month, days, count in cursor.fetchall()]


_USUAL_TERMS = """
SELECT mode() WITHIN GROUP (ORDER BY due_date - issue_date) FROM receivables_invoice
WHERE company_id = %(company)s AND issue_date >= %(since)s AND due_date >= issue_date
"""


def usual_terms(company_id: UUID, today: date) -> int | None:
    """Return the days to pay that most of the latest twelve months' invoices give; None when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_USUAL_TERMS, {"company": company_id, "since": today - timedelta(days=365)})
        found: tuple[int | None] = cursor.fetchone()
        return found[0]


_AGENCY_YEAR = """
SELECT count(*), count(*) FILTER (WHERE agency_state = 'paid'),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY (
        SELECT max(payment.day) FROM receivables_payment AS payment
        WHERE payment.company_id = invoice.company_id AND payment.invoice_id = invoice.id
          AND payment.taken_back_at IS NULL
    ) - (invoice.sent_at AT TIME ZONE 'Europe/Stockholm')::date) FILTER (WHERE agency_state = 'paid')
FROM receivables_invoice AS invoice
WHERE company_id = %(company)s AND agency_stage IN ('live', 'done')
  AND (sent_at AT TIME ZONE 'Europe/Stockholm')::date >= %(first)s
"""


def agency_year(company_id: UUID, today: date) -> AgencyYear:
    """Return how many invoices were sent this year, how many of them are paid, and how soon."""
    with connection.cursor() as cursor:
        cursor.execute(_AGENCY_YEAR, {"company": company_id, "first": date(today.year, 1, 1)})
        return AgencyYear(*cursor.fetchone())
