"""What the agency's own people do with a claim: let it go on, and note what became of its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from punktlig import clock
from punktlig.agency.actions.closing import (
    ClaimHasEnded,
    CorrectionIsLeaving,
    LetterHasNotLeft,
    LetterIsGone,
    LetterIsNotInDoubt,
    NothingIsAsked,
    refuse_letter,
    tell_whether_letter_left,
    try_again,
)
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_words import OPEN, debtor_shown
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.agency.records.letter_correcting import letter_out, told_before_it
from punktlig.agency.records.letter_stopping import standing_charges
from punktlig.exchange.messages import ClaimStatus
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.core.refusal import Refusal
    from punktlig.tenancy.http import TenantRequest


class ReturnForm(PageForm):
    """Why a letter came back, in the printer's or the post's words."""

    reason = forms.CharField(
        label=gettext_lazy("Vad står det på returen?"),
        help_text=gettext_lazy("Till exempel: okänd på adressen."),
        max_length=200,
    )


@require_POST
def continuation(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Let a claim that waits for a person go on: the next round judges it anew."""
    _require_agency(request)
    get_object_or_404(Claim.objects.only("id"), creditor_id=tenant, id=claim)
    try:
        try_again(tenant, claim, actor=request.user.name, today=clock.today(), at=clock.now())
    except LetterIsGone:
        messages.error(request, _("Brevet kan inte skickas en gång till. Ange en ny adress eller återkalla ärendet."))
    except (NothingIsAsked, ClaimHasEnded):
        messages.warning(request, _("Ärendet väntade inte längre på någon. Inget ändrades."))
    else:
        messages.success(request, _("Ärendet går vidare. Nästa runda prövar det på nytt."))
    return redirect("claim", tenant=tenant, claim=claim)


@require_POST
def letter_outcome(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Note whether a letter has left of which nobody knew; if not, it goes on paper."""
    _require_agency(request)
    get_object_or_404(Claim.objects.only("id"), creditor_id=tenant, id=claim)
    has_left = request.POST.get("left")
    if has_left not in ("yes", "no"):
        return HttpResponseBadRequest()
    try:
        told = tell_whether_letter_left(
            tenant,
            claim,
            has_left=has_left == "yes",
            actor=request.user.name,
            today=clock.today(),
            at=clock.now(),
        )
    except (LetterIsNotInDoubt, ClaimHasEnded):
        messages.warning(request, _("Ärendet väntade inte längre på någon. Inget ändrades."))
    else:
        messages.success(request, _outcome_words(told, has_left=has_left == "yes"))
    return redirect("claim", tenant=tenant, claim=claim)


def _outcome_words(claim: Claim, *, has_left: bool) -> str:
    if has_left:
        return _("Brevet är noterat som skickat.")
    if claim.status not in OPEN:
        return _("Skulden är betald, så inget brev går.")
    return _("Brevet går med post i stället.")


@require_http_methods(["GET", "HEAD", "POST"])
def letter_return(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Ask why the letter came back and say what noting it does; on POST note it."""
    _require_agency(request)
    known = get_object_or_404(Claim.objects.defer("submission"), creditor_id=tenant, id=claim)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            refuse_letter(tenant, claim, reason=reason, actor=request.user.name, today=clock.today(), at=clock.now())
        except (LetterHasNotLeft, ClaimHasEnded):
            messages.warning(request, _("Inget brev i ärendet är ute hos kunden. Inget ändrades."))
        except CorrectionIsLeaving as refusal:
            messages.warning(request, _explained(refusal))
        else:
            messages.success(request, _("Brevet är noterat som obefordrat och avgiften återförd."))
        return redirect("claim", tenant=tenant, claim=claim)
    if known.status not in OPEN:
        return redirect("claim", tenant=tenant, claim=claim)
    out = letter_out(known)
    if out is None:
        messages.warning(request, _("Inget brev i ärendet är ute hos kunden. Inget ändrades."))
        return redirect("claim", tenant=tenant, claim=claim)
    context = {
        "claim": known,
        "number": known.number,
        "debtor": debtor_shown(known),
        "letter": out.letter,
        "has_charge": bool(standing_charges(Creditor.objects.get(id=tenant), [claim])),
        "correction": out.correction,
        # A letter that has left may only be followed by one that corrects it.
        "planned": known.next_event_day if known.status == ClaimStatus.RECEIVED else None,
        "is_correction": told_before_it(out.letter),
        "waits": _explained(CorrectionIsLeaving()) if out.correction and out.correction.is_leaving else "",
        "form": form,
    }
    return TemplateResponse(request, "agency/letter_return.html", context)


def _explained(refusal: Refusal) -> str:
    text = explain_refusal(refusal, writing.here().language)
    return f"{text.what} {text.todo}"


def _require_agency(request: TenantRequest) -> None:
    if not Role(request.role).is_agency:
        raise PermissionDenied
