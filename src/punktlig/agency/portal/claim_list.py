"""A creditor's claims: tabs with counts and sums, search by how something begins, pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_queries import ClaimPage, Selection, claims_of, page_of, tallies
from punktlig.agency.records.claim_words import (
    OPEN,
    StatusWords,
    debtor_shown,
    next_words,
    status_words,
)
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import CLAIM_UNREADABLE
from punktlig.core.claim_balance import claim_balance
from punktlig.ui.parts import Column, Tab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.http import HttpResponse

    from punktlig.agency.records.claim_queries import Tally
    from punktlig.core.money import Money
    from punktlig.tenancy.http import TenantRequest


@dataclass(frozen=True)
class Row:
    """A claim as the list shows it. `owed` is None for a claim that is over."""

    url: str
    number: str
    debtor: str
    invoice_number: str
    received: date
    status: StatusWords
    next: str
    owed: Money | None


@require_safe
def claims(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the creditor's claims, newest first."""
    today = clock.today()
    search = request.GET.get("q", "").strip()[:100]
    selection = _selection(request.GET.get("tab", ""), Selection.ALL if search else Selection.ONGOING)
    found = claims_of(tenant, selection, search, today)
    page = page_of(found, after=_claim(tenant, request, "after"), before=_claim(tenant, request, "before"))
    rest = {"tab": selection.value, **({"q": search} if search else {})}
    context = {
        "selection": selection.value,
        "search": search,
        "tabs": _tabs(tenant, tallies(tenant, today), selection),
        "columns": _columns(),
        "rows": _rows(tenant, page, today, to_creditor=not Role(request.role).is_agency),
        "earlier_url": f"?{urlencode({**rest, 'before': str(page.earlier)})}" if page.earlier else "",
        "later_url": f"?{urlencode({**rest, 'after': str(page.later)})}" if page.later else "",
        "empty": _empty(selection),
    }
    return TemplateResponse(request, "agency/claims.html", context)


def _selection(text: str, otherwise: Selection) -> Selection:
    return Selection(text) if text in list(Selection) else otherwise


def _claim(tenant: UUID, request: TenantRequest, name: str) -> Claim | None:
    """Return the claim that the page begins from; one that is not there is the first page."""
    try:
        wanted = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return Claim.objects.filter(creditor_id=tenant, id=wanted).only("id", "received_at").first()


def _tabs(tenant: UUID, tallied: Mapping[Selection, Tally], current: Selection) -> list[Tab]:
    names = {
        Selection.ONGOING: (_("Pågående"), _("begärt")),
        Selection.DECISION: (_("Behöver beslut"), _("begärt")),
        Selection.PAID: (_("Betalda"), _("begärt och betalt")),
        Selection.CLOSED: (_("Avslutade"), _("begärt")),
        Selection.ALL: (_("Alla"), _("begärt")),
    }
    url = reverse("claims", kwargs={"tenant": tenant})
    return [
        Tab(
            f"{url}?tab={selection.value}",
            name,
            tallied[selection].count,
            tallied[selection].ore,
            what,
            current=selection is current,
        )
        for selection, (name, what) in names.items()
    ]


def _columns() -> list[Column]:
    return [
        Column(_("Kund"), css="c-who"),
        Column(_("Ärende"), css="c-no"),
        Column(_("Faktura"), css="c-invoice"),
        Column(_("Mottaget"), css="c-due"),
        Column(_("Status"), css="c-status"),
        Column(_("Skuld i dag"), num=True, css="c-left"),
    ]


def _rows(tenant: UUID, page: ClaimPage, today: date, *, to_creditor: bool) -> list[Row]:
    owed = _owed(tenant, [claim.id for claim in page.claims if claim.status in OPEN], today)
    return [
        Row(
            url=reverse("claim", kwargs={"tenant": tenant, "claim": claim.id}),
            number=claim.number,
            debtor=debtor_shown(claim),
            invoice_number=claim.invoice_number,
            received=claim.received_day,
            status=status_words(claim, today),
            next=next_words(claim, today, to_creditor=to_creditor),
            owed=owed.get(claim.id),
        )
        for claim in page.claims
    ]


def _owed(tenant: UUID, ids: Sequence[UUID], today: date) -> dict[UUID, Money]:
    """Return what is owed today on each claim, the same sum as its own page shows."""
    if not ids:
        return {}
    claims = list(Claim.objects.filter(creditor_id=tenant, id__in=ids).exclude(needs_person=CLAIM_UNREADABLE))
    facts, rates = balance_facts(Creditor.objects.get(id=tenant), claims), known_rates(today)
    return {claim_id: claim_balance(known, today, rates).total for claim_id, known in facts.items()}


def _empty(selection: Selection) -> tuple[str, str]:
    """Return what to say when there is nothing, and what to do about it."""
    return {
        Selection.ONGOING: (
            _("Inga pågående ärenden."),
            _("Skicka en förfallen faktura från ert faktureringsprogram."),
        ),
        Selection.DECISION: (
            _("Inget väntar på beslut."),
            _("Här visas ärenden som inte kan gå vidare av sig själva."),
        ),
        Selection.PAID: (_("Inga betalda ärenden än."), ""),
        Selection.CLOSED: (_("Inga avslutade ärenden."), ""),
        Selection.ALL: (_("Inga ärenden än."), _("Skicka en förfallen faktura från ert faktureringsprogram.")),
    }[selection]
