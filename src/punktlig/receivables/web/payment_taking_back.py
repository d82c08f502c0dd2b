"""Taking back a payment that was booked by mistake: what it means is shown, and confirmed once.

One that the agency was told of by a command is taken back there too, when it has answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.receivables.actions.payments import take_back_payment
from punktlig.receivables.records.invoice import AgencyState, Invoice, Payment
from punktlig.receivables.records.ledger_refusals import PaymentIsWithAgency
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.receivables.records.told_money import WayBack, ways_back
from punktlig.receivables.web.customer_names import page_name
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.letter_preview import agency_of
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.handover import Command
    from punktlig.tenancy.http import TenantRequest


@require_http_methods(["GET", "POST"])
@may_send_required
def payment_taking_back(request: TenantRequest, tenant: UUID, invoice: UUID, payment: UUID) -> HttpResponse:
    """Show what it means to take the payment back, and take it back."""
    found = get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes", "notes"), id=invoice, company_id=tenant
    )
    booked = get_object_or_404(Payment, id=payment, invoice=found, company_id=tenant)
    agency = agency_name(live_activation(tenant))
    way = None if booked.taken_back_at is not None else ways_back(found, [booked])[booked.id]
    if request.method == "POST":
        try:
            booked = take_back_payment(
                tenant, found.id, booked.id, user=request.user, today=clock.today(), at=clock.now()
            )
        except PaymentIsWithAgency:
            # It was handed over since the page was shown.
            return _page(request, found, booked, WayBack.BY_AGENCY, status=422)
        way = None if booked.taken_back_at is not None else WayBack.ASKED
    words = {
        "amount": writing.with_currency(booked.amount_ore, found.currency),
        "number": found.number,
        "agency": agency,
    }
    if way is None:
        messages.success(request, _("Betalningen %(amount)s på faktura %(number)s är tillbakatagen.") % words)
    elif way is WayBack.ASKED:
        told = _("%(agency)s får veta att betalningen %(amount)s på faktura %(number)s tas tillbaka.") % words
        messages.success(request, f"{told} {_('Den räknas tills ombudet har svarat.')}")
    else:
        return _page(request, found, booked, way)
    return HttpResponseRedirect(reverse("invoice", args=[tenant, found.id]))


def asked_back(reversal: Command) -> str:
    """Return who has asked when for a payment to be taken back that the agency still counts."""
    words = {
        "day": writing.day_and_month(reversal.created_at),
        "name": reversal.asked_by.get_full_name() if reversal.asked_by is not None else "",
    }
    return f"{_('Tas tillbaka, på begäran %(day)s av %(name)s.') % words} {_('Den räknas tills ombudet har svarat.')}"


def ask_the_agency(activation: Activation | None) -> str:
    """Return whom to ask about a payment that the agency knows of, with the number to call when it has told one."""
    words, agency = {"agency": agency_name(activation)}, agency_of(activation)
    if agency is None or not agency.telephone:
        return _("Ombudet har fått veta om den. Är den fel: ring %(agency)s.") % words
    words["telephone"] = agency.telephone
    return _("Ombudet har fått veta om den. Är den fel: ring %(agency)s, %(telephone)s.") % words


def _page(request: TenantRequest, found: Invoice, booked: Payment, way: WayBack, *, status: int = 200) -> HttpResponse:
    def money(ore: int) -> str:
        return writing.with_currency(ore, found.currency)

    facts = [
        Fact(_("Kund"), (page_name(found.customer, role=request.role),)),
        Fact(_("Betaldag"), (writing.day(booked.day),)),
        Fact(_("Betalning"), (money(booked.amount_ore),), booked.note),
        Fact(_("Kvar att betala nu"), (money(found.remaining_ore),)),
    ]
    activation = live_activation(found.company_id)
    if way is not WayBack.BY_AGENCY:
        facts.append(Fact(_("Kvar att betala efteråt"), (money(found.remaining_ore + booked.amount_ore),)))
    context = {
        "invoice": found,
        "facts": facts,
        "ask": ask_the_agency(activation) if way is WayBack.BY_AGENCY else "",
        "agency": agency_name(activation),
        "is_told": way is WayBack.TOLD,
        "is_paid": found.state is AgencyState.PAID,
    }
    return render(request, "receivables/payments/taking_back.html", context, status=status)
