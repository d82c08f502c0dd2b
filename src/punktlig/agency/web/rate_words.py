"""Reference rates in the words of the desk: which half-year, what it means for interest, and what waits for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_words import OPEN
from punktlig.agency.records.command_effects import RATE_UNKNOWN
from punktlig.core.added_rates import change_from_before, is_unusual
from punktlig.core.late_rate import STATUTORY, ReferenceRates, next_half_year
from punktlig.tenancy.context import acting_for_everyone
from punktlig.ui import writing

if TYPE_CHECKING:
    from decimal import Decimal

    from punktlig.core.statutes.reference_rates import ReferenceRate

# As `core.statutes.reference_rates` says that the text of a statute was read.
_STATUTE_READ = re.compile(r"(?P<number>SFS \d{4}:\d+) \(text read\)")


@dataclass(frozen=True)
class Effect:
    """What a rate would do, before anybody has said yes to it."""

    half_year: str
    percent: Decimal
    late_percent: Decimal
    change: str
    unusual: bool
    waiting: str


def half_year_words(valid_from: date) -> str:
    """Return `1 januari–30 juni 2027`."""
    here, last = writing.here(), next_half_year(valid_from) - timedelta(days=1)
    return f"{here.day_and_month(valid_from)}–{here.date(last)}"


def late_percent(reference: Decimal) -> Decimal:
    """Return the statutory late-payment interest with this reference rate (Interest Act (1975:635) s. 6)."""
    return max(reference + STATUTORY.percent, reference * 0)


def own_source_words(row: ReferenceRate) -> str:
    """Return where a row that comes with the program is from; its own words about it are for developers.

    Only what was read in the code of statutes or in the Riksbank's table counts as a source.
    """
    if found := _STATUTE_READ.search(row.source):
        return str(found["number"])
    if "Riksbank table" in row.source:
        return _("Riksbankens tabell")
    return _("Följer med programmet efter andra källor än Riksbanken. Läs efter innan ni litar på den.")


def effect_of(row: ReferenceRate, rates: ReferenceRates) -> Effect:
    """Return what the rate of the next half-year would do; asks across creditors how many claims wait for it.

    Called outside any creditor's transaction, and outside `acting_for_everyone`.
    """
    with acting_for_everyone():
        count = claims_that_wait()
    return Effect(
        half_year=half_year_words(row.valid_from),
        percent=row.percent,
        late_percent=late_percent(row.percent),
        change=_change(row, rates),
        unusual=is_unusual(rates, row),
        waiting=waiting_words(count),
    )


def _change(row: ReferenceRate, rates: ReferenceRates) -> str:
    change = change_from_before(rates, row)
    if not change:
        return _("Samma som halvåret före.")
    points = writing.here().percent(abs(change)).removesuffix("%").strip()
    if change > 0:
        return _("%(points)s procentenheter högre än halvåret före.") % {"points": points}
    return _("%(points)s procentenheter lägre än halvåret före.") % {"points": points}


def claims_that_wait() -> int:
    """Return how many claims wait for a reference rate, of those that the caller may read."""
    # With the condition of the index of what waits for a person.
    return Claim.objects.exclude(needs_person="").filter(needs_person=RATE_UNKNOWN, status__in=OPEN).count()


def waiting_words(count: int) -> str:
    """Return how many claims wait, as a sentence."""
    if not count:
        return _("Inget ärende väntar på räntan än.")
    return ngettext("%(count)d ärende väntar på räntan.", "%(count)d ärenden väntar på räntan.", count) % {
        "count": count
    }
