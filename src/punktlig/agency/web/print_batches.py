"""Print batches at the desk: fetched, downloaded, handed to the printer, or given back when it was not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from punktlig import clock
from punktlig.agency.actions.print_batches import (
    NoSuchBatch,
    fetch_batch,
    give_back_batch,
    hand_over_batch,
    letters_of_batch,
)
from punktlig.agency.records.letter import PrintBatch
from punktlig.agency.web.batch_letters import batch_letters, ended_since
from punktlig.agency.web.desk_page import DeskRequest, changes_something, reads_everything
from punktlig.agency.web.print_zip import zip_of

if TYPE_CHECKING:
    from uuid import UUID


@require_POST
@changes_something
def batches(request: DeskRequest) -> HttpResponse:
    """Gather the letters that wait into a batch. They count as handed over until somebody says otherwise."""
    fetched = fetch_batch(by=request.user.name, today=clock.today(), at=clock.now())
    if fetched is None:
        messages.warning(request, _("Inget brev får lämna oss just nu: de är för gamla, stoppade eller redan hämtade."))
        return redirect("desk-letters")
    return redirect("desk-batch", batch=fetched)


@require_safe
@reads_everything
def batch(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Show the batch: what is in it, the file, and what became of it."""
    known = get_object_or_404(PrintBatch, id=batch)
    is_open = known.handed_over_at is None and known.fetched_by != ""
    is_filling = is_open and known.is_leased(clock.now())
    page, rows = batch_letters(known, request.GET.get("page", ""))
    first, last, count = page.start_index(), page.end_index(), page.paginator.count
    context = {
        "rows": rows,
        "earlier_url": f"?page={page.previous_page_number()}#h-breven" if page.has_previous() else "",
        "later_url": f"?page={page.next_page_number()}#h-breven" if page.has_next() else "",
        "says": _("%(first)d till %(last)d av %(count)d") % {"first": first, "last": last, "count": count},
        "batch": known,
        "is_open": is_open and not is_filling,
        "is_filling": is_filling,
        "ended": ended_since(known) if is_open else 0,
        "given_back": known.evidence.get("given_back_by", ""),
    }
    return TemplateResponse(request, "agency/desk/batch.html", context)


@require_safe
@changes_something
def batch_file(request: DeskRequest, batch: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Return the batch as a zip of PDFs with an index. Reading it changes nothing.

    A batch that somebody is still filling has no file: whoever had half of it would answer for all of it.
    """
    known = get_object_or_404(PrintBatch, id=batch)
    letters = [] if known.fetched_by and known.is_leased(clock.now()) else letters_of_batch(batch)
    if not letters:
        raise Http404
    response = HttpResponse(zip_of(letters), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{batch}.zip"'
    return response


@require_POST
@changes_something
def batch_receipt(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Store what the printer did: `taken` says that the letters have left, `refused` that they wait as before."""
    acts = {"taken": hand_over_batch, "refused": give_back_batch}
    act = acts.get(request.POST.get("printer", ""))
    if act is None:
        return redirect("desk-batch", batch=batch)
    count = PrintBatch.objects.filter(id=batch).values_list("letter_count", flat=True).first() or 0
    try:
        act(batch, by=request.user.name, today=clock.today(), at=clock.now())
    except NoSuchBatch:
        messages.warning(request, _("Någon har redan svarat för bunten. Inget ändrades."))
        return redirect("desk-letters")
    if act is hand_over_batch:
        words = ngettext("%(count)d brev har lämnat oss.", "%(count)d brev har lämnat oss.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.success(request, _("Breven väntar på nytt. Bunten gäller inte längre: lägg undan filen."))
    return redirect("desk-letters")
