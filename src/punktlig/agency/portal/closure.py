"""Ending a claim: as paid to the creditor, or withdrawn. What will happen is shown first, and confirmed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.agency.actions.closing import ClaimHasEnded, close_as_paid, withdraw
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_words import OPEN, debtor_shown
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.members import may_act
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import claim_balance

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.tenancy.http import TenantRequest

_WAYS = {"paid": close_as_paid, "withdrawn": withdraw}


@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Show what ending the claim will do; on POST end it.

    Raises:
        PermissionDenied: the person may look but not act.
    """
    known = get_object_or_404(Claim.objects.defer("submission"), creditor_id=tenant, id=claim)
    if not may_act(request.role):
        raise PermissionDenied
    if request.method != "POST":
        return _shown(request, known)
    end = _WAYS.get(request.POST.get("as", ""))
    if end is None:
        return redirect("claim-closure", tenant=tenant, claim=claim)
    try:
        end(tenant, claim, actor=request.user.name, today=clock.today(), at=clock.now())
    except ClaimHasEnded:
        messages.warning(request, _("Ärendet var redan avslutat. Inget ändrades."))
    else:
        messages.success(request, _("Ärendet är avslutat. Inget mer krävs av kunden genom oss."))
    return redirect("claim", tenant=tenant, claim=claim)


def _shown(request: TenantRequest, claim: Claim) -> HttpResponse:
    if claim.status not in OPEN:
        return redirect("claim", tenant=claim.creditor_id, claim=claim.id)
    way = request.GET.get("as", "")
    facts = balance_facts(Creditor.objects.get(id=claim.creditor_id), [Claim.objects.get(id=claim.id)])[claim.id]
    letters = Letter.objects.filter(creditor_id=claim.creditor_id, claim_id=claim.id)
    context = {
        "claim": claim,
        "number": claim.number,
        "debtor": debtor_shown(claim),
        "way": way if way in _WAYS else "paid",
        "balance": claim_balance(facts, clock.today(), known_rates(clock.today())),
        "letter_has_left": letters.filter(handed_at__isnull=False, stopped_at__isnull=True).exists(),
        "letter_waits": letters.filter(
            handed_at__isnull=True, stopped_at__isnull=True, replaced_at__isnull=True
        ).exists(),
    }
    return TemplateResponse(request, "agency/closure.html", context)
