"""The pages for what went wrong: what happened, in plain words, and what to do next. No page here asks the database.

A program that calls the API or a hook gets the same as a problem document (RFC 9457).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpResponse, JsonResponse
from django.template import Context, loader
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from punktlig import clock
from punktlig.ui.writing import moment

if TYPE_CHECKING:
    from django.http import HttpRequest

_FOR_PROGRAMS = ("/api/", "/hooks/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400. More files than are read at once end here too, since no page ever sees the form they came in."""
    if isinstance(exception, TooManyFilesSent):
        return _page(
            request,
            400,
            _("För många filer på en gång"),
            _(
                "Inget har lästs in. Högst %(most)d filer går åt gången. Gå tillbaka och välj färre, och läs in resten "
                "sedan. Redan inlästa filer blir inte dubbla."
            )
            % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES},
        )
    return _page(
        request,
        400,
        _("Det gick inte att läsa"),
        _("Webbläsaren skickade något som vi inte kan läsa. Gå tillbaka, läs in sidan på nytt och försök igen."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 403."""
    return _page(
        request,
        403,
        _("Din roll räcker inte till det här"),
        _(
            "Du får se, men inte göra det du försökte. "
            "Be en ägare eller administratör att göra det eller ändra din roll."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 404: the same for what is not there and for what is somebody else's."""
    return _page(
        request,
        404,
        _("Sidan finns inte"),
        _(
            "Adressen kan vara felskriven, eller höra till ett företag som ditt konto inte kommer åt. "
            "Gå till startsidan, eller logga in med ett annat konto."
        ),
    )


def not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    """Answer 405 to somebody who opens the address of a button: after a new log-in, or from the browser's history."""
    response = _page(
        request,
        405,
        _("Här finns ingen sida"),
        _(
            "Adressen hör till en knapp. Inget har ändrats. Gå tillbaka, läs in sidan på nytt och tryck på knappen "
            "igen, eller gå till startsidan."
        ),
    )
    response["Allow"] = allow
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500. To do it again is always safe: an invoice is sent, and a payment booked, once."""
    return _page(
        request,
        500,
        _("Felet är vårt"),
        _("Något gick fel hos oss. Försök igen om en stund; inget blir dubbelt av att du gör om det."),
        note=_("Händer det igen, säg till den som sköter systemet och nämn när: %s. Då går felet att hitta i loggen.")
        % moment(clock.now()),
        # What was sent in a form is not in the address; the person goes back to it and presses anew.
        may_read_again=request.method == "GET",
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - the signature is Django's
    """Answer 403 to a form whose token is not the session's: an old page, another log-in, or cookies refused."""
    return _page(
        request,
        403,
        _("Sidan hade blivit för gammal"),
        _(
            "Inget har skickats. Det händer när du har loggat ut eller in i en annan flik, eller när kakor är "
            "avstängda. Gå tillbaka, läs in sidan på nytt och gör om det."
        ),
    )


def _page(
    request: HttpRequest, status: int, title: str, text: str, *, note: str = "", may_read_again: bool = False
) -> HttpResponse:
    if request.path.startswith(_FOR_PROGRAMS):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    # Without the context processors: they would ask who is logged in, and that may be what failed.
    context = {
        "SITE": settings.SITE,
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "title": title,
        "text": text,
        "note": note,
        "may_read_again": may_read_again,
        "status": status,
    }
    page: Any = loader.get_template("ui/error.html")
    return HttpResponse(page.template.render(Context(context)), status=status)
