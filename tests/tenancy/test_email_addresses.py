"""An account goes by an address that its owner has shown to read: who is added by an address gets that account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

pytestmark = pytest.mark.django_db

ADDRESSES = "/accounts/email/"
OWN, ANOTHERS = "jonas@lillsjon.example", "ny.chef@lillsjon.example"


@pytest.fixture
def jonas() -> User:
    return User.objects.create_user(OWN, "hemligt-nog-hemligt", name="Jonas Ek")


@pytest.fixture
def at_work(jonas: User) -> Client:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"})
    client.force_login(jonas, "django.contrib.auth.backends.ModelBackend")
    return client


def test_an_address_that_nobody_has_shown_to_read_is_not_what_the_account_goes_by(at_work: Client, jonas: User) -> None:
    at_work.post(ADDRESSES, {"action_add": "", "email": ANOTHERS})
    said = at_work.post(ADDRESSES, {"action_primary": "", "email": ANOTHERS}, follow=True).content.decode()
    assert "Adressen används inte förrän den är bekräftad." in said
    jonas.refresh_from_db()
    assert jonas.email == OWN
    # Nor by the way round: taking away one's own.
    for address in (OWN, OWN.upper()):
        said = at_work.post(ADDRESSES, {"action_remove": "", "email": address}, follow=True).content.decode()
        jonas.refresh_from_db()
        assert jonas.email == OWN
    assert EmailAddress.objects.filter(user=jonas, email=OWN).exists()


def test_the_only_address_cannot_be_taken_away(at_work: Client, jonas: User) -> None:
    at_work.get(ADDRESSES)
    at_work.post(ADDRESSES, {"action_remove": "", "email": OWN})
    jonas.refresh_from_db()
    assert jonas.email == OWN


def test_an_address_whose_link_was_opened_is_what_the_account_goes_by(
    at_work: Client, jonas: User, mailoutbox: list[EmailMessage]
) -> None:
    at_work.post(ADDRESSES, {"action_add": "", "email": "jonas.ek@lillsjon.example"})
    (sent,) = (message for message in mailoutbox if message.to == ["jonas.ek@lillsjon.example"])
    (path,) = re.findall(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", str(sent.body))
    at_work.post(path)
    at_work.post(ADDRESSES, {"action_primary": "", "email": "jonas.ek@lillsjon.example"})
    jonas.refresh_from_db()
    assert jonas.email == "jonas.ek@lillsjon.example"
    # The old one may go then.
    at_work.post(ADDRESSES, {"action_remove": "", "email": OWN})
    assert not EmailAddress.objects.filter(email=OWN).exists()


def test_an_address_that_another_account_goes_by_stays_that_accounts(at_work: Client, jonas: User) -> None:
    chief = User.objects.create_user(ANOTHERS, None, name="Ny Chef")
    # That somebody has an account is not told: it is added, and waits for a link that goes to the other.
    at_work.post(ADDRESSES, {"action_add": "", "email": ANOTHERS})
    assert at_work.post(ADDRESSES, {"action_primary": "", "email": ANOTHERS}).status_code == 302
    for user, address in ((jonas, OWN), (chief, ANOTHERS)):
        user.refresh_from_db()
        assert user.email == address


def test_the_page_shows_which_address_the_account_goes_by(at_work: Client) -> None:
    at_work.post(ADDRESSES, {"action_add": "", "email": ANOTHERS})
    page = at_work.get(ADDRESSES)
    assert page.content.decode().count("Används") == 1
    assert {one["emailaddress"].email: one["checked"] for one in page.context["emailaddress_radios"]} == {
        OWN: True, ANOTHERS: False,
    }  # fmt: skip
