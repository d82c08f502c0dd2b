"""A request's body: its exact bytes, and the message in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from pydantic import ValidationError

from punktlig.agency.api.problems import Answered, problem
from punktlig.exchange.messages import FieldProblem

if TYPE_CHECKING:
    from django.http import HttpRequest

    from punktlig.exchange.messages import Problem
    from punktlig.exchange.types import Asked

JSON = "application/json"
NDJSON = "application/x-ndjson"

# An invoice of 500 lines of text, each as long as it may be, is far below.
MOST_MESSAGE_BYTES = 3_000_000
MOST_LINES_BYTES = 30_000_000
_MOST_ERRORS = 50


def exact_body(request: HttpRequest, content_type: str, most: int) -> bytes:
    """Return the body as it was sent, at most so many bytes of this type, in UTF-8 and not compressed."""
    if (
        request.content_type != content_type
        or (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8")
        or request.headers.get("Content-Encoding", "identity").lower() != "identity"
    ):
        raise Answered(problem("content_type_unsupported", f"Send {content_type} in UTF-8, not compressed."))
    too_large = Answered(body_too_large(most))
    announced = request.headers.get("Content-Length") or ""
    # A body in chunks names no length: one that was cut short could not be told from a whole one, and none is read.
    if not announced.isdecimal():
        raise Answered(problem("content_length_missing"))
    # Asked before the body is read, so that too large a one is not read at all.
    if int(announced) > most:
        raise too_large
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_large from None
    except UnreadablePostError:
        raise Answered(problem("body_incomplete")) from None
    # The web server passes on what had come when the connection broke. Short of a last line feed it would be another
    # message, and the whole of it a reused id.
    if len(body) < int(announced):
        raise Answered(problem("body_incomplete"))
    return body


def body_too_large(most: int) -> Problem:
    """Return the no to more bytes than this."""
    return problem("body_too_large", f"It may have {most} bytes.")


def read[Kind: Asked](message: type[Kind], body: bytes) -> Kind:
    """Return the message in the body; raises Answered with what is wrong, field by field."""
    try:
        return message.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        if any(each["type"] == "json_invalid" for each in found):
            raise Answered(problem("body_is_not_json", found[0]["msg"])) from None
        errors = [
            FieldProblem(pointer=_pointer(each["loc"]), detail=each["msg"].removeprefix("Value error, "))
            for each in found[:_MOST_ERRORS]
        ]
        raise Answered(problem("message_not_valid", errors=errors)) from None


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return the place in the body as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)
