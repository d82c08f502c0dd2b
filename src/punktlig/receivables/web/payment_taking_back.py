"""Taking back a payment that was booked by mistake: what it means is shown, and confirmed once."""

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
from punktlig.receivables.records.invoice import Invoice, Payment
from punktlig.receivables.records.ledger_refusals import PaymentIsWithAgency
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.receivables.records.told_money import told_of
from punktlig.receivables.web.customer_names import page_name
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.letter_preview import agency_of
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.receivables.records.activation import Activation
    from punktlig.tenancy.http import TenantRequest


@require_http_methods(["GET", "POST"])
@may_send_required
def payment_taking_back(request: TenantRequest, tenant: UUID, invoice: UUID, payment: UUID) -> HttpResponse:
    """Show what it means to take the payment back, and take it back."""
    found = get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes", "notes"), id=invoice, company_id=tenant
    )
    booked = get_object_or_404(Payment, id=payment, invoice=found, company_id=tenant)
    if request.method == "POST":
        try:
            booked = take_back_payment(tenant, found.id, booked.id, user=request.user, at=clock.now())
        except PaymentIsWithAgency:
            # It was handed over since the page was shown.
            return _page(request, found, booked, is_told=True, status=422)
    if booked.taken_back_at is not None:
        words = {"amount": writing.with_currency(booked.amount_ore, found.currency), "number": found.number}
        messages.success(request, _("Betalningen %(amount)s på faktura %(number)s är tillbakatagen.") % words)
        return HttpResponseRedirect(reverse("invoice", args=[tenant, found.id]))
    return _page(request, found, booked, is_told=booked.by_agency or bool(told_of(found, [booked.id])))


def ask_the_agency(activation: Activation | None) -> str:
    """Return whom to ask about a payment that the agency knows of, with the number to call when it has told one."""
    words, agency = {"agency": agency_name(activation)}, agency_of(activation)
    if agency is None or not agency.telephone:
        return _("Ombudet har fått veta om den. Är den fel: ring %(agency)s.") % words
    words["telephone"] = agency.telephone
    return _("Ombudet har fått veta om den. Är den fel: ring %(agency)s, %(telephone)s.") % words


def _page(request: TenantRequest, found: Invoice, booked: Payment, *, is_told: bool, status: int = 200) -> HttpResponse:
    def money(ore: int) -> str:
        return writing.with_currency(ore, found.currency)

    facts = [
        Fact(_("Kund"), (page_name(found.customer, role=request.role),)),
        Fact(_("Betaldag"), (writing.day(booked.day),)),
        Fact(_("Betalning"), (money(booked.amount_ore),), booked.note),
        Fact(_("Kvar att betala nu"), (money(found.remaining_ore),)),
    ]
    if not is_told:
        facts.append(Fact(_("Kvar att betala efteråt"), (money(found.remaining_ore + booked.amount_ore),)))
    context = {
        "invoice": found,
        "facts": facts,
        "ask": ask_the_agency(live_activation(found.company_id)) if is_told else "",
    }
    return render(request, "receivables/payments/taking_back.html", context, status=status)
