"""People of a company: who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from punktlig.core.identity import NotAnIdentityNumber, read_identity_number
from punktlig.core.refusal import Refusal
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from datetime import date
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


@dataclass(eq=False)
class OrganisationNumberWrong(Refusal):
    """The number of a new company is no Swedish one; no agency would take its invoices."""

    organisation_number: str
    reason: str


@transaction.atomic
def add_first_member(
    email: str, name: str, password: str | None, *, role: str, company_name: str, organisation_number: str, today: date
) -> Company:
    """Give a person a role in the company of that name, which is made when there is none; return the company.

    A person who has an account keeps the password it has.

    Raises:
        RoleUnknown, OrganisationNumberWrong.
    """
    company = Company.objects.filter(name=company_name, organisation_number=organisation_number).first()
    if company is None:
        try:
            read_identity_number(organisation_number, today=today)
        except NotAnIdentityNumber as wrong:
            raise OrganisationNumberWrong(organisation_number, wrong.reason) from None
        company = Company.objects.create(name=company_name, organisation_number=organisation_number)
    add_member(company.id, email, name, role=role, password=password)
    return company


@transaction.atomic
def add_member(company_id: UUID, email: str, name: str, *, role: str, password: str | None = None) -> Member:
    """Give a person a role in the company; somebody who is a member already gets the new role.

    Somebody who has an account keeps its name and password. Without a password the person sets one by "forgotten
    password".

    Raises:
        RoleUnknown, LastOwnerStays.
    """
    _refuse_unknown(role)
    _lock(company_id)
    user = _account_of(email, name, password)
    if role != Role.OWNER:
        _refuse_without_owner(company_id, user.id)
    member, _ = Member.objects.update_or_create(company_id=company_id, user=user, defaults={"role": role})
    return member


@transaction.atomic
def change_role(company_id: UUID, member_id: UUID, role: str) -> Member:
    """Give a member another role.

    Raises:
        Member.DoesNotExist, RoleUnknown, LastOwnerStays.
    """
    _refuse_unknown(role)
    _lock(company_id)
    member = Member.objects.get(company_id=company_id, id=member_id)
    if role != Role.OWNER:
        _refuse_without_owner(company_id, member.user_id)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_member(company_id: UUID, member_id: UUID) -> None:
    """Take a person's role in the company away; the account stays, as it may be a member elsewhere.

    Raises:
        Member.DoesNotExist, LastOwnerStays.
    """
    _lock(company_id)
    member = Member.objects.get(company_id=company_id, id=member_id)
    _refuse_without_owner(company_id, member.user_id)
    member.delete()


def _refuse_unknown(role: str) -> None:
    if role not in Role.values:
        raise RoleUnknown(role, tuple(Role.values))


def _lock(company_id: UUID) -> None:
    # Two owners who remove each other at the same moment wait for each other here, and so do two who add somebody.
    Company.objects.select_for_update(no_key=True).get(id=company_id)


def _account_of(email: str, name: str, password: str | None) -> User:
    """Return the person's account, which is made when there is none."""
    known = User.objects.filter(email__iexact=email.strip())
    user = known.first()
    if user is not None:
        return user
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        # Another company has added the same person since we looked: there is one account, the one made there.
        return known.get()


def _refuse_without_owner(company_id: UUID, user_id: UUID) -> None:
    """Refuse when nobody but this person owns the company; the caller holds the company's lock."""
    owners = Member.objects.filter(company_id=company_id, role=Role.OWNER)
    if set(owners.values_list("user_id", flat=True)) == {user_id}:
        raise LastOwnerStays(Company.objects.get(id=company_id).name)
