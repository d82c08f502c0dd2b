"""The roles in words, and the forms by which people get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.receivables.records.company import Member, Role
from punktlig.ui.forms import Answer, PageForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


def _roles() -> list[tuple[str, Answer]]:
    does = {
        Role.OWNER: _("Allt, och bestämmer vilka som är med."),
        Role.SALES: _("Aktiverar, skickar och registrerar."),
        Role.READER: _("Ser allt, ändrar inget."),
    }
    return [(role.value, Answer(role_name(role.value), does[role])) for role in Role]


def role_name(role: str) -> str:
    """Return what the role is called."""
    return {Role.OWNER: _("Ägare"), Role.SALES: _("Försäljning"), Role.READER: _("Läsbehörighet")}[Role(role)]


class RoleForm(PageForm):
    """Another role for a person."""

    role = forms.ChoiceField(label=gettext_lazy("Roll"), choices=_roles, widget=forms.RadioSelect)


class MemberForm(RoleForm):
    """A person to be added."""

    email = forms.EmailField(label=gettext_lazy("E-post"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Namn"), max_length=200)
    field_order = ("email", "name", "role")


def new_member_form() -> MemberForm:
    """Return the form as it is at first."""
    return MemberForm(initial={"role": Role.SALES.value})


def members_of(company_id: UUID) -> QuerySet[Member, Member]:
    """Return the company's people by name."""
    return Member.objects.filter(company_id=company_id).select_related("user").order_by("user__name", "user__email")
