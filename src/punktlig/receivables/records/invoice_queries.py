"""The invoice list: its tabs with counts and sums, what a search finds, and its orders. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum

from punktlig.core import bank_days
from punktlig.core.money import Money, NotAnAmount
from punktlig.formats.ocr import MAX_DIGITS, ocr_reference
from punktlig.receivables.records.customer_queries import customers_named
from punktlig.receivables.records.handover import Handover
from punktlig.receivables.records.invoice import LIVE_AT_AGENCY, MAY_BE_SENT, STANDS, Invoice, Payment
from punktlig.receivables.records.keyset_paging import ROWS_ON_A_PAGE, Page, Stretch, page_of
from punktlig.receivables.records.rows import begins_with, key_of

if TYPE_CHECKING:
    from uuid import UUID

# With more customers or claims than this it is quicker to look at the invoices in their order than to collect them.
_MOST_BY_ID = 500
# The length and the check that end the OCR of a claim.
_CONTROL_DIGITS = 2
# An amount may be copied from a page, where it is written with its currency.
_CURRENCY = re.compile(r"^sek\s+|\s*kr$", re.IGNORECASE)


class Tab(StrEnum):
    """The choices above the list."""

    ALL = "all"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    AT_AGENCY = "agency"
    PAID = "paid"


class Order(StrEnum):
    """How the list is sorted. Those not sent come first among the overdue, whatever the order."""

    NEWEST = "newest"
    DUE_LATEST = "due-latest"
    DUE_OLDEST = "due-oldest"
    LARGEST = "largest"
    NUMBER = "number"
    SENT_LATEST = "sent-latest"


ORDERS: dict[Tab, tuple[Order, ...]] = {
    Tab.ALL: (Order.NEWEST, Order.LARGEST, Order.NUMBER),
    Tab.UNPAID: (Order.DUE_OLDEST, Order.DUE_LATEST, Order.LARGEST, Order.NUMBER),
    Tab.OVERDUE: (Order.DUE_LATEST, Order.DUE_OLDEST, Order.LARGEST, Order.NUMBER),
    Tab.AT_AGENCY: (Order.SENT_LATEST, Order.DUE_OLDEST, Order.DUE_LATEST, Order.LARGEST, Order.NUMBER),
    Tab.PAID: (Order.NEWEST, Order.LARGEST, Order.NUMBER),
}
"""The orders of each tab, its own first."""


@dataclass(frozen=True)
class Choice:
    """What the person has asked to see. An order that the tab does not have becomes the tab's own."""

    tab: Tab = Tab.ALL
    search: str = ""
    order: Order | None = None

    @property
    def sorted_by(self) -> Order:
        """The order that applies."""
        return self.order if self.order in ORDERS[self.tab] else ORDERS[self.tab][0]


@dataclass(frozen=True)
class TabFigures:
    """How many invoices a tab has, and the sum it shows: what was invoiced or paid this year, else what is left."""

    tab: Tab
    count: int
    sum_ore: int


@lru_cache(maxsize=2)  # it is asked for each row of a page
def last_overdue_due_date(today: date) -> date:
    """Return the latest due date that has passed by today, counting that a due date moves to the next bank day."""
    day = today - timedelta(days=1)
    while bank_days.on_or_after(day) >= today:
        day -= timedelta(days=1)
    return day


def in_tab(tab: Tab, today: date) -> Q:
    """Return the condition of the tab."""
    match tab:
        case Tab.ALL:
            return Q()
        case Tab.UNPAID:
            return Q(remaining_ore__gt=0)
        case Tab.OVERDUE:
            return Q(remaining_ore__gt=0, due_date__lte=last_overdue_due_date(today))
        case Tab.AT_AGENCY:
            return LIVE_AT_AGENCY
        case Tab.PAID:
            return Q(remaining_ore__lte=0)


def invoices(company_id: UUID, choice: Choice, *, today: date) -> QuerySet[Invoice, Invoice]:
    """Return the invoices of the tab that match the search, in no order: also for choosing all that match."""
    found = Invoice.objects.filter(in_tab(choice.tab, today), company_id=company_id)
    return found.filter(_matching(company_id, choice.search)) if choice.search.strip() else found


def invoice_page(
    company_id: UUID, choice: Choice, *, today: date, mark: str = "", size: int = ROWS_ON_A_PAGE
) -> Page[Invoice]:
    """Return a page of the list, without the bytes of files. Its customers are asked for apart, by `invoice_list`.

    Joined to what a search finds, the customers of all of it would be read before the page is cut off.
    """
    rows = invoices(company_id, choice, today=today).defer("source_bytes", "notes")
    return page_of(rows, _stretches(choice), mark, size)


def tab_figures(company_id: UUID, *, today: date) -> list[TabFigures]:
    """Return the count and sum of every tab, in seven queries that indexes answer nearly alone."""
    own = Invoice.objects.filter(company_id=company_id)
    overdue, krona = in_tab(Tab.OVERDUE, today), Q(currency="SEK")
    unpaid = own.filter(in_tab(Tab.UNPAID, today)).aggregate(
        count=Count("id"),
        left=Sum("remaining_ore", filter=krona, default=0),
        overdue=Count("id", filter=overdue),
        overdue_left=Sum("remaining_ore", filter=overdue & krona, default=0),
    )
    paid = own.filter(in_tab(Tab.PAID, today)).count()
    sent = own.filter(in_tab(Tab.AT_AGENCY, today)).aggregate(
        count=Count("id"), left=Sum("remaining_ore", filter=krona, default=0)
    )
    this_year = date(today.year, 1, 1)
    invoiced = own.filter(issue_date__gte=this_year)
    payments = Payment.objects.filter(STANDS, company_id=company_id, day__gte=this_year, day__lte=today)
    # Nearly everything is in SEK. What is not has an index of its own and is taken off, so that neither sum looks into
    # each invoice for its currency.
    invoiced_ore = _sum(invoiced, "payable_ore") - _sum(invoiced.filter(~krona), "payable_ore")
    paid_ore = _sum(payments, "amount_ore") - _sum(payments.filter(~Q(invoice__currency="SEK")), "amount_ore")
    return [
        TabFigures(Tab.ALL, unpaid["count"] + paid, invoiced_ore),
        TabFigures(Tab.UNPAID, unpaid["count"], int(unpaid["left"])),
        TabFigures(Tab.OVERDUE, unpaid["overdue"], int(unpaid["overdue_left"])),
        TabFigures(Tab.AT_AGENCY, sent["count"], int(sent["left"])),
        TabFigures(Tab.PAID, paid, paid_ore),
    ]


def _sum(rows: QuerySet[Invoice, Invoice] | QuerySet[Payment, Payment], column: str) -> int:
    return int(rows.aggregate(sum=Sum(column, default=0))["sum"])


def _stretches(choice: Choice) -> list[Stretch]:
    order, tab = choice.sorted_by, choice.tab
    match order:
        case Order.NEWEST:
            stretches = [Stretch("issue_date", descending=True)]
        case Order.LARGEST if tab is Tab.AT_AGENCY:
            # In two, so that the index of what is left serves the first; what is at the agency is mostly unpaid.
            stretches = [
                Stretch("remaining_ore", descending=True, only=only)
                for only in (Q(remaining_ore__gt=0), Q(remaining_ore__lte=0))
            ]
        case Order.LARGEST:
            left = tab in (Tab.UNPAID, Tab.OVERDUE)
            stretches = [Stretch("remaining_ore" if left else "payable_ore", descending=True)]
        case Order.NUMBER:
            stretches = [Stretch("number_key")]
        case Order.SENT_LATEST:
            stretches = [Stretch("sent_at", descending=True)]
        case Order.DUE_LATEST | Order.DUE_OLDEST:
            stretches = [Stretch("due_date", order is Order.DUE_LATEST, Q(due_date__isnull=False))]
            if tab is not Tab.OVERDUE:
                stretches.append(Stretch("issue_date", descending=True, only=Q(due_date__isnull=True)))
    if tab is not Tab.OVERDUE:
        return stretches
    return [
        Stretch(stretch.column, stretch.descending, stretch.only & which)
        for which in (MAY_BE_SENT, ~MAY_BE_SENT)
        for stretch in stretches
    ]


def _matching(company_id: UUID, search: str) -> Q:
    """Return invoices whose number, claim's number or customer begins so, or whose reference or amount is this."""
    words = search.replace("\0", "").strip()[:100]
    found = begins_with("number_key", key_of(words))
    digits = "".join(words.split())
    if digits.isascii() and digits.isdigit():
        found |= Q(payment_reference=digits)
    try:
        amount = Money.parse(_CURRENCY.sub("", words)).ore
    except NotAnAmount:
        pass  # most searches are for a name
    else:
        found |= Q(payable_ore=amount) | Q(remaining_ore=amount, remaining_ore__gt=0)
    found |= _one_of("customer", customers_named(company_id, words).values_list("id", flat=True))
    if any(sign.isdigit() for sign in words):
        found |= _one_of("id", _claimed(company_id, digits if digits.isdigit() else words))
    return found


def _claimed(company_id: UUID, number: str) -> QuerySet[Handover, UUID]:
    """Return the ids of the invoices whose claim's number at the agency begins so, or has this OCR in its letters.

    The invoice has the number too, but in an index there each event of the claim would write the row into all of them.
    """
    found = begins_with("claim_number", number)
    base = number[:-_CONTROL_DIGITS]
    if base.isascii() and base.isdigit() and len(number) <= MAX_DIGITS and ocr_reference(base) == number:
        found |= Q(claim_number=base)
    return Handover.objects.filter(found, company_id=company_id).values_list("invoice_id", flat=True)


def _one_of(column: str, rows: QuerySet[Any, UUID]) -> Q:
    """Return the condition that the column is one of the ids; by the ids themselves while they are few."""
    ids = list(rows[: _MOST_BY_ID + 1])
    return Q(**{f"{column}__in": rows if len(ids) > _MOST_BY_ID else ids})
