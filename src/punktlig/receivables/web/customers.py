"""Customers: the list, the page of one with its invoices, and the forms to enter and change one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from punktlig import clock
from punktlig.core.parties import (
    SWEDEN,
    DebtorKind,
    DebtorKindContradicted,
    IdentityNumberUnreadable,
    debtor_from,
)
from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.customers import Address, CustomerEntry, change_customer, create_customer
from punktlig.receivables.records.company import Role
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.customer_queries import CustomerOrder, Owing, customer_page, owing_of
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.ledger_refusals import CustomerNameMissing, CustomerNumberTaken
from punktlig.receivables.web.customer_names import may_see, shown_name
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.invoice_standing import Standing, standing_of
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.countries import country_choices
from punktlig.ui.forms import PageForm
from punktlig.ui.parts import Column, Fact

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest

_INVOICES_SHOWN = 100
# As of a customer that an imported file brings, whose language nobody has chosen.
_BY_COUNTRY = "by_country"


class CustomerForm(PageForm):
    """Everything that is known of a customer."""

    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    number = forms.CharField(
        label=gettext_lazy("Kundnummer"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Lämna tomt för nästa lediga."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Vem är kunden?"),
        required=False,
        choices=lambda: [
            ("", _("Framgår av person- eller organisationsnumret")),
            (DebtorKind.CONSUMER.value, _("Privatperson")),
            (DebtorKind.TRADER.value, _("Företag eller annan näringsidkare")),
            (DebtorKind.PUBLIC_BODY.value, _("Kommun, region eller myndighet")),
        ],
    )
    identity_number = forms.CharField(
        label=gettext_lazy("Person- eller organisationsnummer"), max_length=30, required=False
    )
    vat_number = forms.CharField(label=gettext_lazy("Momsnummer"), max_length=30, required=False)
    street = forms.CharField(
        label=gettext_lazy("Gatuadress eller box"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )
    postcode = forms.CharField(label=gettext_lazy("Postnummer"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=100, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Land"), choices=country_choices, initial=SWEDEN)
    email = forms.EmailField(label=gettext_lazy("E-post"), required=False)
    telephone = forms.CharField(label=gettext_lazy("Telefon"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Brev skrivs på"),
        choices=lambda: [
            (_BY_COUNTRY, _("svenska i Sverige, annars engelska")),
            ("sv", _("svenska")),
            ("en", _("engelska")),
        ],
        initial=_BY_COUNTRY,
    )
    identity_is_protected = forms.BooleanField(
        label=gettext_lazy("Kunden har skyddade personuppgifter"),
        required=False,
        help_text=gettext_lazy(
            "Namn och adress visas inte i listor, och inga brev skickas utan att en person har sett dem."
        ),
    )

    def entry(self) -> CustomerEntry:
        """Return what was entered; only for a valid form."""
        told = self.cleaned_data
        by_country = "sv" if told["country"] == SWEDEN else "en"
        return CustomerEntry(
            name=told["name"],
            number=told["number"],
            kind=DebtorKind(told["kind"]) if told["kind"] else None,
            identity_number=told["identity_number"],
            vat_number=told["vat_number"],
            address=Address(
                street=told["street"], postcode=told["postcode"], town=told["town"], country=told["country"]
            ),
            email=told["email"],
            telephone=told["telephone"],
            language=by_country if told["language"] == _BY_COUNTRY else told["language"],
            identity_is_protected=told["identity_is_protected"],
        )


@dataclass(frozen=True)
class Row:
    """A customer in the list; a protected one is shown by its number alone."""

    customer: Customer
    name: str
    place: str
    owing: Owing


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice on the customer's page."""

    invoice: Invoice
    standing: Standing


@require_GET
def customers(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the list."""
    search = request.GET.get("q", "").replace("\0", "")[:100]
    order = _order(request.GET.get("sort", ""))
    page = customer_page(tenant, search=search, order=order, mark=request.GET.get("after", ""))
    owing = owing_of(tenant, [customer.id for customer in page.rows])
    rows = [
        Row(customer, shown_name(customer), shown_place(customer), owing.get(customer.id, Owing()))
        for customer in page.rows
    ]

    def url(**changes: str) -> str:
        told = {"q": search, "sort": order.value if order is not CustomerOrder.NAME else ""} | changes
        return f"?{urlencode({name: value for name, value in told.items() if value})}"

    context = {
        "rows": rows,
        "search": search,
        "columns": [
            Column(_("Kund"), url(sort=""), "ascending" if order is CustomerOrder.NAME else ""),
            Column(_("Kundnummer"), url(sort="number"), "ascending" if order is CustomerOrder.NUMBER else ""),
            Column(_("Ort")),
            Column(_("Obetalda"), num=True),
            Column(_("Kvar att betala"), num=True),
        ],
        "earlier_url": url(after=page.previous) if page.previous else "",
        "later_url": url(after=page.next) if page.next else "",
        "may_send": Role(request.role).may_send,
    }
    return render(request, "receivables/customers/list.html", context)


@require_GET
def customer(request: TenantRequest, tenant: UUID, customer: UUID) -> HttpResponse:
    """Show one customer and its invoices, the unpaid first."""
    found = _customer(tenant, customer)
    today = clock.today()
    of_customer = Invoice.objects.filter(company_id=tenant, customer=found).defer("source_bytes", "notes")
    invoices = list(of_customer.order_by("-issue_date", "-id")[:_INVOICES_SHOWN])
    context = {
        "customer": found,
        "name": found.name if may_see(found, role=request.role) else shown_name(found),
        "facts": _facts(found, may_see=may_see(found, role=request.role), today=today),
        "owing": owing_of(tenant, [found.id]).get(found.id, Owing()),
        "invoices": [InvoiceRow(invoice, standing_of(invoice, today=today)) for invoice in invoices],
        "is_cut": len(invoices) == _INVOICES_SHOWN,
        "may_send": Role(request.role).may_send,
    }
    return render(request, "receivables/customers/page.html", context)


@require_http_methods(["GET", "POST"])
@may_send_required
def customer_new(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show an empty form, and enter the customer."""
    form = CustomerForm(request.POST) if request.method == "POST" else CustomerForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = create_customer(tenant, form.entry(), today=clock.today())
        except Refusal as refusal:
            refuse_in(form, refusal, _fields(form))
        else:
            messages.success(request, _("Kunden %s är inlagd.") % made.name)
            return HttpResponseRedirect(reverse("customer", args=[tenant, made.id]))
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@may_send_required
def customer_edit(request: TenantRequest, tenant: UUID, customer: UUID) -> HttpResponse:
    """Show the customer in a form, and change it."""
    found = _customer(tenant, customer)
    form = CustomerForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_customer(tenant, found.id, form.entry(), user=request.user, today=clock.today(), at=clock.now())
        except Refusal as refusal:
            refuse_in(form, refusal, _fields(form))
        else:
            messages.success(request, _("Kundens uppgifter är sparade."))
            return HttpResponseRedirect(reverse("customer", args=[tenant, found.id]))
    return _form_page(request, form, found)


_FIELDS: dict[type[Refusal], str] = {
    CustomerNameMissing: "name",
    CustomerNumberTaken: "number",
    IdentityNumberUnreadable: "identity_number",
    DebtorKindContradicted: "kind",
}


def _fields(form: CustomerForm) -> dict[type[Refusal], str]:
    """Return where each refusal stands; without another number it is the VAT number that told who the customer is."""
    told_by_vat = not form.cleaned_data["identity_number"] and bool(form.cleaned_data["vat_number"])
    return _FIELDS | ({IdentityNumberUnreadable: "vat_number"} if told_by_vat else {})


def shown_place(customer: Customer) -> str:
    """Return where the customer lives as lists show it."""
    if customer.identity_is_protected:
        return ""
    abroad = customer.country not in ("", SWEDEN)
    return ", ".join(filter(None, [customer.town, writing.here().country(customer.country) if abroad else ""]))


def _order(written: str) -> CustomerOrder:
    try:
        return CustomerOrder(written)
    except ValueError:
        return CustomerOrder.NAME


def _customer(tenant: UUID, customer_id: UUID) -> Customer:
    return get_object_or_404(Customer, id=customer_id, company_id=tenant)


def _form_page(request: TenantRequest, form: CustomerForm, found: Customer | None) -> HttpResponse:
    return render(
        request,
        "receivables/customers/form.html",
        {"form": form, "customer": found},
        status=422 if form.errors else 200,
    )


def _initial(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in CustomerForm.base_fields}


def _kind(customer: Customer, today: date) -> Fact:
    """Return what kind of customer it is: as somebody has said, else as the number tells when it does."""
    kinds = {
        DebtorKind.CONSUMER: _("Privatperson"),
        DebtorKind.TRADER: _("Företag"),
        DebtorKind.PUBLIC_BODY: _("Offentligt organ"),
    }
    said = customer.debtor_kind
    told = None if said else _told_kind(customer, today)
    kind = said or told
    by_number = _("framgår av numret") if told and customer.identity_number else ""
    return Fact(_("Vem är kunden?"), (kinds[kind],) if kind else (), by_number)


def _told_kind(customer: Customer, today: date) -> DebtorKind | None:
    try:
        return debtor_from(customer.party(), None, today=today).kind
    except Refusal:
        return None


def _facts(customer: Customer, *, may_see: bool, today: date) -> list[Fact]:
    protected = (_("Skyddade personuppgifter"),)
    street = [line for line in customer.street.splitlines() if line.strip()]
    place = f"{customer.postcode} {customer.town}".strip()
    country = "" if customer.country in ("", SWEDEN) else writing.here().country(customer.country)
    address = tuple(filter(None, [*street, place, country]))
    number = writing.identity(customer.identity_number)
    return [
        Fact(_("Kundnummer"), (customer.number,)),
        _kind(customer, today),
        Fact(_("Person- eller organisationsnummer"), ((number,) if number else ()) if may_see else protected),
        Fact(_("Adress"), address if may_see else protected),
        Fact(_("E-post"), ((customer.email,) if customer.email else ()) if may_see else protected),
        Fact(_("Telefon"), ((customer.telephone,) if customer.telephone else ()) if may_see else protected),
        Fact(_("Brev skrivs på"), (_("engelska") if customer.language == "en" else _("svenska"),)),
    ]
