"""The forms by which people get their roles, at either site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from punktlig.ui.forms import PageForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punktlig.ui.forms import Answer


class RoleForm(PageForm):
    """Another role for a person: one of `roles`, each a value and what is said of it."""

    role = forms.ChoiceField(label=gettext_lazy("Roll"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[tuple[str, Answer]], **more: Any) -> None:
        super().__init__(*args, **more)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - as it is made above
        role.choices = list(roles)


class PersonForm(RoleForm):
    """A person to be added."""

    email = forms.EmailField(label=gettext_lazy("E-post"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    field_order = ("email", "name", "role")
