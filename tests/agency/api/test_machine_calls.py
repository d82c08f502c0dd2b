"""Calls of the API go past sessions and languages, and keep what protects everybody."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.agency.api.calling import Caller

pytestmark = pytest.mark.django_db


def test_an_answer_has_its_length_and_the_headers_of_safety_and_none_of_a_page() -> None:
    caller = Caller()
    answer = caller.get("/events")
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(len(answer.content))
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} <= set(answer.headers)
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Vary", "Content-Language"} & set(answer.headers) == set()
    assert not answer.cookies


def test_a_cookie_of_a_session_is_not_even_looked_up() -> None:
    caller = Caller()
    caller.client.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
    with CaptureQueriesContext(connection) as queries:
        assert caller.get("/events").status_code == 200
    assert not [one for one in queries if "session" in one["sql"]]


def test_pages_still_have_a_session_and_a_language() -> None:
    page = Caller().client.get("/accounts/login/")
    assert page["Content-Language"] == "sv"
    assert settings.CSRF_COOKIE_NAME in page.cookies


def test_a_call_that_is_meant_for_another_host_is_refused() -> None:
    caller = Caller()
    assert caller.client.get("/api/v1/openapi.json").status_code == 200
    assert caller.client.get("/api/v1/openapi.json", headers={"Host": "another.example"}).status_code == 400
