"""The creditors, each with the way to its claims and to its people and agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from punktlig.agency.records.creditor import Creditor
from punktlig.agency.web.desk_page import DeskRequest, reads_everything

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@reads_everything
def creditors(request: DeskRequest) -> HttpResponse:
    """Show all creditors by name."""
    found = Creditor.objects.select_related("platform").annotate(people=Count("members")).order_by("name", "id")
    return TemplateResponse(request, "agency/desk/creditors.html", {"creditors": list(found)})
