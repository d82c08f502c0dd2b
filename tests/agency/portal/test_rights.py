"""Who may see and do what in the portal: each role at each address, and another creditor's addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver

from punktlig.agency.portal import urls
from punktlig.agency.records.models import Letter, Member
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User
from punktlig.ui import writing
from tests.agency.people import ROLES, again, logged_in, person, print_letters, remind, send
from tests.agency.samples import TODAY, make_creditor

if TYPE_CHECKING:
    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

LOOK = {"creditor_admin": 200, "creditor_reader": 200, "case_handler": 200, "agency_admin": 200, "nobody": 404}
ACT = LOOK | {"creditor_reader": 403}
ADMINISTER = {"creditor_admin": 200, "creditor_reader": 403, "case_handler": 403, "agency_admin": 200, "nobody": 404}
# To whom it is shown when no address is asked for: the claim instead.
ACT_WHEN_ASKED = {role: 302 if answer == 200 else answer for role, answer in ACT.items()}
AGENCY = {"creditor_admin": 403, "creditor_reader": 403, "case_handler": 200, "agency_admin": 200, "nobody": 404}
# Of a payment that does not count it is the claim instead.
AGENCY_WHEN_COUNTED = {role: 302 if answer == 200 else answer for role, answer in AGENCY.items()}


@pytest.fixture
def sent() -> Sent:
    creditor = make_creditor()
    sent = send(creditor, TODAY - timedelta(days=7))
    remind(creditor, TODAY - timedelta(days=6))
    print_letters(TODAY - timedelta(days=6))
    return sent


def addresses(sent: Sent) -> dict[str, tuple[str, dict[str, int]]]:
    with acting_for(sent.creditor.id):
        letter = Letter.objects.get(claim_id=sent.claim.id).id
    user, _ = User.objects.get_or_create(email="siv@lillsjons.example", defaults={"name": "Siv"})
    member, _ = Member.objects.get_or_create(
        creditor=sent.creditor, user=user, defaults={"role": "creditor_reader"}
    )  # fmt: skip
    return {
        "people": (f"/c/{sent.creditor.id}/people/", LOOK),
        "person": (f"/c/{sent.creditor.id}/people/{member.id}/", ADMINISTER),
        "claims": (f"/c/{sent.creditor.id}/claims/", LOOK),
        "claim": (sent.url, LOOK),
        "claim-closure": (f"{sent.url}closure", ACT),
        "claim-address": (f"{sent.url}address", ACT_WHEN_ASKED),
        "claim-payments": (f"{sent.url}payments/", AGENCY),
        "claim-payment-reversal": (f"{sent.url}payments/{member.id}/reversal", AGENCY_WHEN_COUNTED),
        "letter-return": (f"{sent.url}letter-return", AGENCY),
        "letter": (f"{sent.url}letters/{letter}", LOOK),
        "letter-pdf": (f"{sent.url}letters/{letter}.pdf", LOOK),
    }


def test_the_matrix_names_every_page_of_a_creditor(sent: Sent) -> None:
    of_creditors = {pattern.name for pattern in urls.urlpatterns if "tenant" in pattern.pattern.converters}
    # The first page only leads on, and some things are only ever posted.
    posted = {"claim-continuation", "letter-outcome", "person-removal", "letter-way"}
    assert of_creditors == set(addresses(sent)) | {"creditor"} | posted
    assert get_resolver().reverse_dict


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_it_may(sent: Sent, role: str) -> None:
    client = logged_in(person(role, sent.creditor))
    seen = {name: client.get(url).status_code for name, (url, _) in addresses(sent).items()}
    assert seen == {name: allowed[role] for name, (_, allowed) in addresses(sent).items()}


@pytest.mark.parametrize("role", ["creditor_admin", "creditor_reader"])
def test_another_creditors_pages_do_not_exist(sent: Sent, role: str) -> None:
    other = make_creditor()
    client = logged_in(person(role, other))
    assert {client.get(url).status_code for url, _ in addresses(sent).values()} == {404}
    # Nor under one's own creditor's address.
    mine = f"/c/{other.id}/claims/{sent.claim.id}/"
    assert [client.get(mine).status_code, client.get(f"{mine}closure").status_code] == [404, 404] or (
        role == "creditor_reader"
    )
    assert client.get(mine).status_code == 404


def test_nobody_sees_anything_without_logging_in(sent: Sent) -> None:
    from django.test import Client  # noqa: PLC0415

    for url, _ in addresses(sent).values():
        response = Client().get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("role", "status"), [("creditor_reader", 403), ("nobody", 404)])
def test_who_may_not_act_changes_nothing(sent: Sent, role: str, status: int) -> None:
    client = logged_in(person(role, sent.creditor))
    assert client.post(f"{sent.url}closure", {"as": "paid"}).status_code == status
    assert client.post(f"{sent.url}continuation").status_code == status
    assert client.post(f"{sent.url}letter-outcome", {"left": "no"}).status_code == status
    assert client.post(f"{sent.url}letter-return", {"reason": "okänd"}).status_code == status
    assert again(sent).status == "reminder_sent"


def test_a_reader_is_offered_no_choice(sent: Sent) -> None:
    assert "Åtgärder" in logged_in(person("creditor_admin", sent.creditor)).get(sent.url).text
    assert "Åtgärder" not in logged_in(person("creditor_reader", sent.creditor)).get(sent.url).text


def test_a_number_leads_to_its_claim(sent: Sent) -> None:
    for role in ("creditor_reader", "case_handler"):
        response = logged_in(person(role, sent.creditor)).get(f"/claims/{sent.claim.number}")
        assert (response.status_code, response["Location"]) == (302, sent.url)


def test_a_number_of_others_is_as_one_that_nobody_has(sent: Sent) -> None:
    client = logged_in(person("creditor_admin", make_creditor()))
    theirs = client.get(f"/claims/{sent.claim.number}")
    nobodys = client.get("/claims/00000000")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.text == nobodys.text
    assert client.get("/claims/%00").status_code == 404


@pytest.mark.parametrize(
    ("role", "place"),
    [("creditor_reader", "/c/{tenant}/claims/"), ("case_handler", "/desk/"), ("agency_admin", "/desk/")],
)
def test_each_comes_in_where_the_work_is(sent: Sent, role: str, place: str) -> None:
    response = logged_in(person(role, sent.creditor)).get("/")
    assert response["Location"] == place.format(tenant=sent.creditor.id)


def test_who_works_for_two_creditors_chooses_and_who_works_for_none_is_told() -> None:
    from punktlig.agency.records.models import Member  # noqa: PLC0415

    one, two = make_creditor(), make_creditor()
    user = person("creditor_admin", one)
    Member.objects.create(user=user, creditor=two, role="creditor_reader")
    page = logged_in(user).get("/").text
    assert f"/c/{one.id}/claims/" in page
    assert f"/c/{two.id}/claims/" in page
    assert writing.identity(one.organisation_number) in page
    assert "hör inte till något företag" in logged_in(person("nobody")).get("/").text
