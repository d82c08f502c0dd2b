"""Claims of all creditors: the newest, or those whose number begins as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.agency.records.claim import Claim, ClaimNumber
from punktlig.agency.records.claim_queries import page_of
from punktlig.agency.records.claim_words import StatusWords, debtor_shown, next_words, status_words
from punktlig.agency.records.search_keys import begins_with, key_of
from punktlig.agency.web.desk_page import DeskRequest, reads_everything
from punktlig.ui.parts import Column

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

_MOST_FOUND = 100


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
    search = request.GET.get("q", "").strip()[:20]
    found = _found(search)
    page = page_of(found, after=_claim(request, "after"), before=_claim(request, "before"))
    of_creditor = {claim.id: claim.creditor_id for claim in page.claims}
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
        "earlier_url": f"?before={of_creditor[page.earlier]}.{page.earlier}" if page.earlier in of_creditor else "",
        "later_url": f"?after={of_creditor[page.later]}.{page.later}" if page.later in of_creditor else "",
    }
    return TemplateResponse(request, "agency/desk/claims.html", context)


def _found(search: str) -> QuerySet[Claim, Claim]:
    claims = Claim.objects.select_related("creditor")
    number = "".join(key_of(search).replace("-", "").split())
    if not number:
        return claims
    # The numbers' own table: a claim's index begins with its creditor, which is not known here.
    known = ClaimNumber.objects.filter(begins_with("number", number)).order_by("number")[:_MOST_FOUND]
    pairs = list(known.values_list("creditor_id", "claim_id"))
    return claims.filter(creditor_id__in={pair[0] for pair in pairs}, id__in=[pair[1] for pair in pairs])


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
