"""People at the agency, and the creditors' people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from punktlig.agency.records.creditor import Creditor, Member, Role
from punktlig.core.refusal import Refusal
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(eq=False)
class RoleDoesNotFit(Refusal):
    """The role is not one for this place: the agency's roles belong to no creditor, and a creditor's to one."""

    role: str
    fitting: tuple[str, ...]


@dataclass(eq=False)
class PersonIsElsewhere(Refusal):
    """The person belongs to the agency and may not belong to a creditor too, or the other way about."""

    email: str


@dataclass(eq=False)
class LastAdministratorStays(Refusal):
    """The agency would be left without an administrator."""

    name: str


@dataclass(eq=False)
class CreditorUnknown(Refusal):
    """Not just one creditor has the organisation number; `count` have it."""

    organisation_number: str
    count: int


@transaction.atomic
def add_agency_member(email: str, name: str, password: str | None, *, role: str) -> Member:
    """Give a person a role at the agency. Somebody who has an account keeps its password.

    Raises:
        RoleDoesNotFit, PersonIsElsewhere.
    """
    _refuse_unfit(role, Role.CASE_HANDLER, Role.AGENCY_ADMIN)
    return _add(None, email, name, password, role)


@transaction.atomic
def add_creditor_member(creditor_id: UUID, email: str, name: str, password: str | None, *, role: str) -> Member:
    """Give a person a role for a creditor. Somebody who has an account keeps its password.

    Raises:
        RoleDoesNotFit, PersonIsElsewhere.
    """
    _refuse_unfit(role, Role.CREDITOR_ADMIN, Role.CREDITOR_READER)
    return _add(Creditor.objects.get(id=creditor_id), email, name, password, role)


@transaction.atomic
def change_role(member_id: UUID, role: str, *, creditor_id: UUID | None) -> Member:
    """Give somebody who is here another role.

    Raises:
        Member.DoesNotExist, RoleDoesNotFit, LastAdministratorStays.
    """
    if creditor_id is None:
        _refuse_unfit(role, Role.CASE_HANDLER, Role.AGENCY_ADMIN)
    else:
        _refuse_unfit(role, Role.CREDITOR_ADMIN, Role.CREDITOR_READER)
    member = _here(creditor_id).get(id=member_id)
    if role != Role.AGENCY_ADMIN:
        _refuse_without_administrator(member)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_member(member_id: UUID, *, creditor_id: UUID | None) -> None:
    """Take a person's role here away; the account stays, as it may have a role elsewhere.

    Raises:
        Member.DoesNotExist, LastAdministratorStays.
    """
    member = _here(creditor_id).get(id=member_id)
    _refuse_without_administrator(member)
    member.delete()


def _here(creditor_id: UUID | None) -> QuerySet[Member, Member]:
    return (
        Member.objects.filter(creditor__isnull=True)
        if creditor_id is None
        else Member.objects.filter(creditor_id=creditor_id)
    )


def _refuse_without_administrator(member: Member) -> None:
    """Refuse when nobody but this person administers the agency. Two who remove each other wait for each other."""
    if member.creditor_id is not None:
        return
    administrators = Member.objects.filter(creditor__isnull=True, role=Role.AGENCY_ADMIN).order_by("id")
    if [one.id for one in administrators.select_for_update()] == [member.id]:
        raise LastAdministratorStays(member.user.name)


def add_person_of_creditor(
    organisation_number: str, email: str, name: str, password: str | None, *, role: str
) -> Member:
    """Give a person a role for the creditor with this number, as `add_creditor_member` does.

    Raises:
        CreditorUnknown: no creditor has the number, or more than one: two platforms may have activated it.
        RoleDoesNotFit, PersonIsElsewhere.
    """
    digits = _digits(organisation_number)
    found = [one for one in Creditor.objects.order_by("name") if digits and _digits(one.organisation_number) == digits]
    if len(found) != 1:
        raise CreditorUnknown(organisation_number, len(found))
    return add_creditor_member(found[0].id, email, name, password, role=role)


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())


def _refuse_unfit(role: str, *fitting: Role) -> None:
    if role not in fitting:
        raise RoleDoesNotFit(role, tuple(one.value for one in fitting))


def _add(creditor: Creditor | None, email: str, name: str, password: str | None, role: str) -> Member:
    # One at a time: a double click would make the account twice, and two places could each get the person. A row that
    # does not exist yet cannot be locked.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agency_member'))")
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    elif Member.objects.filter(user=user, creditor__isnull=creditor is not None).exists():
        # What somebody may do for a creditor would else hide what they may do for the agency there.
        raise PersonIsElsewhere(user.email)
    there = Member.objects.filter(creditor=creditor, user=user).first()
    if there is not None and role != Role.AGENCY_ADMIN:
        _refuse_without_administrator(there)
    member, _ = Member.objects.update_or_create(creditor=creditor, user=user, defaults={"role": role})
    return member
