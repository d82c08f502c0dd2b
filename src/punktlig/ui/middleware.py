"""What every answer of both sites has in common: its language, its words, and how far a browser may keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers

from punktlig.ui import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class NotKeptMiddleware:
    """Lets nobody keep an answer that does not say itself how long it may be kept: it is about people's debts.

    After a log-out the back button has nothing to show, and whoever comes back to a page finds it as it is now.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the header."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class VaryOnHtmxMiddleware:
    """Says that an answer depends on whether htmx asked; without it the back button may show a fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the header."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response


class NotAllowedMiddleware:
    """Gives words to a 405, which Django leaves empty and a browser then calls a page that does not work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page instead of nothing."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.not_allowed(request, response["Allow"])
        return response


class LanguageMiddleware:
    """Turns the page to the person's own language, else to the one chosen in this browser, else to Swedish.

    The browser's list of languages is not asked: these are Swedish pages, and many a Swede has an English browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language, and say which it is."""
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """Return the language that the request's pages are in."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    # Without a session cookie nobody is logged in, and nothing needs to be asked for the calls of a machine.
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        chosen = request.user.language
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
