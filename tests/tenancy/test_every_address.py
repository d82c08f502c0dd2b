"""What holds for every address of a site, also for the next one: who it wants to know, and that forms have a token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from punktlig.tenancy.models import User
from tests.tenancy.every_address import addresses

if TYPE_CHECKING:
    from tests.tenancy.every_address import Address

pytestmark = pytest.mark.django_db

# Answered to programs, which show a key or a signature with each call instead.
FOR_PROGRAMS = ("api/", "hooks/")
# Of whoever is about to log in.
ACCOUNTS = ("accounts/",)


def named(address: Address) -> str:
    return address.filled(
        {name: "1" if name in {"page", "pk", "key", "version", "number"} else uuid4() for name in address.takes}
    )


def test_pages_want_a_log_in() -> None:
    assert {each.name for each in addresses(leave_out=(*FOR_PROGRAMS, *ACCOUNTS)) if each.is_open} == {"language"}


def test_nothing_is_posted_without_the_token_of_a_form() -> None:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"}, enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("maja@lillsjon.example", None, name="Maja Lind"))
    tried = [each for each in addresses(leave_out=FOR_PROGRAMS) if "^" not in each.route]
    answers = {each.name: client.post(named(each), {"csrfmiddlewaretoken": "a" * 64}).status_code for each in tried}
    assert set(answers.values()) == {403}, {name: status for name, status in answers.items() if status != 403}


def test_a_form_of_another_site_is_no_form_of_this_one() -> None:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"}, enforce_csrf_checks=True)
    token = client.get("/accounts/login/").cookies[settings.CSRF_COOKIE_NAME].value
    for origin in (
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"referer": "https://elsewhere.example/"},
        {},
    ):
        answer = client.post("/language", {"language": "en", "csrfmiddlewaretoken": token}, headers=origin)
        assert answer.status_code == 403, origin
