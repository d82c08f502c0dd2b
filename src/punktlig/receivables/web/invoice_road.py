"""Where a sent invoice stands on its road at the agency: the card's sentence, its date and the steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core import timetable
from punktlig.exchange.messages import EventKind, NextEvent
from punktlig.receivables.records.invoice import AgencyState
from punktlig.ui import writing
from punktlig.ui.parts import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from punktlig.receivables.records.handover import Handover
    from punktlig.receivables.records.history import HistoryLine
    from punktlig.receivables.records.invoice import Invoice

# So many attempts without an answer take some minutes; before that a person need not know.
_ATTEMPTS_BEFORE_WE_TELL = 4


@dataclass(frozen=True)
class Card:
    """What the agency's card says."""

    next_text: str = ""
    next_quiet: str = ""
    next_date: date | None = None
    steps: list[Step] = field(default_factory=list)
    note: str = ""


def card_of(invoice: Invoice, handover: Handover | None, events: Iterable[HistoryLine], *, today: date) -> Card:
    """Return the card of an invoice that has been sent; `events` are the agency's among its lines of history."""
    by_kind: dict[str, HistoryLine] = {}
    for event in sorted(events, key=lambda event: event.sequence or 0):
        by_kind[event.code] = event
        if event.code == EventKind.ADDRESS_CHANGED:
            # The letter that went astray is in the history; the road is that of the new one.
            by_kind.pop(EventKind.REMINDER_ISSUED.value, None)
            by_kind.pop(EventKind.REMINDER_SENT.value, None)
        elif event.code == EventKind.PAYMENT_REVERSED:
            _go_back(by_kind)
    text, quiet = _next(invoice, handover)
    return Card(
        next_text=text,
        next_quiet=quiet,
        next_date=invoice.next_event_day if text else None,
        steps=_steps(invoice, by_kind, today=today),
        note=_note(invoice, handover),
    )


def _go_back(events: dict[str, HistoryLine]) -> None:
    """Leave out a letter that was stopped for a payment that has been taken back since: it is made anew."""
    issued, stopped = events.get(EventKind.REMINDER_ISSUED.value), events.get(EventKind.REMINDER_STOPPED.value)
    if issued is not None and stopped is not None and (issued.sequence or 0) < (stopped.sequence or 0):
        del events[EventKind.REMINDER_ISSUED.value]


def _next(invoice: Invoice, handover: Handover | None) -> tuple[str, str]:
    state, day = invoice.state, invoice.next_event_day
    if state is AgencyState.SENDING:
        soon = "" if _is_unanswered(handover) else _("Det tar oftast några sekunder.")
        return _("Fakturan är på väg till ombudet."), soon
    if state is AgencyState.NEEDS_ACTION:
        return _("Ärendet väntar på ett beslut."), _("Öppna ärendet och se vad som behövs.")
    if day is None or not invoice.next_event:
        return "", ""
    when = {"day": writing.day_and_month(day)}
    before = _("Betalar kunden före dess skickas inget.")
    texts = {
        NextEvent.REMINDER_IS_ISSUED: (_("Påminnelsen skapas den %(day)s.") % when, before),
        NextEvent.CORRECTION_IS_ISSUED: (
            _("Ett rättat brev skapas den %(day)s.") % when,
            _("Brevet som kunden har fått räknar med en betalning som är tillbakatagen."),
        ),
        NextEvent.REMINDER_LEAVES: (_("Brevet skickas den %(day)s.") % when, before),
        NextEvent.LAST_DAY_TO_PAY: (
            _("Sista dag att betala är den %(day)s.") % when,
            _("Betalar kunden då är ärendet klart."),
        ),
        NextEvent.CREDITOR_DECIDES: (
            _("Från den %(day)s bestämmer ni vad som händer.") % when,
            _("Inget mer skickas av sig självt."),
        ),
    }
    known = {event.value: words for event, words in texts.items()}
    return known.get(invoice.next_event, ("", ""))


def _steps(invoice: Invoice, events: dict[str, HistoryLine], *, today: date) -> list[Step]:
    """Return the road: what has been is filled, the latest of it is now, and what comes is hollow with its day."""
    been: list[Step] = []
    if invoice.sent_at is not None:
        been.append(Step(_("Till ombudet"), writing.day_and_month(writing.local_day(invoice.sent_at)), "past"))
    corrects = _corrects(events)
    names = {
        EventKind.CLAIM_RECEIVED: _("Mottagen"),
        EventKind.REMINDER_ISSUED: _("Rättat brev skapat") if corrects else _("Påminnelse skapad"),
        EventKind.REMINDER_SENT: _("Rättat brev skickat")
        if corrects and _has_left(events)
        else _("Påminnelse skickad"),
    }
    if not invoice.state.is_live:
        # An end that a payment taken back has undone is in the history; the road goes on.
        names |= {EventKind.CLAIM_PAID: _("Betald"), EventKind.CLAIM_CLOSED: _("Avslutad")}
    told = [(event, name) for kind, name in names.items() if (event := events.get(kind.value)) is not None]
    # While a corrected letter waits, the one before it has been sent already.
    for event, name in sorted(told, key=lambda one: one[0].sequence or 0):
        been.append(Step(name, writing.day_and_month(writing.local_day(event.at)), "past"))
    decides = invoice.next_event_day if invoice.next_event == NextEvent.CREDITOR_DECIDES else None
    if invoice.state is AgencyState.REMINDER_SENT and decides is not None:
        if (last_day := _told_day(events.get(EventKind.REMINDER_ISSUED.value), "last_day_to_pay")) is not None:
            been.append(Step(_("Sista dag att betala"), writing.day_and_month(last_day), "past"))
        been.append(Step(_("Ert beslut"), _("sedan %s") % writing.day_and_month(decides), "past"))
    if been:
        been[-1] = Step(been[-1].name, been[-1].text, "now")
    return [*been, *_to_come(invoice, events, today=today)]


def _to_come(invoice: Invoice, events: dict[str, HistoryLine], *, today: date) -> list[Step]:
    if invoice.state in (AgencyState.PAID, AgencyState.CLOSED, AgencyState.NEEDS_ACTION):
        return []
    if invoice.next_event == NextEvent.CREDITOR_DECIDES:
        return []
    is_corrected = invoice.next_event == NextEvent.CORRECTION_IS_ISSUED
    issued = None if is_corrected else events.get(EventKind.REMINDER_ISSUED.value)
    letter_day = _letter_day(invoice, today=today)
    last_day = timetable.last_day_to_pay(letter_day, 8)
    steps: list[Step] = []
    if EventKind.CLAIM_RECEIVED.value not in events:
        steps.append(Step(_("Mottagen"), "", "next"))
    if issued is None:
        made = _("Rättat brev skapas") if is_corrected else _("Påminnelse skapas")
        steps.append(Step(made, writing.day_and_month(letter_day), "next"))
    else:
        last_day = _told_day(issued, "last_day_to_pay") or last_day
    if is_corrected or not _has_left(events):
        steps.append(Step(_("Brevet skickas"), "", "next"))
    decides = timetable.creditor_decides_day(last_day)
    if last_day >= today:
        steps.append(Step(_("Sista dag att betala"), writing.day_and_month(last_day), "next"))
    steps.append(Step(_("Ert beslut"), _("tidigast %s") % writing.day_and_month(decides), "next"))
    return steps


def _corrects(events: Mapping[str, HistoryLine]) -> bool:
    """Tell whether the letter that was made last corrects one that had been sent."""
    issued = events.get(EventKind.REMINDER_ISSUED.value)
    return issued is not None and bool(issued.facts.get("corrects"))


def _has_left(events: Mapping[str, HistoryLine]) -> bool:
    """Tell whether the letter that was made last has been sent."""
    issued, sent = events.get(EventKind.REMINDER_ISSUED.value), events.get(EventKind.REMINDER_SENT.value)
    if issued is None or sent is None:
        return sent is not None
    return (issued.sequence or 0) < (sent.sequence or 0)


def _letter_day(invoice: Invoice, *, today: date) -> date:
    planned = (NextEvent.REMINDER_IS_ISSUED, NextEvent.CORRECTION_IS_ISSUED)
    if invoice.next_event in planned and invoice.next_event_day is not None:
        return invoice.next_event_day
    return timetable.reminder_day(writing.local_day(invoice.sent_at) if invoice.sent_at is not None else today)


def _told_day(event: HistoryLine | None, name: str) -> date | None:
    try:
        return date.fromisoformat(str(event.facts.get(name, ""))) if event is not None else None
    except ValueError:
        return None


def _note(invoice: Invoice, handover: Handover | None) -> str:
    if invoice.state is AgencyState.SENDING and _is_unanswered(handover):
        return _(
            "Ombudet har inte svarat än. Vi försöker igen av oss själva tills det svarar; inget går förlorat och inget "
            "skickas två gånger."
        )
    if not invoice.claim_page:
        return ""
    return _("Räntan i öre, breven och kontakten med kunden finns hos ombudet.")


def _is_unanswered(handover: Handover | None) -> bool:
    return handover is not None and handover.attempts >= _ATTEMPTS_BEFORE_WE_TELL
