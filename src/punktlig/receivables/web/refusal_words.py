"""Refusals in the language of the page: those of our own rules, and those the agency has told by code and facts."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.ui import writing
from punktlig.ui.refusals import RefusalText, explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

# The texts that all programs share speak of files and registers; here the page has the form or the button.
_TO_DO_HERE: Mapping[str, _StrPromise] = {
    "address_incomplete": gettext_lazy("Rätta adressen, så kan fakturan skickas."),
    "country_unreadable": gettext_lazy("Rätta landet hos kunden, så kan fakturan skickas."),
    "debtor_kind_unknown": gettext_lazy("Ange vem kunden är, så kan fakturan skickas."),
    "debtor_kind_contradicted": gettext_lazy("Ange rätt slag av kund, eller rätta numret hos kunden."),
    "identity_number_unreadable": gettext_lazy("Rätta numret hos kunden, så kan fakturan skickas."),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,13}\.\d{2}", re.ASCII)


def explained(refusals: Iterable[Refusal]) -> list[RefusalText]:
    """Return what each refusal says and what to do about it."""
    return [_explained(refusal) for refusal in refusals]


def _explained(refusal: Refusal) -> RefusalText:
    """Return the text, with what to do here in place of what to do in any program at all."""
    text = explain_refusal(refusal, writing.here().language)
    here = _TO_DO_HERE.get(refusal.code)
    return RefusalText(text.what, str(here)) if here is not None else text


def told_refusal(code: str, facts: object) -> RefusalText:
    """Return what the agency's refusal says, from its code and its facts as they were told: texts by name."""
    told = facts if isinstance(facts, dict) else {}
    try:
        return _explained(_Told(code, told))
    except KeyError:  # a newer agency may say no in ways that we have no words for
        return RefusalText(
            _("Ombudet tog inte emot fakturan."),
            _("Rätta kundens uppgifter och skicka igen, eller ring ombudet och säg koden %s.") % code,
        )


class _Told(Refusal):
    """A refusal told by another program; its facts are read back from their texts."""

    def __init__(self, code: str, told: Mapping[str, object]) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc]  # of a class elsewhere; here it is told
        self.told = told

    def facts(self) -> dict[str, object]:
        """Return the facts by name."""
        return {name: _read(name, str(value)) for name, value in self.told.items()}


def _read(name: str, text: str) -> object:
    if name == "missing":
        return tuple(text.split(", "))
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return Money.parse(text) if _AMOUNT.fullmatch(text) else text
