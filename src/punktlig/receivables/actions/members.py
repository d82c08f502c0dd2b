"""People of a company: who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.core.refusal import Refusal
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(eq=False)
class LastOwnerStays(Refusal):
    """A company would be left without an owner."""

    name: str


@dataclass(eq=False)
class RoleUnknown(Refusal):
    """The role is none of the site's."""

    role: str
    known: tuple[str, ...]


@transaction.atomic
def add_first_member(
    email: str, name: str, password: str, *, role: str, company_name: str, organisation_number: str
) -> Company:
    """Give a person a role in the company of that name, which is made when there is none; return the company.

    A person who has an account keeps the password it has.

    Raises:
        RoleUnknown.
    """
    company = Company.objects.filter(name=company_name, organisation_number=organisation_number).first()
    if company is None:
        company = Company.objects.create(name=company_name, organisation_number=organisation_number)
    add_member(company.id, email, name, role=role, password=password)
    return company


@transaction.atomic
def add_member(company_id: UUID, email: str, name: str, *, role: str, password: str | None = None) -> Member:
    """Give a person a role in the company; somebody who is a member already gets the new role.

    Without a password the person sets one by "forgotten password".

    Raises:
        RoleUnknown, LastOwnerStays.
    """
    if role not in Role.values:
        raise RoleUnknown(role, tuple(Role.values))
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    else:
        _refuse_without_owner(company_id, user.id, staying=role == Role.OWNER)
    member, _ = Member.objects.update_or_create(company_id=company_id, user=user, defaults={"role": role})
    return member


@transaction.atomic
def remove_member(company_id: UUID, member_id: UUID) -> None:
    """Take a person's role in the company away; the account stays, as it may be a member elsewhere.

    Raises:
        Member.DoesNotExist, LastOwnerStays.
    """
    member = Member.objects.get(company_id=company_id, id=member_id)
    _refuse_without_owner(company_id, member.user_id, staying=False)
    member.delete()


def _refuse_without_owner(company_id: UUID, user_id: UUID, *, staying: bool) -> None:
    # Two owners who remove each other at the same moment wait for each other here.
    company = Company.objects.select_for_update(no_key=True).get(id=company_id)
    owners = set(Member.objects.filter(company=company, role=Role.OWNER).values_list("user_id", flat=True))
    if not staying and owners == {user_id}:
        raise LastOwnerStays(company.name)
