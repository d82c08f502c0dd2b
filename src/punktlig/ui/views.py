"""The few pages that both sites share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from punktlig.ui.chosen_language import choose_for, remember_chosen
from punktlig.ui.sheet import everything

if TYPE_CHECKING:
    from django.http import HttpRequest

_A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Turn the pages to the language and go back; a person who is logged in keeps it for next time."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if request.user.is_authenticated:
        choose_for(request.user, language)
    else:
        remember_chosen(request, language)
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@login_not_required
@require_GET
def parts(request: HttpRequest) -> HttpResponse:
    """Show every part of the pages at once: the living style sheet, in the demo only."""
    return render(request, "ui/sheet.html", everything())
