"""How far a company's payments are known: the line that stands above everything that may be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core import bank_days
from punktlig.ui import writing

if TYPE_CHECKING:
    from datetime import date

    from punktlig.receivables.records.company import Company

# Money paid yesterday is booked today: payments known through two bank days ago are as new as a bank file makes them.
_BANK_DAYS_BEHIND = 3


@dataclass(frozen=True)
class Freshness:
    """The sentence, and whether the payments are as new as they can be."""

    text: str
    is_fresh: bool


def freshness_of(company: Company, *, today: date) -> Freshness:
    """Return through which day payments are booked, and when that was read in."""
    through = company.payments_through
    if through is None:
        return Freshness(_("Ni har inte sagt till och med vilken dag betalningar är bokförda."), is_fresh=False)
    words = {"day": writing.day_and_month(through)}
    is_fresh = bank_days.add_bank_days(through, _BANK_DAYS_BEHIND) >= today
    read_at = company.payments_read_at
    if read_at is None:
        return Freshness(_("Betalningar är bokförda till och med %(day)s.") % words, is_fresh)
    read = writing.in_stockholm(read_at)
    when = _("i dag %s") % writing.clock_time(read) if read.date() == today else writing.day_and_month(read.date())
    return Freshness(_("Betalningar inlästa %(when)s, till och med %(day)s.") % {**words, "when": when}, is_fresh)
