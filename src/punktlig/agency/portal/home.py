"""Where a person comes in: to the desk, to the one creditor, or to a choice of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from punktlig.agency.records.claim import ClaimNumber
from punktlig.agency.records.creditor import Member
from punktlig.agency.records.members import agency_role_of, creditors_of
from punktlig.agency.records.search_keys import key_of
from punktlig.ui import writing

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from punktlig.tenancy.http import TenantRequest
    from punktlig.tenancy.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the agency's own people to the desk and others to their creditor, or let them choose."""
    user = cast("User", request.user)
    if agency_role_of(user):
        return redirect("desk")
    creditors = creditors_of(user)
    if len(creditors) == 1:
        return redirect("claims", tenant=creditors[0][0])
    numbered = [(creditor, name, writing.identity(number)) for creditor, name, number in creditors]
    return render(request, "agency/home.html", {"creditors": numbered})


@require_safe
def creditor_home(request: TenantRequest, tenant: UUID) -> HttpResponse:  # noqa: ARG001 - the view's signature
    """Send on to the creditor's claims."""
    return redirect("claims", tenant=tenant)


@require_safe
def claim_by_number(request: HttpRequest, number: str) -> HttpResponse:
    """Send on to the claim with this number, if the person may see its creditor.

    Raises:
        Http404: nobody has the number, or somebody whom the person may not see; the answer does not tell which.
    """
    known = ClaimNumber.objects.filter(number=key_of(number)).first()
    if known is None or Member.role_of(cast("User", request.user), known.creditor_id) is None:
        raise Http404
    return redirect("claim", tenant=known.creditor_id, claim=known.claim_id)
