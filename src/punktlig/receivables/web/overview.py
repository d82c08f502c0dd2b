"""The first page: what customers owe, what waits for somebody, how old the unpaid invoices are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.receivables.records.overview_queries import (
    Band,
    Month,
    days_to_payment,
    unpaid_by_age,
    waiting_for_a_person,
    without_address,
)
from punktlig.receivables.records.sending_facts import activation_obstacles, live_activation
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.ui import writing
from punktlig.ui.writing import here

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.receivables.records.invoice import Invoice
    from punktlig.tenancy.http import TenantRequest

_WIDE, _SMALL = 640.0, 358.0


@dataclass(frozen=True)
class Todo:
    """Something that waits: a status, a sentence with a link, and an amount in öre."""

    status: str
    word: str
    url: str
    link: str
    rest: str
    ore: int


@dataclass(frozen=True)
class Bar:
    """A band of the chart, drawn at two widths; lengths are in the units of the drawing."""

    name: str
    band: Band
    y_wide: int
    y_small: int
    ours_wide: str
    agency_wide: str
    agency_x_wide: str
    ours_small: str
    agency_small: str
    agency_x_small: str


def home(request: TenantRequest) -> HttpResponse:
    """Lead to the person's company, or let it be chosen when there are several."""
    members = Member.objects.filter(user=request.user).select_related("company").order_by("company__name")
    if len(members) == 1:
        return HttpResponseRedirect(reverse("overview", args=[members[0].company_id]))
    return render(request, "receivables/home.html", {"members": members})


@require_safe
def overview(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show where the company's claims stand."""
    today = clock.today()
    company = Company.objects.get(id=tenant)
    activation = live_activation(tenant)
    bands = unpaid_by_age(tenant, today)
    late = bands[1:]
    months = days_to_payment(tenant, today)
    context = {
        "company": company,
        "today": today,
        "weekday": here().weekday_and_date(today),
        "unpaid_ore": sum(band.sum_ore for band in bands),
        "late_ore": sum(band.ours_ore for band in late),
        "agency_ore": sum(band.agency_ore for band in bands),
        "agency": agency_name(activation),
        "is_active": not activation_obstacles(activation, today=today),
        "may_send": Role(request.role).may_send,
        "todo": _todo(tenant, late, is_active=not activation_obstacles(activation, today=today)),
        "freshness": freshness_of(company, today=today),
        "bars": _bars(bands),
        "height_wide": 46 * len(bands) + 8,
        "height_small": 52 * len(bands) + 8,
        "bands": [(_band_name(band), band) for band in bands],
        "count": sum(band.count for band in bands),
        "months": months,
        "line": _line(months),
    }
    return render(request, "receivables/overview.html", context)


def _todo(tenant: UUID, late: list[Band], *, is_active: bool) -> list[Todo]:
    found: list[Todo] = []
    overdue = f"{reverse('invoices', args=[tenant])}?tab=overdue"
    ours = [band for band in late if band.ours_ore]
    if ours and is_active:
        found.append(
            Todo(
                "overdue",
                _("Förfallet"),
                overdue,
                _("Förfallna fakturor"),
                _("hos er. De kan skickas till ombudet."),
                sum(band.ours_ore for band in ours),
            )
        )
    found.extend(
        Todo(
            "missing",
            _("Adress saknas"),
            reverse("invoice", args=[tenant, invoice.id]),
            _named(invoice),
            _("har ingen gatuadress."),
            invoice.remaining_ore,
        )
        for invoice in without_address(tenant, clock.today())
    )
    for invoice in waiting_for_a_person(tenant):
        refused = invoice.agency_state == "refused"
        found.append(
            Todo(
                "refused" if refused else "decision",
                _("Avvisad") if refused else _("Behöver åtgärd"),
                reverse("invoice", args=[tenant, invoice.id]),
                _named(invoice),
                _("togs inte emot. Rätta och skicka igen.") if refused else _("väntar på ert besked."),
                invoice.remaining_ore,
            )
        )
    return found


def _named(invoice: Invoice) -> str:
    words = {"number": invoice.number, "customer": invoice.customer.name}
    return _("Faktura %(number)s till %(customer)s") % words


def _band_name(band: Band) -> str:
    if band.first == 0:
        return _("Ej förfallet")
    if band.last is None:
        return _("Över %(days)s dagar") % {"days": band.first - 1}
    return _("%(first)s–%(last)s dagar") % {"first": band.first, "last": band.last}


def _bars(bands: list[Band]) -> list[Bar]:
    most = max((band.sum_ore for band in bands), default=0) or 1
    return [
        Bar(
            name=_band_name(band),
            band=band,
            y_wide=9 + 46 * row,
            y_small=22 + 52 * row,
            ours_wide=_length(band.ours_ore, most, _WIDE),
            agency_wide=_length(band.agency_ore, most, _WIDE),
            agency_x_wide=f"{130 + band.ours_ore * _WIDE / most:.1f}",
            ours_small=_length(band.ours_ore, most, _SMALL),
            agency_small=_length(band.agency_ore, most, _SMALL),
            agency_x_small=f"{band.ours_ore * _SMALL / most:.1f}",
        )
        for row, band in enumerate(bands)
    ]


def _length(ore: int, most: int, width: float) -> str:
    # Öre become lengths of a drawing here, never amounts again.
    return f"{ore * width / most:.1f}"


@dataclass(frozen=True)
class Dot:
    """A month of the curve."""

    x: str
    y: str
    name: str
    month: Month


def _line(months: list[Month]) -> list[Dot]:
    if len(months) < 2:  # noqa: PLR2004 - one point is no curve
        return []
    most = max(month.days for month in months) or 1
    step = 944 / (len(months) - 1)
    return [
        Dot(f"{8 + step * place:.1f}", f"{180 - 150 * month.days / most:.1f}", writing.month(month.month), month)
        for place, month in enumerate(months)
    ]
