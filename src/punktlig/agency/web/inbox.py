"""The desk's first page: what needs a person today, the longest waiting first, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.agency.records.creditor import Role
from punktlig.agency.web.desk_page import DeskRequest, reads_everything
from punktlig.agency.web.to_do import everything_to_do
from punktlig.agency.web.to_do_item import ADMINISTRATORS, Kind, ToDo
from punktlig.ui.parts import Tab
from punktlig.ui.writing import local_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpResponse

_OLD_DAYS = 5


@dataclass(frozen=True)
class Waiting:
    """A row of the inbox."""

    item: ToDo
    days: int
    url: str
    current: bool

    @property
    def is_old(self) -> bool:
        """Whether it has waited so long that it is told by colour too."""
        return self.days >= _OLD_DAYS


@require_safe
@reads_everything
def inbox(request: DeskRequest) -> HttpResponse:
    """Show what needs a person, and the sheet of the chosen one."""
    everything = everything_to_do(at=clock.now())
    if request.role is not Role.AGENCY_ADMIN:
        # Platforms and rates are the administrators': a case handler could do nothing about them.
        everything = [item for item in everything if item.kind not in ADMINISTRATORS]
    kind = request.GET.get("kind", "")
    shown = [item for item in everything if not kind or item.kind == kind]
    wanted = request.GET.get("item", "")
    chosen = next((item for item in shown if item.key == wanted), shown[0] if shown else None)
    context = {
        "count": len(everything),
        "kinds": _kinds(everything, kind, request.role),
        "waiting": [_waiting(item, chosen, kind, clock.today()) for item in shown],
        "chosen": chosen,
    }
    return TemplateResponse(request, "agency/desk/inbox.html", context)


def _waiting(item: ToDo, chosen: ToDo | None, kind: str, today: date) -> Waiting:
    query = {"item": item.key, **({"kind": kind} if kind else {})}
    return Waiting(
        item=item,
        days=max((today - local_day(item.since)).days, 0),
        url=f"{reverse('desk')}?{urlencode(query)}#sak",
        current=item is chosen,
    )


def _kinds(everything: Sequence[ToDo], current: str, role: Role) -> list[Tab]:
    names = {"": _("Allt"), Kind.CLAIMS: _("Ärenden"), Kind.LETTERS: _("Brev"), Kind.REFUSALS: _("Avvisade")}
    if role is Role.AGENCY_ADMIN:
        names |= {Kind.RATES: _("Räntor"), Kind.PLATFORMS: _("Plattformar")}
    return [
        Tab(
            url=f"{reverse('desk')}{f'?kind={kind}' if kind else ''}",
            name=name,
            count=sum(1 for item in everything if not kind or item.kind == kind),
            current=kind == current,
        )
        for kind, name in names.items()
    ]
