"""Platforms at the desk: keys and secrets are shown once, and what is shown is what works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions.keys import authenticate
from punktlig.agency.records.models import ApiKey, Platform, WebhookDelivery
from tests.agency.people import logged_in, person
from tests.agency.samples import NOW, make_platform

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return logged_in(person("agency_admin"))


@pytest.fixture
def platform() -> Platform:
    return make_platform()


def url(platform: Platform) -> str:
    return f"/desk/platforms/{platform.id}/"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_a_platform_is_added_by_its_name(admin: Client) -> None:
    empty = admin.post("/desk/platforms/", {"name": " "})
    assert empty.status_code == 200
    assert Platform.objects.count() == 0
    done = admin.post("/desk/platforms/", {"name": "Kundreskontran"}, follow=True)
    assert done.redirect_chain == [(url(Platform.objects.get()), 302)]
    assert "Skapa en nyckel" in words(done)


def test_a_key_is_shown_once_and_opens_the_api(admin: Client, platform: Platform) -> None:
    response = admin.post(f"{url(platform)}keys", {"name": "produktion"})
    assert (response.status_code, response["Location"]) == (302, url(platform))
    first, second = admin.get(url(platform)), admin.get(url(platform))
    key = first.context["new_key"]
    assert key in first.text
    assert authenticate(key) == platform
    assert second.context["new_key"] == ""
    assert key.partition(".")[2] not in second.text
    assert first["Cache-Control"] == "private, no-store"
    # Nowhere at our side in plain: neither with the key nor with the session.
    stored = ApiKey.objects.get()
    assert key.partition(".")[2] not in (stored.id, stored.secret_sha256, stored.name)
    assert "agency_shown_once" not in admin.cookies or admin.cookies["agency_shown_once"].value == ""
    assert key not in str(dict(admin.session))


def test_the_cookie_that_carries_a_secret_goes_to_its_page_alone(admin: Client, platform: Platform) -> None:
    cookie = admin.post(f"{url(platform)}keys").cookies["agency_shown_once"]
    assert cookie["path"] == url(platform)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert int(cookie["max-age"]) <= 120


def test_what_somebody_else_puts_in_the_cookie_is_not_shown(admin: Client, platform: Platform) -> None:
    for value in ("key:abc.def", "webhook:whsec_other", "<b>", "key:"):
        admin.cookies["agency_shown_once"] = value
        page = admin.get(url(platform))
        assert (page.context["new_key"], page.context["new_secret"]) == ("", "")
        assert "visas bara nu" not in page.text


def test_a_key_is_revoked_after_what_it_does_was_shown(admin: Client, platform: Platform) -> None:
    admin.post(f"{url(platform)}keys")
    key = admin.get(url(platform)).context["new_key"]
    revoking = f"{url(platform)}keys/{ApiKey.objects.get().id}/revocation"
    assert "enda nyckel" in words(admin.get(revoking))
    assert authenticate(key) == platform
    done = admin.post(revoking, follow=True)
    assert "Nyckeln är spärrad" in words(done)
    assert authenticate(key) is None
    assert admin.post(revoking).status_code == 302
    other = make_platform("Annan")
    assert admin.get(f"{url(other)}keys/{ApiKey.objects.get().id}/revocation").status_code == 404


@pytest.mark.parametrize("address", ["http://kund.example/hooks", "kund.example", "ftp://kund.example", "https://"])
def test_an_address_that_is_not_https_is_refused(admin: Client, platform: Platform, address: str) -> None:
    page = admin.post(f"{url(platform)}webhooks", {"url": address})
    assert page.status_code == 200
    assert "börja med https://" in words(page)
    platform.refresh_from_db()
    assert platform.webhook_url == ""


def test_a_webhook_secret_is_shown_once_when_it_is_made_and_when_it_is_replaced(
    admin: Client, platform: Platform
) -> None:
    admin.post(f"{url(platform)}webhooks", {"url": "https://kund.example/hooks"})
    first = admin.get(url(platform)).context["new_secret"]
    platform.refresh_from_db()
    assert first == platform.webhook_secret != ""
    assert first not in admin.get(url(platform)).text
    # Another address keeps the secret, which is not shown again.
    admin.post(f"{url(platform)}webhooks", {"url": "https://kund.example/andra"})
    assert admin.get(url(platform)).context["new_secret"] == ""
    admin.post(f"{url(platform)}webhook-secret", {"secret": "new"})
    second = admin.get(url(platform)).context["new_secret"]
    assert second not in ("", first)
    platform.refresh_from_db()
    assert (platform.webhook_secret, platform.previous_webhook_secret) == (second, first)
    page = admin.get(url(platform))
    assert first not in page.text
    assert second not in page.text
    admin.post(f"{url(platform)}webhook-secret", {"secret": "forget"})
    platform.refresh_from_db()
    assert (platform.webhook_secret, platform.previous_webhook_secret) == (second, "")


def test_deliveries_are_shown_with_their_attempts(admin: Client, platform: Platform) -> None:
    facts: dict[str, Any] = {"platform": platform, "created_at": NOW}
    WebhookDelivery.objects.create(first_position=1, last_position=4, attempts=1, delivered_at=NOW, **facts)
    WebhookDelivery.objects.create(
        first_position=5, last_position=9, attempts=3, next_try_at=NOW, last_problem="svarade 503", **facts
    )
    WebhookDelivery.objects.create(
        first_position=10, last_position=10, attempts=10, last_problem="svarade 404", **facts
    )
    said = words(admin.get(url(platform)))
    assert "10–10" in said
    assert "svarade 503" in said
    assert said.index("Gavs upp") < said.index("Nästa försök") < said.index("Mottagen")
