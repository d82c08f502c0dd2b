"""The roles in words. The portal and the desk say them alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from punktlig.agency.records.creditor import Role
from punktlig.ui.forms import Answer

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


def role_name(role: str) -> str:
    """Return what the role is called."""
    return {
        Role.CREDITOR_ADMIN: _("Administratör"),
        Role.CREDITOR_READER: _("Läsbehörighet"),
        Role.CASE_HANDLER: _("Handläggare"),
        Role.AGENCY_ADMIN: _("Administratör hos ombudet"),
    }[Role(role)]


def role_choices(*roles: Role) -> list[tuple[str, Answer]]:
    """Return the roles to choose from, each with what it may do."""
    does = {
        Role.CREDITOR_ADMIN: _("Avslutar och återkallar ärenden, och bestämmer vilka som är med."),
        Role.CREDITOR_READER: _("Ser allt, ändrar inget."),
        Role.CASE_HANDLER: _("Ser alla borgenärers ärenden och handlägger dem."),
        Role.AGENCY_ADMIN: _("Allt, och bestämmer om personer och plattformar."),
    }
    return [(role.value, Answer(role_name(role), does[role])) for role in roles]


def welcome(user: User) -> str:
    """Return what to say when somebody has been added; the same whether or not the account was there before."""
    words = {"name": user.name, "email": user.email}
    said = _("%(name)s är med. Ett meddelande med en länk är på väg till %(email)s.") % words
    if not settings.DEMO:
        return said
    return " ".join((said, _("I demon skickas ingen e-post: meddelandet läggs i demons mapp mail.")))
