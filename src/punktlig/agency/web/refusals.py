"""Handovers that were refused: from whom, why, with which code, and whether the invoice has come again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig.agency.records.claim import Claim, RefusedHandover
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.web.desk_page import DeskRequest, reads_everything
from punktlig.agency.web.to_do import invoice_of
from punktlig.ui.told_refusals import explain_told

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

_ROWS = 50


@dataclass(frozen=True)
class Row:
    """A refusal as the list shows it; `came_again` when the invoice was sent anew and accepted."""

    at: datetime
    creditor: str
    invoice_number: str
    debtor: str
    code: str
    what: str
    todo: str
    came_again: bool


@require_safe
@reads_everything
def refusals(request: DeskRequest) -> HttpResponse:
    """Show the refused handovers, the newest first, of all creditors or of one."""
    mended = Claim.objects.filter(creditor=OuterRef("creditor"), invoice_id=OuterRef("invoice_id"))
    found = RefusedHandover.objects.select_related("creditor").annotate(came_again=Exists(mended))
    creditor = _creditor(request.GET.get("creditor", ""))
    if creditor:
        found = found.filter(creditor=creditor)
    before = _moment(request.GET.get("before", ""))
    if before:
        found = found.filter(refused_at__lt=before)
    rows = list(found.order_by("-refused_at", "id")[: _ROWS + 1])
    more, rows = len(rows) > _ROWS, rows[:_ROWS]
    query = {"before": rows[-1].refused_at.isoformat() if rows else ""}
    if creditor:
        query["creditor"] = str(creditor.id)
    context = {
        "creditor": creditor,
        "rows": [_row(refused, came_again=refused.came_again) for refused in rows],
        "later_url": f"?{urlencode(query)}" if more else "",
    }
    return TemplateResponse(request, "agency/desk/refusals.html", context)


def _creditor(text: str) -> Creditor | None:
    try:
        return Creditor.objects.filter(id=UUID(text)).first()
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _row(refused: RefusedHandover, *, came_again: bool) -> Row:
    number, debtor, is_protected = invoice_of(refused)
    refusal = explain_told(refused.code, refused.facts)
    return Row(
        at=refused.refused_at,
        creditor=refused.creditor.name,
        invoice_number=number,
        debtor=_("Skyddade personuppgifter") if is_protected else debtor,
        code=refused.code,
        what=_hidden(refusal.what, debtor) if refusal and is_protected else refusal.what if refusal else "",
        todo=refusal.todo if refusal else "",
        came_again=came_again,
    )


def _hidden(text: str, name: str) -> str:
    """Return the text without the name of somebody whose identity is protected."""
    return text.replace(name, _("kunden")) if name else text
