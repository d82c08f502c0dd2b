"""A page of a tenant runs in one transaction that acts for it, after the person's membership has been checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.http import Http404

from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponseBase


class TenantMiddleware:
    """Acts for the tenant that the path names, `/c/<uuid:tenant>/…`, and puts the person's role on the request.

    A tenant the person has no role for does not exist: 404, the same as for a made-up one. The transaction lies around
    the view only: around the whole response it would commit what Django has already turned into an error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Run the view for its tenant and render its template while the tenant's rows can still be read."""
        tenant = cast("UUID | None", kwargs.get("tenant"))
        if tenant is None or getattr(view, "login_required", True) is False:
            return None
        if not request.user.is_authenticated:
            return None  # the log-in middleware has sent the person to log in
        members: Any = apps.get_model(settings.PUNKTLIG_MEMBER_MODEL)
        role = members.role_of(request.user, tenant)
        if role is None:
            raise Http404
        request.role = role  # type: ignore[attr-defined]
        request.tenant = tenant  # type: ignore[attr-defined]
        with acting_for(tenant):
            response = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            return cast("HttpResponseBase", render() if callable(render) else response)
