"""Guessing at a password ends soon; somebody else's guessing keeps nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
MAJA, PASSWORD = "maja@lillsjon.example", "hemligt-nog-hemligt"


class QuickHasher(MD5PasswordHasher):
    """So that fifty guesses take no minute."""


@pytest.fixture(autouse=True)
def limits(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHasher"]
    cache.clear()
    User.objects.create_user(MAJA, PASSWORD, name="Maja Lind")
    yield
    cache.clear()


def gets_in(password: str, address: str, **headers: str) -> bool:
    client = Client(
        headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https", **headers}, REMOTE_ADDR=address
    )
    answer = client.post(LOGIN, {"login": MAJA, "password": password})
    assert answer.status_code in (200, 302)
    return answer.status_code == 302


def test_one_address_guesses_ten_times_whatever_it_says_of_itself() -> None:
    for number in range(10):
        assert not gets_in(f"gissning {number}", "198.51.100.7", **{"x-forwarded-for": f"203.0.113.{number}"})
    # From then on not even the right one is tried.
    assert not gets_in(PASSWORD, "198.51.100.7", **{"x-forwarded-for": "203.0.113.99"})


def test_somebody_elses_guessing_keeps_nobody_out() -> None:
    for number in range(12):
        assert not gets_in(f"gissning {number}", "198.51.100.7")
    assert gets_in(PASSWORD, "198.51.100.8")


def test_a_log_in_that_succeeds_is_none_of_the_guesses() -> None:
    for _ in range(11):
        assert gets_in(PASSWORD, "198.51.100.7")


def test_guesses_are_not_forgotten_among_others() -> None:
    for number in range(10):
        assert not gets_in(f"gissning {number}", "198.51.100.7")
    for number in range(2_000):
        cache.set(f"another-address-{number}", [1.0], 60)
    assert not gets_in(PASSWORD, "198.51.100.7")


def test_an_account_is_guessed_at_from_many_addresses_so_often_and_no_more() -> None:
    for number in range(100):
        assert not gets_in(f"gissning {number}", f"203.0.113.{number}")
    assert not gets_in(PASSWORD, "198.51.100.8")


def asked_for_a_code(email: str, address: str = "198.51.100.9") -> Client:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"}, REMOTE_ADDR=address)
    asked = client.post(LOGIN, {"login": email, "password": PASSWORD})
    assert asked["location"].startswith("/accounts/2fa/authenticate/")
    return client


def gives(client: Client, code: str) -> bool:
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def with_second_step(email: str) -> list[str]:
    """Give the person a second step, and return their recovery codes."""
    user, _ = User.objects.get_or_create(email=email)
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).generate_codes()


def test_a_code_is_guessed_at_five_times_from_wherever() -> None:
    codes = with_second_step(MAJA)
    for number in range(5):
        assert not gives(asked_for_a_code(MAJA, f"203.0.113.{number}"), "wrong")
    assert not gives(asked_for_a_code(MAJA), codes[0])


def test_a_code_that_is_right_ends_the_count() -> None:
    codes = with_second_step(MAJA)
    for code in codes[:3]:
        client = asked_for_a_code(MAJA)
        assert not gives(client, "wrong")
        assert not gives(client, "wrong too")
        assert gives(client, code)


def test_ones_own_code_gives_no_more_guesses_at_anothers_password() -> None:
    codes = with_second_step("jonas@lillsjon.example")
    for number in range(10):
        assert not gets_in(f"gissning {number}", "198.51.100.9")
    # Already asked for the code when the guessing began, say from another place.
    client = asked_for_a_code("jonas@lillsjon.example", "198.51.100.10")
    client.defaults["REMOTE_ADDR"] = "198.51.100.9"
    assert gives(client, codes[0])
    assert not gets_in(PASSWORD, "198.51.100.9")
