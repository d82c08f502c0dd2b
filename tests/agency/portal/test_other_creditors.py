"""No address opens another creditor's rows: each is tried with its ids, under its own creditor and under one's own.

A new address is tried by itself; one that takes what none did before needs that named in `ids_of`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from punktlig.agency.records.models import Letter, Member, ReceivedCommand
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User
from tests.agency.people import logged_in, pay, person, print_letters, remind, send
from tests.agency.samples import TODAY, make_creditor
from tests.agency.web.test_desk import addresses as of_the_desk
from tests.tenancy.every_address import addresses, rows_as_they_are

if TYPE_CHECKING:
    from tests.agency.people import Sent
    from tests.tenancy.every_address import Address

pytestmark = pytest.mark.django_db

REMINDED = TODAY - timedelta(days=6)
# Answered to platforms, or the same to everybody.
OUTSIDE = ("accounts/", "api/", "language", "_parts/")
# Filled in as each form wants it, so that it is the row that is missing and not an answer.
FILLED = {
    "role": "creditor_admin", "email": "ny@lillsjon.example", "name": "Ny Person", "as": "paid", "left": "no",
    "reason": "okänd", "way": "email", "note": "Fel ärende.", "street": "Bygatan 1", "postcode": "123 45",
    "town": "Lillsjön", "country": "SE", "answer": "handed_over", "url": "https://hooks.example/",
}  # fmt: skip


@pytest.fixture
def theirs() -> Sent:
    """A reminded claim, with a payment that the letter has counted."""
    sent = send(make_creditor(), TODAY - timedelta(days=7))
    pay(sent, "200.00", TODAY - timedelta(days=7))
    remind(sent.creditor, REMINDED)
    print_letters(REMINDED)
    return sent


def ids_of(sent: Sent) -> dict[str, object]:
    user = User.objects.create_user("siv@lillsjons.example", name="Siv Holm")
    member = Member.objects.create(creditor=sent.creditor, user=user, role="creditor_reader")
    with acting_for(sent.creditor.id):
        return {
            "tenant": sent.creditor.id,
            "claim": sent.claim.id,
            "letter": Letter.objects.get(claim_id=sent.claim.id).id,
            "payment": ReceivedCommand.objects.get(kind="payment").id,
            "member": member.id,
            "number": sent.claim.number,
        }


def of_the_portal() -> list[Address]:
    return addresses(leave_out=("desk/", *OUTSIDE))


def naming_rows() -> list[Address]:
    return [each for each in of_the_portal() if each.takes]


def test_what_names_no_row_is_where_people_come_in() -> None:
    assert {each.name for each in of_the_portal() if not each.takes} == {"home"}


def test_its_own_people_find_something_at_every_address(theirs: Sent) -> None:
    ids = ids_of(theirs)
    # The agency's administrator, who may open what only the agency takes back.
    admin = logged_in(person("agency_admin"))
    for address in naming_rows():
        assert admin.get(address.filled(ids)).status_code in (200, 302, 405), address


def test_another_creditors_addresses_do_not_exist(theirs: Sent) -> None:
    ids = ids_of(theirs)
    stranger = logged_in(person("creditor_admin", make_creditor()))
    before = rows_as_they_are()
    for address in naming_rows():
        path = address.filled(ids)
        answers = [stranger.get(path), stranger.head(path)]
        # A number is looked up before it is known whose it is, and there is nothing to post to it.
        posted = stranger.post(path, FILLED).status_code
        assert {answer.status_code for answer in answers} == {404}, address
        assert posted == (405 if address.takes == {"number"} else 404), address
    assert rows_as_they_are() == before


@pytest.mark.parametrize("role", ["creditor_admin", "creditor_reader"])
def test_nor_do_its_rows_under_ones_own_creditor(theirs: Sent, role: str) -> None:
    own = make_creditor()
    ids = ids_of(theirs) | {"tenant": own.id}
    stranger = logged_in(person(role, own))
    before = rows_as_they_are()
    tried = [each for each in naming_rows() if each.takes - {"tenant", "number"}]
    for address in tried:
        path = address.filled(ids)
        got, posted = stranger.get(path).status_code, stranger.post(path, FILLED).status_code
        # 403 comes before anything is looked up; 405 to what is only read, or only a button.
        assert {got, posted} <= {404, 405, 403}, (address, got, posted)
        assert 404 in (got, posted) or 403 in (got, posted), address
    assert tried
    assert rows_as_they_are() == before


def test_nor_do_they_under_ones_own_creditor_for_the_agency(theirs: Sent) -> None:
    """Whoever may see both gets no row of one under the address of the other."""
    ids = ids_of(theirs) | {"tenant": make_creditor().id}
    admin = logged_in(person("agency_admin"))
    before = rows_as_they_are()
    for address in naming_rows():
        if address.takes - {"tenant", "number"}:
            path = address.filled(ids)
            found = (admin.get(path).status_code, admin.post(path, FILLED).status_code)
            assert found in {(404, 404), (405, 404), (404, 405)}, (address, found)
    assert rows_as_they_are() == before


@pytest.mark.parametrize("role", ["creditor_admin", "creditor_reader", "nobody"])
def test_the_desk_does_not_exist_for_others_whatever_the_method(role: str) -> None:
    desk = of_the_desk()
    assert desk.keys() == {each.name for each in addresses(beneath="desk/")}
    stranger = logged_in(person(role, None if role == "nobody" else make_creditor()))
    before = rows_as_they_are()
    for name, (_, path) in desk.items():
        got, posted = stranger.get(path).status_code, stranger.post(path, FILLED).status_code
        assert (got, posted) in {(404, 404), (405, 404), (404, 405)}, (name, got, posted)
    assert rows_as_they_are() == before


def test_nobody_reaches_an_address_of_a_creditor_without_a_log_in(theirs: Sent) -> None:
    ids = ids_of(theirs)
    _leads_to_the_log_in([each.filled(ids) for each in of_the_portal()])


def test_nobody_reaches_the_desk_without_a_log_in() -> None:
    _leads_to_the_log_in([path for _, path in of_the_desk().values()])


def _leads_to_the_log_in(paths: list[str]) -> None:
    before, nobody = rows_as_they_are(), Client()
    for path in paths:
        for answer in (nobody.get(path), nobody.post(path, FILLED)):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), path
    assert paths
    assert rows_as_they_are() == before
