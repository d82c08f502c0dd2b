"""Reference rates at the desk: the known ones with their sources, and the next half-year's, added by two people.

Administrators add and answer, case handlers read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from punktlig import clock
from punktlig.agency.actions.added_rates import RateIsAnswered, approve_rate, enter_rate, withdraw_rate
from punktlig.agency.records.creditor import Role
from punktlig.agency.records.models import AddedRate
from punktlig.agency.records.reference_rates import all_known_rates, disagreeing_rates
from punktlig.agency.web.desk_page import DeskRequest, for_administrators, reads_everything
from punktlig.agency.web.rate_words import (
    claims_that_wait,
    effect_of,
    half_year_words,
    late_percent,
    own_source_words,
    waiting_words,
)
from punktlig.core.added_rates import (
    RateHasNoSource,
    RateIsImplausible,
    RateIsNoHalfStep,
    asked_from,
    earliest_entry,
    entry_refusals,
    next_unknown,
)
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.reference_rates import REFERENCE_RATES, ReferenceRate
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.core.added_rates import Disagreement
    from punktlig.core.late_rate import ReferenceRates

# Three years of the program's own; older ones change no open claim.
_SHOWN = 6
_FIELDS: dict[type[Refusal], str] = {
    RateIsNoHalfStep: "percent",
    RateIsImplausible: "percent",
    RateHasNoSource: "source",
}


class RateForm(PageForm):
    """The rate of the next half-year and where it was read."""

    percent = forms.CharField(
        label=gettext_lazy("Referensränta i procent"),
        help_text=gettext_lazy("Som Riksbanken skriver den, till exempel 2,50. Den kan vara negativ."),
        max_length=10,
    )
    source = forms.CharField(
        label=gettext_lazy("Källa"),
        help_text=gettext_lazy("Adressen till Riksbankens sida, eller numret i Svensk författningssamling."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_percent(self) -> Decimal:
        """Return the percentage."""
        written = str(self.cleaned_data["percent"]).replace("\u2212", "-").replace("%", "").replace(",", ".")
        try:
            percent = Decimal("".join(written.split()))
        except InvalidOperation:
            percent = Decimal("NaN")
        if not percent.is_finite() or abs(percent) >= 1000:  # noqa: PLR2004 - what the refusals can still write
            raise ValidationError(_("Skriv procenten med siffror, till exempel 2,50."), code="invalid")
        return percent


class ApprovalForm(PageForm):
    """That the second person has read the source."""

    read = forms.BooleanField(label=gettext_lazy("Jag har själv läst räntan i källan, och den stämmer"))


@dataclass(frozen=True)
class Row:
    """A half-year in the list."""

    half_year: str
    percent: Decimal
    late_percent: Decimal
    source: str
    added: AddedRate | None = None


@require_safe
@reads_everything
def rates(request: DeskRequest) -> HttpResponse:
    """Show the known rates, the next half-year and what was taken back."""
    known, today = all_known_rates(), clock.today()
    added = list(AddedRate.objects.select_related("entered_by", "approved_by", "withdrawn_by").order_by("-valid_from"))
    waiting = next((rate for rate in added if rate.waits), None)
    expected = next_unknown(known)
    context = {
        "known_through": known.known_through,
        "rows": _rows(known, added),
        "withdrawn": [_of(rate.row, rate) for rate in added if rate.withdrawn_at],
        "disagreements": [_disagreement(one) for one in disagreeing_rates()],
        "waiting": waiting,
        "waiting_half_year": half_year_words(waiting.valid_from) if waiting else "",
        # A release may have brought the half-year meanwhile.
        "waiting_is_needed": waiting is not None and waiting.valid_from == expected,
        "next_half_year": half_year_words(expected),
        "earliest": earliest_entry(expected),
        "may_enter": request.role is Role.AGENCY_ADMIN and _may_enter(waiting, expected, today),
        "is_time": today >= earliest_entry(expected),
        "is_asked": today >= asked_from(expected),
        "claims": waiting_words(claims_that_wait()),
    }
    return TemplateResponse(request, "agency/desk/rates.html", context)


def _may_enter(waiting: AddedRate | None, expected: date, today: date) -> bool:
    return today >= earliest_entry(expected) and (waiting is None or waiting.valid_from != expected)


def _rows(known: ReferenceRates, added: list[AddedRate]) -> list[Row]:
    """Return the known half-years, newest first: the added ones that count, and the program's own newest."""
    by_day = {rate.valid_from: rate for rate in added if rate.approved_at}
    own = {row.valid_from for row in REFERENCE_RATES}
    recent = [row for row in known.rows if row.valid_from not in own] + list(REFERENCE_RATES[-_SHOWN:])
    return [
        _of(row, by_day.get(row.valid_from) if row.valid_from not in own else None)
        for row in sorted(recent, key=lambda row: row.valid_from, reverse=True)
    ]


def _of(row: ReferenceRate, added: AddedRate | None) -> Row:
    return Row(
        half_year=half_year_words(row.valid_from),
        percent=row.percent,
        late_percent=late_percent(row.percent),
        source=row.source if added else own_source_words(row),
        added=added,
    )


def _disagreement(one: Disagreement) -> dict[str, str]:
    return {
        "half_year": half_year_words(one.valid_from),
        "added": writing.percent(one.told),
        "own": writing.percent(one.known),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new(request: DeskRequest) -> HttpResponse:
    """Ask for the rate of the next half-year; on POST show what it would do, and enter it when that is confirmed."""
    known, today = all_known_rates(), clock.today()
    expected = next_unknown(known)
    form = RateForm(request.POST if request.method == "POST" else None)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    row = _row(form, expected, known, today) if step in ("look", "enter") else None
    if row is not None and step == "enter" and request.POST.get("half_year") == expected.isoformat():
        try:
            enter_rate(row, by=request.user, today=today, at=clock.now())
        except Refusal as refusal:
            messages.warning(request, _explained(refusal))
        else:
            messages.success(request, _("Räntan är inlagd. Nu ska en annan administratör läsa källan och godkänna."))
        return redirect("desk-rates")
    context = {
        "form": form if step else RateForm(),
        "expected": expected,
        "half_year": half_year_words(expected),
        "earliest": earliest_entry(expected),
        "is_time": today >= earliest_entry(expected),
        "effect": effect_of(row, known) if row is not None else None,
        "row": row,
    }
    return TemplateResponse(request, "agency/desk/rate.html", context)


def _row(form: RateForm, expected: date, known: ReferenceRates, today: date) -> ReferenceRate | None:
    """Return the rate that was written, or None with what is wrong told at its field."""
    if not form.is_valid():
        return None
    row = ReferenceRate(expected, form.cleaned_data["percent"], form.cleaned_data["source"])
    for refusal in entry_refusals(known, row, today=today):
        form.add_error(_FIELDS.get(type(refusal)), _explained(refusal))
    return row if form.is_valid() else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def approval(request: DeskRequest, rate: UUID) -> HttpResponse:
    """Show what approving does, and ask whether the source was read; on POST approve."""
    known = get_object_or_404(AddedRate.objects.select_related("entered_by"), id=rate)
    if not known.waits:
        return _answered(request)
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            approve_rate(known.id, by=request.user, today=clock.today(), at=clock.now())
        except RateIsAnswered:
            return _answered(request)
        except Refusal as refusal:
            messages.warning(request, _explained(refusal))
        else:
            messages.success(request, _("Räntan gäller nu. Ärenden som väntade på den går vidare med nästa runda."))
        return redirect("desk-rates")
    rates = all_known_rates()
    context = {
        "rate": known,
        "form": form,
        "effect": effect_of(known.row, rates),
        "is_own": known.entered_by_id == request.user.id,
        "obstacles": [_explained(refusal) for refusal in entry_refusals(rates, known.row, today=clock.today())],
    }
    return TemplateResponse(request, "agency/desk/rate_approval.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def withdrawal(request: DeskRequest, rate: UUID) -> HttpResponse:
    """Show what taking the rate back does; on POST take it back."""
    known = get_object_or_404(AddedRate.objects.select_related("entered_by"), id=rate)
    if not known.waits:
        return _answered(request)
    if request.method == "POST":
        try:
            withdraw_rate(known.id, by=request.user, at=clock.now())
        except RateIsAnswered:
            return _answered(request)
        messages.success(request, _("Räntan är tillbakatagen. Ingenting har räknats med den."))
        return redirect("desk-rates")
    context = {"rate": known, "half_year": half_year_words(known.valid_from)}
    return TemplateResponse(request, "agency/desk/rate_withdrawal.html", context)


def _answered(request: DeskRequest) -> HttpResponse:
    messages.warning(request, _("Någon har redan svarat för räntan. Inget ändrades."))
    return redirect("desk-rates")


def _explained(refusal: Refusal) -> str:
    text = explain_refusal(refusal, writing.here().language)
    return f"{text.what} {text.todo}"
