"""The language that a person has chosen: also just before logging in, since they have said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from django.http import HttpRequest

# In the session rather than the cookie of a year: that one may be an earlier visitor's.
_CHOSEN = "language_chosen"


class Person(Protocol):
    """Who logs in, as far as the pages know."""

    language: str

    def save(self, *, update_fields: list[str]) -> None:
        """Write the named fields down."""


def remember_chosen(request: HttpRequest, language: str) -> None:
    """Keep the choice of somebody who is not logged in until they are."""
    request.session[_CHOSEN] = language


def keep_chosen(request: HttpRequest, user: Person, **_kwargs: object) -> None:
    """Make the choice the person's own: a receiver of Django's `user_logged_in`."""
    language = request.session.pop(_CHOSEN, "")
    if language:
        choose_for(user, language)


def choose_for(user: Person, language: str) -> None:
    """Let the person's pages be in the language from now on, in every browser."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
