"""People of the agency and of the creditors: a role is one for its place, and an account is one person's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from punktlig.agency.actions.members import (
    CreditorUnknown,
    PersonIsElsewhere,
    RoleDoesNotFit,
    add_agency_member,
    add_creditor_member,
    add_person_of_creditor,
)
from punktlig.agency.records.models import Creditor, Member
from punktlig.tenancy.models import User
from tests.agency.samples import make_creditor

pytestmark = pytest.mark.django_db

FIRST, SECOND = "ekvikens-forsta-ord", "ekvikens-andra-ord"


def roles_of(user: User) -> dict[str, str]:
    return {
        member.creditor.name if member.creditor else "": member.role
        for member in Member.objects.filter(user=user).select_related("creditor")
    }


@pytest.mark.parametrize("role", ["case_handler", "agency_admin"])
def test_the_agencys_own_people_belong_to_no_creditor(role: str) -> None:
    member = add_agency_member("Ali@ekviken.example", "Ali Noor", FIRST, role=role)
    assert (member.creditor, member.role, member.user.email) == (None, role, "ali@ekviken.example")
    assert member.user.check_password(FIRST)


@pytest.mark.parametrize("role", ["creditor_admin", "creditor_reader"])
def test_a_creditors_people_belong_to_it(role: str) -> None:
    creditor = make_creditor()
    member = add_creditor_member(creditor.id, "maja@lillsjon.example", "Maja Lind", None, role=role)
    assert (member.creditor, member.role) == (creditor, role)
    assert not member.user.has_usable_password()


def test_a_role_of_the_other_place_is_refused_before_anything_is_written() -> None:
    creditor = make_creditor()
    for role in ("creditor_admin", "creditor_reader", "owner", ""):
        with pytest.raises(RoleDoesNotFit) as refused:
            add_agency_member("ali@ekviken.example", "Ali Noor", FIRST, role=role)
        assert refused.value.fitting == ("case_handler", "agency_admin")
    for role in ("case_handler", "agency_admin", "owner", ""):
        with pytest.raises(RoleDoesNotFit) as refused:
            add_creditor_member(creditor.id, "maja@lillsjon.example", "Maja Lind", FIRST, role=role)
        assert refused.value.fitting == ("creditor_admin", "creditor_reader")
    assert not User.objects.exists()


def test_a_creditor_that_is_not_there_has_no_people() -> None:
    with pytest.raises(Creditor.DoesNotExist):
        add_creditor_member(uuid4(), "maja@lillsjon.example", "Maja Lind", FIRST, role="creditor_admin")
    assert not User.objects.exists()


def test_somebody_with_an_account_keeps_it_and_may_have_a_role_for_each_creditor() -> None:
    one, other = make_creditor(), make_creditor()
    Creditor.objects.filter(id=other.id).update(name="Nordahl AB")
    user = add_creditor_member(one.id, "maja@lillsjon.example", "Maja Lind", FIRST, role="creditor_admin").user
    again = add_creditor_member(other.id, " MAJA@lillsjon.example", "Någon Annan", SECOND, role="creditor_reader").user
    assert again == user
    assert (again.name, again.check_password(FIRST), again.check_password(SECOND)) == ("Maja Lind", True, False)
    assert roles_of(user) == {one.name: "creditor_admin", "Nordahl AB": "creditor_reader"}


def test_nobody_belongs_to_the_agency_and_to_a_creditor() -> None:
    creditor = make_creditor()
    add_agency_member("ali@ekviken.example", "Ali Noor", FIRST, role="case_handler")
    add_creditor_member(creditor.id, "maja@lillsjon.example", "Maja Lind", FIRST, role="creditor_admin")
    with pytest.raises(PersonIsElsewhere):
        add_creditor_member(creditor.id, "Ali@ekviken.example", "Ali Noor", None, role="creditor_reader")
    with pytest.raises(PersonIsElsewhere):
        add_agency_member("Maja@lillsjon.example", "Maja Lind", None, role="agency_admin")
    assert Member.objects.count() == 2


def test_a_creditor_is_found_by_its_number_however_it_is_written() -> None:
    creditor = make_creditor()
    number = creditor.organisation_number
    dashed = f"{number[:6]}-{number[6:]}" if "-" not in number else number.replace("-", "")
    member = add_person_of_creditor(dashed, "maja@lillsjon.example", "Maja", None, role="creditor_admin")
    assert member.creditor == creditor
    for unknown in ("556012-5790", "", "x"):
        with pytest.raises(CreditorUnknown):
            add_person_of_creditor(unknown, "siv@lillsjon.example", "Siv", None, role="creditor_admin")


def test_a_new_role_in_the_same_place_takes_the_place_of_the_old_one() -> None:
    creditor = make_creditor()
    for role in ("creditor_reader", "creditor_admin", "creditor_admin"):
        maja = add_creditor_member(creditor.id, "maja@lillsjon.example", "Maja Lind", None, role=role).user
    for role in ("case_handler", "agency_admin"):
        ali = add_agency_member("ali@ekviken.example", "Ali Noor", None, role=role).user
    assert (roles_of(maja), roles_of(ali)) == ({creditor.name: "creditor_admin"}, {"": "agency_admin"})
    assert Member.objects.count() == 2
