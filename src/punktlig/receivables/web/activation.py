"""The wizard that switches reminder handling on: how it works, contact and account, fee and interest, the terms.

Each step is a page with one form. What has been answered waits in the person's session until the terms are accepted;
only then is anything written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.core.interest import Debt, late_payment_interest
from punktlig.core.late_rate import KNOWN_RATES, RateUnknown
from punktlig.core.money import ZERO, Money
from punktlig.core.statutes.fees import ChargeKind, statutory_fee
from punktlig.core.statutes.interest import Margin, margin
from punktlig.receivables.actions.activation import activate_reminders
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.sending_facts import live_activation, newest_terms
from punktlig.receivables.records.sending_refusals import TermsHaveChanged
from punktlig.receivables.web.activation_forms import ContactForm, FeesForm, TermsForm, answers_from, initial_from
from punktlig.receivables.web.invoice_choices import agency_name
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.parts import Fact, Step, SumRow

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest
    from punktlig.ui.forms import PageForm

_STEPS = ("activation", "activation-contact", "activation-fees", "activation-terms")
_EXAMPLE = Money(10_000_00)
_EXAMPLE_DAYS = 20


@dataclass(frozen=True)
class _Kept:
    """The answers so far, as the forms were filled in, in the person's session."""

    request: TenantRequest

    @property
    def _key(self) -> str:
        return f"activation-{self.request.tenant}"

    def of(self, step: str) -> dict[str, str]:
        """Return what was answered in a step; empty when it has not been passed."""
        found: dict[str, dict[str, str]] = self.request.session.get(self._key, {})
        return found.get(step, {})

    def keep(self, step: str, form: PageForm) -> None:
        """Keep a step's answers as text."""
        found = self.request.session.get(self._key, {})
        found[step] = {name: form.data.get(name, "") for name in form.fields}
        self.request.session[self._key] = found

    def forget(self) -> None:
        """Throw the answers away."""
        self.request.session.pop(self._key, None)


@require_http_methods(["GET"])
@may_send_required
def activation(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Say what reminder handling is, before anything is asked."""
    company = Company.objects.get(id=tenant)
    return _page(request, company, 0, {"live": live_activation(tenant)})


@require_http_methods(["GET", "POST"])
@may_send_required
def contact(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Ask whom the agency turns to and which account it pays to."""
    company = Company.objects.get(id=tenant)
    initial = initial_from(live_activation(tenant), company, request.user)
    return _step(request, company, 1, ContactForm, initial)


@require_http_methods(["GET", "POST"])
@may_send_required
def fees(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Ask what the customers have agreed to."""
    company = Company.objects.get(id=tenant)
    if not _Kept(request).of(_STEPS[1]):
        return HttpResponseRedirect(reverse(_STEPS[1], args=[tenant]))
    return _step(request, company, 2, FeesForm, initial_from(live_activation(tenant), company, request.user))


@require_http_methods(["GET", "POST"])
@may_send_required
def terms(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the terms and what was answered; accepting them activates."""
    company, kept = Company.objects.get(id=tenant), _Kept(request)
    today = clock.today()
    told: list[PageForm] = []
    for step, form_class in ((_STEPS[1], ContactForm), (_STEPS[2], FeesForm)):
        form = form_class(kept.of(step))
        if not form.is_valid():
            return HttpResponseRedirect(reverse(step, args=[tenant]))
        told.append(form)
    version = newest_terms(today)
    if version is None:
        raise RuntimeError("no version of the terms is in force: a migration should have added one")
    answers = answers_from(told[0].cleaned_data, told[1].cleaned_data)
    accepting = TermsForm(request.POST or None, initial={"version": version.version})
    status = 200
    if request.method == "POST":
        status = 422
        if accepting.is_valid():
            try:
                activate_reminders(
                    tenant,
                    answers,
                    terms_version=accepting.cleaned_data["version"],
                    user=request.user,
                    today=today,
                    at=clock.now(),
                )
            except TermsHaveChanged:
                accepting = TermsForm(initial={"version": version.version})
                messages.warning(
                    request, _("Villkoren har ändrats medan du läste. Läs den nya versionen och godkänn den.")
                )
            else:
                kept.forget()
                messages.success(request, _("Påminnelsehantering aktiveras. Det brukar ta några sekunder."))
                return HttpResponseRedirect(reverse("company", args=[tenant]))
    language = "sv" if get_language() == "sv" else "en"
    shown = {
        "form": accepting,
        "version": version,
        "terms_template": f"receivables/terms/{version.version}.{language}.html",
        "chosen": _chosen(told[0].cleaned_data, told[1].cleaned_data),
        "person": request.user,
    }
    return _page(request, company, 3, shown, status=status)


def _step(
    request: TenantRequest, company: Company, number: int, form_class: type[PageForm], initial: dict[str, Any]
) -> HttpResponse:
    kept = _Kept(request)
    if request.method == "POST":
        form = form_class(request.POST)
        if form.is_valid():
            kept.keep(_STEPS[number], form)
            return HttpResponseRedirect(reverse(_STEPS[number + 1], args=[company.id]))
        return _page(request, company, number, {"form": form}, status=422)
    before = kept.of(_STEPS[number])
    form = form_class(initial=before or initial)
    more: dict[str, Any] = {"form": form}
    if number == 2:  # noqa: PLR2004 - the step about money
        more["example"] = _example(clock.today())
    return _page(request, company, number, more)


def _page(
    request: TenantRequest, company: Company, number: int, more: dict[str, Any], *, status: int = 200
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
        "agency": agency_name(live_activation(company.id)),
        "steps": steps,
        "number": number + 1,
        "of": len(steps),
        "step_name": names[number][0],
        "back": reverse(_STEPS[number - 1], args=[company.id]) if number else "",
        "first": reverse(_STEPS[1], args=[company.id]),
        **more,
    }
    return render(
        request,
        f"receivables/activation/{_STEPS[number].removeprefix('activation').lstrip('-') or 'how'}.html",
        context,
        status=status,
    )


def _example(today: date) -> list[SumRow]:
    """Return what an invoice would become, with today's law, so that the answers are not abstract."""
    fee = statutory_fee(ChargeKind.REMINDER_FEE, today)
    first = today - timedelta(days=_EXAMPLE_DAYS - 1)
    try:
        interest = late_payment_interest(Debt(_EXAMPLE, first), today, KNOWN_RATES).total
    except RateUnknown:
        interest = ZERO
    charge = fee.amount if fee else ZERO
    return [
        SumRow(_("Faktura"), _EXAMPLE.ore),
        SumRow(_("Påminnelseavgift"), charge.ore),
        SumRow(_("Ränta, %(days)s dagar") % {"days": _EXAMPLE_DAYS}, interest.ore),
        SumRow(_("Kunden ska betala"), (_EXAMPLE + charge + interest).ore, kind="total"),
    ]


def _chosen(contact_told: dict[str, Any], fees_told: dict[str, Any]) -> list[Fact]:
    """Return the answers as they will be kept, for a last look."""
    fee_since, due_since = fees_told.get("fee_since"), fees_told.get("due_since")
    no = _("Nej")
    return [
        Fact(
            _("Kontakt"),
            (contact_told["contact_name"], contact_told["contact_email"], contact_told["contact_telephone"]),
        ),
        Fact(_("Utbetalning till"), (f"{contact_told['account_kind']} {contact_told['account_number']}",)),
        Fact(
            _("Påminnelseavgift"),
            (_("Ja, avtalad sedan %(day)s") % {"day": writing.day(fee_since)} if fee_since else no,),
        ),
        Fact(
            _("Avtalad förfallodag"), (_("Ja, sedan %(day)s") % {"day": writing.day(due_since)} if due_since else no,)
        ),
        Fact(_("Fakturan varnar för ränta"), (_("Ja") if fees_told["warns"] == "yes" else no,)),
        Fact(_("Företag och myndigheter"), (str(dict(FeesForm.TRADER_CHARGES)[fees_told["trader_charge"]]),)),
        Fact(_("Skulden avser"), (contact_told["debt_text"] or _("Fakturans rader"),)),
    ]


def late_rate_words(today: date) -> str:
    """Return the statutory rate of the day in words, or an empty text when it is not known."""
    try:
        reference = KNOWN_RATES.percent(today)
    except RateUnknown:
        return ""
    points = margin(Margin.LATE_PAYMENT, today) or 0
    return writing.percent(reference + points)
