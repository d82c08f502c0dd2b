"""The settings: the company's facts, what is agreed with the agency, and its people, who are for owners to decide."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from punktlig.exchange.outcomes import Why
from punktlig.receivables.records.models import Activation, Company, Member, Role
from punktlig.receivables.web.silence_words import why_words
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_terms, make_user
from tests.receivables.web.conftest import browser

if TYPE_CHECKING:
    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "Lillsjöns Snickeri AB",
    "vat_number": "SE559012345001",
    "street": "Nygatan 2",
    "postcode": "123 45",
    "town": "Lillsjön",
    "email": "faktura@lillsjon.example",
    "telephone": "08-465 004 10",
    "bankgiro": "5050-1055",
    "plusgiro": "",
    "iban": "se45 5000 0000 0583 9825 7466",
}


@pytest.fixture
def owner(company: Company) -> Browser:
    return browser(company, make_user(company, Role.OWNER))


def text_of(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])
    return " ".join(words.replace("\u00a0", " ").split())


def roles(owner: Browser) -> dict[str, str]:
    return dict(Member.objects.filter(company=owner.company).values_list("user__email", "role"))


def activation_is(sales: Browser, **changes: Any) -> None:
    with acting_for(sales.company.id):
        Activation.objects.update(**changes)


def test_the_page_shows_the_company_what_is_agreed_and_its_people(sales: Browser, reader: Browser) -> None:
    page = text_of(reader.get("company/"))
    for words in ("Lillsjöns Snickeri AB", "559012-3450", "Hyvelgatan 4", "Bankgiro 5050-1055", "Ekviken Ombud",
                  "Aktiverad sedan 25 november 2026. Maja Lind godkände villkoren, version 2026-11.",
                  "Sedan 1 januari 2024", sales.user.email, "Läsbehörighet", "Försäljning"):  # fmt: skip
        assert words in page
    for absent in ("Ändra", "Lägg till någon"):
        assert absent not in page


def test_facts_are_changed_and_their_numbers_kept_as_digits(sales: Browser) -> None:
    response = sales.post("company/facts/", FACTS)
    assert response.headers["location"] == sales.url("company/")
    company = Company.objects.get(id=sales.company.id)
    assert (company.street, company.bankgiro, company.iban.upper()) == (
        "Nygatan 2", "50501055", "SE4550000000058398257466",
    )  # fmt: skip
    assert company.organisation_number == "559012-3450"
    form = sales.get("company/facts/").content.decode()
    assert 'value="5050-1055"' in form
    assert "SE45 5000 0000 0583 9825 7466" in form.upper()


def test_the_page_says_whether_the_agency_has_the_new_facts(sales: Browser) -> None:
    assert "nya uppgifterna" not in text_of(sales.get("company/"))
    sales.post("company/facts/", FACTS)
    waiting = sales.get("company/")
    assert "har inte fått de nya uppgifterna än. De skickas av sig själva." in text_of(waiting)
    assert 'hx-trigger="every 4s"' in waiting.content.decode()
    activation_is(sales, facts_changed_at=None, facts_told_at=NOW)
    told = sales.get("company/")
    assert "Ekviken Ombud har de nya uppgifterna sedan" in text_of(told)
    assert "hx-trigger" not in told.content.decode()


def test_another_organisation_number_is_another_company(sales: Browser) -> None:
    sales.post("company/facts/", FACTS | {"organisation_number": "559012-3468"})
    assert Company.objects.get(id=sales.company.id).organisation_number == "559012-3450"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bankgiro": "5050-1056"}, "Det är inget bankgironummer"),
        ({"plusgiro": "12"}, "Det är inget plusgironummer"),
        ({"iban": "SE45 5000"}, "Det är inget IBAN"),
        ({"name": " "}, "Fyll i det här."),
        ({"email": "faktura"}, "E-post:"),
    ],
)
def test_facts_that_cannot_be_are_refused_beside_their_field(
    sales: Browser, changes: dict[str, str], words: str
) -> None:
    response = sales.post("company/facts/", FACTS | changes)
    assert response.status_code == 422
    assert words in text_of(response)
    assert Company.objects.get(id=sales.company.id).street == "Hyvelgatan 4"


def test_who_may_change_what(sales: Browser, reader: Browser, stranger: Browser) -> None:
    member = Member.objects.get(user=reader.user)
    assert reader.get("company/facts/").status_code == 403
    assert reader.post("company/facts/", FACTS).status_code == 403
    for person in (reader, sales):
        assert person.get(f"company/members/{member.id}/").status_code == 403
        assert person.post(f"company/members/{member.id}/", {"role": "owner"}).status_code == 403
        assert person.post(f"company/members/{member.id}/removal/").status_code == 403
        assert (
            person.post("company/members/", {"email": "x@x.example", "name": "X", "role": "owner"}).status_code == 403
        )
    for path in ("company/", "company/facts/", f"company/members/{member.id}/"):
        assert stranger.client.get(sales.url(path)).status_code == 404
    assert Member.objects.get(id=member.id).role == "reader"
    assert Company.objects.get(id=sales.company.id).street == "Hyvelgatan 4"


def test_an_owner_adds_somebody_who_sets_a_password_by_mail(
    owner: Browser, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.client.post(
            owner.url("company/members/"),
            {"email": "Jonas@lillsjon.example", "name": "Jonas Ek", "role": "sales"},
            follow=True,
        )
    assert "Jonas Ek är med (försäljning)." in response.content.decode()
    assert "är på väg till jonas@lillsjon.example" in response.content.decode()
    (message,) = mail.outbox
    assert message.to == ["jonas@lillsjon.example"]
    assert "/accounts/password/reset/key/" in message.body
    assert roles(owner)["jonas@lillsjon.example"] == "sales"


def test_the_demo_says_where_its_mail_is(owner: Browser, settings: Any) -> None:
    def added(email: str) -> str:
        told = {"email": email, "name": "Jonas Ek", "role": "sales"}
        response = owner.client.post(owner.url("company/members/"), told, follow=True)
        return str(response.content.decode())

    assert "mapp mail" not in added("jonas@lillsjon.example")
    settings.DEMO = True
    assert "I demon skickas ingen e-post: meddelandet läggs i demons mapp mail." in added("siv@lillsjon.example")


def test_a_person_of_another_company_is_added_without_telling_of_it(owner: Browser, stranger: Browser) -> None:
    for email in (stranger.user.email, "ny@lillsjon.example"):
        response = owner.client.post(
            owner.url("company/members/"), {"email": email, "name": "Maja Lind", "role": "reader"}, follow=True
        )
        assert "Maja Lind är med (läsbehörighet). Ett meddelande med en länk" in response.content.decode()
    assert stranger.get("").status_code == 200


@pytest.mark.parametrize("changes", [{"email": "jonas"}, {"name": ""}, {"role": "admin"}])
def test_a_person_that_cannot_be_is_refused_beside_the_field(owner: Browser, changes: dict[str, str]) -> None:
    told = {"email": "jonas@lillsjon.example", "name": "Jonas Ek", "role": "sales"} | changes
    assert owner.post("company/members/", told).status_code == 422
    assert len(roles(owner)) == 1


def test_a_role_is_changed_on_the_persons_page(owner: Browser, reader: Browser) -> None:
    member = Member.objects.get(user=reader.user)
    page = owner.get(f"company/members/{member.id}/").content.decode()
    assert re.search(r'value="reader"[^>]*checked', page)
    assert page.count(">Roll<") == 1
    assert owner.post(f"company/members/{member.id}/", {"role": "sales"}).status_code == 302
    assert roles(owner)[reader.user.email] == "sales"
    assert owner.post(f"company/members/{member.id}/", {"role": "king"}).status_code == 422


def test_adding_somebody_who_is_here_changes_no_role(owner: Browser, reader: Browser) -> None:
    again = {"email": reader.user.email.upper(), "name": "Siv", "role": "owner"}
    refused = owner.post("company/members/", again)
    assert refused.status_code == 422
    assert "Personen är redan med. Öppna namnet i listan för att ändra rollen." in text_of(refused)
    assert roles(owner)[reader.user.email] == "reader"


def test_taking_somebody_away_says_first_what_happens(owner: Browser, reader: Browser) -> None:
    member = Member.objects.get(user=reader.user)
    assert "kommer inte längre åt företaget" in text_of(owner.get(f"company/members/{member.id}/"))
    assert owner.get(f"company/members/{member.id}/removal/").status_code == 405
    assert owner.post(f"company/members/{member.id}/removal/").headers["location"] == owner.url("company/")
    assert reader.get("").status_code == 404
    assert owner.post(f"company/members/{member.id}/removal/").status_code == 404


def test_the_last_owner_stays_and_is_told_what_to_do(owner: Browser, sales: Browser) -> None:
    own = Member.objects.get(user=owner.user)
    for path, data in ((f"company/members/{own.id}/", {"role": "sales"}), (f"company/members/{own.id}/removal/", {})):
        response = owner.client.post(owner.url(path), data, follow=True)
        assert "skulle bli utan ägare. Gör någon annan till ägare först." in response.content.decode()
    assert roles(owner)[owner.user.email] == "owner"
    Member.objects.filter(user=sales.user).update(role="owner")
    assert owner.post(f"company/members/{own.id}/removal/").headers["location"] == "/"
    assert owner.get("").status_code == 404


def test_an_activation_on_its_way_is_looked_for_again(sales: Browser) -> None:
    activation_is(sales, state="activating")
    page = sales.get("company/").content.decode()
    assert f'hx-get="{sales.url("company/")}" hx-trigger="every 4s" hx-select="#aktivering"' in page
    assert "Det brukar ta några sekunder." in page
    activation_is(sales, state="active")
    assert "hx-trigger" not in sales.get("company/").content.decode().split("<main")[1]


def test_a_silent_agency_is_told_of_in_words_after_an_hour(sales: Browser) -> None:
    problem = "key_not_accepted 401 Unauthorized: bad key"
    activation_is(sales, state="activating", last_problem=problem, first_tried_at=NOW - timedelta(minutes=59))
    assert "API-nyckel" not in text_of(sales.get("company/"))
    activation_is(sales, first_tried_at=NOW - timedelta(minutes=60))
    page = text_of(sales.get("company/"))
    assert "Ombudet har inte svarat på aktiveringen sedan 25 november kl. 09.30." in page
    assert "Be den som sköter programmet att lägga in en giltig nyckel." in page
    assert "Unauthorized" not in page


def test_facts_that_do_not_reach_the_agency_are_told_of_after_an_hour(sales: Browser) -> None:
    sales.post("company/facts/", FACTS)
    problem = "other_status 422"
    activation_is(sales, last_problem=problem, first_tried_at=NOW - timedelta(minutes=59))
    assert "Ombudet har inte svarat sedan" not in text_of(sales.get("company/"))
    activation_is(sales, first_tried_at=NOW - timedelta(minutes=60))
    page = text_of(sales.get("company/"))
    assert "Ombudet har inte svarat sedan 25 november kl. 09.30." in page
    assert "Vi försöker igen av oss själva." in page
    activation_is(sales, facts_changed_at=None, facts_told_at=NOW)
    assert "Ombudet har inte svarat sedan" not in text_of(sales.get("company/"))


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_for_silence_has_words_of_its_own(why: Why) -> None:
    what, todo = why_words(f"{why.value} some detail in English")
    assert what.startswith(("Ombudets server", "Förbindelsen"))
    assert todo
    assert [other for other in Why if why_words(other.value)[0] == what] == [why]
    assert why_words("something_newer 418") == why_words(Why.OTHER_STATUS.value)


def test_new_terms_are_to_be_read_before_more_is_sent(sales: Browser, reader: Browser) -> None:
    make_terms("2026-12", TODAY)
    assert f'href="{sales.url("company/activation/terms/")}"' in sales.get("company/").content.decode()
    page = reader.get("company/").content.decode()
    assert "Villkoren har ändrats." in page
    assert sales.url("company/activation/terms/") not in page
