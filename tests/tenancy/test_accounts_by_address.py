"""Who an address leads to: the account that goes by it, and never one where it merely stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.mail import EmailMessage

pytestmark = pytest.mark.django_db

ADDRESSES = "/accounts/email/"
OWN, SHARED, PASSWORD = "jonas@lillsjon.example", "ekonomi@lillsjon.example", "hemligt-nog-hemligt"


@pytest.fixture(autouse=True)
def _no_limits_of_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def jonas() -> User:
    return User.objects.create_user(OWN, PASSWORD, name="Jonas Ek")


def browser(user: User | None = None) -> Client:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"})
    if user is not None:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def link_in(sent: list[EmailMessage], address: str, to: str) -> str:
    texts = [str(message.body) for message in sent if message.to == [address]]
    (path,) = re.findall(rf"https?://[^/\s]+(/accounts/{to}/\S+)", texts[-1])
    return str(path)


def add(client: Client, address: str, sent: list[EmailMessage]) -> str:
    """Add an address on the page, and return where its link leads."""
    client.post(ADDRESSES, {"action_add": "", "email": address})
    return link_in(sent, address, "confirm-email")


def is_confirmed(user: User, address: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=address, verified=True).exists()


def log_in(address: str, password: str) -> str | None:
    client = browser()
    client.post("/accounts/login/", {"login": address, "password": password})
    return client.session.get("_auth_user_id")


def test_a_stranger_who_opens_a_link_gives_nobody_their_address(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    path = add(browser(jonas), SHARED, mailoutbox)
    chief = User.objects.create_user("chef@lillsjon.example", PASSWORD, name="Ny Chef")
    # The reader of the letter has no account yet, or another: somebody else asked for this.
    for reader in (browser(), browser(chief)):
        page = reader.get(path)
        reader.post(path)
        assert page.status_code in (200, 302)
        assert not is_confirmed(jonas, SHARED)
    jonas.refresh_from_db()
    assert jonas.email == OWN


def test_the_message_says_whose_account_it_is(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    add(browser(jonas), SHARED, mailoutbox)
    (sent,) = (message for message in mailoutbox if message.to == [SHARED])
    assert sent.subject == "Bekräfta din e-postadress"
    assert "Den här adressen står på ett konto som tillhör Jonas Ek." in str(sent.body)
    assert "Är det inte du behöver du inte göra något." in str(sent.body)


def test_who_is_not_logged_in_confirms_after_logging_in(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    path = add(browser(jonas), SHARED, mailoutbox)
    client = browser()
    asked = client.get(path)
    assert asked.status_code == 302
    back = client.post(asked["location"], {"login": OWN, "password": PASSWORD})
    assert back["location"] == path
    assert SHARED in client.get(path).content.decode()
    client.post(path)
    assert is_confirmed(jonas, SHARED)


def test_confirming_a_second_address_does_not_change_what_the_account_goes_by(
    jonas: User, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jonas)
    client.post(add(client, SHARED, mailoutbox))
    jonas.refresh_from_db()
    assert is_confirmed(jonas, SHARED)
    assert jonas.email == OWN
    # Until it is asked for.
    client.post(ADDRESSES, {"action_primary": "", "email": SHARED})
    jonas.refresh_from_db()
    assert jonas.email == SHARED


def test_an_address_that_another_account_goes_by_is_not_confirmed_here(
    jonas: User, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jonas)
    path = add(client, SHARED, mailoutbox)
    User.objects.create_user(SHARED, PASSWORD, name="Ekonomi")
    said = client.post(path, follow=True)
    assert said.status_code == 200
    assert not is_confirmed(jonas, SHARED)


def test_an_account_may_go_by_no_address_that_another_got_since(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    client = browser(jonas)
    client.post(add(client, SHARED, mailoutbox))
    User.objects.create_user(SHARED, PASSWORD, name="Ekonomi")
    said = client.post(ADDRESSES, {"action_primary": "", "email": SHARED}, follow=True)
    assert said.status_code == 200
    assert "Ett annat konto används med den adressen." in said.content.decode()
    jonas.refresh_from_db()
    assert jonas.email == OWN


def test_who_goes_by_an_address_confirms_it_whoever_had_it_before(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    client = browser(jonas)
    client.post(add(client, SHARED, mailoutbox))
    office = User.objects.create_user(SHARED, PASSWORD, name="Ekonomi")
    theirs = browser(office)
    theirs.get(ADDRESSES)
    cache.clear()  # another message to the same address goes three minutes later
    theirs.post(ADDRESSES, {"action_send": "", "email": SHARED})
    path = link_in(mailoutbox, SHARED, "confirm-email")
    assert 'action="/accounts/confirm-email/' in theirs.get(path).content.decode()
    theirs.post(path)
    assert is_confirmed(office, SHARED)
    assert not EmailAddress.objects.filter(user=jonas, email=SHARED).exists()


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_new_password_is_for_the_account_that_goes_by_the_address(
    jonas: User, mailoutbox: list[EmailMessage], confirmed: bool
) -> None:
    # An address that stands at Jonas's account, confirmed or not, is given to somebody of their own afterwards.
    EmailAddress.objects.create(user=jonas, email=SHARED, verified=confirmed)
    office = User.objects.create_user(SHARED, None, name="Ekonomi")
    browser().post("/accounts/password/reset/", {"email": SHARED.upper()})
    (sent,) = mailoutbox
    assert f"/{office.pk.hex}-" in str(sent.body)


def test_an_address_that_nobody_has_shown_to_read_gets_no_new_password(
    jonas: User, mailoutbox: list[EmailMessage]
) -> None:
    EmailAddress.objects.create(user=jonas, email=SHARED)
    browser().post("/accounts/password/reset/", {"email": SHARED})
    (sent,) = mailoutbox
    assert f"/{jonas.pk.hex}-" not in str(sent.body)


def test_a_confirmed_address_logs_in_and_gets_a_new_password(jonas: User, mailoutbox: list[EmailMessage]) -> None:
    EmailAddress.objects.create(user=jonas, email=SHARED, verified=True)
    assert log_in(SHARED.upper(), PASSWORD) == str(jonas.pk)
    browser().post("/accounts/password/reset/", {"email": SHARED})
    assert f"/{jonas.pk.hex}-" in str(mailoutbox[-1].body)


def test_an_address_leads_to_no_account_where_it_merely_stands(jonas: User) -> None:
    EmailAddress.objects.create(user=jonas, email=SHARED)
    assert log_in(SHARED, PASSWORD) is None
    office = User.objects.create_user(SHARED, "ett-annat-hemligt", name="Ekonomi")
    assert log_in(SHARED, PASSWORD) is None
    assert log_in(SHARED, "ett-annat-hemligt") == str(office.pk)
    EmailAddress.objects.filter(user=jonas).update(verified=True)
    assert log_in(SHARED, PASSWORD) is None


@pytest.mark.parametrize("told", [OWN, OWN.upper(), f"  {OWN} "])
def test_who_never_confirmed_the_address_logs_in_and_gets_a_new_password(
    jonas: User, mailoutbox: list[EmailMessage], told: str
) -> None:
    assert log_in(told, PASSWORD) == str(jonas.pk)
    mailoutbox.clear()
    browser().post("/accounts/password/reset/", {"email": told})
    path = link_in(mailoutbox, OWN, "password/reset/key")
    client = browser()
    form = client.get(path)["location"]
    client.post(form, {"password1": "alldeles-nytt-ord", "password2": "alldeles-nytt-ord"})
    assert log_in(told, "alldeles-nytt-ord") == str(jonas.pk)
