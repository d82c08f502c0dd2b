"""Sending reminders: first everything that will happen, then one confirmation; for one invoice or ten thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from punktlig import clock
from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.handovers import HandedOver, hand_over_invoices
from punktlig.receivables.actions.sending_runs import start_sending_run
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.late_messages import silences
from punktlig.receivables.records.sending_facts import (
    Prepared,
    activation_obstacles,
    live_activation,
    planned_day,
    prepare,
)
from punktlig.receivables.records.sending_refusals import PreviewIsOutdated, TermsHaveChanged
from punktlig.receivables.records.sending_versions import shown_of
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.letter_preview import agency_of, letter_of, pdf_of, pictures_of, refusal_of_letter
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.reminder_amounts import reminder_on
from punktlig.receivables.web.roles import may_send_required
from punktlig.receivables.web.sending_changes import has_new_day, many_changed, new_day_words, one_changed
from punktlig.receivables.web.sending_choice import MOST_AT_ONCE, MOST_BEFORE_THE_PAGE, Chosen, chosen_in
from punktlig.receivables.web.sending_many import summary_of
from punktlig.receivables.web.sending_one import preview_of, without_letter
from punktlig.receivables.web.silence_words import sending_would_wait
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from punktlig.core.letter.content import LetterContent
    from punktlig.receivables.records.activation import Activation
    from punktlig.tenancy.http import TenantRequest

_MOST_TOLD = 5


@require_http_methods(["GET", "POST"])
@may_send_required
def reminder(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show what will happen with the chosen invoices, or do it when it is confirmed."""
    chosen = chosen_in(request.GET, tenant, today=clock.today())
    if not chosen.ids:
        messages.info(request, _("Kryssa för minst en faktura som inte har skickats."))
        return HttpResponseRedirect(f"{reverse('invoices', args=[tenant])}?tab=overdue")
    if request.method == "POST":
        return _confirm(request, chosen)
    if len(chosen.ids) == 1 and not chosen.every:
        return _show_one(request, chosen)
    return _show_many(request, chosen)


@require_GET
@may_send_required
def reminder_pdf(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Return the letter of one invoice as it will look."""
    try:
        pdf = pdf_of(_letter(request, tenant))
    except Refusal as refusal:
        raise Http404 from refusal
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="paminnelse-forhandsvisning.pdf"'
    return answer


@require_GET
@may_send_required
def reminder_picture(request: TenantRequest, tenant: UUID, page: int) -> HttpResponse:
    """Return a picture of a page of the same letter."""
    try:
        pictures = pictures_of(_letter(request, tenant))
    except Refusal as refusal:
        raise Http404 from refusal
    if not 1 <= page <= len(pictures):
        raise Http404
    return HttpResponse(pictures[page - 1], content_type="image/png")


def _letter(request: TenantRequest, tenant: UUID) -> LetterContent:
    today = clock.today()
    chosen = chosen_in(request.GET, tenant, today=today)
    found = prepare(tenant, chosen.ids[:1], today=today)
    agency = agency_of(live_activation(tenant))
    if not found or agency is None or not found[0].may_be_sent:
        raise Http404
    reminder = reminder_on(found[0], planned_day(today))
    if reminder is None:
        raise Http404
    return letter_of(found[0], reminder, agency)


def _confirm(request: TenantRequest, chosen: Chosen) -> HttpResponse:
    today, at = clock.today(), clock.now()
    shown = request.POST.get("shown", "")
    if len(chosen.ids) > MOST_AT_ONCE:
        if has_new_day(request.POST, today=today):
            # A run would find so too, but could not say why. This says nothing of what a first click may have begun.
            messages.warning(request, f"{new_day_words()} {_('Granska igen och bekräfta.')}")
            return HttpResponseRedirect(f"{reverse('reminder', args=[request.tenant])}?{chosen.query}")
        run = start_sending_run(request.tenant, chosen.ids, shown=shown, user=request.user, today=today, at=at)
        return HttpResponseRedirect(f"{reverse('sending_run', args=[request.tenant, run.id])}?{chosen.query}")
    try:
        handed = hand_over_invoices(request.tenant, chosen.ids, shown=shown, user=request.user, today=today, at=at)
    except PreviewIsOutdated:
        if len(chosen.ids) == 1 and not chosen.every:
            return _show_one(request, chosen, saw=request.POST)
        return _show_many(request, chosen, saw=request.POST)
    if not handed.sent and not handed.refused:
        raise Http404  # none of them is the company's
    return _tell(request, chosen, handed)


def _tell(request: TenantRequest, chosen: Chosen, handed: HandedOver) -> HttpResponse:
    """Say what became of it, and go on to the invoice, or to those at the agency."""
    tenant = request.tenant
    agency = agency_name(live_activation(tenant))
    if handed.sent:
        words = {"count": writing.whole(len(handed.sent)), "agency": agency}
        messages.success(
            request,
            ngettext(
                "Påminnelsen är på väg till %(agency)s.",
                "%(count)s påminnelser är på väg till %(agency)s.",
                len(handed.sent),
            )
            % words,
        )
    _tell_refused(request, handed)
    if len(chosen.ids) == 1:
        return HttpResponseRedirect(reverse("invoice", args=[tenant, chosen.ids[0]]))
    tab = "agency" if handed.sent else "overdue"
    return HttpResponseRedirect(f"{reverse('invoices', args=[tenant])}?tab={tab}")


def _tell_refused(request: TenantRequest, handed: HandedOver) -> None:
    for _invoice_id, refusals in handed.refused[:_MOST_TOLD]:
        text = explained(refusals)[0]
        messages.warning(request, f"{text.what} {text.todo}")
    rest = len(handed.refused) - _MOST_TOLD
    if rest > 0:
        messages.warning(
            request,
            ngettext("%s faktura till skickades inte.", "%s fakturor till skickades inte.", rest) % writing.whole(rest),
        )


def _show_one(request: TenantRequest, chosen: Chosen, saw: Mapping[str, str] | None = None) -> HttpResponse:
    tenant, today = request.tenant, clock.today()
    found = prepare(tenant, chosen.ids, today=today)
    if not found:
        raise Http404
    shown = shown_of(((one.version, one.may_be_sent) for one in found), today=today)
    prepared = found[0]
    kind = "dialog" if request.htmx else "page"
    activation = live_activation(tenant)
    shared = {
        "prepared": prepared,
        "invoice": prepared.invoice,
        "agency": agency_name(activation),
        "kind": kind,
        "heading": "h3" if request.htmx else "h2",
    }
    if prepared.is_sent:
        return render(request, f"receivables/sending/sent_{kind}.html", shared)
    preview, sender = preview_of(prepared, shown=shown, today=today), agency_of(activation)
    if preview.reminder and sender and (refusal := refusal_of_letter(prepared, preview.reminder, sender)):
        preview = without_letter(preview, refusal)
    context = shared | {
        "preview": preview,
        "post_url": f"{reverse('reminder', args=[tenant])}?{chosen.query}",
        "letter_query": urlencode({"invoice": str(prepared.invoice.id)}),
        "has_letter": preview.reminder is not None and sender is not None,
        "freshness": freshness_of(Company.objects.get(id=tenant), today=today),
        "payments_text": _payments_text(prepared),
        "silence": sending_would_wait(silences(tenant, at=clock.now())),
        "changed": one_changed(saw, preview, today=today) if saw is not None else [],
        "back_url": reverse("invoice", args=[tenant, prepared.invoice.id]),
        "activation_link": _activation_link(tenant, activation, today=today),
    }
    return render(request, f"receivables/sending/one_{kind}.html", context, status=409 if saw is not None else 200)


def _activation_link(tenant: UUID, activation: Activation | None, *, today: date) -> tuple[str, str] | None:
    """Return where a person mends what keeps the company from sending anything, as address and name."""
    if activation is None:
        return reverse("activation", args=[tenant]), _("Aktivera påminnelsehantering")
    if any(isinstance(one, TermsHaveChanged) for one in activation_obstacles(activation, today=today)):
        return reverse("activation-terms", args=[tenant]), _("Läs de nya villkoren")
    return None


def _payments_text(prepared: Prepared) -> str:
    """Return what is known of payments on this invoice."""
    paid = sum(one.amount_ore for one in prepared.booked if one.kind == "payment")
    if not paid:
        return _("Ingen betalning är registrerad på fakturan.")
    return _("%s är betalt på fakturan och räknat av.") % writing.with_currency(paid)


def _show_many(request: TenantRequest, chosen: Chosen, saw: Mapping[str, str] | None = None) -> HttpResponse:
    tenant, today = request.tenant, clock.today()
    activation = live_activation(tenant)
    context: dict[str, object] = {
        "chosen": chosen,
        "chosen_count": len(chosen.ids),
        "agency": agency_name(activation),
        "post_url": f"{reverse('reminder', args=[tenant])}?{chosen.query}",
        "freshness": freshness_of(Company.objects.get(id=tenant), today=today),
        "planned": planned_day(today),
        "silence": sending_would_wait(silences(tenant, at=clock.now())),
        "changed": many_changed(saw, today=today) if saw is not None else "",
        "activation_link": _activation_link(tenant, activation, today=today),
    }
    waits = len(chosen.ids) > MOST_BEFORE_THE_PAGE and saw is None and "part" not in request.GET
    if waits:
        context["part_url"] = f"?{chosen.query}&part=1"
        return render(request, "receivables/sending/many_waits.html", context)
    context |= {"summary": summary_of(tenant, chosen.ids, today=today), "saw_today": today.isoformat()}
    template = "receivables/sending/many_summary.html" if request.htmx else "receivables/sending/many.html"
    return render(request, template, context, status=409 if saw is not None else 200)
