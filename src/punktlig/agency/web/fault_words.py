"""What the jobs cannot do for a creditor, as a person at the desk reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from punktlig.agency.records.creditor_fault import CreditorFault, Work
from punktlig.agency.web.to_do_item import Kind, ToDo
from punktlig.ui import writing
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 200


def creditor_faults() -> Iterator[ToDo]:
    """Return the work that fails for single creditors. Reads across creditors."""
    for fault in CreditorFault.objects.select_related("creditor").order_by("since")[:_MOST]:
        what, happened = _words()[fault.work]
        name = fault.creditor.name
        yield ToDo(
            key=f"fault-{fault.id}",
            kind=Kind.CLAIMS if fault.work in (Work.ASK_CREDITOR, Work.GO_ON_WITH_RATES) else Kind.LETTERS,
            since=fault.since,
            what=what,
            about=_("Gäller bara %s.") % name,
            happened=f"{happened} {_('Det försöks på nytt av sig självt, och andra borgenärer berörs inte.')}",
            todo=_(
                "Be den som sköter systemet läsa loggen: felet heter %s. Saken försvinner härifrån när det har gått."
            )
            % fault.problem,
            url=reverse("claims", kwargs={"tenant": fault.creditor_id}),
            act=_("Visa borgenärens ärenden"),
            facts=(
                Fact(_("Borgenär"), (name,)),
                Fact(_("Första gången"), (writing.moment(fault.since),)),
                Fact(_("Senast"), (writing.moment(fault.last_at),)),
            ),
        )


def _words() -> Mapping[str, tuple[str, str]]:
    """Return what each work is called when it fails, and what has happened then."""
    return {
        Work.GO_ON_WITH_RATES: (
            _("Ärenden går inte vidare"),
            _("Ärenden som väntade på en referensränta skulle gå vidare, men det gick inte."),
        ),
        Work.ISSUE_REMINDERS: (
            _("Påminnelser skapas inte"),
            _("Påminnelser skulle skapas, men det gick inte. Inga brev har gått till kunderna."),
        ),
        Work.RENEW_LETTERS: (
            _("Brev görs inte om"),
            _("Brev som hade blivit för gamla skulle göras om med nya dagar, men det gick inte."),
        ),
        Work.ASK_CREDITOR: (
            _("Sista dagar noteras inte"),
            _("Sista dagen att betala har passerat i ärenden, men det gick inte att fråga borgenären om dem."),
        ),
        Work.TAKE_LETTERS: (
            _("Brev lämnas inte"),
            _("Brev skulle lämnas till tryckeriet eller e-posten, men de gick inte att ta fram."),
        ),
        Work.STORE_ANSWERS: (
            _("Besked om brev sparas inte"),
            _("Tryckeriet eller e-posten har svarat för brev, men svaret gick inte att spara."),
        ),
    }
