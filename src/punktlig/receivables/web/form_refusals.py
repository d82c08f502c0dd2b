"""A refusal of the rules as an error of the form: beside the field it is about, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.receivables.web.refusal_words import explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from punktlig.core.refusal import Refusal


def refuse_in(form: forms.Form, refusal: Refusal, fields: Mapping[type[Refusal], str]) -> None:
    """Add the refusal to the field that `fields` names for its class, else to the form as a whole."""
    text = explained([refusal])[0]
    form.add_error(fields.get(type(refusal)), f"{text.what} {text.todo}")
