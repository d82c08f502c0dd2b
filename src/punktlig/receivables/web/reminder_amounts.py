"""What a reminder of an invoice asks for, amount by amount, each with its reason in the words of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.core.charges import Charge, NoCharge
from punktlig.core.due import Start
from punktlig.core.interest import Interest
from punktlig.core.letter.words import due_date_was_moved
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import NoInterest, Reminder, remind
from punktlig.core.statutes.fees import ChargeKind
from punktlig.ui import writing
from punktlig.ui.parts import SumRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from punktlig.core.explanation import Explained
    from punktlig.receivables.records.sending_facts import Prepared

_STATUTE = re.compile(r"(?P<act>\d{4}:\d+) s\. (?P<section>[\d a-z]+?)(?: p\. (?P<point>\d+))?")
_INTEREST_ACT = "1975:635"


def reminder_on(prepared: Prepared, day: date) -> Reminder | None:
    """Return the reminder as it would be today or on a later day, or None when none may be sent then.

    Asked of an invoice that may be sent today.
    """
    try:
        return remind(prepared.facts.on_later_day(day), prepared.rates)
    except Refusal:
        return None


def short_sums(reminder: Reminder, *, choosing: bool = False) -> tuple[SumRow, ...]:
    """Return what is left, what a reminder adds, and the sum: for the open row of the list.

    `choosing` words it for who is only answering what the settings are to be.
    """
    return (
        SumRow(_("Kvar att betala"), reminder.unpaid.ore),
        *_added(reminder, short=True, choosing=choosing),
        SumRow(_("Kunden ska betala"), reminder.total.ore, kind="total"),
    )


def full_sums(prepared: Prepared, reminder: Reminder, *, total: str) -> tuple[SumRow, ...]:
    """Return every amount from the invoice's own to the claim's, `total` being the words of the last row."""
    return (
        *_principal(prepared, reminder),
        *_added(reminder, short=False),
        SumRow(total, reminder.total.ore, kind="total"),
    )


def statute_words(statute: str) -> str:
    """Return `1975:635 s. 6` as `6 § räntelagen`, and another Act's section as `lag (1981:739) 2 §`."""
    match = _STATUTE.fullmatch(statute)
    if match is None:
        return statute
    if match["act"] == _INTEREST_ACT:
        return _("%(section)s § räntelagen") % {"section": match["section"]}
    return _("lag (%(act)s) %(section)s §") % {"act": match["act"], "section": match["section"]}


def _principal(prepared: Prepared, reminder: Reminder) -> Iterator[SumRow]:
    yield SumRow(_("Fakturans belopp"), reminder.payable.ore)
    deducted = reminder.owed != reminder.payable
    if deducted:
        kind = {"rot": "ROT", "rut": "RUT"}.get(prepared.row.deduction) or _("grön teknik")
        words = {"kind": kind}
        taken = (reminder.owed - reminder.payable).ore
        yield SumRow(_("Skatteverkets del (%(kind)s)") % words, taken, _("Den delen krävs inte nu."))
        yield SumRow(_("Kundens del"), reminder.owed.ore, kind="part")
    for booked in prepared.booked:
        what = _("Kreditfaktura") if booked.kind == "credit_note" else _("Betalt")
        yield SumRow(f"{what} {writing.day_and_month(booked.day)}", -booked.amount_ore)
    if prepared.booked:
        yield SumRow(_("Kvar av fakturan"), reminder.unpaid.ore, kind="part")


def _added(reminder: Reminder, *, short: bool, choosing: bool = False) -> Iterator[SumRow]:
    asked_compensation = reminder.facts.terms.claims_compensation
    name = _("Förseningsersättning") if asked_compensation else _("Påminnelseavgift")
    yield SumRow(name, reminder.charge_amount.ore, _charge_why(reminder, short=short, choosing=choosing))
    if isinstance(reminder.interest, Interest):
        yield SumRow(_interest_name(reminder, reminder.interest, short=short), reminder.interest_amount.ore,
                     _interest_why(reminder, reminder.interest, short=short))  # fmt: skip
    else:
        yield SumRow(_("Dröjsmålsränta"), 0, _no_interest(reminder, reminder.interest, choosing=choosing))


def _charge_why(reminder: Reminder, *, short: bool, choosing: bool) -> str:
    charge = reminder.charge
    if isinstance(charge, NoCharge):
        return _no_charge(reminder, charge, choosing=choosing)
    assert isinstance(charge, Charge)  # noqa: S101 - the two sorts there are
    statute = statute_words(charge.fee.section)
    statute = statute[:1].upper() + statute[1:]
    if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION:
        return _("Lagens schablon mellan företag.") if short else _("Lagens schablon mellan företag. %s.") % statute
    if short or charge.agreed_since is None:
        return _("Avtalad i era villkor")
    agreed = _("Står i era villkor sedan %(day)s. %(statute)s.") % {
        "day": writing.day(charge.agreed_since), "statute": statute,
    }  # fmt: skip
    return " ".join((agreed, *_chosen_abroad(reminder)))


def _chosen_abroad(reminder: Reminder) -> tuple[str, ...]:
    """Return why a consumer abroad is asked for more than the invoice, when the debtor is one."""
    if reminder.debtor.is_consumer_abroad:
        return (_("Ni har valt att även konsumenter utomlands betalar den."),)
    return ()


def _no_charge(reminder: Reminder, why: NoCharge, *, choosing: bool) -> str:
    agreed = reminder.facts.terms.reminder_fee_agreed_since
    match why:
        case NoCharge.AGREED_TOO_LATE if agreed is not None:
            return _("Fakturan är äldre än villkoren med avgift, som gäller från %s.") % writing.day(agreed)
        case NoCharge.NOT_AGREED | NoCharge.AGREED_TOO_LATE:
            return _("Ingen avgift är avtalad i era villkor för den här kunden.")
        case NoCharge.CONSUMER_ABROAD if choosing:
            return _("En konsument utomlands betalar ingen avgift om ni inte väljer det.")
        case NoCharge.CONSUMER_ABROAD:
            return _("En konsument utomlands betalar ingen avgift, eftersom ni inte har valt det i inställningarna.")
        case NoCharge.NO_RIGHT_TO_INTEREST_YET:
            return _("Den får begäras först när ränta börjar löpa.")
        case NoCharge.NO_AMOUNT_KNOWN:
            return _("Lagen anger inget belopp för den dagen.")


def _interest_name(reminder: Reminder, interest: Interest, *, short: bool) -> str:
    days = sum(line.days for line in interest.lines)
    if short:
        return ngettext("Dröjsmålsränta, %d dag", "Dröjsmålsränta, %d dagar", days) % days
    return _("Dröjsmålsränta till %s") % writing.day_and_month(reminder.facts.today)


def _interest_why(reminder: Reminder, interest: Interest, *, short: bool) -> str:
    lines = interest.explain()
    if not lines:
        return ""
    if short:
        last, first = lines[-1], lines[0]
        assert last.percent is not None  # noqa: S101 - a line of interest has its rate
        assert first.first_day is not None  # noqa: S101 - and its period
        return _("%(percent)s sedan %(day)s") % {
            "percent": writing.percent(last.percent), "day": writing.day_and_month(first.first_day),
        }  # fmt: skip
    sentences = [_interest_line(line) for line in lines]
    if due_date_was_moved(reminder):
        # Else a day or two seem to be missing between the due date and the first day with interest.
        due = reminder.due
        words = {"day": writing.day_and_month(due.written_date), "last": writing.day_and_month(due.effective_date)}
        sentences.append(_("%(day)s var ingen bankdag, så betalning till och med %(last)s var i tid.") % words)
    sentences.append(f"{statute_words(lines[0].statute)}.")
    if reminder.growth:
        sentences.append(_("Växer med %s om dagen.") % writing.with_currency(reminder.growth))
    sentences += _chosen_abroad(reminder)
    return " ".join(sentences)


def _interest_line(line: Explained) -> str:
    assert line.percent is not None  # noqa: S101 - what a line of interest always has
    assert line.basis is not None  # noqa: S101
    assert line.days is not None  # noqa: S101
    assert line.first_day is not None  # noqa: S101
    words = {
        "percent": writing.percent(line.percent),
        "basis": writing.with_currency(line.basis),
        "days": line.days,
        "day": writing.day_and_month(line.first_day),
    }
    return (
        ngettext(
            "%(percent)s på %(basis)s i %(days)d dag, från %(day)s.",
            "%(percent)s på %(basis)s i %(days)d dagar, från %(day)s.",
            line.days,
        )
        % words
    )


def _no_interest(reminder: Reminder, why: NoInterest, *, choosing: bool) -> str:
    section = statute_words("1975:635 s. 4")
    match why:
        case NoInterest.CONSUMER_NOT_WARNED:
            return _("Fakturan varnade inte för ränta, så konsumenten betalar ingen. %s.") % section
        case NoInterest.CONSUMER_ABROAD if choosing:
            return _("En konsument utomlands betalar ingen ränta om ni inte väljer det.")
        case NoInterest.CONSUMER_ABROAD:
            return _("En konsument utomlands betalar ingen ränta, eftersom ni inte har valt det i inställningarna.")
        case NoInterest.NOT_RUNNING_YET:
            first = reminder.due.first_interest_day
            if reminder.due.start is Start.AFTER_DEMAND and first is not None:
                return _("Löper från %(day)s, 30 dagar efter att fakturan skickades. %(section)s.") % {
                    "day": writing.day_and_month(first), "section": section,
                }  # fmt: skip
            return _("Den har inte börjat löpa.")
