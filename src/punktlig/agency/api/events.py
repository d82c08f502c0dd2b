"""The platform's feed: `GET /events`."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from punktlig.agency.actions.feed import CursorUnknown, page_after
from punktlig.agency.api.access import PlatformRequest
from punktlig.agency.api.bodies import JSON
from punktlig.agency.api.openapi import answers
from punktlig.agency.api.problems import Answered, problem
from punktlig.agency.records.webhook_layout import MOST_EVENTS_AT_ONCE
from punktlig.exchange.messages import EventPage

router = Router(tags=["events"])


@router.get("/events", response=answers({200: EventPage}, 422))
def list_events(
    request: PlatformRequest,
    after: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS_AT_ONCE)] = MOST_EVENTS_AT_ONCE,
) -> HttpResponse:
    """Return the events after a cursor, oldest first; without one, from the beginning. Nothing is ever skipped."""
    try:
        return HttpResponse(page_after(request.auth, after, limit), content_type=JSON)
    except CursorUnknown:
        raise Answered(problem("cursor_unknown", "Use a cursor as it was given, or none.")) from None
