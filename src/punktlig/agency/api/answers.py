"""Messages as responses."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse

from punktlig.agency.api.bodies import JSON

if TYPE_CHECKING:
    from punktlig.exchange.types import Told


def message(told: Told, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """Return the message as JSON, with every field, also those that say nothing."""
    return HttpResponse(told.model_dump_json(), status=status.value, content_type=JSON)
