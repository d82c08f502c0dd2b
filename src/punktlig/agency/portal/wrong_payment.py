"""Taking back a payment that was booked by mistake, where the creditor itself no longer can: for the agency's people.

What it changes is shown first, and confirmed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from punktlig import clock
from punktlig.agency.actions.payment_corrections import LetterIsLeaving, PaymentDoesNotCount, take_back_wrong_payment
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_words import debtor_shown
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.agency.records.letter_correcting import is_leaving, letter_in_force, letters_told
from punktlig.agency.records.members import may_act
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core import timetable
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.exchange.messages import ClaimStatus
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.agency.records.counted_payments import CountedPayment
    from punktlig.agency.records.letter import Letter
    from punktlig.core.refusal import Refusal
    from punktlig.tenancy.http import TenantRequest


class NoteForm(PageForm):
    """Why the payment is taken back."""

    note = forms.CharField(
        label=gettext_lazy("Varför är betalningen fel?"),
        help_text=gettext_lazy("Borgenären ser det. Till exempel: pengarna gällde en annan faktura."),
        max_length=200,
    )

    def clean_note(self) -> str:
        """Return it as a part of a sentence."""
        note: str = self.cleaned_data["note"]
        # What is pasted may hold characters that no message carries.
        plain = "".join(letter if letter.isprintable() else " " for letter in note)
        said = " ".join(plain.split()).rstrip(". ")
        if not said:
            raise forms.ValidationError(self.fields["note"].error_messages["required"])
        return said


@dataclass(frozen=True)
class Effect:
    """How the claim stands today with the payment and without it, and whether somebody has ended it.

    `has_charge` is whether a letter's charge stands, paid or not.
    """

    before: ClaimBalance
    after: ClaimBalance
    is_ended_by_decision: bool
    has_charge: bool

    @property
    def is_let_go(self) -> bool:
        """Whether what is owed again is let go, since the debtor has paid what the letter asked for."""
        return self.after.is_settled and self.after.turnover.waived.total > self.before.turnover.waived.total


@require_safe
def payments(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Show the payments that count, to choose the wrong one of."""
    _require_agency(request)
    known = get_object_or_404(Claim, creditor_id=tenant, id=claim)
    found = counted_payments(Creditor.objects.get(id=tenant), known)
    if len(found) == 1:
        return redirect("claim-payment-reversal", tenant=tenant, claim=claim, payment=found[0].id)
    context = {"claim": known, "number": known.number, "debtor": debtor_shown(known), "payments": found}
    return TemplateResponse(request, "agency/counted_payments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reversal(request: TenantRequest, tenant: UUID, claim: UUID, payment: UUID) -> HttpResponse:
    """Show what taking the payment back changes and ask why; on POST take it back."""
    _require_agency(request)
    known = get_object_or_404(Claim, creditor_id=tenant, id=claim)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            take_back_wrong_payment(
                tenant,
                claim,
                payment,
                note=form.cleaned_data["note"],
                actor=request.user.name,
                today=clock.today(),
                at=clock.now(),
            )
        except (PaymentDoesNotCount, LetterIsLeaving) as refusal:
            messages.warning(request, _explained(refusal))
        else:
            messages.success(request, _("Betalningen är tillbakatagen. Borgenärens faktureringsprogram får veta det."))
        return redirect("claim", tenant=tenant, claim=claim)
    creditor = Creditor.objects.get(id=tenant)
    chosen = next((each for each in counted_payments(creditor, known) if each.id == payment), None)
    if chosen is None:
        messages.warning(request, _explained(PaymentDoesNotCount()))
        return redirect("claim", tenant=tenant, claim=claim)
    letter, today = letter_in_force(known), clock.today()
    waits = letter is not None and chosen.is_counted_in(letter) and is_leaving(known, letter, clock.now())
    effect = _effect(creditor, known, chosen, today)
    context = {
        "claim": known,
        "number": known.number,
        "debtor": debtor_shown(known),
        "payment": chosen,
        "effect": effect,
        "told": _told(known, chosen),
        "waits": _explained(LetterIsLeaving()) if waits else "",
        "happens": _happens(known, chosen, letter, effect, today),
        "form": form,
    }
    return TemplateResponse(request, "agency/payment_reversal.html", context)


def _require_agency(request: TenantRequest) -> None:
    if not (Role(request.role).is_agency and may_act(request.role)):
        raise PermissionDenied


def _effect(creditor: Creditor, claim: Claim, payment: CountedPayment, today: date) -> Effect:
    rates = known_rates(today)
    now = balance_facts(creditor, [claim])[claim.id]
    then = balance_facts(creditor, [claim], without={payment.id})[claim.id]
    is_ended = now.closed_on is not None or claim.status == ClaimStatus.CLOSED
    return Effect(
        claim_balance(now, today, rates),
        claim_balance(then, today, rates),
        is_ended,
        has_charge=any(charge.reversed_on is None for charge in then.charges),
    )


def _told(claim: Claim, payment: CountedPayment) -> Letter | None:
    """Return the last letter that has told the debtor that the payment counts."""
    told = letters_told(claim.creditor_id, [claim.id]).defer("content")
    return next((letter for letter in told.order_by("-edition") if payment.is_counted_in(letter)), None)


def _happens(claim: Claim, payment: CountedPayment, letter: Letter | None, effect: Effect, today: date) -> list[str]:
    """Return what follows, a sentence or two for each thing."""
    if effect.is_ended_by_decision:
        return [_("Ärendet är avslutat och förblir det. Inget brev går till kunden.")]
    if effect.is_let_go:
        gone = effect.after.turnover.waived.total - effect.before.turnover.waived.total
        return [
            _("Kunden har i tid betalat det som brevet bad om, och krävs inte på mer: %(amount)s efterges.")
            % {"amount": writing.with_currency(gone)},
            _("Ärendet förblir betalt, och inget brev går."),
        ]
    if effect.after.is_settled:
        return [_("Skulden är betald också utan betalningen. Inget brev går.")]
    goes_on = [_("Ärendet går vidare, som om det inte hade varit betalt.")] if claim.status == ClaimStatus.PAID else []
    return goes_on + _of_letter(claim, payment, letter, today, has_charge=effect.has_charge)


def _of_letter(
    claim: Claim, payment: CountedPayment, letter: Letter | None, today: date, *, has_charge: bool
) -> list[str]:
    planned = claim.reminder_day if claim.status == ClaimStatus.RECEIVED else None
    day = {"day": writing.day(planned or timetable.reminder_day(today))}
    if claim.status == ClaimStatus.NEEDS_PERSON:
        return [_("Ärendet väntar på en handläggare, som förut.")]
    if letter is None or letter.stopped_at is not None:
        return [_("Brevet görs den %(day)s och ber om det rätta beloppet.") % day]
    if letter.handed_at is None:
        return [_("Brevet som väntar görs om med det rätta beloppet innan det lämnar oss.")]
    if not payment.is_counted_in(letter):
        return [_("Brevet som har lämnat oss räknar inte med betalningen och gäller som det är.")]
    if letter.left_at is None:
        return [_("Ingen vet om e-brevet har gått. En handläggare får frågan, och svaret avgör vilket brev som görs.")]
    told = [
        _("Kunden får ett rättat brev. Det görs den %(day)s, säger vilket brev det ersätter och har en ny sista dag.")
        % day,
        _("Avgiften är densamma och tas ut en gång. Räntan räknas till och med det nya brevets dag.")
        if has_charge
        else _("Ingen avgift läggs till. Räntan räknas till och med det nya brevets dag."),
    ]
    if letter.last_day_to_pay >= today:
        told.append(
            _("Betalar kunden det första brevets belopp i tid, före det nya brevets dag, är skulden ändå betald.")
        )
    return told


def _explained(refusal: Refusal) -> str:
    text = explain_refusal(refusal, writing.here().language)
    return f"{text.what} {text.todo}"
