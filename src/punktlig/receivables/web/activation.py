"""The wizard that switches reminder handling on: how it works, contact and account, fee and interest, the terms.

Each step is a page with one form. What has been answered waits in the person's session until the terms are accepted;
only then is anything written. Answers that apply already need not be given again: new terms are one page to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from punktlig import clock
from punktlig.core.late_rate import RateUnknown
from punktlig.core.statutes.interest import Margin, margin
from punktlig.receivables.actions.activation import activate_reminders
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.reference_rates import known_rates
from punktlig.receivables.records.sending_facts import live_activation, newest_terms
from punktlig.receivables.records.sending_refusals import TermsHaveChanged
from punktlig.receivables.web.activation_example import examples_of
from punktlig.receivables.web.activation_forms import (
    ContactForm,
    FeesForm,
    TermsForm,
    account_words,
    answers_from,
    consumers_abroad_words,
    debt_text_lines,
    initial_from,
    trader_charge_words,
)
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.parts import Fact, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from punktlig.receivables.records.activation import Activation, TermsVersion
    from punktlig.tenancy.http import TenantRequest
    from punktlig.ui.forms import PageForm

_HOW, _CONTACT, _FEES, _TERMS = range(4)
_NAMES = ("activation", "activation-contact", "activation-fees", "activation-terms")
_TEMPLATES = ("how", "contact", "fees", "terms")


@dataclass(frozen=True)
class _Kept:
    """The answers so far, as the forms were filled in, in the person's session."""

    request: TenantRequest

    @property
    def _key(self) -> str:
        return f"activation-{self.request.tenant}"

    def of(self, step: int) -> dict[str, str]:
        """Return what was answered in a step; empty when it has not been passed."""
        found: dict[str, dict[str, str]] = self.request.session.get(self._key, {})
        return found.get(_NAMES[step], {})

    def keep(self, step: int, form: PageForm) -> None:
        """Keep a step's answers as text."""
        found = self.request.session.get(self._key, {})
        found[_NAMES[step]] = {name: form.data.get(name, "") for name in form.fields}
        self.request.session[self._key] = found

    def forget(self) -> None:
        """Throw the answers away."""
        self.request.session.pop(self._key, None)


@require_safe
@may_send_required
def activation(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Say what reminder handling is, before anything is asked."""
    live = live_activation(tenant)
    return _page(request, Company.objects.get(id=tenant), live, _HOW, {"live": live})


@require_http_methods(["GET", "POST"])
@may_send_required
def contact(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Ask whom the agency turns to and which account it pays to."""
    return _step(request, Company.objects.get(id=tenant), _CONTACT, ContactForm)


@require_http_methods(["GET", "POST"])
@may_send_required
def fees(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Ask what the customers have agreed to."""
    if not _Kept(request).of(_CONTACT) and live_activation(tenant) is None:
        return HttpResponseRedirect(reverse(_NAMES[_CONTACT], args=[tenant]))
    return _step(request, Company.objects.get(id=tenant), _FEES, FeesForm)


@require_safe
@may_send_required
def example(request: TenantRequest, tenant: UUID) -> HttpResponse:  # noqa: ARG001 - the middleware asks for it
    """Return what the answers that are being given would mean."""
    examples = examples_of(request.GET.dict(), today=clock.today())
    return render(request, "receivables/activation/example.html", {"examples": examples})


@require_http_methods(["GET", "POST"])
@may_send_required
def terms(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the terms and what was answered; accepting them activates."""
    company, live, kept = Company.objects.get(id=tenant), live_activation(tenant), _Kept(request)
    version = _version_in_force(clock.today())
    anything_new = kept.of(_CONTACT) or kept.of(_FEES) or live is None or live.terms_id != version.version
    if request.method == "GET" and not anything_new:
        return HttpResponseRedirect(reverse("company", args=[tenant]))
    told: list[PageForm] = []
    before = initial_from(live, company, request.user) if live else {}
    for step, form_class in ((_CONTACT, ContactForm), (_FEES, FeesForm)):
        form = form_class(kept.of(step) or before)
        if not form.is_valid():
            return HttpResponseRedirect(reverse(_NAMES[step], args=[tenant]))
        told.append(form)
    accepting = TermsForm(request.POST or None, initial={"version": version.version})
    if request.method == "POST" and accepting.is_valid():
        try:
            activate_reminders(
                tenant,
                answers_from(told[0].cleaned_data, told[1].cleaned_data),
                terms_version=accepting.cleaned_data["version"],
                user=request.user,
                today=clock.today(),
                at=clock.now(),
            )
        except TermsHaveChanged:
            accepting = TermsForm(initial={"version": version.version})
            messages.warning(request, _("Villkoren har ändrats medan du läste. Läs den nya versionen och godkänn den."))
        else:
            kept.forget()
            messages.success(request, _("Påminnelsehantering aktiveras. Det brukar ta några sekunder."))
            return HttpResponseRedirect(reverse("company", args=[tenant]))
    shown = {
        "form": accepting,
        "version": version,
        "terms_template": terms_template(version.version),
        "chosen": _chosen(told[0].cleaned_data, told[1].cleaned_data),
        "today": clock.today(),
        "person": request.user,
    }
    return _page(request, company, live, _TERMS, shown, status=422 if request.method == "POST" else 200)


def terms_template(version: str) -> str:
    """Return the template with the text of the terms in the language of the page."""
    return f"receivables/terms/{version}.{writing.here().language}.html"


def _version_in_force(today: date) -> TermsVersion:
    version = newest_terms(today)
    if version is None:
        raise RuntimeError("no version of the terms is in force: a migration should have added one")
    return version


def _step(request: TenantRequest, company: Company, step: int, form_class: type[PageForm]) -> HttpResponse:
    kept, live = _Kept(request), live_activation(company.id)
    if request.method == "POST":
        form = form_class(request.POST)
        if form.is_valid():
            kept.keep(step, form)
            return HttpResponseRedirect(reverse(_NAMES[step + 1], args=[company.id]))
        answers: Mapping[str, Any] = form.data
    else:
        answers = kept.of(step) or initial_from(live, company, request.user)
        form = form_class(initial=dict(answers))
    more: dict[str, Any] = {"form": form}
    if step == _FEES:
        more |= {"examples": examples_of(answers, today=clock.today()), "rate": _late_rate(clock.today())}
    return _page(request, company, live, step, more, status=422 if request.method == "POST" else 200)


def _page(
    request: TenantRequest,
    company: Company,
    live: Activation | None,
    number: int,
    more: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    names = (
        (_("Så går det till"), _("Två minuters läsning")),
        (_("Kontakt och utbetalning"), _("Vem, och till vilket konto")),
        (_("Avgift och ränta"), _("Vad kunden har gått med på")),
        (_("Villkor"), _("Läs och godkänn")),
    )
    steps = [
        Step(name, text, "past" if position < number else "now" if position == number else "next")
        for position, (name, text) in enumerate(names)
    ]
    context = {
        "company": company,
        "agency": agency_name(live),
        "is_first_time": live is None,
        "steps": steps,
        "number": number + 1,
        "of": len(steps),
        "step_name": names[number][0],
        "back": reverse(_NAMES[number - 1], args=[company.id]) if number else "",
        **more,
    }
    return render(request, f"receivables/activation/{_TEMPLATES[number]}.html", context, status=status)


def _chosen(contact_told: Mapping[str, Any], fees_told: Mapping[str, Any]) -> list[Fact]:
    """Return the answers as they will be kept, for a last look."""
    no = _("Nej")
    fee_since, due_since = fees_told["fee_since"], fees_told["due_since"]
    contact_lines = (contact_told["contact_name"], contact_told["contact_email"], contact_told["contact_telephone"])
    return [
        Fact(_("Kontakt"), tuple(filter(None, contact_lines))),
        Fact(_("Utbetalning till"), (account_words(contact_told["account_kind"], contact_told["account_number"]),)),
        Fact(_("Påminnelseavgift"), (_("Ja, avtalad sedan %s") % writing.day(fee_since) if fee_since else no,)),
        Fact(_("Avtalad förfallodag"), (_("Ja, sedan %s") % writing.day(due_since) if due_since else no,)),
        Fact(_("Fakturan varnar för ränta"), (_("Ja") if fees_told["warns"] == "yes" else no,)),
        Fact(_("Företag och myndigheter"), (trader_charge_words(fees_told["trader_charge"]),)),
        Fact(_("Privatpersoner utomlands"), (consumers_abroad_words(charges=fees_told["abroad"] == "yes"),)),
        Fact(_("Skulden avser"), debt_text_lines(contact_told["debt_text"], contact_told["debt_text_in_english"])),
    ]


def _late_rate(today: date) -> str:
    """Return the rate of the Interest Act (1975:635) s. 6 on the day, or an empty text when it is not known."""
    try:
        reference = known_rates(today).percent(today)
    except RateUnknown:
        return ""
    points = margin(Margin.LATE_PAYMENT, today)
    return writing.percent(reference + points) if points is not None else ""
