"""What every status looks like: its word, the shape that tells where the dot is, and the ink.

The word is for people and comes in the language of the page; the code is what records and messages carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

Ink = Literal["wait", "late", "agency", "stop", "done"]


@dataclass(frozen=True)
class Status:
    """The look of one status."""

    symbol: str
    ink: Ink
    word: str | _StrPromise


STATUSES: Mapping[str, Status] = {
    # At the creditor
    "draft": Status("requested", "wait", _("Utkast")),
    "unpaid": Status("unpaid", "wait", _("Obetald")),
    "overdue": Status("overdue", "late", _("Förfallen")),
    "part": Status("part", "late", _("Delbetald")),
    "paid": Status("paid", "done", _("Betald")),
    "credited": Status("closed", "wait", _("Krediterad")),
    "missing": Status("missing", "stop", _("Uppgift saknas")),
    # On the way to the agency and there
    "sending": Status("requested", "wait", _("Skickas")),
    "requested": Status("requested", "wait", _("Begärd")),
    "received": Status("received", "agency", _("Mottagen")),
    "reminder_planned": Status("planned", "agency", _("Påminnelse skapas")),
    "reminder_sent": Status("reminder", "agency", _("Påminnelse skickad")),
    "refused": Status("refused", "stop", _("Avvisad")),
    "needs_action": Status("decision", "late", _("Behöver åtgärd")),
    "closed": Status("closed", "wait", _("Avslutad")),
    # Later steps and states
    "reminder": Status("reminder", "agency", _("Påminnelse")),
    "demand": Status("demand", "agency", _("Inkassokrav")),
    "plan": Status("plan", "agency", _("Avbetalningsplan")),
    "respite": Status("respite", "agency", _("Anstånd")),
    "dispute": Status("dispute", "stop", _("Bestridd")),
    "decision": Status("decision", "late", _("Beslut behövs")),
    "withdrawn": Status("withdrawn", "wait", _("Återkallad")),
    # Letters and work
    "queued": Status("requested", "wait", _("Väntar")),
    "accepted": Status("paid", "done", _("Lämnad")),
    "running": Status("requested", "wait", _("Pågår")),
    "done": Status("paid", "done", _("Klar")),
    "failed": Status("refused", "stop", _("Misslyckades")),
}


def status_of(code: str) -> Status:
    """Return the look of the code.

    Raises:
        KeyError: a page asked for a status that nobody has drawn; that is a fault of ours.
    """
    return STATUSES[code]
