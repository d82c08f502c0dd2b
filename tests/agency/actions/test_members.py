"""People of the agency and of the creditors: a role is one for its place, and an account is one person's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from punktlig.agency.actions.members import RoleDoesNotFit, add_agency_member, add_creditor_member
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


def test_somebody_with_an_account_keeps_it_and_may_have_a_role_in_each_place() -> None:
    one = make_creditor()
    user = add_agency_member("ali@ekviken.example", "Ali Noor", FIRST, role="case_handler").user
    again = add_creditor_member(one.id, " ALI@ekviken.example", "Någon Annan", SECOND, role="creditor_reader").user
    assert again == user
    assert (again.name, again.check_password(FIRST), again.check_password(SECOND)) == ("Ali Noor", True, False)
    assert roles_of(user) == {"": "case_handler", one.name: "creditor_reader"}


def test_a_new_role_in_the_same_place_takes_the_place_of_the_old_one() -> None:
    creditor = make_creditor()
    for role in ("creditor_reader", "creditor_admin", "creditor_admin"):
        add_creditor_member(creditor.id, "maja@lillsjon.example", "Maja Lind", None, role=role)
    for role in ("case_handler", "agency_admin"):
        add_agency_member("maja@lillsjon.example", "Maja Lind", None, role=role)
    assert roles_of(User.objects.get()) == {creditor.name: "creditor_admin", "": "agency_admin"}
    assert Member.objects.count() == 2
