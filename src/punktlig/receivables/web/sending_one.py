"""What the preview of one reminder shows: who gets it, what it asks for and why, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.core import timetable
from punktlig.core.addressee import AddressIncomplete, CountryUnreadable
from punktlig.core.deduction import CustomerShareChanged, CustomerShareOutsideInvoice, CustomerShareUnknown
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind, DebtorKindContradicted, DebtorKindUnknown, IdentityNumberUnreadable
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.letters.printable import CharacterNotCovered
from punktlig.receivables.records.sending_facts import Prepared, planned_day
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.reminder_amounts import full_sums, reminder_on
from punktlig.ui import writing
from punktlig.ui.forms import AmountField, PageForm
from punktlig.ui.parts import Step, SumRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from punktlig.core.refusal import Refusal
    from punktlig.core.reminder import Reminder
    from punktlig.receivables.records.customer import Customer
    from punktlig.ui.refusals import RefusalText

_OF_ADDRESS = (AddressIncomplete, CountryUnreadable, AddressDoesNotFit)
_OF_KIND = (DebtorKindUnknown, DebtorKindContradicted)
_OF_SHARE = (CustomerShareUnknown, CustomerShareChanged, CustomerShareOutsideInvoice)
_MENDED = (*_OF_ADDRESS, *_OF_KIND, *_OF_SHARE)


class AddressForm(PageForm):
    """Where the letter goes."""

    street = forms.CharField(
        label=gettext_lazy("Gata eller box"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(label=gettext_lazy("Postnummer"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=100)
    country = forms.CharField(max_length=2, widget=forms.HiddenInput, required=False)


class KindForm(PageForm):
    """What sort of customer it is, as the law tells them apart."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Vem är kunden?"),
        widget=forms.RadioSelect,
        choices=[
            (DebtorKind.CONSUMER.value, gettext_lazy("En privatperson, som handlade för eget bruk")),
            (
                DebtorKind.TRADER.value,
                gettext_lazy("Ett företag eller en förening, eller någon som handlade i sin näring"),
            ),
            (DebtorKind.PUBLIC_BODY.value, gettext_lazy("En myndighet, kommun eller region")),
        ],
    )


class ShareForm(PageForm):
    """How much of an invoice with a tax deduction the customer owes itself."""

    share = AmountField(
        label=gettext_lazy("Kundens egen del"),
        least=Money(1),
        help_text=gettext_lazy("Efter procentsatsen på betalningsdagen. Resten begärs av Skatteverket."),
    )
    knows_of_change = forms.BooleanField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Mend:
    """What can be mended in place for an invoice: the address, what sort of customer it is, the customer's share.

    `at_customer` when what stands in the way is mended on the customer's own page, such as the name.
    """

    address: AddressForm | None = None
    kind: KindForm | None = None
    share: ShareForm | None = None
    at_customer: bool = False


@dataclass(frozen=True)
class Preview:
    """All that the preview of one reminder shows. Without a reminder there is nothing to confirm, only reasons."""

    prepared: Prepared
    reminder: Reminder | None
    address: tuple[str, ...]
    sums: tuple[SumRow, ...]
    road: list[Step]
    refusals: list[RefusalText]
    mend: Mend
    shown: str
    saw: Mapping[str, str]


def preview_of(prepared: Prepared, *, shown: str, today: date) -> Preview:
    """Return the preview of an invoice that has not been sent; `shown` is what its confirmation carries."""
    day = planned_day(today)
    reminder = reminder_on(prepared, day) if prepared.may_be_sent else None
    words = {"day": writing.day_and_month(day)}
    return Preview(
        prepared=prepared,
        reminder=reminder,
        address=address_lines(prepared.customer),
        sums=full_sums(prepared, reminder, total=_("Krav i brevet den %(day)s") % words) if reminder else (),
        road=_road(reminder) if reminder else [],
        refusals=explained(prepared.refusals),
        mend=mend_of(prepared, always_address=True),
        shown=shown,
        saw=_saw(prepared, reminder, day, today),
    )


def without_letter(preview: Preview, refusal: Refusal) -> Preview:
    """Return the preview of an invoice that may be sent, but whose letter cannot be made."""
    return replace(preview, reminder=None, sums=(), road=[], refusals=explained([refusal]))


def address_lines(customer: Customer) -> tuple[str, ...]:
    """Return the customer's address as it stands, line by line."""
    street = [line.strip() for line in customer.street.splitlines() if line.strip()]
    place = f"{customer.postcode} {customer.town}".strip()
    country = "" if customer.country in ("", "SE") else writing.here().country(customer.country)
    return tuple(line for line in (*street, place, country) if line)


def mend_of(prepared: Prepared, *, always_address: bool = False, form_id: str = "") -> Mend:
    """Return the forms that mend what stands in the way; the address may always be mended where it is asked for."""
    customer = prepared.customer
    prefix = form_id or f"m{customer.id.hex[:8]}"
    needs_address = always_address or any(isinstance(refusal, _OF_ADDRESS) for refusal in prepared.refusals)
    needs_share = any(isinstance(refusal, _OF_SHARE) for refusal in prepared.refusals)
    needs_kind = any(isinstance(refusal, _OF_KIND) for refusal in prepared.refusals)
    if customer.identity_is_protected:
        needs_address = False
    address = AddressForm(
        initial={
            "street": customer.street,
            "postcode": customer.postcode,
            "town": customer.town,
            "country": customer.country,
        },
        auto_id=f"{prefix}_%s",
    )
    return Mend(
        address=address if needs_address else None,
        kind=KindForm(initial={"kind": customer.kind}, auto_id=f"{prefix}_%s") if needs_kind else None,
        share=ShareForm(initial=_share_known(prepared), auto_id=f"{prefix}_%s") if needs_share else None,
        at_customer=any(_is_at_customer(refusal) for refusal in prepared.refusals),
    )


def _share_known(prepared: Prepared) -> Mapping[str, object]:
    share_ore = prepared.invoice.share_ore
    return {
        "share": None if share_ore is None else Money(share_ore),
        "knows_of_change": any(isinstance(refusal, CustomerShareChanged) for refusal in prepared.refusals),
    }


def can_be_mended(prepared: Prepared) -> bool:
    """Tell whether the preview has a form, or a link to the customer's, for something that stands in the way."""
    return any(isinstance(refusal, _MENDED) or _is_at_customer(refusal) for refusal in prepared.refusals)


def _is_at_customer(refusal: Refusal) -> bool:
    if isinstance(refusal, IdentityNumberUnreadable):
        return True
    return isinstance(refusal, CharacterNotCovered) and "recipient" in refusal.fields


def _saw(prepared: Prepared, reminder: Reminder | None, day: date, today: date) -> Mapping[str, str]:
    """Return what the form carries along, so that a later preview can say what has changed."""
    return {
        "saw_to": " · ".join((prepared.customer.name, *address_lines(prepared.customer))),
        "saw_left": str(prepared.invoice.remaining_ore),
        "saw_total": str(reminder.total.ore) if reminder else "",
        "saw_day": day.isoformat(),
        "saw_today": today.isoformat(),
    }


def _road(reminder: Reminder) -> list[Step]:
    letter_day, last_day = reminder.facts.today, reminder.last_day_to_pay
    decides = timetable.creditor_decides_day(last_day)
    return [
        Step(_("I dag"), _("Ombudet tar emot fakturan."), "now"),
        Step(writing.day_and_month(letter_day), _("Brevet skickas. Betalar kunden före dess skickas inget."), "next"),
        Step(writing.day_and_month(last_day), _("Sista dag att betala."), "next"),
        Step(
            writing.day_and_month(decides),
            _("Obetalt: ni bestämmer vad som händer. Inget mer skickas av sig självt."),
            "next",
        ),
    ]
