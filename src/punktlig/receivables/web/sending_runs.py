"""A run of many reminders: how far it has come, and at the end what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.receivables.records.sending_run import RunState, SendingRun, progress_of, reasons_of, stayed_in
from punktlig.receivables.web.customer_names import row_name
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.ui import writing
from punktlig.ui.reason_words import reason_words

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.tenancy.http import TenantRequest

_MOST_LISTED = 200


@require_GET
def sending_run(request: TenantRequest, tenant: UUID, run: UUID) -> HttpResponse:
    """Show the run; while it goes on htmx asks again for the progress alone, and gets the report when it is done."""
    found = get_object_or_404(SendingRun.objects.select_related("started_by"), id=run, company_id=tenant)
    progress = progress_of(found)
    url = f"{reverse('sending_run', args=[tenant, found.id])}?{request.GET.urlencode()}"
    context = {
        "run": found,
        "agency": agency_name(live_activation(tenant)),
        "goes_on": found.state == RunState.SENDING,
        "is_outdated": found.state == RunState.OUTDATED,
        "url": url,
        "title": _("Skickar till ombudet"),
        "text": _("%(done)s av %(all)s")
        % {"done": writing.whole(progress.finished), "all": writing.whole(progress.total)},
        "value": progress.finished,
        "progress": progress,
        "reasons": [(_reason(code), count) for code, count in reasons_of(found).items()],
        "staying": _staying(found) if found.state == RunState.DONE else [],
        "sent_words": _sent_words(progress.sent),
        "again_url": f"{reverse('reminder', args=[tenant])}?{request.GET.urlencode() or 'every=1&tab=overdue'}",
    }
    if request.htmx and context["goes_on"]:
        return render(request, "receivables/sending/run_progress.html", context)
    response = render(request, "receivables/sending/run.html", context)
    if request.htmx:
        response["HX-Refresh"] = "true"  # the work is over: the whole page, with its report
    return response


def _reason(code: str) -> str:
    """Return the reason in a few words; one without words sends to the invoice, which says it in full."""
    return reason_words(code) or _("se fakturan")


def _sent_words(sent: int) -> str:
    return ngettext("%s påminnelse är på väg", "%s påminnelser är på väg", sent) % writing.whole(sent)


def _staying(run: SendingRun) -> list[tuple[Invoice, str, str]]:
    """Return the first invoices that were not sent, each with its customer's name and why."""
    codes = dict(stayed_in(run)[:_MOST_LISTED])
    invoices = Invoice.objects.filter(company_id=run.company_id).select_related("customer").in_bulk(list(codes))
    return [
        (invoices[one], row_name(invoices[one].customer), _reason(code))
        for one, code in codes.items()
        if one in invoices
    ]
