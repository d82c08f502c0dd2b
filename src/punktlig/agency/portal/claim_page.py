"""A claim: what is owed on any chosen day and why, how it came to that, letters, history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig import clock
from punktlig.agency.portal import chart
from punktlig.agency.portal.explained import Invoiced, lines_of
from punktlig.agency.portal.letters import letters_of
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_facts import can_be_read, stored_facts
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_needs import needs_of
from punktlig.agency.records.claim_words import (
    OPEN,
    debtor_shown,
    event_ink,
    event_words,
    need_of,
    next_words,
    status_words,
)
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.agency.records.debtor_addresses import addresses_of, may_give_address, window_lines
from punktlig.agency.records.delivery_schedule import MAY_HAVE_LEFT
from punktlig.agency.records.event import ClaimEvent
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.letter_correcting import letter_out
from punktlig.agency.records.members import may_act
from punktlig.agency.records.reference_rates import all_known_rates
from punktlig.agency.records.reminder_events import CLAIM_UNREADABLE
from punktlig.core.claim_balance import Cause, claim_balance, history
from punktlig.core.parties import SWEDEN
from punktlig.core.reminder import NoInterest, bears_no_interest
from punktlig.exchange.messages import ClaimStatus
from punktlig.ui import writing
from punktlig.ui.forms import read_day
from punktlig.ui.parts import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Literal
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.agency.records.claim_facts import StoredFacts
    from punktlig.core.balance_facts import BalanceFacts
    from punktlig.core.claim_balance import ClaimBalance, Point
    from punktlig.core.due import Due
    from punktlig.core.late_rate import ReferenceRates
    from punktlig.exchange.messages import Address
    from punktlig.tenancy.http import TenantRequest

_YEARS_AHEAD = 20
_CAME_IN = (Cause.PAYMENT, Cause.CREDIT_NOTE, Cause.WAIVED, Cause.CLOSED)


@dataclass(frozen=True)
class ChosenDay:
    """The day the page is about. What was typed stays in the field, also when it is no day."""

    day: date
    typed: str
    problem: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A day that is often asked for."""

    day: date
    text: str
    current: bool


@dataclass(frozen=True)
class Change:
    """A row of the table beside the chart: the numbers of one point."""

    point: Point
    name: str
    change: str


@dataclass(frozen=True)
class Picture:
    """The chart in both widths, with what it says in one sentence and the names behind the small one's numbers."""

    wide: chart.Drawing
    small: chart.Drawing
    label: str
    key: str
    has_interest: bool
    has_fees: bool
    changes: list[Change] = field(default_factory=list)


@require_safe
def claim(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Show the claim as it is today, or on the day `?day=`."""
    known = get_object_or_404(Claim, creditor_id=tenant, id=claim)
    creditor = Creditor.objects.get(id=tenant)
    if known.needs_person == CLAIM_UNREADABLE and not can_be_read(known, creditor):
        need = need_of(CLAIM_UNREADABLE)
        messages.error(request, f"{need.name}. {need.what} {need.todo}")
        return redirect("claims", tenant=tenant)
    today = clock.today()
    facts = balance_facts(creditor, [known])[known.id]
    rates = all_known_rates()
    given = addresses_of(tenant, [claim]).get(claim, [])
    told = stored_facts(bytes(known.submission), creditor, known.received_day, addresses=given)
    invoice_day = told.reminder.invoice.issue_date
    chosen = _chosen(request.GET.get("day", "").strip(), today, invoice_day)
    balance = claim_balance(facts, chosen.day, rates)
    no_interest = bears_no_interest(told.reminder)
    context = {
        "claim": known,
        "number": known.number,
        "debtor": debtor_shown(known),
        "creditor": creditor,
        "status": status_words(known, today),
        "may_act": may_act(request.role) and known.status in OPEN,
        "is_agency": Role(request.role).is_agency,
        "may_continue": not _letter_is_gone(known),
        "may_take_back": _may_take_back(request.role, creditor, known),
        "may_come_back": Role(request.role).is_agency and letter_out(known) is not None,
        "letter_in_doubt": known.needs_person == MAY_HAVE_LEFT,
        "may_give_address": may_act(request.role) and may_give_address(known, given),
        "new_address": given[-1] if known.status == ClaimStatus.RECEIVED and given else None,
        "goes_to": _address_words(known.debtor_name, given[-1].as_told()) if given else "",
        "need": needs_of([known]).get(claim),
        "chosen": chosen,
        "is_today": chosen.day == today,
        "balance": balance,
        "growth": _growth(balance, no_interest),
        "next": next_words(known, today, to_creditor=not Role(request.role).is_agency) if chosen.day == today else "",
        "shortcuts": _shortcuts(known, chosen, today, rates.known_through, _before_payment(facts, today, invoice_day)),
        "interest_note": _interest_note(no_interest),
        "lines": lines_of(balance, _invoiced(known, told, facts)),
        "parts": _parts(balance),
        "last_known": rates.known_through if known.status in OPEN and facts.first_interest_day else None,
        "picture": _picture(facts, chosen.day, today, rates),
        "letters": letters_of(known),
        "entries": _history(known),
    }
    return TemplateResponse(request, "agency/claim.html", context)


def _address_words(name: str, address: Address) -> str:
    """Return the address as the envelope's window has it, in one line; the name stands at the top of the page."""
    abroad = writing.here().country(address.country) if address.country not in ("", SWEDEN) else ""
    return ", ".join(filter(None, (*window_lines(name, address)[1:], abroad)))


def _may_take_back(role: str, creditor: Creditor, claim: Claim) -> bool:
    """Tell whether the person may take back a payment for the creditor, and there is one that counts."""
    return Role(role).is_agency and may_act(role) and bool(counted_payments(creditor, claim))


def _letter_is_gone(claim: Claim) -> bool:
    """Tell whether the claim's letter was stopped for good, so that there is nothing to try again."""
    letters = Letter.objects.filter(creditor_id=claim.creditor_id, claim_id=claim.id, replaced_at__isnull=True)
    return letters.filter(stopped_at__isnull=False).exists()


def _chosen(typed: str, today: date, invoice_day: date | None) -> ChosenDay:
    """Return the day that was typed, or today with what is wrong with it: before its invoice nothing was owed."""
    if not typed:
        return ChosenDay(today, today.isoformat())
    try:
        day = read_day(typed, today=today)
    except ValueError:
        example = today.isoformat()
        return ChosenDay(today, typed, _("Skriv dagen som %(example)s, eller 25 november.") % {"example": example})
    if not today.year - _YEARS_AHEAD <= day.year <= today.year + _YEARS_AHEAD:
        return ChosenDay(today, typed, _("Välj en dag som ligger närmare i dag."))
    if invoice_day is not None and day < invoice_day:
        words = {"day": writing.day(invoice_day)}
        return ChosenDay(today, typed, _("Före fakturan, den %(day)s, fanns ingen skuld. Välj en senare dag.") % words)
    return ChosenDay(day, day.isoformat())


def _growth(balance: ClaimBalance, no_interest: NoInterest | None) -> str:
    """Return in a sentence how the sum changes from one day to the next."""
    if balance.overpaid:
        return _("%(amount)s har betalats för mycket.") % {"amount": writing.with_currency(balance.overpaid)}
    if not balance.total:
        return _("Inget är kvar att betala.")
    if balance.growth is None:
        return _("Räntan efter %(day)s är inte beslutad.") % {"day": writing.day(balance.day)}
    if balance.growth:
        return _("Växer med %(amount)s om dagen.") % {"amount": writing.with_currency(balance.growth)}
    return {
        None: _("Ingen ränta läggs till."),
        NoInterest.NOT_RUNNING_YET: _("Ingen ränta läggs till."),
        NoInterest.CONSUMER_ABROAD: _("Ingen ränta läggs till: kunden är en konsument utomlands."),
        NoInterest.CONSUMER_NOT_WARNED: _("Ingen ränta läggs till: fakturan varnade inte för ränta."),
    }[no_interest]


def _interest_note(no_interest: NoInterest | None) -> str:
    """Return how interest is reckoned, or why the debt bears none and what would change that."""
    match no_interest:
        case NoInterest.CONSUMER_ABROAD:
            return _(
                "En konsument utomlands betalar varken avgift eller ränta, eftersom borgenären inte hade valt det när"
                " fakturan skickades hit. Ett annat val i borgenärens inställningar gäller fakturor som skickas"
                " därefter."
            )
        case NoInterest.CONSUMER_NOT_WARNED:
            return _(
                "Förfallodagen är inte avtalad och fakturan varnade inte för ränta. Då betalar en konsument ingen"
                " (4 § räntelagen)."
            )
        case _:
            return _("Ränta räknas på faktiska dagar, från dagen efter förfallodagen till och med den valda dagen.")


def _shortcuts(claim: Claim, chosen: ChosenDay, today: date, known: date, paid_before: date | None) -> list[Shortcut]:
    """Return today, the days that matter next, the last that can be reckoned, and the day before the last payment."""
    wanted = [(today, _("i dag"))]
    if claim.status in OPEN:
        ahead = {day for day in (claim.next_event_day, claim.last_day_to_pay, known) if day and today < day <= known}
        wanted += [(day, writing.short_day(day)) for day in sorted(ahead)]
    if paid_before is not None:
        wanted.append((paid_before, _("före inbetalningen")))
    return [Shortcut(day, text, current=day == chosen.day and not chosen.problem) for day, text in wanted]


def _before_payment(facts: BalanceFacts, today: date, invoice_day: date | None) -> date | None:
    """Return the day before the last payment; None without one, or where it came with the invoice."""
    paid = [received.day for received in facts.received if received.day <= today]
    before = max(paid) - timedelta(days=1) if paid else None
    return None if before is None or (invoice_day is not None and before < invoice_day) else before


def _invoiced(claim: Claim, told: StoredFacts, facts: BalanceFacts) -> Invoiced:
    texts = [line.text for line in told.reminder.invoice.lines if line.text]
    what_for = told.debt_text or (texts[0] if texts else "")
    charged = facts.charges[0].day if facts.charges else None
    return Invoiced(number=claim.invoice_number, what_for=what_for, due=_due_words(told.reminder.due), charged=charged)


def _due_words(due: Due) -> str:
    """Return when the invoice fell due: as it is written there, and the day that counts where banks were closed."""
    words = {"day": writing.day(due.written_date), "bank_day": writing.day_and_month(due.effective_date)}
    if due.was_moved:
        return _("Förföll %(day)s, som inte var en bankdag: betalning till och med %(bank_day)s var i tid.") % words
    return _("Förföll %(day)s") % words


def _parts(balance: ClaimBalance) -> str:
    """Return what the sum is of: `29 071,64 kapital, 191,16 ränta och 60,00 avgifter`."""
    parts = [
        f"{writing.amount(amount)} {word}"
        for amount, word in (
            (balance.principal_left, _("kapital")),
            (balance.interest, _("ränta")),
            (balance.fees, _("avgifter")),
        )
        if amount
    ]
    if len(parts) < 2:  # noqa: PLR2004 - one part is the sum itself
        return ""
    listed = _("%(first)s och %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
    return _("Av skulden är %(parts)s.") % {"parts": listed}


def _picture(facts: BalanceFacts, day: date, today: date, rates: ReferenceRates) -> Picture | None:
    """Return the chart through the day, or None while there is no line to draw."""
    points = history(facts, day, rates)
    if not chart.can_be_drawn(points):
        return None
    names = {
        Cause.DUE: _("Förfallodag"),
        Cause.INTEREST: _("Ränta till dagen"),
        Cause.CHARGE: _("Påminnelse"),
        Cause.CHARGE_REVERSED: _("Avgift återförd"),
        Cause.PAYMENT: _("Inbetalning"),
        Cause.CREDIT_NOTE: _("Kreditfaktura"),
        Cause.WAIVED: _("Eftergift"),
        Cause.CLOSED: _("Avslutat"),
        Cause.STATED_DAY: _("I dag") if points[-1].day == today else _("Vald dag"),
    }
    events = chart.events_of(points, names)
    return Picture(
        wide=chart.draw(points, events, chart.WIDE),
        small=chart.draw(points, events, chart.SMALL),
        label=_label(events),
        key=", ".join(f"{number} {event.name.lower()}" for number, event in enumerate(events, start=1)),
        has_interest=any(point.interest for point in points),
        has_fees=any(point.fees for point in points),
        changes=_changes(points, names),
    )


def _label(events: Sequence[chart.Event]) -> str:
    """Return what the chart shows, for those who hear it."""
    told = [
        _("%(name)s %(day)s: %(amount)s")
        % {"name": event.name, "day": writing.day(event.point.day), "amount": writing.with_currency(event.point.total)}
        for event in events
    ]
    return _("Skulden efter varje händelse. %(events)s.") % {"events": ". ".join(told)}


def _changes(points: Sequence[Point], names: dict[Cause, str]) -> list[Change]:
    return [
        Change(point, names[point.cause], writing.signed(point.change) if point.change else "")
        for point, after in pairwise([*points, points[-1]])
        # Interest has a row of its own where money came in, since the money was spent on it; before a charge it is
        # in the charge's row.
        if point.cause is not Cause.INTEREST or (after.cause in _CAME_IN and point.interest)
    ]


def _history(claim: Claim) -> list[Entry]:
    events = ClaimEvent.objects.filter(creditor_id=claim.creditor_id, claim_id=claim.id).order_by("-sequence")
    return [
        Entry(
            event.at,
            event_words(event.kind, event.facts),
            event.actor,
            cast('Literal["", "agency", "note", "money"]', event_ink(event.kind)),
        )
        for event in events
    ]
