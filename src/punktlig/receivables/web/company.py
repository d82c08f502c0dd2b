"""The company's settings: its facts, and what it has agreed with the agency. Its people are in `members`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from stdnum import iban

from punktlig import clock
from punktlig.formats.giro import NotAGiroNumber, parse_bankgiro, parse_plusgiro
from punktlig.receivables.actions.company import CompanyFacts, change_company
from punktlig.receivables.records.activation import Activation, ActivationState, TermsVersion
from punktlig.receivables.records.company import Company, Role
from punktlig.receivables.records.late_messages import Silence
from punktlig.receivables.records.sending_facts import live_activation, newest_terms
from punktlig.receivables.web.activation import terms_template
from punktlig.receivables.web.activation_forms import (
    account_words,
    consumers_abroad_words,
    debt_text_lines,
    trader_charge_words,
    written_account,
)
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.member_roles import members_of, new_member_form, role_name
from punktlig.receivables.web.roles import may_send_required
from punktlig.receivables.web.silence_words import SilenceText, activation_waits, facts_wait
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest
    from punktlig.ui.people_forms import PersonForm


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


@require_safe
def company(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the settings."""
    return company_page(request, get_object_or_404(Company, id=tenant), new_member_form())


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
        change_company(tenant, CompanyFacts(**form.cleaned_data), at=clock.now())
        messages.success(request, _("Uppgifterna är sparade."))
        return HttpResponseRedirect(reverse("company", args=[tenant]))
    status = 422 if request.method == "POST" else 200
    return render(request, "receivables/company/facts.html", {"form": form, "company": ours}, status=status)


@require_safe
def agreed_terms(request: TenantRequest, tenant: UUID, version: str) -> HttpResponse:
    """Show a version of the terms, and who of the company has accepted it first."""
    found = get_object_or_404(TermsVersion, version=version, valid_from__lte=clock.today())
    accepted = (
        Activation.objects.filter(company_id=tenant, terms=found)
        .select_related("accepted_by")
        .order_by("accepted_at")
        .first()
    )
    shown = {"version": found, "accepted": accepted, "terms_template": terms_template(version)}
    return render(request, "receivables/company/terms.html", shown)


def company_page(request: TenantRequest, ours: Company, form: PersonForm, *, status: int = 200) -> HttpResponse:
    """Return the page of the settings, with the form by which a person is added."""
    activation = live_activation(ours.id)
    newest = newest_terms(clock.today())
    context: dict[str, Any] = {
        "company": ours,
        "facts": _facts(ours),
        "activation": activation,
        "is_waiting": activation is not None and activation.state == ActivationState.ACTIVATING,
        "facts_wait": activation is not None and activation.facts_changed_at is not None,
        "silence": _silence(activation),
        "agreed": _agreed(activation) if activation else [],
        "terms_changed": bool(activation and newest and activation.terms_id != newest.version),
        "agency": agency_name(activation),
        "members": [(member, role_name(member.role)) for member in members_of(ours.id)],
        "form": form,
        "may_send": Role(request.role).may_send,
        "is_owner": request.role == Role.OWNER,
    }
    return render(request, "receivables/company/page.html", context, status=status)


def _silence(activation: Activation | None) -> SilenceText | None:
    """Return why the agency has not answered the activation or the changed facts, once a person should know."""
    if activation is None or not activation.is_late(clock.now()):
        return None
    assert activation.first_tried_at is not None  # noqa: S101 - what is late has been tried
    silence = Silence(1, activation.first_tried_at, activation.last_problem)
    if activation.state == ActivationState.ACTIVATING:
        return activation_waits(silence)
    return facts_wait(silence) if activation.facts_changed_at is not None else None


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
    contact = (activation.contact_name, activation.contact_email, activation.contact_telephone)
    return [
        Fact(_("Kontakt hos er"), tuple(filter(None, contact))),
        Fact(
            _("Utbetalning till"),
            (account_words(activation.account_kind, activation.account_number),),
        ),
        Fact(_("Påminnelseavgift avtalad"), (_("Sedan %s") % writing.day(fee) if fee else _("Nej"),)),
        Fact(_("Förfallodag avtalad"), (_("Sedan %s") % writing.day(due) if due else _("Nej"),)),
        Fact(_("Fakturan varnar för ränta"), (_("Ja") if activation.invoices_warn_of_interest else _("Nej"),)),
        Fact(_("Företag och myndigheter"), (trader_charge_words(activation.trader_charge),)),
        Fact(_("Privatpersoner utomlands"), (consumers_abroad_words(charges=activation.charges_consumers_abroad),)),
        Fact(_("Skulden avser"), debt_text_lines(activation.debt_text, activation.debt_text_in_english)),
    ]
