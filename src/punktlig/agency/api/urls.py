"""The addresses of the API: everything under `/api/` is answered by it, also what does not exist."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from punktlig.agency.api.door import api
from punktlig.agency.api.problems import answer, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view without log-in, and with problems where ninja has a bare 404 or 405."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return answer(problem("not_found"))
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            no = answer(problem("method_not_allowed"))
            no["Allow"] = response["Allow"]
            return no
        return response

    return told


@login_not_required
@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Say that there is nothing at this address."""
    return answer(problem("not_found"))


patterns, application, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = _with_problems(pattern.callback)

urlpatterns = [
    path("v1/", (patterns, application, namespace)),
    re_path("", not_found),
]
