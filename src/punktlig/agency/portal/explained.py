"""The lines of a balance in the words of a page: what each amount is, the law it rests on, and how it was reckoned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.core.explanation import Explained, What
from punktlig.core.late_rate import STATUTORY
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from punktlig.core.claim_balance import Allocation, ClaimBalance
    from punktlig.core.money import Money

_STATUTE = re.compile(r"(?P<act>\d{4}:\d+) (?P<unit>s|ch)\. (?P<section>[\w ]+)")
_INTEREST_ACT = "1975:635"


@dataclass(frozen=True)
class Line:
    """One amount of the debt. `when` is a day or a period, `rate` and `days` are empty where nothing was reckoned."""

    what: str
    why: str
    when: str
    rate: str
    days: str
    amount: Money


@dataclass(frozen=True)
class Invoiced:
    """What the first line says of the invoice; `charged` is the day of the letter that made a charge."""

    number: str
    what_for: str
    due: str
    charged: date | None


def lines_of(balance: ClaimBalance, invoice: Invoiced) -> list[Line]:
    """Return the balance line by line, in its own order; the amounts are the balance's own."""
    received = iter(balance.allocations)
    return [_line(line, invoice, received) for line in balance.lines]


def _line(line: Explained, invoice: Invoiced, received: Iterator[Allocation]) -> Line:
    return Line(
        what=_name(line, invoice),
        why=_sentences(_why(line, invoice, received)),
        when=_when(line, invoice),
        rate=writing.percent(line.percent) if line.percent is not None else "",
        days=ngettext("%(days)d dag", "%(days)d dagar", line.days) % {"days": line.days} if line.days else "",
        amount=line.amount,
    )


def _name(line: Explained, invoice: Invoiced) -> str:
    return {
        What.PRINCIPAL: _("Faktura %(number)s") % {"number": invoice.number},
        What.DEDUCTION: _("Skatteverkets del"),
        What.PART_PAYMENT: _("Inbetalning"),
        What.CREDIT_NOTE: _("Kreditfaktura"),
        What.INTEREST: _("Dröjsmålsränta"),
        What.REMINDER_FEE: _("Påminnelseavgift"),
        What.LATE_PAYMENT_COMPENSATION: _("Förseningsersättning"),
        What.CHARGE_REVERSED: _("Avgift återförd"),
        What.WAIVED: _("Eftergift"),
        What.CLOSED: _("Ärendet avslutat"),
    }[line.what]


def _why(line: Explained, invoice: Invoiced, received: Iterator[Allocation]) -> Iterable[str]:
    if line.what is What.PRINCIPAL:
        # Written to stand within a sentence of the letter; here it is one.
        return (invoice.what_for[:1].upper() + invoice.what_for[1:], invoice.due)
    if line.what in (What.PART_PAYMENT, What.CREDIT_NOTE):
        return (_spent(next(received, None)),)
    if line.what is What.INTEREST:
        return (statute_words(line.statute), *_reckoned(line))
    reason = {
        What.DEDUCTION: _("Den delen krävs inte av kunden."),
        What.REMINDER_FEE: _agreed(line),
        What.LATE_PAYMENT_COMPENSATION: _("I stället för påminnelseavgift."),
        What.CHARGE_REVERSED: (
            _("Fakturan var betald före brevets datum.")
            if line.statute
            else _("Ett brev som inte har nått kunden kostar inget.")
        ),
        What.WAIVED: _("Krävs inte: det som begärdes är betalt eller krediterat."),
        What.CLOSED: _("Det som var kvar krävs inte längre av oss."),
    }
    return (statute_words(line.statute), reason[line.what])


def statute_words(statute: str) -> str:
    """Return `1975:635 s. 6` as `6 § räntelagen`, another Act's section as `lag (1981:739) 2 §`."""
    match = _STATUTE.fullmatch(statute)
    if match is None:
        return statute
    words = {"act": match["act"], "section": match["section"].strip()}
    if match["unit"] == "ch":
        return _("%(section)s kap. lag (%(act)s)") % words
    if match["act"] == _INTEREST_ACT:
        return _("%(section)s § räntelagen") % words
    return _("Lag (%(act)s) %(section)s §") % words


def _reckoned(line: Explained) -> Iterable[str]:
    if line.percent is not None and line.statute.endswith("s. 6"):
        points = STATUTORY.percent
        yield _("Referensränta %(reference)s + %(points)s") % {
            "reference": writing.percent(line.percent - points),
            "points": writing.here().decimal(points),
        }
    if line.basis is not None:
        yield _("På %(amount)s") % {"amount": writing.with_currency(line.basis)}


def _agreed(line: Explained) -> str:
    if line.condition is None:
        return _("Avtalad i borgenärens villkor")
    return _("Avtalad i borgenärens villkor sedan %(day)s") % {"day": writing.day(line.condition)}


def _spent(allocation: Allocation | None) -> str:
    """Return what a payment went to, so that its parts add up to it: `Kostnader 60,00, ränta 4,11, kapital 500,00`."""
    if allocation is None:
        return ""
    parts = [
        (_("kostnader"), allocation.fees),
        (_("ränta"), allocation.interest),
        (_("kapital"), allocation.principal),
        (_("för mycket"), allocation.surplus),
    ]
    said = ", ".join(f"{word} {writing.amount(amount)}" for word, amount in parts if amount)
    return said[:1].upper() + said[1:]


def _when(line: Explained, invoice: Invoiced) -> str:
    if line.what in (What.REMINDER_FEE, What.LATE_PAYMENT_COMPENSATION):
        return writing.short_day(invoice.charged) if invoice.charged else ""
    if line.first_day is None:
        return writing.short_day(line.last_day) if line.last_day else ""
    if line.last_day is None or line.last_day == line.first_day:
        return writing.short_day(line.first_day)
    return f"{writing.short_day(line.first_day)}–{writing.short_day(line.last_day)}"


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
