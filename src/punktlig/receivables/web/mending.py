"""Mending in place what stands in the way of a letter: the address, what sort of customer it is, the share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from punktlig import clock
from punktlig.core.deduction import CustomerShareOutsideInvoice
from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.customers import Address, mend_address, mend_kind
from punktlig.receivables.actions.invoices import mend_share
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.ledger_refusals import ChangeLeavesLessThanPaid
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.roles import may_send_required
from punktlig.receivables.web.sending_one import AddressForm, KindForm, ShareForm

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest
    from punktlig.ui.forms import PageForm


@require_POST
@may_send_required
def customer_address(request: TenantRequest, tenant: UUID, customer: UUID) -> HttpResponse:
    """Change where letters reach the customer, and go back to what was being sent."""
    found = get_object_or_404(Customer, id=customer, company_id=tenant)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form, _("Rätta adressen"))
    told = form.cleaned_data
    mend_address(
        tenant,
        found.id,
        Address(
            street=told["street"],
            postcode=told["postcode"],
            town=told["town"],
            country=told["country"] or found.country,
        ),
        user=request.user,
        at=clock.now(),
    )
    messages.success(request, _("Adressen till %s är rättad.") % found.name)
    return _back(request)


@require_POST
@may_send_required
def customer_kind(request: TenantRequest, tenant: UUID, customer: UUID) -> HttpResponse:
    """Say what sort of customer it is, and go back to what was being sent."""
    found = get_object_or_404(Customer, id=customer, company_id=tenant)
    form = KindForm(request.POST)
    if form.is_valid():
        kind = DebtorKind(form.cleaned_data["kind"])
        try:
            mend_kind(tenant, found.id, kind, user=request.user, today=clock.today(), at=clock.now())
        except Refusal as refusal:
            refuse_in(form, refusal, {type(refusal): "kind"})
        else:
            messages.success(request, _("Det är antecknat vem %s är.") % found.name)
            return _back(request)
    return _again(request, found, form, _("Vem är kunden?"))


@require_POST
@may_send_required
def invoice_share(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Say how much the customer owes itself, and go back to what was being sent."""
    found = get_object_or_404(Invoice.objects.select_related("customer"), id=invoice, company_id=tenant)
    form = ShareForm(request.POST)
    if form.is_valid():
        try:
            mend_share(
                tenant,
                found.id,
                form.cleaned_data["share"],
                is_confirmed=form.cleaned_data["knows_of_change"],
                user=request.user,
                at=clock.now(),
            )
        except Refusal as refusal:
            refuse_in(form, refusal, {CustomerShareOutsideInvoice: "share", ChangeLeavesLessThanPaid: "share"})
        else:
            messages.success(request, _("Kundens del av faktura %s är angiven.") % found.number)
            return _back(request)
    return _again(request, found.customer, form, _("Kundens egen del"))


def _again(request: TenantRequest, customer: Customer, form: PageForm, title: str) -> HttpResponse:
    context = {"customer": customer, "form": form, "title": title, "back": _next(request)}
    return render(request, "receivables/sending/mend.html", context, status=422)


def _back(request: TenantRequest) -> HttpResponse:
    return HttpResponseRedirect(_next(request))


def _next(request: TenantRequest) -> str:
    """Return where the person came from, when that is a page of ours."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("invoices", args=[request.tenant])
