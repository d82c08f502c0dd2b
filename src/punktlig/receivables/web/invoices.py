"""The invoice list: tabs, search, order, rows that open in place, and ticks to send many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from punktlig import clock
from punktlig.receivables.records.company import Role
from punktlig.receivables.records.invoice import Invoice, InvoiceLine
from punktlig.receivables.records.invoice_list import listed_invoices
from punktlig.receivables.records.invoice_queries import (
    ORDERS,
    Choice,
    Order,
    Tab,
    TabFigures,
    tab_figures,
)
from punktlig.receivables.records.late_messages import late_among
from punktlig.receivables.records.sending_facts import live_activation, prepare
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.invoice_choices import Act, acts_on, agency_name
from punktlig.receivables.web.invoice_lines import lines_of
from punktlig.receivables.web.invoice_row_html import row_html
from punktlig.receivables.web.invoice_rows import rows_of
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.reminder_amounts import reminder_on, short_sums
from punktlig.receivables.web.silence_words import texts_of
from punktlig.ui import writing
from punktlig.ui.parts import Column, SumRow
from punktlig.ui.parts import Tab as TabPart

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse, QueryDict

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.keyset_paging import Page
    from punktlig.tenancy.http import TenantRequest
    from punktlig.ui.refusals import RefusalText

# Up to so many invoices the tabs' counts and sums come with the page; beyond, in a request of their own.
_COUNTED_AT_ONCE = 5_000


@dataclass(frozen=True)
class Opened:
    """What the open row adds: the lines, what a reminder would ask for today, or why there can be none."""

    invoice: Invoice
    lines: list[Any]
    sums: tuple[SumRow, ...] = ()
    refusals: list[RefusalText] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@require_GET
def invoice_list(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the list, or the rows alone when htmx asks for what a search finds."""
    today = clock.today()
    choice = choice_of(request.GET)
    address = Address(tenant, choice)
    at, mark = clock.now(), request.GET.get("after", "")
    listed = listed_invoices(tenant, choice, today=today, at=at, mark=mark, large=_COUNTED_AT_ONCE)
    page, basis, late = listed.page, listed.basis, listed.late
    activation, obstacles = basis.activation, basis.obstacles
    may_send = Role(request.role).may_send
    query = address.query(after=mark)
    unanswered = late_among(tenant, [one.id for one in page.rows], at=at) if late.handovers else frozenset()
    rows = rows_of(basis, page.rows, query=query, may_send=may_send and not obstacles, unanswered=unanswered)
    may_tick = any(row.tickable for row in rows)
    opened_id = _opened_id(request.GET)
    opened = next((one for one in page.rows if one.id == opened_id), None)
    figures = tab_figures(tenant, today=today) if request.GET.get("figures") or not listed.is_large else None
    context = {
        "tabs": _tabs(address, figures),
        "figures_url": "" if figures else f"{reverse('invoice_figures', args=[tenant])}?{address.query()}",
        "figures_page": f"?{address.query(figures='1')}",
        "choice": choice,
        "orders": _orders(choice),
        "columns": _columns(choice, address),
        "rows": [(row_html(row, with_ticks=may_tick, opened=row.id == opened_id), row.id == opened_id) for row in rows],
        "opened": _open(opened, activation, request, today=today) if opened else None,
        "earlier_url": f"?{address.query(after=page.previous)}" if page.previous else "",
        "later_url": f"?{address.query(after=page.next)}" if page.next else "",
        "may_send": may_send,
        "may_tick": may_tick,
        "is_on": activation is not None,
        "agency": agency_name(activation),
        "obstacles": explained(obstacles),
        "silences": texts_of(late),
        "all_url": f"{reverse('reminder', args=[tenant])}?{address.query(every='1')}",
        "freshness": freshness_of(basis.company, today=today),
        "today": today,
        "is_empty": figures is not None and not any(one.count for one in figures),
        "empty": _empty(choice),
        "everywhere_url": f"?{address.query(tab=Tab.ALL.value, sort='')}" if choice.tab is not Tab.ALL else "",
        "found_words": _found_words(choice, figures, page),
    }
    return render(request, "receivables/invoices/list.html", context)


@require_GET
def invoice_figures(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Return the tabs with their counts and sums."""
    address = Address(tenant, choice_of(request.GET))
    tabs = _tabs(address, tab_figures(tenant, today=clock.today()))
    return render(request, "receivables/invoices/tabs.html", {"tabs": tabs})


@require_GET
def invoice_row(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Return the row that opens under an invoice."""
    found = get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes"), id=invoice, company_id=tenant
    )
    opened = _open(found, live_activation(tenant), request, today=clock.today())
    return render(request, "receivables/invoices/open_row.html", {"opened": opened})


@dataclass(frozen=True)
class Address:
    """The list's own address: what is chosen, so that links keep it."""

    tenant: UUID
    choice: Choice

    def query(self, **changes: str) -> str:
        """Return the query string with the changes; empty values are left out."""
        values = {
            "tab": self.choice.tab.value,
            "q": self.choice.search,
            "sort": self.choice.order.value if self.choice.order else "",
        }
        return urlencode({name: value for name, value in (values | changes).items() if value})


def choice_of(query: QueryDict) -> Choice:
    """Return what the query asks for; a tab or an order that does not exist is as if it was not said."""
    tab, order = query.get("tab", ""), query.get("sort", "")
    return Choice(
        tab=Tab(tab) if tab in set(Tab) else Tab.ALL,
        search=query.get("q", "").strip()[:100],
        order=Order(order) if order in set(Order) else None,
    )


def _open(invoice: Invoice, activation: Activation | None, request: TenantRequest, *, today: date) -> Opened:
    tenant = request.tenant
    acts = acts_on(invoice, activation, role=request.role, tenant=tenant, in_list=True)
    lines = lines_of(invoice, list(InvoiceLine.objects.filter(invoice=invoice).order_by("position")))
    if not invoice.state.may_be_sent or invoice.remaining_ore <= 0 or activation is None:
        return Opened(invoice, lines, acts=acts)
    (prepared,) = prepare(tenant, [invoice.id], today=today)
    if not prepared.may_be_sent:
        return Opened(invoice, lines, refusals=explained(prepared.refusals), acts=acts)
    reminder = reminder_on(prepared, today)
    return Opened(invoice, lines, sums=short_sums(reminder) if reminder else (), acts=acts)


def _opened_id(query: QueryDict) -> UUID | None:
    try:
        return UUID(query.get("open", ""))
    except ValueError:
        return None


def _tabs(address: Address, figures: list[TabFigures] | None) -> list[TabPart]:
    names = {
        Tab.ALL: (_("Alla"), _("fakturerat i år")),
        Tab.UNPAID: (_("Obetalda"), _("kvar att betala")),
        Tab.OVERDUE: (_("Förfallna"), _("kvar att betala")),
        Tab.AT_AGENCY: (_("Hos ombudet"), _("kvar att betala")),
        Tab.PAID: (_("Betalda"), _("inbetalt i år")),
    }
    found = {one.tab: one for one in figures or ()}
    return [
        TabPart(
            url=f"{reverse('invoices', args=[address.tenant])}?{address.query(tab=tab.value, sort='')}",
            name=name,
            count=found[tab].count if tab in found else None,
            ore=found[tab].sum_ore if tab in found else None,
            what=what,
            current=tab is address.choice.tab,
        )
        for tab, (name, what) in names.items()
    ]


def _order_words() -> dict[Order, str]:
    return {
        Order.NEWEST: _("Nyast först"),
        Order.DUE_LATEST: _("Senast förfallna först"),
        Order.DUE_OLDEST: _("Äldst först"),
        Order.LARGEST: _("Störst belopp först"),
        Order.NUMBER: _("Fakturanummer"),
        Order.SENT_LATEST: _("Senast skickade först"),
    }


def _orders(choice: Choice) -> list[tuple[str, str, bool]]:
    words = _order_words()
    return [(order.value, words[order], order is choice.sorted_by) for order in ORDERS[choice.tab]]


def _columns(choice: Choice, address: Address) -> list[Column]:
    """Return the heads of the columns; those that an order of the tab sorts by are links to it."""
    now, possible = choice.sorted_by, ORDERS[choice.tab]

    def to(*orders: Order) -> str:
        wanted = next((order for order in orders if order in possible and order is not now), None)
        return f"?{address.query(sort=wanted.value)}" if wanted else ""

    due = {Order.DUE_LATEST: "ascending", Order.DUE_OLDEST: "descending"}
    left = choice.tab in (Tab.UNPAID, Tab.OVERDUE, Tab.AT_AGENCY)
    largest = "descending" if now is Order.LARGEST else ""
    return [
        Column(_("Faktura"), to(Order.NUMBER), "ascending" if now is Order.NUMBER else ""),
        Column(_("Kund")),
        Column(_("Förfallodag")),
        Column(_("Dagar försenad"), to(Order.DUE_LATEST, Order.DUE_OLDEST), due.get(now, "")),  # type: ignore[arg-type]
        Column(_("Status")),
        Column(_("Belopp"), "" if left else to(Order.LARGEST), "" if left else largest, num=True, css="c-total"),  # type: ignore[arg-type]
        Column(_("Kvar att betala"), to(Order.LARGEST) if left else "", largest if left else "", num=True),  # type: ignore[arg-type]
        Column(_("Visa rader"), hidden=True),
    ]


def _found_words(choice: Choice, figures: list[TabFigures] | None, page: Page[Invoice]) -> str:
    """Return how many there are, when that is known without counting."""
    if not page.next and not page.previous:
        count = len(page.rows)
    elif figures and not choice.search:
        count = next(one.count for one in figures if one.tab is choice.tab)
    else:
        return ""
    words = ngettext("%s faktura", "%s fakturor", count) % writing.whole(count)
    at_agency = sum(one.count for one in figures or () if one.tab is Tab.AT_AGENCY)
    # In every order: there what can still be sent comes first.
    return words + _(", de hos ombudet sist") if choice.tab is Tab.OVERDUE and at_agency and count > 1 else words


def _empty(choice: Choice) -> tuple[str, str]:
    if choice.search:
        return (
            _("Inget stämmer med ”%s”.") % choice.search,
            _("Sök på början av ett namn, fakturanummer eller ärendenummer, hela OCR eller ett belopp."),
        )
    return {
        Tab.ALL: (_("Här finns inga fakturor än."), _("Läs in dem från ert faktureringsprogram, eller skriv in en.")),
        Tab.UNPAID: (_("Allt är betalt."), ""),
        Tab.OVERDUE: (_("Inget är förfallet."), _("Här visas fakturor vars sista dag att betala har gått.")),
        Tab.AT_AGENCY: (_("Inget ligger hos ombudet."), _("Förfallna fakturor skickas från fliken Förfallna.")),
        Tab.PAID: (_("Inget är betalt än."), ""),
    }[choice.tab]
