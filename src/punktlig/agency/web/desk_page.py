"""Pages of the agency's own people: who may see them, and how they read across creditors.

A page that reads runs as the role that sees every creditor and may write nothing. What changes something is one action
for one creditor, or for what belongs to none.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest

from punktlig.agency.records.creditor import Role
from punktlig.agency.records.members import agency_role_of
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django_htmx.middleware import HtmxDetails

    from punktlig.tenancy.models import User

type _View = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request by one of the agency's own people; `role` is theirs."""

    user: User
    htmx: HtmxDetails
    role: Role


def reads_everything(view: _View) -> _View:
    """Return the view for case handlers and administrators, reading across creditors; for others it does not exist."""
    return _guarded(view, (Role.CASE_HANDLER, Role.AGENCY_ADMIN), reads=True)


def changes_something(view: _View) -> _View:
    """Return the view for case handlers and administrators, where its action says whose rows it is about."""
    return _guarded(view, (Role.CASE_HANDLER, Role.AGENCY_ADMIN), reads=False)


def for_administrators(view: _View) -> _View:
    """Return the view for the agency's administrators, about what belongs to no creditor."""
    return _guarded(view, (Role.AGENCY_ADMIN,), reads=False)


def _guarded(view: _View, roles: tuple[Role, ...], *, reads: bool) -> _View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        role = agency_role_of(cast("User", request.user))
        if role not in roles:
            raise Http404
        request.role = role  # type: ignore[attr-defined]
        if not reads:
            return view(request, *args, **kwargs)
        with acting_for_everyone():
            response: Any = view(request, *args, **kwargs)
            # Drawn while the rows can be read.
            return cast("HttpResponse", response.render() if callable(getattr(response, "render", None)) else response)

    return guarded
