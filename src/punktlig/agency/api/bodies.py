"""A request's body: its exact bytes, and the message in them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from punktlig.agency.api.problems import Answered, problem
from punktlig.exchange.messages import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from punktlig.exchange.messages import Problem
    from punktlig.exchange.types import Asked

JSON = "application/json"
NDJSON = "application/x-ndjson"

# An invoice of 500 lines of text, each as long as it may be, is far below.
MOST_MESSAGE_BYTES = 3_000_000
MOST_LINES_BYTES = 30_000_000
_MOST_ERRORS = 50
# Where pydantic's own words do not say what to do.
_SAID = {"extra_forbidden": "there is no such field here; GET /api/v1/openapi.json has those there are"}


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
        raise Answered(problem("content_length_missing", "Send the header Content-Length, and the body not in chunks."))
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
        told = message.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        if any(each["type"] == "json_invalid" for each in found):
            raise Answered(problem("body_is_not_json", found[0]["msg"])) from None
        errors = [
            FieldProblem(pointer=_pointer(each["loc"]), detail=_SAID.get(each["type"]) or _said(each["msg"]))
            for each in found[:_MOST_ERRORS]
        ]
        raise Answered(message_not_valid(errors)) from None
    # Written again, a field that stood twice stands once. Most programs write as plainly as is done here, so that the
    # same bytes come of it, and what costs as much as all other reading is seldom done.
    if to_json(from_json(body)) != body and (twice := _named_twice(body)):
        raise Answered(message_not_valid(twice))
    return told


def message_not_valid(errors: Sequence[FieldProblem]) -> Problem:
    """Return the no to a message with these wrong fields."""
    return problem("message_not_valid", errors=errors)


def id_differs(field: str, in_address: UUID) -> Problem:
    """Return the no to a message whose id is not the one of its address."""
    error = FieldProblem(pointer=f"/{field}", detail=f"the address has {in_address}")
    return problem("id_differs_from_path", errors=[error])


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _named_twice(body: bytes) -> list[FieldProblem]:
    """Return the fields that stand twice in their object, which readers of JSON understand in different ways.

    The message has been read, with the last of them; but the first may be what its sender meant, and be an amount.
    """
    # By their ids, while they are held: there may be very many, and most of them in a field that counts no more.
    odd: dict[int, tuple[dict[str, Any], list[tuple[str, Any]]]] = {}

    def once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(fields)
        if len(told) < len(fields):
            odd[id(told)] = told, fields
        return told

    # Numbers stay text: here nobody reckons with them, and one may have thousands of digits.
    whole = json.loads(body, object_pairs_hook=once, parse_int=str, parse_float=str, parse_constant=str)
    return [
        FieldProblem(pointer=_pointer((*place, name)), detail="this field stands more than once")
        for place, found in (_objects(whole) if odd else ())
        if id(found) in odd
        for name, count in Counter(name for name, _ in odd[id(found)][1]).items()
        if count > 1
    ][:_MOST_ERRORS]


def _objects(value: Any, place: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], dict[str, Any]]]:
    """Yield every object in the value, and where it is."""
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            yield from _objects(inner, (*place, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _objects(inner, (*place, index))


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return the place in the body as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)
