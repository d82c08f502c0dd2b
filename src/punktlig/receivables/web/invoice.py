"""One invoice: its facts, its money, where it stands with the agency and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from punktlig import clock
from punktlig.receivables.actions.notes import add_note
from punktlig.receivables.records.company import Company, Role
from punktlig.receivables.records.debtor_sent import debtor_sent
from punktlig.receivables.records.handover import Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import AgencyState, CreditNote, Invoice, InvoiceLine, Payment
from punktlig.receivables.records.late_messages import silences
from punktlig.receivables.records.sending_facts import live_activation, prepare
from punktlig.receivables.records.told_money import WayBack, reversals_of, told_of, ways_back
from punktlig.receivables.web.customer_names import page_name
from punktlig.receivables.web.debtor_words import address_at_agency, differs_text
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.history_order import newest_first
from punktlig.receivables.web.history_words import entry_of
from punktlig.receivables.web.invoice_choices import acts_on, agency_name, reminder_url
from punktlig.receivables.web.invoice_left import left_of
from punktlig.receivables.web.invoice_lines import lines_of
from punktlig.receivables.web.invoice_road import card_of
from punktlig.receivables.web.invoice_standing import is_overdue, standing_of
from punktlig.receivables.web.payment_taking_back import ask_the_agency, asked_back
from punktlig.receivables.web.refusal_words import explained, told_refusal
from punktlig.receivables.web.reversal_words import why_refused
from punktlig.receivables.web.roles import may_send_required
from punktlig.receivables.web.sending_one import can_be_mended
from punktlig.receivables.web.silence_words import (
    SilenceText,
    commands_wait,
    events_wait,
    invoice_waits,
    reversals_wait,
)
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.receivables.records.customer import Customer
    from punktlig.receivables.records.debtor_sent import DebtorSent
    from punktlig.tenancy.http import TenantRequest

_MOST_HISTORY = 500


class NoteForm(PageForm):
    """A note to oneself and the colleagues."""

    text = forms.CharField(
        label=gettext_lazy("Anteckning"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Syns bara här hos er."),
    )


@dataclass(frozen=True)
class Booked:
    """Money on the invoice as the page lists it; `reported` until the agency has confirmed it, `told` if it knows.

    `taken_back` says when and by whom, or by whom it is asked for while it `is_asked_back`; `kept` why the agency would
    not. `take_back_url` is where it is done, and `ask` whom to ask instead.
    """

    day: date
    what: str
    amount_ore: int
    note: str
    told: bool = False
    reported: bool = False
    refused: bool = False
    is_taken_back: bool = False
    is_asked_back: bool = False
    taken_back: str = ""
    kept: str = ""
    take_back_url: str = ""
    ask: str = ""


@require_GET
def invoice(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Show the invoice."""
    return _page(request, _invoice(tenant, invoice), NoteForm())


@require_POST
@may_send_required
def invoice_notes(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Add a note."""
    found = _invoice(tenant, invoice)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    add_note(tenant, found.id, text=form.cleaned_data["text"], user=request.user, at=clock.now())
    return HttpResponseRedirect(f"{reverse('invoice', args=[tenant, found.id])}#historik")


def _invoice(tenant: UUID, invoice_id: UUID) -> Invoice:
    return get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes"), id=invoice_id, company_id=tenant
    )


def _page(request: TenantRequest, found: Invoice, form: NoteForm, *, status: int = 200) -> HttpResponse:
    today, tenant = clock.today(), request.tenant
    activation, company = live_activation(tenant), Company.objects.get(id=tenant)
    lines = list(InvoiceLine.objects.filter(company_id=tenant, invoice=found).order_by("position"))
    judged = prepare(tenant, [found.id], today=today) if found.state.may_be_sent and is_overdue(found, today) else []
    refusals = judged[0].refusals if judged else ()
    handover = _handover(found)
    sent = debtor_sent(handover, found.customer) if handover is not None else None
    events = _events(found) if not found.state.may_be_sent else []
    booked = _booked(found, ask_the_agency(activation), may_write=Role(request.role).may_send)
    context = {
        "invoice": found,
        "standing": standing_of(found, today=today, refusals=refusals),
        "left": left_of(
            found,
            events,
            not_counted_ore=sum(
                one.amount_ore for one in booked if (one.reported or one.refused) and not one.is_taken_back
            ),
            in_conflict=handover is not None and handover.state == HandoverState.CONFLICT,
        ),
        "customer_name": page_name(found.customer, role=request.role),
        "facts": _facts(found, found.customer, sent, role=request.role, today=today),
        "lines": lines_of(found, lines),
        "booked": booked,
        "acts": acts_on(found, activation, role=request.role, tenant=tenant, in_list=False),
        "card": _card(found, handover, events, today=today) if not found.state.may_be_sent else None,
        "differs": differs_text(sent) if found.state.is_live else "",
        "refusal": told_refusal(found.refusal_code, found.refusal_facts)
        if found.state is AgencyState.REFUSED
        else None,
        "silences": _silences(found, company),
        "obstacles": explained(refusals) if activation is not None else [],
        "mend_url": reminder_url(tenant, found.id) if Role(request.role).may_send else "",
        "can_be_mended": any(can_be_mended(one) for one in judged),
        "agency": agency_name(activation),
        "history": [entry_of(line, currency=found.currency) for line in _history(found)],
        "may_send": Role(request.role).may_send,
        "note_form": form,
        "freshness": freshness_of(company, today=today),
        "back": _back(found, tenant, today=today),
    }
    return render(request, "receivables/invoice/page.html", context, status=status)


def _silences(found: Invoice, company: Company) -> list[SilenceText]:
    """Return what the agency has not answered for so long that a person should know, and what it told in vain."""
    if found.state.may_be_sent:
        return []
    late = silences(found.company_id, invoice_id=found.id, at=clock.now())
    return [
        *([invoice_waits(late.handovers)] if late.handovers else []),
        *([commands_wait(late.commands)] if late.commands else []),
        *([reversals_wait(late.reversals)] if late.reversals else []),
        *([events_wait(company.events_wait_since)] if company.events_wait_since and found.state.is_live else []),
    ]


def _handover(found: Invoice) -> Handover | None:
    """Return the latest sending of the invoice."""
    return Handover.objects.filter(invoice=found).order_by("-created_at").first()


def _card(
    found: Invoice, handover: Handover | None, events: Sequence[HistoryLine], *, today: date
) -> Mapping[str, object]:
    card = card_of(found, handover, events, today=today)
    # After an hour the notice above says it, and more.
    is_told_above = found.state is AgencyState.SENDING and handover is not None and handover.is_late(clock.now())
    return {
        "next_text": card.next_text,
        "next_quiet": card.next_quiet,
        "next_date": card.next_date,
        "steps": card.steps,
        "note": "" if is_told_above else card.note,
    }


def _events(found: Invoice) -> list[HistoryLine]:
    """Return what the agency has told of the invoice."""
    told = HistoryLine.objects.filter(company_id=found.company_id, invoice=found, sequence__isnull=False)
    return list(told.defer("as_told"))


def _history(found: Invoice) -> list[HistoryLine]:
    lines = HistoryLine.objects.filter(company_id=found.company_id, invoice=found).order_by("-at", "-id")
    return newest_first(lines.defer("as_told")[:_MOST_HISTORY], sent_at=found.sent_at)


def _facts(found: Invoice, customer: Customer, sent: DebtorSent | None, *, role: str, today: date) -> list[Fact]:
    street = [line for line in customer.street.splitlines() if line.strip()]
    place = f"{customer.postcode} {customer.town}".strip()
    address = [*street, place] if place else street
    if customer.country not in ("", "SE"):
        address.append(writing.here().country(customer.country))
    number = writing.identity(customer.identity_number) if not customer.identity_is_protected else ""
    facts = [
        Fact(_("Kund"), tuple(filter(None, (page_name(customer, role=role), number)))),
        Fact(_("Adress"), tuple(address) if not customer.identity_is_protected else (_("Skyddade personuppgifter"),)),
        *(address_at_agency(sent) if not customer.identity_is_protected else ()),
        Fact(_("Fakturadatum"), (writing.day(found.issue_date),) if found.issue_date else ()),
        Fact(_("Förfallodag"), (writing.day(found.due_date),) if found.due_date else (), _since_due(found, today)),
        Fact(_("OCR"), (found.payment_reference,) if found.payment_reference else ()),
    ]
    if found.buyer_reference:
        facts.append(Fact(_("Er referens"), (found.buyer_reference,)))
    if found.deduction:
        kind = {"rot": _("ROT"), "rut": _("RUT")}.get(found.deduction, _("Grön teknik"))
        share = _("kundens del är inte angiven")
        if found.share_ore is not None:
            share = _("kundens del är %s") % writing.with_currency(found.share_ore)
        facts.append(Fact(_("Skattereduktion"), (kind,), share))
    return facts


def _since_due(found: Invoice, today: date) -> str:
    if found.due_date is None or found.remaining_ore <= 0:
        return ""
    days = (today - found.due_date).days
    if days > 0:
        return ngettext("%d dag sedan", "%d dagar sedan", days) % days
    if days == 0:
        return _("i dag")
    return ngettext("om %d dag", "om %d dagar", -days) % -days


def _booked(found: Invoice, ask: str, *, may_write: bool) -> list[Booked]:
    payments = list(Payment.objects.filter(invoice=found).select_related("taken_back_by").order_by("recorded_at", "id"))
    notes = list(CreditNote.objects.filter(invoice=found))
    standing = [one for one in payments if one.taken_back_at is None]
    known = told_of(found, [one.id for one in (*standing, *notes)])
    reversals = reversals_of(found) if known or payments != standing else {}
    ways = ways_back(found, standing, reversals)
    # What was told of a sending that was refused went along when the invoice was sent anew.
    told = Command.objects.filter(invoice=found, reverses__isnull=True).exclude(handover__state=HandoverState.REFUSED)
    states: dict[UUID, str] = dict(told.values_list("id", "state"))

    def row(one: Payment | CreditNote, what: str, note: str) -> Booked:
        state = states.get(one.id, "")
        return Booked(
            one.day,
            what,
            one.amount_ore,
            note,
            told=one.id in known,
            reported=state == CommandState.REQUESTED,
            refused=state == CommandState.REFUSED,
        )

    def payment_row(one: Payment) -> Booked:
        shown = row(one, _("Till ombudet") if one.by_agency else _("Till er"), one.note)
        if one.taken_back_at is not None:
            words = {"day": writing.day_and_month(one.taken_back_at)}
            if one.taken_back_by is None:
                text = _("Tillbakatagen %(day)s av ombudet.") % words
            else:
                text = _("Tillbakatagen %(day)s av %(name)s.") % {**words, "name": one.taken_back_by.get_full_name()}
            return replace(shown, is_taken_back=True, taken_back=text, told=bool(states.get(one.id)))
        way, reversal = ways[one.id], reversals.get(one.id)
        if way is WayBack.ASKED and reversal is not None:
            return replace(shown, is_asked_back=True, taken_back=asked_back(reversal))
        if reversal is not None and way is not WayBack.HERE:
            shown = replace(shown, kept=f"{_('Ombudet tog inte tillbaka den.')} {why_refused(reversal.refusal_code)}")
        if not may_write:
            return shown
        if way is WayBack.BY_AGENCY:
            return replace(shown, ask=ask)
        return replace(shown, take_back_url=reverse("payment_taking_back", args=[found.company_id, found.id, one.id]))

    rows = [payment_row(one) for one in payments]
    rows += [row(note, _("Kreditfaktura %s") % note.number, note.reason) for note in notes]
    return sorted(rows, key=lambda booked: booked.day)


def _back(found: Invoice, tenant: UUID, *, today: date) -> tuple[str, str]:
    """Return the tab of the list that the invoice lies in, as address and name."""
    url = reverse("invoices", args=[tenant])
    if found.state.is_live:
        return f"{url}?tab=agency", _("Hos ombudet")
    if found.remaining_ore <= 0:
        return f"{url}?tab=paid", _("Betalda")
    if is_overdue(found, today):
        return f"{url}?tab=overdue", _("Förfallna")
    return f"{url}?tab=unpaid", _("Obetalda")
