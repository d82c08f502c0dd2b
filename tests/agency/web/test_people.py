"""Who gets in, and by whom: the agency's people at the desk, a creditor's at its own page; each by a link in a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from punktlig.agency.records.models import Creditor, Member
from punktlig.tenancy.models import User
from tests.agency.people import logged_in, person
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db

PASSWORD = "hyvelspån-i-solsken"  # noqa: S105 - of nobody
NEW = {"email": "siv@lillsjons.example", "name": "Siv Norberg", "role": "creditor_reader"}
COLLEAGUE = {"email": "eva@ekviken.example", "name": "Eva Sund", "role": "case_handler"}


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.fixture(autouse=True)
def sent(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []


def url(creditor: Creditor, tail: str = "") -> str:
    return f"/c/{creditor.id}/people/{tail}"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


@pytest.mark.parametrize("role", ["creditor_admin", "agency_admin"])
def test_somebody_is_added_and_gets_in_by_the_link_in_the_mail(
    creditor: Creditor, role: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        done = logged_in(person(role, creditor)).post(url(creditor), NEW, follow=True)
    assert "Siv Norberg är med." in words(done)
    (message,) = mail.outbox
    assert message.to == ["siv@lillsjons.example"]
    assert creditor.name in message.subject
    found = re.search(r"http://localhost:8001(/accounts/password/reset/key/\S+)", str(message.body))
    assert found is not None
    siv = Client()
    page = siv.get(found[1], follow=True)
    chosen = siv.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert chosen.status_code == 302, words(chosen)
    user = User.objects.get(email="siv@lillsjons.example")
    assert user.check_password(PASSWORD)
    in_at_last = Client()
    assert in_at_last.login(username="siv@lillsjons.example", password=PASSWORD)
    assert in_at_last.get(f"/c/{creditor.id}/claims/").status_code == 200
    # The link opens once.
    again = Client().get(found[1], follow=True)
    assert "password1" not in again.text


def test_somebody_who_has_an_account_is_told_to_log_in_and_no_link_to_a_password_is_made(
    creditor: Creditor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    User.objects.create_user(NEW["email"], PASSWORD, name="Siv Norberg")
    with django_capture_on_commit_callbacks(execute=True):
        logged_in(person("creditor_admin", creditor)).post(url(creditor), NEW)
    (message,) = mail.outbox
    assert "/accounts/login/" in message.body
    assert "/password/reset/" not in message.body


def test_a_mail_server_that_is_away_undoes_nothing(
    creditor: Creditor, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}
        }
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        done = logged_in(person("creditor_admin", creditor)).post(url(creditor), NEW)
    assert done.status_code == 302
    assert Member.objects.filter(creditor=creditor, user__email=NEW["email"]).exists()


@pytest.mark.parametrize(("role", "looks"), [("creditor_reader", 200), ("case_handler", 200), ("nobody", 404)])
def test_others_look_at_most(creditor: Creditor, role: str, looks: int) -> None:
    client, member = logged_in(person(role, creditor)), person("creditor_admin", creditor).agency_memberships.get()
    refused = 404 if looks == 404 else 403
    page = client.get(url(creditor))
    assert page.status_code == looks
    if looks == 200:
        assert "Lägg till någon" not in page.text
        assert "Creditor Admin" in page.text
    assert client.post(url(creditor), NEW).status_code == refused
    for tail in (f"{member.id}/", f"{member.id}/removal"):
        assert client.post(url(creditor, tail), {"role": "creditor_reader"}).status_code == refused
    assert client.post(f"/c/{creditor.id}/letter-way", {"way": "email"}).status_code == refused
    member.refresh_from_db()
    assert member.role == "creditor_admin"
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_creditors_administrator_changes_only_its_own_people(creditor: Creditor) -> None:
    other = make_creditor()
    client = logged_in(person("creditor_admin", creditor))
    theirs = Member.objects.create(
        creditor=other, user=User.objects.create_user("per@annan.example", name="Per"), role="creditor_reader"
    )
    ours = Member.objects.create(
        creditor=creditor, user=User.objects.create_user("siv@lillsjons.example", name="Siv"), role="creditor_reader"
    )
    assert client.get(url(other)).status_code == 404
    assert client.post(url(creditor, f"{theirs.id}/removal")).status_code == 404
    assert client.post(url(creditor, f"{ours.id}/"), {"role": "creditor_admin"}).status_code == 302
    ours.refresh_from_db()
    assert ours.role == "creditor_admin"
    # Nobody makes an agency's person of a creditor's.
    assert client.post(url(creditor, f"{ours.id}/"), {"role": "agency_admin"}).status_code == 422
    assert client.post(url(creditor), NEW | {"role": "case_handler"}).status_code == 422
    assert client.post(url(creditor, f"{ours.id}/removal")).status_code == 302
    assert not Member.objects.filter(id=ours.id).exists()
    assert Member.objects.filter(id=theirs.id).exists()


def test_the_agencys_own_cannot_be_made_a_creditors(creditor: Creditor) -> None:
    handler = person("case_handler")
    page = logged_in(person("creditor_admin", creditor)).post(url(creditor), NEW | {"email": handler.email})
    assert page.status_code == 422
    assert "hör redan till den andra sidan" in page.text
    assert Member.objects.get(user=handler).creditor is None


def test_the_page_says_what_was_agreed_and_the_agency_chooses_how_letters_go(
    creditor: Creditor, settings: Settings
) -> None:
    admin = logged_in(person("agency_admin"))
    page = words(admin.get(url(creditor)))
    assert creditor.contact_email in page.replace("@ ", "@")
    assert f"Version {creditor.terms_version}" in page
    assert "På papper" in page
    admin.post(f"/c/{creditor.id}/letter-way", {"way": "email"})
    creditor.refresh_from_db()
    assert creditor.sends_by_email
    assert "Med e-post" in words(admin.get(url(creditor)))
    settings.EMAIL_GATEWAY = "none"
    page = words(admin.get(url(creditor)))
    assert "På papper" in page
    assert "Skicka alla brev på papper" not in page
    assert logged_in(person("creditor_admin", creditor)).post(
        f"/c/{creditor.id}/letter-way", {"way": "print"}
    ).status_code == 403  # fmt: skip


def test_the_desk_lists_the_creditors(creditor: Creditor) -> None:
    client = logged_in(person("case_handler"))
    page = client.get("/desk/creditors/")
    assert creditor.name in page.text
    assert url(creditor) in page.text
    assert logged_in(person("creditor_admin", creditor)).get("/desk/creditors/").status_code == 404


# ---- The agency's own


def test_an_administrator_adds_a_colleague_who_gets_a_link(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        done = logged_in(person("agency_admin")).post("/desk/people/", COLLEAGUE, follow=True)
    assert "Eva Sund är med." in words(done)
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert Member.objects.get(user__email=COLLEAGUE["email"]).role == "case_handler"


@pytest.mark.parametrize("role", ["case_handler", "creditor_admin", "nobody"])
def test_for_others_the_agencys_people_do_not_exist(creditor: Creditor, role: str) -> None:
    admin = person("agency_admin").agency_memberships.get()
    client = logged_in(person(role, creditor))
    assert client.get("/desk/people/").status_code == 404
    assert client.post("/desk/people/", COLLEAGUE).status_code == 404
    assert client.post(f"/desk/people/{admin.id}/removal").status_code == 404
    assert Member.objects.filter(id=admin.id).exists()


def test_the_last_administrator_stays() -> None:
    user = person("agency_admin")
    client, member = logged_in(user), user.agency_memberships.get()
    for answer in (
        client.post(f"/desk/people/{member.id}/", {"role": "case_handler"}),
        client.post(f"/desk/people/{member.id}/removal", follow=True),
    ):
        assert "enda administratör" in answer.text
    again = client.post("/desk/people/", {"email": user.email, "name": "x", "role": "case_handler"})
    assert "Personen är redan med." in again.text
    member.refresh_from_db()
    assert member.role == "agency_admin"
    client.post("/desk/people/", COLLEAGUE | {"role": "agency_admin"})
    assert client.post(f"/desk/people/{member.id}/removal").status_code == 302
    assert client.get("/desk/people/").status_code == 404


def test_a_creditors_person_has_no_page_among_the_agencys(creditor: Creditor) -> None:
    member = person("creditor_admin", creditor).agency_memberships.get()
    client = logged_in(person("agency_admin"))
    assert client.get(f"/desk/people/{member.id}/").status_code == 404
    assert client.post(f"/desk/people/{member.id}/removal").status_code == 404
