"""The forms by which people get their roles, at either site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.ui.forms import PageForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    """A person to be added. `here` are the addresses of those who are here already: their roles change in one place."""

    email = forms.EmailField(label=gettext_lazy("E-post"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    field_order = ("email", "name", "role")

    def __init__(self, *args: Any, here: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.here = here

    def clean_email(self) -> str:
        """Refuse somebody who is here: the role would change, and a link be sent, where one meant to add.

        Raises:
            ValidationError.
        """
        email: str = self.cleaned_data["email"]
        if email.lower() in {known.lower() for known in self.here}:
            raise forms.ValidationError(_("Personen är redan med. Öppna namnet i listan för att ändra rollen."))
        return email
