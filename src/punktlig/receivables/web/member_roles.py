"""The roles in words, and the people who have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.receivables.records.company import Member, Role
from punktlig.ui.forms import Answer
from punktlig.ui.people_forms import PersonForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


def role_choices() -> list[tuple[str, Answer]]:
    """Return the roles to choose from, each with what it may do."""
    does = {
        Role.OWNER: _("Allt, och bestämmer vilka som är med."),
        Role.SALES: _("Aktiverar, skickar och registrerar."),
        Role.READER: _("Ser allt, ändrar inget."),
    }
    return [(role.value, Answer(role_name(role.value), does[role])) for role in Role]


def role_name(role: str) -> str:
    """Return what the role is called."""
    return {Role.OWNER: _("Ägare"), Role.SALES: _("Försäljning"), Role.READER: _("Läsbehörighet")}[Role(role)]


def new_member_form() -> PersonForm:
    """Return the form as it is at first."""
    return PersonForm(roles=role_choices(), initial={"role": Role.SALES.value})


def members_of(company_id: UUID) -> QuerySet[Member, Member]:
    """Return the company's people by name."""
    return Member.objects.filter(company_id=company_id).select_related("user").order_by("user__name", "user__email")
