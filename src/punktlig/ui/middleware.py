"""Keeps a fragment that htmx fetched from being shown by the browser as the whole page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class VaryOnHtmxMiddleware:
    """Says that an answer depends on whether htmx asked; without it the back button may show a fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the header."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response
