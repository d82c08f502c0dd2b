"""Giving a new address for a debtor whom no letter has reached: what will happen is shown, and confirmed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.agency.actions.debtor_addresses import AddressHasFailed, AddressIsNotAsked, give_new_address
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_facts import facts_of
from punktlig.agency.records.claim_money import confirmed_commands, part_payments, submission_of, taken_back
from punktlig.agency.records.claim_words import debtor_shown
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.debtor_addresses import addresses_of, at_newest, may_give_address, planned_day
from punktlig.agency.records.members import may_act
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.addressee import AddressIncomplete, CountryUnreadable
from punktlig.core.parties import SWEDEN
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.exchange.messages import Address
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.ui import writing
from punktlig.ui.countries import country_choices
from punktlig.ui.forms import PageForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.core.reminder import Reminder
    from punktlig.exchange.messages import ClaimSubmission
    from punktlig.tenancy.http import TenantRequest


class AddressForm(PageForm):
    """Where the new letter goes."""

    street = forms.CharField(
        label=gettext_lazy("Gata eller box"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(label=gettext_lazy("Postnummer"), max_length=20)
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=100)
    country = forms.ChoiceField(
        label=gettext_lazy("Land"),
        choices=country_choices,
        initial=SWEDEN,
        help_text=gettext_lazy("Bor kunden i ett annat land kan räntan och avgiften bli andra."),
    )

    def __init__(self, *positional: Any, **options: Any) -> None:
        super().__init__(*positional, **options)
        # Abroad a postcode may be part of another line, or not exist.
        self.fields["postcode"].required = self["country"].value() == SWEDEN

    def address(self) -> Address:
        """Return what was entered; only for a valid form."""
        told = self.cleaned_data
        lines = tuple(line.strip() for line in told["street"].splitlines() if line.strip())
        return Address(lines=lines, postcode=told["postcode"], town=told["town"], country=told["country"])


@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: TenantRequest, tenant: UUID, claim: UUID) -> HttpResponse:
    """Ask where the debtor lives and say what the new letter will ask for; on POST let the claim go on.

    Raises:
        PermissionDenied: the person may look but not act.
    """
    known = get_object_or_404(Claim, creditor_id=tenant, id=claim)
    if not may_act(request.role):
        raise PermissionDenied
    given = addresses_of(tenant, [claim]).get(claim, [])
    today = clock.today()
    submission = at_newest(submission_of(known), given)
    form = AddressForm(request.POST if request.method == "POST" else None, initial=_initial(known, submission))
    if request.method == "POST" and form.is_valid():
        try:
            planned = give_new_address(
                tenant, claim, form.address(), actor=request.user.name, today=today, at=clock.now()
            )
        except AddressIsNotAsked as refusal:
            messages.warning(request, _explained(refusal))
            return redirect("claim", tenant=tenant, claim=claim)
        except (AddressDoesNotFit, AddressHasFailed, CountryUnreadable) as refusal:
            form.add_error(None, _explained(refusal))
        except AddressIncomplete as refusal:
            form.add_error(*_missing(refusal))
        else:
            messages.success(request, _done(planned))
            return redirect("claim", tenant=tenant, claim=claim)
    if not may_give_address(known, given):
        return redirect("claim", tenant=tenant, claim=claim)
    day = planned_day(known, today)
    context = {
        "claim": known,
        "number": known.number,
        "debtor": debtor_shown(known),
        "form": form,
        "day": day,
        "reminder": _reminder_of(known, submission, day),
    }
    return TemplateResponse(request, "agency/new_address.html", context)


def _initial(claim: Claim, submission: ClaimSubmission) -> dict[str, str]:
    if claim.identity_is_protected:
        return {}
    address = submission.debtor.address
    return {
        "street": "\n".join(address.lines),
        "postcode": address.postcode,
        "town": address.town,
        "country": address.country or SWEDEN,
    }


def _reminder_of(claim: Claim, submission: ClaimSubmission, day: date) -> Reminder | None:
    """Return what the letter would ask for on its day by what is known now, or None when that cannot be told yet."""
    creditor = Creditor.objects.get(id=claim.creditor_id)
    commands = confirmed_commands(creditor, [claim]).get(claim.id, ())
    gone = taken_back(commands)
    before = tuple(each for each in submission.payments if each.kind != "payment" or each.id not in gone)
    counted = submission.model_copy(update={"payments": before})
    try:
        return remind(facts_of(counted, creditor, day, part_payments(commands)), known_rates(day))
    except Refusal:
        return None


def _done(claim: Claim) -> str:
    if claim.reminder_day is None or not claim.next_event_day:
        return _("Adressen är sparad.")
    return _("Adressen är sparad. Ett nytt brev görs den %(day)s.") % {"day": writing.day_and_month(claim.reminder_day)}


def _missing(refusal: AddressIncomplete) -> tuple[str, str]:
    """Return the field that has to be mended, and how; the rules' own words are for whoever sends an invoice."""
    if "postcode" in refusal.missing:
        return "postcode", _("Skriv postnumret med fem siffror, till exempel 123 45.")
    if "town" in refusal.missing:
        return "town", _("Skriv orten.")
    return "street", _("Skriv gatan och numret, eller boxen.")


def _explained(refusal: Refusal) -> str:
    text = explain_refusal(refusal, writing.here().language)
    return f"{text.what} {text.todo}"
