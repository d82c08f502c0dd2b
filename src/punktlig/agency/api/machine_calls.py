"""Calls of machines go past what only people's browsers need: session, log-in, language, messages, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_API = "/api/"


class MachineCallsMiddleware:
    """Answers what lies under `/api/` itself; what stands before it in the list of middleware is for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Call the view of the address, or pass the request on."""
        if not request.path_info.startswith(_API):
            return self.get_response(request)
        request.get_host()  # Refuses what is meant for another host, as the middleware that is gone past does.
        request.resolver_match = found = resolve(request.path_info)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
