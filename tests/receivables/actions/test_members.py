"""People of a company: who gets which role, and that an owner always remains."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.receivables.actions.members import (
    LastOwnerStays,
    OrganisationNumberWrong,
    RoleUnknown,
    add_first_member,
    add_member,
    change_role,
    remove_member,
)
from punktlig.receivables.records.models import Company, Member
from punktlig.tenancy.models import User
from tests.receivables.sending_samples import TODAY, make_company

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

pytestmark = pytest.mark.django_db

WORDS = "snickeri-i-lillsjon"


@pytest.fixture
def owner(company: Company) -> Member:
    return add_member(company.id, "maja@lillsjon.example", "Maja Lind", role="owner", password=WORDS)


def roles(company: Company) -> dict[str, str]:
    return dict(Member.objects.filter(company=company).values_list("user__email", "role"))


def test_the_first_member_brings_the_company_along_and_the_next_finds_it() -> None:
    first, second = (
        add_first_member(
            email, name, WORDS, role=role, company_name="Ny AB", organisation_number="559012-3450", today=TODAY
        )
        for email, name, role in (("a@ny.example", "A", "owner"), ("b@ny.example", "B", "reader"))
    )
    assert first == second
    assert roles(first) == {"a@ny.example": "owner", "b@ny.example": "reader"}


def test_the_same_name_with_another_number_is_another_company() -> None:
    first, second = (
        add_first_member(
            "a@ny.example", "A", "pw", role="owner", company_name="Ny AB", organisation_number=number, today=TODAY
        )
        for number in ("559012-3450", "559012-3468")
    )
    assert first != second


@pytest.mark.parametrize("number", ["", "559012-3451", "Ny AB"])
def test_a_company_is_not_made_with_a_number_that_no_agency_would_take(number: str) -> None:
    with pytest.raises(OrganisationNumberWrong):
        add_first_member(
            "a@ny.example", "A", "pw", role="owner", company_name="Ny AB", organisation_number=number, today=TODAY
        )
    assert not Company.objects.filter(name="Ny AB").exists()


def test_a_person_without_a_password_cannot_log_in_until_one_is_set(company: Company, owner: Member) -> None:
    added = add_member(company.id, " Jonas@Lillsjon.example ", "Jonas Ek", role="sales")
    assert (added.user.email, added.user.name) == ("jonas@lillsjon.example", "Jonas Ek")
    assert not added.user.has_usable_password()
    assert owner.user.check_password(WORDS)


def test_somebody_with_an_account_keeps_name_and_password(company: Company, owner: Member) -> None:
    other = make_company("Ankarets Krog HB")
    added = add_member(other.id, "MAJA@lillsjon.example", "Någon Annan", role="reader", password=f"{WORDS}-2")
    assert added.user == owner.user
    assert added.user.name == "Maja Lind"
    assert added.user.check_password(WORDS)
    assert roles(company) == {"maja@lillsjon.example": "owner"}


def test_adding_a_member_again_gives_the_new_role(company: Company, owner: Member) -> None:
    add_member(company.id, "jonas@lillsjon.example", "Jonas Ek", role="reader")
    add_member(company.id, "jonas@lillsjon.example", "Jonas Ek", role="owner")
    assert roles(company) == {owner.user.email: "owner", "jonas@lillsjon.example": "owner"}


@pytest.mark.parametrize(
    "leave",
    [
        lambda member: remove_member(member.company_id, member.id),
        lambda member: change_role(member.company_id, member.id, "sales"),
        lambda member: add_member(member.company_id, member.user.email, "Maja Lind", role="reader"),
    ],
)
def test_the_last_owner_stays(company: Company, owner: Member, leave: Callable[[Member], object]) -> None:
    add_member(company.id, "jonas@lillsjon.example", "Jonas Ek", role="sales")
    with pytest.raises(LastOwnerStays) as refused:
        leave(owner)
    assert refused.value.name == "Lillsjöns Snickeri AB"
    assert roles(company)[owner.user.email] == "owner"
    add_member(company.id, "jonas@lillsjon.example", "Jonas Ek", role="owner")
    leave(owner)
    assert roles(company).get(owner.user.email) != "owner"


def test_an_owner_of_another_company_is_none_of_this_one(company: Company, owner: Member) -> None:
    other = make_company("Ankarets Krog HB")
    add_member(other.id, "siv@krog.example", "Siv", role="owner")
    with pytest.raises(LastOwnerStays):
        remove_member(company.id, owner.id)
    with pytest.raises(Member.DoesNotExist):
        remove_member(other.id, owner.id)
    with pytest.raises(Member.DoesNotExist):
        change_role(other.id, owner.id, "reader")


def test_who_is_removed_keeps_the_account(company: Company, owner: Member) -> None:
    jonas = add_member(company.id, "jonas@lillsjon.example", "Jonas Ek", role="sales")
    remove_member(company.id, jonas.id)
    assert roles(company) == {owner.user.email: "owner"}
    assert User.objects.filter(email="jonas@lillsjon.example").exists()


@pytest.mark.parametrize("role", ["", "admin", "OWNER", "creditor_admin"])
def test_a_role_of_another_site_is_refused_before_anything_is_written(
    company: Company, owner: Member, role: str
) -> None:
    with pytest.raises(RoleUnknown):
        add_member(company.id, "new@lillsjon.example", "Ny", role=role)
    with pytest.raises(RoleUnknown):
        change_role(company.id, owner.id, role)
    assert not User.objects.filter(email="new@lillsjon.example").exists()


def at_once(*work: Callable[[], object]) -> list[str]:
    """Run each in a thread and connection of its own, all begun together, and return what became of them."""
    begun, ends = threading.Barrier(len(work)), []

    def run(one: Callable[[], object]) -> None:
        try:
            begun.wait(timeout=30)
            one()
            ends.append("done")
        except LastOwnerStays:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_the_same_moment_do_not_both_leave() -> None:
    for number in range(5):
        company = make_company()
        maja, jonas = (
            add_member(company.id, f"{name}{number}@x.example", name, role="owner") for name in ("maja", "jonas")
        )
        ends = at_once(
            partial(remove_member, company.id, jonas.id),
            partial(change_role, company.id, maja.id, "reader"),
        )
        assert ends == ["done", "refused"]
        assert list(roles(company).values()).count("owner") == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_person_at_the_same_moment_make_one_account() -> None:
    company = make_company()
    ends = at_once(*[lambda: add_member(company.id, "ny@x.example", "Ny", role="sales")] * 3)
    assert ends == ["done"] * 3
    assert roles(company) == {"ny@x.example": "sales"}


@pytest.mark.django_db(transaction=True)
def test_two_companies_that_add_the_same_new_person_at_the_same_moment_share_the_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make, both_have_looked = User.objects.create_user, threading.Barrier(2)

    def make_later(email: str, password: str | None = None, **fields: Any) -> User:
        both_have_looked.wait(timeout=30)
        return make(email, password, **fields)

    monkeypatch.setattr(User.objects, "create_user", make_later)
    ours, theirs = make_company(), make_company("Ankarets Krog HB")
    ends = at_once(
        partial(add_member, ours.id, "ny@x.example", "Ny", role="sales"),
        partial(add_member, theirs.id, "NY@x.example", "Ny", role="owner"),
    )
    assert ends == ["done", "done"]
    assert (roles(ours), roles(theirs)) == ({"ny@x.example": "sales"}, {"ny@x.example": "owner"})
    assert User.objects.count() == 1
