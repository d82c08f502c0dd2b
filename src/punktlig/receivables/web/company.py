"""The company's settings: its facts, what it has agreed with the agency, and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from stdnum import iban

from punktlig import clock
from punktlig.core.refusal import Refusal
from punktlig.formats.giro import NotAGiroNumber, parse_bankgiro, parse_plusgiro
from punktlig.receivables.actions.company import CompanyFacts, change_company
from punktlig.receivables.actions.members import add_member, remove_member
from punktlig.receivables.records.activation import Activation, TraderCharge
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.receivables.records.sending_facts import live_activation, newest_terms
from punktlig.receivables.web.activation_forms import FeesForm, written_account
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.parts import Fact
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest

_ROLES = (
    (Role.OWNER.value, gettext_lazy("Ägare: allt, och bestämmer vilka som är med")),
    (Role.SALES.value, gettext_lazy("Försäljning: aktiverar, skickar och registrerar")),
    (Role.READER.value, gettext_lazy("Läsbehörighet: ser, ändrar inget")),
)


class CompanyForm(PageForm):
    """The company's facts."""

    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    vat_number = forms.CharField(label=gettext_lazy("Momsregistreringsnummer"), max_length=20, required=False)
    street = forms.CharField(label=gettext_lazy("Gatuadress eller box"), max_length=200, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postnummer"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=100, required=False)
    email = forms.EmailField(label=gettext_lazy("E-post"), required=False)
    telephone = forms.CharField(label=gettext_lazy("Telefon"), max_length=40, required=False)
    bankgiro = forms.CharField(label=gettext_lazy("Bankgiro"), max_length=20, required=False)
    plusgiro = forms.CharField(label=gettext_lazy("Plusgiro"), max_length=20, required=False)
    iban = forms.CharField(label=gettext_lazy("IBAN"), max_length=40, required=False)

    def clean_bankgiro(self) -> str:
        """Return the digits."""
        try:
            return parse_bankgiro(self.cleaned_data["bankgiro"]) if self.cleaned_data["bankgiro"] else ""
        except NotAGiroNumber:
            raise ValidationError(_("Det är inget bankgironummer: kontrollera siffrorna."), code="invalid") from None

    def clean_plusgiro(self) -> str:
        """Return the digits."""
        try:
            return parse_plusgiro(self.cleaned_data["plusgiro"]) if self.cleaned_data["plusgiro"] else ""
        except NotAGiroNumber:
            raise ValidationError(_("Det är inget plusgironummer: kontrollera siffrorna."), code="invalid") from None

    def clean_iban(self) -> str:
        """Return the number without spaces."""
        number: str = self.cleaned_data["iban"]
        if number and not iban.is_valid(number):
            raise ValidationError(_("Det är inget IBAN: kontrollera siffrorna."), code="invalid")
        return str(iban.compact(number))


class MemberForm(PageForm):
    """A person to be added."""

    email = forms.EmailField(label=gettext_lazy("E-post"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    role = forms.ChoiceField(label=gettext_lazy("Roll"), choices=_ROLES, widget=forms.RadioSelect)


@require_safe
def company(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the settings."""
    ours = get_object_or_404(Company, id=tenant)
    return _page(request, ours, MemberForm(initial={"role": Role.SALES.value}))


@require_http_methods(["GET", "POST"])
@may_send_required
def facts(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the form of the company's facts, and change them."""
    ours = get_object_or_404(Company, id=tenant)
    initial = {name: getattr(ours, name) for name in CompanyForm.base_fields}
    for kind in ("bankgiro", "plusgiro", "iban"):
        initial[kind] = written_account(kind, initial[kind])
    form = CompanyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_company(tenant, CompanyFacts(**form.cleaned_data))
        messages.success(request, _("Uppgifterna är sparade."))
        return HttpResponseRedirect(reverse("company", args=[tenant]))
    status = 422 if request.method == "POST" else 200
    return render(request, "receivables/company/facts.html", {"form": form, "company": ours}, status=status)


@require_POST
def members(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Add a person, or give one another role."""
    _owner_only(request)
    ours, form = get_object_or_404(Company, id=tenant), MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, ours, form, status=422)
    try:
        add_member(tenant, form.cleaned_data["email"], form.cleaned_data["name"], role=form.cleaned_data["role"])
    except Refusal as refusal:
        form.add_error(None, explain_refusal(refusal, "sv" if get_language() == "sv" else "en").what)
        return _page(request, ours, form, status=422)
    messages.success(
        request,
        _("%(name)s är med. Lösenordet väljs med ”Glömt lösenordet?” på inloggningssidan.")
        % {"name": form.cleaned_data["name"]},
    )
    return HttpResponseRedirect(reverse("company", args=[tenant]))


@require_POST
def member_removal(request: TenantRequest, tenant: UUID, member: UUID) -> HttpResponse:
    """Take a person's role away."""
    _owner_only(request)
    try:
        remove_member(tenant, get_object_or_404(Member, company_id=tenant, id=member).id)
    except Refusal as refusal:
        text = explain_refusal(refusal, "sv" if get_language() == "sv" else "en")
        messages.error(request, f"{text.what} {text.todo}")
    return HttpResponseRedirect(reverse("company", args=[tenant]))


@require_safe
def agreed_terms(request: TenantRequest, tenant: UUID, version: str) -> HttpResponse:
    """Show a version of the terms that the company has accepted."""
    accepted = (
        Activation.objects.filter(company_id=tenant, terms_id=version)
        .select_related("terms", "accepted_by", "company")
        .order_by("accepted_at")
        .first()
    )
    if accepted is None:
        return HttpResponseRedirect(reverse("company", args=[tenant]))
    language = "sv" if get_language() == "sv" else "en"
    shown = {"accepted": accepted, "terms_template": f"receivables/terms/{accepted.terms_id}.{language}.html"}
    return render(request, "receivables/company/terms.html", shown)


def _owner_only(request: TenantRequest) -> None:
    if request.role != Role.OWNER:
        raise PermissionDenied


def _page(request: TenantRequest, ours: Company, form: MemberForm, *, status: int = 200) -> HttpResponse:
    activation = live_activation(ours.id)
    newest = newest_terms(clock.today())
    context: dict[str, Any] = {
        "company": ours,
        "facts": _facts(ours),
        "activation": activation,
        "agreed": _agreed(activation) if activation else [],
        "terms_changed": bool(activation and newest and activation.terms_id != newest.version),
        "agency": agency_name(activation),
        "members": Member.objects.filter(company=ours).select_related("user").order_by("user__name"),
        "roles": dict(_ROLES),
        "form": form,
        "may_send": Role(request.role).may_send,
        "is_owner": request.role == Role.OWNER,
    }
    return render(request, "receivables/company/page.html", context, status=status)


def _facts(ours: Company) -> list[Fact]:
    accounts = [
        f"{kind.capitalize() if kind != 'iban' else 'IBAN'} {written_account(kind, number)}"
        for kind, number in (("bankgiro", ours.bankgiro), ("plusgiro", ours.plusgiro), ("iban", ours.iban))
        if number
    ]
    return [
        Fact(_("Företag"), (ours.name, writing.identity(ours.organisation_number))),
        Fact(_("Adress"), tuple(line for line in (ours.street, f"{ours.postcode} {ours.town}".strip()) if line)),
        Fact(_("Kontakt"), tuple(line for line in (ours.email, ours.telephone) if line)),
        Fact(_("Konton"), tuple(accounts)),
    ]


def _agreed(activation: Activation) -> list[Fact]:
    fee, due = activation.reminder_fee_agreed_since, activation.due_date_agreed_since
    charges = dict(FeesForm.TRADER_CHARGES)
    return [
        Fact(_("Kontakt hos er"), (activation.contact_name, activation.contact_email, activation.contact_telephone)),
        Fact(
            _("Utbetalning till"),
            (f"{activation.account_kind} {written_account(activation.account_kind, activation.account_number)}",),
        ),
        Fact(_("Påminnelseavgift avtalad"), (_("sedan %(day)s") % {"day": writing.day(fee)} if fee else _("nej"),)),
        Fact(_("Förfallodag avtalad"), (_("sedan %(day)s") % {"day": writing.day(due)} if due else _("nej"),)),
        Fact(_("Fakturan varnar för ränta"), (_("ja") if activation.invoices_warn_of_interest else _("nej"),)),
        Fact(_("Företag och myndigheter"), (str(charges[TraderCharge(activation.trader_charge).value]),)),
        Fact(_("Skulden avser"), (activation.debt_text or _("fakturans rader"),)),
    ]
