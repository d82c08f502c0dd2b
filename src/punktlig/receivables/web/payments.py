"""Booking a payment or a credit note on an invoice, and saying through which day payments are booked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.credit_notes import record_credit_note
from punktlig.receivables.actions.payments import book_payments_through, record_payment
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.ledger_refusals import (
    CreditExceedsInvoice,
    CreditNoteAmountUnclear,
    CreditNoteNumberTaken,
    PaymentExceedsRemaining,
    PaymentIsAhead,
    PaymentIsNotPositive,
    PaymentIsTakenBack,
    PaymentJustRecorded,
)
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.receivables.web.customer_names import page_name
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.freshness import freshness_of
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.invoice_left import at_agency
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.forms import AmountField, DayField, PageForm, this_day
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest


class PaymentForm(PageForm):
    """A payment. The two ticks are asked for only when the payment was refused for want of them."""

    amount = AmountField(label=gettext_lazy("Belopp i kronor"), least=Money(1))
    day = DayField(
        label=gettext_lazy("Betaldag"),
        not_after=this_day,
        help_text=gettext_lazy("Den dag då pengarna kom in på ert konto."),
    )
    note = forms.CharField(label=gettext_lazy("Anteckning"), max_length=200, required=False)
    may_exceed = forms.BooleanField(label=gettext_lazy("Boka hela beloppet på den här fakturan"), required=False)
    is_another = forms.BooleanField(label=gettext_lazy("Det är en till betalning"), required=False)
    form_token = forms.UUIDField(widget=forms.HiddenInput)


class CreditNoteForm(PageForm):
    """A credit note."""

    number = forms.CharField(label=gettext_lazy("Kreditfakturans nummer"), max_length=60)
    amount = AmountField(
        label=gettext_lazy("Belopp i kronor, med moms"),
        least=Money(1),
        help_text=gettext_lazy("Så mycket sänks fakturan. Skriv det utan minustecken."),
    )
    day = DayField(label=gettext_lazy("Kreditfakturans datum"), not_after=this_day)
    reason = forms.CharField(label=gettext_lazy("Varför"), max_length=200, required=False)


class PaymentsThroughForm(PageForm):
    """Through which day the company's payments are booked."""

    day = DayField(
        label=gettext_lazy("Betalningar är bokförda till och med"),
        not_after=this_day,
        help_text=gettext_lazy(
            "Den sista dag vars alla inbetalningar är bokförda. Den visas innan något skickas, så att ingen påminns i "
            "onödan."
        ),
    )


@require_http_methods(["GET", "POST"])
@may_send_required
def invoice_payments(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Show the form of a payment, and book it."""
    found = _invoice(tenant, invoice)
    if request.method != "POST":
        initial = {"day": clock.today(), "form_token": uuid4()}
        if (left := found.remaining_ore if found.remaining_ore > 0 else at_agency(found) or 0) > 0:
            initial["amount"] = Money(left)
        return _payment_page(request, found, PaymentForm(initial=initial))
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _payment_page(request, found, form, status=422)
    told = form.cleaned_data
    try:
        payment = record_payment(
            tenant,
            found.id,
            told["day"],
            told["amount"],
            note=told["note"],
            form_token=told["form_token"],
            may_exceed=told["may_exceed"],
            is_another=told["is_another"],
            user=request.user,
            today=clock.today(),
            at=clock.now(),
        )
    except Refusal as refusal:
        refuse_in(form, refusal, _PAYMENT_FIELDS)
        if isinstance(refusal, PaymentIsTakenBack):
            # Sent once more, after the person has read that, it is another payment.
            again = request.POST.copy()
            again["form_token"] = str(uuid4())
            form.data = again
        return _payment_page(request, found, form, status=422)
    words = {"amount": writing.with_currency(payment.amount_ore, found.currency), "number": found.number}
    messages.success(request, _("Betalningen %(amount)s på faktura %(number)s är bokförd.") % words)
    return HttpResponseRedirect(reverse("invoice", args=[tenant, found.id]))


@require_http_methods(["GET", "POST"])
@may_send_required
def invoice_credit_notes(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Show the form of a credit note, and book it."""
    found = _invoice(tenant, invoice)
    if request.method != "POST":
        return _credit_page(request, found, CreditNoteForm(initial={"day": clock.today()}))
    form = CreditNoteForm(request.POST)
    if not form.is_valid():
        return _credit_page(request, found, form, status=422)
    told = form.cleaned_data
    try:
        note = record_credit_note(
            tenant,
            found.id,
            told["number"],
            told["day"],
            told["amount"],
            reason=told["reason"],
            user=request.user,
            today=clock.today(),
            at=clock.now(),
        )
    except Refusal as refusal:
        refuse_in(form, refusal, _CREDIT_FIELDS)
        return _credit_page(request, found, form, status=422)
    amount = writing.with_currency(note.amount_ore, found.currency)
    words = {"number": note.number, "amount": amount, "invoice": found.number}
    messages.success(request, _("Kreditfaktura %(number)s på %(amount)s är bokförd på faktura %(invoice)s.") % words)
    return HttpResponseRedirect(reverse("invoice", args=[tenant, found.id]))


@require_http_methods(["GET", "POST"])
@may_send_required
def payments_through(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Ask through which day payments are booked, and keep it."""
    company = Company.objects.get(id=tenant)
    back = _next(request)
    form = PaymentsThroughForm(request.POST) if request.method == "POST" else PaymentsThroughForm()
    if request.method == "POST" and form.is_valid():
        try:
            book_payments_through(tenant, form.cleaned_data["day"], today=clock.today(), at=clock.now())
        except Refusal as refusal:
            refuse_in(form, refusal, {})
        else:
            words = {"day": writing.day_and_month(form.cleaned_data["day"])}
            messages.success(request, _("Betalningar är bokförda till och med %(day)s.") % words)
            return HttpResponseRedirect(back)
    context = {"form": form, "back": back, "freshness": freshness_of(company, today=clock.today())}
    return render(request, "receivables/payments/through.html", context, status=422 if form.errors else 200)


_PAYMENT_FIELDS: dict[type[Refusal], str] = {
    PaymentIsNotPositive: "amount",
    PaymentIsAhead: "day",
    PaymentExceedsRemaining: "may_exceed",
    PaymentJustRecorded: "is_another",
}
_CREDIT_FIELDS: dict[type[Refusal], str] = {
    CreditNoteAmountUnclear: "amount",
    CreditExceedsInvoice: "amount",
    CreditNoteNumberTaken: "number",
    PaymentIsAhead: "day",
}


def _invoice(tenant: UUID, invoice_id: UUID) -> Invoice:
    return get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes", "notes"), id=invoice_id, company_id=tenant
    )


def _payment_page(request: TenantRequest, found: Invoice, form: PaymentForm, *, status: int = 200) -> HttpResponse:
    context = {
        **_shown(found, request.role),
        "form": form,
        "asks_to_exceed": bool(form["may_exceed"].errors or form["may_exceed"].value()),
        "asks_for_another": bool(form["is_another"].errors or form["is_another"].value()),
    }
    return render(request, "receivables/payments/payment.html", context, status=status)


def _credit_page(request: TenantRequest, found: Invoice, form: CreditNoteForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "receivables/payments/credit_note.html", {**_shown(found, request.role), "form": form}, status=status
    )


def _shown(found: Invoice, role: str) -> dict[str, object]:
    owed, left = (writing.with_currency(ore, found.currency) for ore in (found.owed_ore, found.remaining_ore))
    facts = [
        Fact(_("Kund"), (page_name(found.customer, role=role),)),
        Fact(_("Fakturan"), (owed,), _("kundens del") if found.share_ore is not None else ""),
        Fact(_("Kvar att betala"), (left,)),
        *_at_agency(found),
        Fact(_("Förfallodag"), (writing.day(found.due_date),) if found.due_date else ()),
    ]
    is_sent = not found.state.may_be_sent
    return {
        "invoice": found,
        "facts": facts,
        "is_sent": is_sent,
        "agency": agency_name(live_activation(found.company_id)) if is_sent else "",
    }


def _at_agency(found: Invoice) -> list[Fact]:
    """Return what is left at the agency, which a customer who pays by the letter pays."""
    left, day = at_agency(found), found.claim_balance_day
    if left is None or day is None or left == found.remaining_ore:
        return []
    when = _("med ränta och avgifter till och med %s") % writing.day_and_month(day)
    return [Fact(_("Kvar hos ombudet"), (writing.with_currency(left),), when)]


def _next(request: TenantRequest) -> str:
    """Return where the person came from, when that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("invoices", args=[request.tenant])
