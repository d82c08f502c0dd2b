"""Claims of all creditors: the newest, or those whose number, reference, invoice or debtor begins as given."""

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
from punktlig.agency.records.claim_queries import claims_of_everyone, page_of
from punktlig.agency.records.claim_words import StatusWords, debtor_shown, next_words, status_words
from punktlig.agency.web.desk_page import DeskRequest, reads_everything
from punktlig.ui.parts import Column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import HttpResponse


@dataclass(frozen=True)
class Row:
    """A claim as the list shows it; `ore` is the principal claimed."""

    url: str
    number: str
    debtor: str
    creditor: str
    received: date
    status: StatusWords
    next: str
    ore: int


@require_safe
@reads_everything
def claims(request: DeskRequest) -> HttpResponse:
    """Show claims across creditors, newest first."""
    today = clock.today()
    search = request.GET.get("q", "").strip()[:100]
    found = claims_of_everyone(search).select_related("creditor")
    page = page_of(found, after=_claim(request, "after"), before=_claim(request, "before"))
    of_creditor = {claim.id: claim.creditor_id for claim in page.claims}
    rest = {"q": search} if search else {}
    context = {
        "search": search,
        "columns": [
            Column(_("Kund"), css="c-who"),
            Column(_("Ärende"), css="c-no"),
            Column(_("Borgenär"), css="c-creditor"),
            Column(_("Mottaget"), css="c-due"),
            Column(_("Status"), css="c-status"),
            Column(_("Begärt"), num=True, css="c-left"),
        ],
        "rows": [_row(claim, today) for claim in page.claims],
        "earlier_url": _page_url(rest, "before", of_creditor, page.earlier),
        "later_url": _page_url(rest, "after", of_creditor, page.later),
    }
    return TemplateResponse(request, "agency/desk/claims.html", context)


def _page_url(rest: Mapping[str, str], name: str, of_creditor: Mapping[UUID, UUID], claim_id: UUID | None) -> str:
    """Return where the page is that begins from the claim, in the form that `_claim` reads; empty without one."""
    if claim_id is None or claim_id not in of_creditor:
        return ""
    return f"?{urlencode({**rest, name: f'{of_creditor[claim_id]}.{claim_id}'})}"


def _claim(request: DeskRequest, name: str) -> Claim | None:
    """Return the claim that the page begins from, `<creditor>.<claim>`; one that is not there is the first page."""
    creditor, _point, claim = request.GET.get(name, "").partition(".")
    try:
        found = Claim.objects.filter(creditor_id=UUID(creditor), id=UUID(claim))
    except ValueError:
        return None
    return found.only("id", "received_at").first()


def _row(claim: Claim, today: date) -> Row:
    return Row(
        url=reverse("claim", kwargs={"tenant": claim.creditor_id, "claim": claim.id}),
        number=claim.number,
        debtor=debtor_shown(claim),
        creditor=claim.creditor.name,
        received=claim.received_day,
        status=status_words(claim, today),
        next=next_words(claim, today, to_creditor=False),
        ore=claim.principal_ore,
    )
