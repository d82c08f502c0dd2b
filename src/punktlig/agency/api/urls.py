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

    from punktlig.exchange.messages import Problem

_IDS = "An id that you send something under is a UUID in small letters, with its hyphens."


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view without log-in, and with problems where ninja has a bare 404 or 405."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return answer(_nothing_here())
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            detail = f"It takes {response['Allow']}."
            if request.method == "PUT":
                # What is no UUID may be the number of a claim, which is only read.
                detail = f"{detail} {_IDS}"
            no = answer(problem("method_not_allowed", detail))
            no["Allow"] = response["Allow"]
            return no
        return response

    return told


@login_not_required
@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Say that there is nothing at this address."""
    return answer(_nothing_here())


def _nothing_here() -> Problem:
    return problem("not_found", f"Every address begins with /api/v1/ and has no slash at its end. {_IDS}")


patterns, application, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = _with_problems(pattern.callback)

urlpatterns = [
    path("v1/", (patterns, application, namespace)),
    re_path("", not_found),
]
