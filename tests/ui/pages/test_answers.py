"""What every answer of both sites has in common: its language, its headers, and pages for what went wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.http import Http404
from django.test import Client, RequestFactory

from punktlig.tenancy.models import User
from punktlig.ui import errors

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

LOGIN = "/accounts/login/"
PASSWORD = "hemligt-nog-hemligt"  # noqa: S105 - of an invented person


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"}, enforce_csrf_checks=True)


@pytest.fixture
def maja(db: None) -> User:  # noqa: ARG001
    return User.objects.create_user("maja@lillsjon.example", PASSWORD, name="Maja Lind")


@pytest.mark.django_db
def test_a_page_tells_the_browser_what_it_may_do(browser: Client) -> None:
    response = browser.get(LOGIN)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w+/=-]{20,}'", policy["script-src"])
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"].split()[0] == "'self'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "HX-Request" in response["Vary"]


@pytest.mark.django_db
def test_no_browser_keeps_a_page(browser: Client, maja: User) -> None:
    browser.force_login(maja, backend="django.contrib.auth.backends.ModelBackend")
    for address in (LOGIN, "/", "/no-such-page/"):
        assert "no-store" in browser.get(address)["Cache-Control"], address


@pytest.mark.django_db
def test_no_page_has_script_or_style_that_the_policy_forbids(browser: Client) -> None:
    page = browser.get(LOGIN).content.decode()
    assert not re.search(r"<[^>]+\s(?:style|on\w+|hx-on[\w:-]*)=", page)
    for script in re.findall(r"<script([^>]*)>", page):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.django_db
def test_cookies_are_for_this_site_alone(browser: Client, maja: User) -> None:
    token = browser.get(LOGIN).cookies[settings.CSRF_COOKIE_NAME]
    assert token["secure"]
    assert token["samesite"] == "Lax"
    response = browser.post(
        LOGIN,
        {"login": maja.email, "password": PASSWORD, "csrfmiddlewaretoken": token.value},
        headers={"referer": f"https://{settings.ALLOWED_HOSTS[0]}/"},
    )
    assert response.status_code == 302
    session = response.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["secure"]
    assert session["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_NAME.startswith(settings.SITE)


@pytest.mark.django_db
def test_pages_are_swedish_until_somebody_chooses_otherwise() -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0], "accept-language": "en-GB,en;q=0.9"})
    response = browser.get(LOGIN)
    assert response["Content-Language"] == "sv"
    assert '<html lang="sv">' in response.content.decode()
    assert "Logga in" in response.content.decode()
    chosen = browser.post("/language", {"language": "en", "next": LOGIN})
    assert (chosen.status_code, chosen["Location"]) == (302, LOGIN)
    assert chosen.cookies[settings.LANGUAGE_COOKIE_NAME]["samesite"] == "Lax"
    page = browser.get(LOGIN).content.decode()
    assert '<html lang="en">' in page
    assert "<h1>Log in</h1>" in page


def test_a_person_keeps_the_language_in_another_browser(maja: User) -> None:
    first = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    first.force_login(maja)
    first.post("/language", {"language": "en", "next": "/"})
    maja.refresh_from_db()
    assert maja.language == "en"
    second = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    second.force_login(maja)
    assert second.get("/accounts/password/change/")["Content-Language"] == "en"


def test_the_language_chosen_just_before_logging_in_goes_on_after_it(maja: User) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    browser.post("/language", {"language": "en", "next": LOGIN})
    entered = browser.post(LOGIN, {"login": maja.email, "password": PASSWORD})
    assert entered.status_code == 302
    assert browser.get("/accounts/password/change/")["Content-Language"] == "en"
    maja.refresh_from_db()
    assert maja.language == "en"


def test_the_language_of_an_earlier_visitor_is_not_taken_for_the_persons_own(maja: User) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    browser.force_login(maja)
    assert browser.get("/accounts/password/change/")["Content-Language"] == "sv"
    maja.refresh_from_db()
    assert maja.language == "sv"


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_choosing_a_language_never_leads_to_another_site(target: str) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    assert browser.post("/language", {"language": "en", "next": target})["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_is_refused_and_a_link_cannot_change_it() -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    assert browser.post("/language", {"language": "tlh"}).status_code == 400


@pytest.mark.django_db
def test_the_address_of_a_button_says_that_nothing_was_done() -> None:
    answer = Client(headers={"host": settings.ALLOWED_HOSTS[0]}).get("/language")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>Här finns ingen sida</h1>" in answer.content.decode()
    assert "Inget har ändrats." in answer.content.decode()


@pytest.mark.parametrize(
    ("problem", "status", "title"),
    [
        (Http404(), 404, "Sidan finns inte"),
        (PermissionDenied(), 403, "Din roll räcker inte till det här"),
        (SuspiciousOperation(), 400, "Det gick inte att läsa"),
    ],
)
def test_a_no_says_what_to_do_next(problem: Exception, status: int, title: str) -> None:
    # Without the database mark: such a page asks it for nothing.
    response = response_for_exception(RequestFactory().get("/nowhere"), problem)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert 'href="/"' in page


def test_our_own_fault_shows_a_page_and_no_trace() -> None:
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    page = response.content.decode()
    assert "<h1>Felet är vårt</h1>" in page
    assert re.search(r"nämn när: \d+\s\w+\skl\.\s\d\d\.\d\d\.", page), "so that it can be found in the log"
    assert '<a class="button button--write" href="">Försök igen</a>' in page
    assert "Försök igen</a>" not in errors.server_error(RequestFactory().post("/")).content.decode()


def test_a_program_gets_a_problem_document() -> None:
    response = errors.not_found(RequestFactory().get("/api/v1/nowhere"))
    assert response["Content-Type"] == "application/problem+json"
    assert b'"status": 404' in response.content


@pytest.mark.django_db
def test_a_form_from_an_old_page_says_that_nothing_was_sent(browser: Client) -> None:
    response = browser.post(LOGIN, {"login": "x"}, headers={"referer": f"https://{settings.ALLOWED_HOSTS[0]}/"})
    assert response.status_code == 403
    assert "Inget har skickats." in response.content.decode()


@pytest.mark.django_db
def test_every_style_font_and_script_that_a_page_names_is_there(browser: Client) -> None:
    page = browser.get(LOGIN).content.decode()
    named = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    assert {"ui/css/punktlig.css", "ui/js/punktlig.js", f"{settings.SITE}/site.css"} <= named
    for name in named:
        assert finders.find(name), name
    for entry, pattern in (("ui/css/punktlig.css", r'url\("([^"]+)"\)'), ("ui/js/punktlig.js", r'import "\./([^"]+)"')):
        found = finders.find(entry)
        assert isinstance(found, str)
        with open(found, encoding="utf-8") as file:  # noqa: PTH123 - the finder answers with a string
            for part in re.findall(pattern, file.read()):
                assert finders.find(f"{entry.rsplit('/', 1)[0]}/{part}"), part


def test_a_forgotten_password_gets_a_link_in_swedish(maja: User, mailoutbox: list[EmailMessage]) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    response = browser.post("/accounts/password/reset/", {"email": maja.email})
    assert response.status_code == 302
    assert [message.to for message in mailoutbox] == [[maja.email]]
    assert f"http://{settings.ALLOWED_HOSTS[0]}/accounts/password/reset/key/" in str(mailoutbox[0].body)
    assert mailoutbox[0].subject == "Välj ett nytt lösenord till Punktlig"
    assert "Var det inte du behöver du inte göra något." in str(mailoutbox[0].body)
    assert "{" not in str(mailoutbox[0].body)


@pytest.mark.django_db
def test_whoever_has_chosen_a_new_password_is_led_back_to_the_log_in(
    maja: User, mailoutbox: list[EmailMessage]
) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    sent = browser.post("/accounts/password/reset/", {"email": maja.email}, follow=True)
    assert 'href="/accounts/login/">Till inloggningen<' in sent.content.decode()
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True)
    (there, _), *_rest = form.redirect_chain
    new = f"{PASSWORD}-igen"
    done = browser.post(there, {"password1": new, "password2": new}, follow=True)
    page = done.content.decode()
    assert "<h1>Nytt lösenord</h1>" in page
    assert 'class="button button--write" href="/accounts/login/">Logga in<' in page
    maja.refresh_from_db()
    assert maja.check_password(new)


@pytest.mark.django_db
def test_an_address_without_an_account_is_told_so_by_mail_and_by_nothing_else(mailoutbox: list[EmailMessage]) -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    response = browser.post("/accounts/password/reset/", {"email": "ingen@x.example"})
    assert response.status_code == 302
    (message,) = mailoutbox
    assert message.subject == "Den här adressen har inget konto hos Punktlig"
    assert "företagets ägare lägga till dig" in str(message.body)
    assert "signup" not in str(message.body)


@pytest.mark.django_db
def test_nobody_makes_an_account_alone() -> None:
    browser = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    page = browser.get("/accounts/signup/").content.decode()
    assert "Konton läggs upp åt dig" in page
    browser.post("/accounts/signup/", {"email": "x@x.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="x@x.example").exists()
