"""Refusals in the language of the page: those of our own rules, and those the agency has told by code and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.ui import writing
from punktlig.ui.refusals import RefusalText, explain_refusal
from punktlig.ui.told_refusals import explain_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from punktlig.core.refusal import Refusal

# The texts that all programs share speak of files and registers; here the page has the form or the button.
_TO_DO_HERE: Mapping[str, _StrPromise] = {
    "address_does_not_fit": gettext_lazy("Korta adressen, så kan fakturan skickas."),
    "address_incomplete": gettext_lazy("Rätta adressen, så kan fakturan skickas."),
    "country_unreadable": gettext_lazy("Rätta landet hos kunden, så kan fakturan skickas."),
    "customer_share_unknown": gettext_lazy("Ange kundens del, så kan fakturan skickas."),
    "customer_share_changed": gettext_lazy("Räkna ut delen efter procentsatsen på betalningsdagen och ange den här."),
    "debtor_kind_unknown": gettext_lazy("Ange vem kunden är, så kan fakturan skickas."),
    "debtor_kind_contradicted": gettext_lazy("Ange rätt kundtyp, eller rätta numret hos kunden."),
    "identity_number_unreadable": gettext_lazy("Rätta numret hos kunden, så kan fakturan skickas."),
    # What was imported is not changed here, as it stands with the customer.
    "due_date_missing": gettext_lazy(
        "Kreditera fakturan i ert faktureringsprogram, gör en ny med förfallodag och eget nummer och läs in båda."
    ),
    "invoice_date_missing": gettext_lazy(
        "Kreditera fakturan i ert faktureringsprogram, gör en ny med datum och eget nummer och läs in båda."
    ),
    "limitation_may_have_run": gettext_lazy(
        "Har kunden betalat på fakturan före den dagen: registrera betalningen, så räknas tiden från den. Har kunden "
        "erkänt skulden eller fått ett skriftligt krav: kräv betalt för hand. Kräv annars inte betalt."
    ),
    "nothing_left_to_pay": gettext_lazy("Det finns inget att påminna om."),
    "rate_unknown": gettext_lazy(
        "Vänta tills Riksbanken har fastställt halvårets ränta. Ombudet lägger till den; sedan kan fakturan skickas."
    ),
}


def explained(refusals: Iterable[Refusal]) -> list[RefusalText]:
    """Return what each refusal says and what to do about it."""
    return [_as_here(refusal.code, explain_refusal(refusal, writing.here().language)) for refusal in refusals]


def _as_here(code: str, text: RefusalText) -> RefusalText:
    """Return the text, with what to do here in place of what to do in any program at all."""
    here = _TO_DO_HERE.get(code)
    return RefusalText(text.what, str(here)) if here is not None else text


def told_refusal(code: str, facts: object) -> RefusalText:
    """Return what the agency's refusal says, from its code and its facts as they were told: texts by name."""
    told = explain_told(code, facts if isinstance(facts, dict) else {})
    if told is None:  # a newer agency may say no in ways that we have no words for
        return RefusalText(
            _("Ombudet tog inte emot fakturan."),
            _("Rätta kundens uppgifter och skicka igen, eller ring ombudet och säg koden %s.") % code,
        )
    return _as_here(code, told)
