"""The first page: what customers owe, what waits for somebody, how old the unpaid invoices are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.receivables.records.activation import ActivationState
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.overview_queries import agency_year, days_to_payment, unpaid_by_age, usual_terms
from punktlig.receivables.records.sending_facts import activation_obstacles, live_activation
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.overview_charts import (
    band_name,
    bars_of,
    bars_said,
    curves_of,
    curves_said,
    month_name,
)
from punktlig.receivables.web.overview_todo import MOST_AT_ONCE, MOST_JUDGED, is_judged_later, todo_of
from punktlig.ui import writing
from punktlig.ui.parts import Fact
from punktlig.ui.writing import here

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.overview_queries import AgencyYear, Band
    from punktlig.tenancy.http import TenantRequest

# Up to so many invoices what has been comes with the page; beyond, in a request of its own.
_COUNTED_AT_ONCE = 5_000


@require_safe
def home(request: TenantRequest) -> HttpResponse:
    """Lead to the person's company, or let it be chosen when there are several."""
    members = Member.objects.filter(user=request.user).select_related("company").order_by("company__name", "company_id")
    if len(members) == 1:
        return HttpResponseRedirect(reverse("overview", args=[members[0].company_id]))
    companies = [
        (member.company_id, member.company.name, writing.identity(member.company.organisation_number))
        for member in members
    ]
    return render(request, "receivables/home.html", {"companies": companies})


@require_safe
def overview(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show where the company's claims stand."""
    today = clock.today()
    company = Company.objects.get(id=tenant)
    activation = live_activation(tenant)
    may_send = Role(request.role).may_send
    bands = unpaid_by_age(tenant, today)
    context = {
        "company": company,
        "today": today,
        "weekday": here().weekday_and_date(today),
        "is_empty": not any(band.count for band in bands) and not Invoice.objects.filter(company_id=tenant).exists(),
        "unpaid_ore": sum(band.sum_ore for band in bands),
        "late_ore": sum(band.sum_ore for band in bands[1:]),
        "agency_ore": sum(band.agency_ore for band in bands),
        "agency": agency_name(activation),
        "asks": _asks(activation, today),
        "may_send": may_send,
        "freshness": freshness_of(company, today=today),
        **_waiting(tenant, activation, bands, today=today, most=MOST_AT_ONCE),
        **_ages(bands),
    }
    is_large = Invoice.objects.filter(company_id=tenant).order_by()[_COUNTED_AT_ONCE : _COUNTED_AT_ONCE + 1].exists()
    context |= {"counted_later": True} if is_large and not request.GET.get("all") else _history(tenant, today)
    return render(request, "receivables/overview.html", context)


@require_safe
def overview_history(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Return what has been, when there is more of it to count than a page should wait for."""
    return render(request, "receivables/overview_history.html", _history(tenant, clock.today()))


@require_safe
def overview_todo(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Return what waits, when there is more of it to judge than a page should wait for."""
    today = clock.today()
    context = _waiting(tenant, live_activation(tenant), unpaid_by_age(tenant, today), today=today, most=MOST_JUDGED)
    return render(request, "receivables/overview_todo.html", context | {"judged_later": False})


def _asks(activation: Activation | None, today: date) -> str:
    """Return what the page asks about reminder handling: to activate, to wait, to read new terms, or nothing."""
    if activation is None:
        return "activate"
    if not activation_obstacles(activation, today=today):
        return ""
    return "wait" if activation.state == ActivationState.ACTIVATING else "read"


def _waiting(
    tenant: UUID, activation: Activation | None, bands: Sequence[Band], *, today: date, most: int
) -> dict[str, object]:
    is_active = not activation_obstacles(activation, today=today)
    todo = todo_of(
        tenant,
        is_active=is_active,
        overdue_ore=sum(band.ours_ore for band in bands[1:]),
        most=most,
        today=today,
        at=clock.now(),
    )
    return {"todo": todo, "judged_later": is_active and is_judged_later(tenant, today=today)}


def _ages(bands: Sequence[Band]) -> dict[str, object]:
    return {
        "bars": bars_of(bands),
        "bars_said": bars_said(bands),
        "bands": [(band_name(band), band) for band in bands],
        "count": sum(band.count for band in bands),
        "ours_ore": sum(band.ours_ore for band in bands),
    }


def _history(tenant: UUID, today: date) -> dict[str, object]:
    months = days_to_payment(tenant, today)
    year = agency_year(tenant, today)
    curves = curves_of(months, usual_terms(tenant, today))
    return {
        "curves": curves,
        "curves_said": curves_said(months) if curves else "",
        "months": [(month_name(one.month), one) for one in months],
        "agency_year": _agency_year(year) if year.sent else [],
    }


def _agency_year(year: AgencyYear) -> list[Fact]:
    facts = [Fact(_("Skickade fakturor"), (str(year.sent),)), Fact(_("Betalda"), (str(year.paid),))]
    if year.median_days is not None:
        facts.append(Fact(_("Dagar från sändning till betalning (median)"), (str(year.median_days),)))
    return facts
