"""Where a person belongs: at the agency, with creditors, or nowhere here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.creditor import Creditor, Member, Role

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.models import User


def agency_role_of(user: User) -> Role | None:
    """Return the person's role at the agency itself, which sees every creditor."""
    role = Member.objects.filter(user=user, creditor__isnull=True).values_list("role", flat=True).first()
    return Role(role) if role else None


def creditors_of(user: User) -> list[tuple[UUID, str, str]]:
    """Return id, name and identity number of the creditors that the person works for, by name."""
    theirs = Creditor.objects.filter(members__user=user).order_by("name", "id")
    return list(theirs.values_list("id", "name", "organisation_number"))


def may_act(role: str) -> bool:
    """Tell whether the role may do something with a creditor's claims; the others look."""
    return role in (Role.CREDITOR_ADMIN, Role.CASE_HANDLER, Role.AGENCY_ADMIN)
