"""The agency tells what has happened to claims: `POST /hooks/agency`, signed as Standard Webhooks says."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from punktlig import clock
from punktlig.exchange.messages import Notice
from punktlig.exchange.signatures import NotVerified, verify
from punktlig.receivables.actions.events import of_companies, take_events

# A thousand events are about one megabyte.
MOST_BYTES = 5_000_000

log = logging.getLogger(__name__)


@csrf_exempt  # the signature says who sends
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take the events and answer 204.

    A notice of another type than events is from a newer agency and passed over, with 204 too. Answers 413 when the body
    is too long, 401 when nobody we know has signed it, 400 when it is no notice. Each makes the agency send it again
    later; what has been applied meanwhile is known by its id. So does 500, when the events of a company can neither be
    applied nor set aside; the others' are by then.
    """
    if not (request.META.get("CONTENT_LENGTH") or "").isdecimal():
        return HttpResponse(status=411)
    if int(request.META["CONTENT_LENGTH"]) > MOST_BYTES:
        return HttpResponse(status=413)
    body = request.body
    try:
        message_id = verify(settings.AGENCY_WEBHOOK_SECRET.replace(",", " ").split(), request.headers, body)
    except NotVerified:
        log.warning("a webhook was not signed by the agency")
        return HttpResponse(status=401)
    try:
        notice = Notice.model_validate_json(body)
    except ValidationError as error:
        return HttpResponse(status=_not_read(message_id, error))
    status = 204
    for told in of_companies(notice.events):
        try:
            take_events(told, at=clock.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("the events of company %s could not be kept", told.company_id)
            status = 500
    return HttpResponse(status=status)


def _not_read(message_id: str, error: ValidationError) -> int:
    if _is_of_another_type(error):
        log.warning("the agency's webhook %s is of a type that is not known here", message_id)
        return 204
    # Where it is wrong, and nothing of what stands there: it is about people.
    places = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
    log.error("the agency's webhook %s cannot be read: %s", message_id, places)
    return 400


def _is_of_another_type(error: ValidationError) -> bool:
    return any(problem["loc"] == ("type",) and problem["type"] == "literal_error" for problem in error.errors())


urlpatterns = [path("agency", receive, name="agency_hook")]
