"""The description of the API as it really answers: problems as `application/problem+json`, lines as NDJSON, bodies."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from punktlig.agency.api.bodies import JSON, NDJSON
from punktlig.agency.api.problems import CONTENT_TYPE
from punktlig.exchange.messages import Notice, Problem

if TYPE_CHECKING:
    from punktlig.exchange.types import Asked, Message

_REFERENCE = "#/components/schemas/{model}"
_ALWAYS = (401, 405, 429, 500, 503)
_WAITED_AFTER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_RETRY_AFTER = {"description": "How many seconds to wait, when it is known.", "schema": {"type": "integer"}}
# Reading a claim has its parameter's name from sending one, at the same address; but there a number is taken too.
_NAMED = {"description": "The handover id or the claim number.", "schema": {"type": "string"}}
# Read as text, so that what is no day is told how one is written.
_DAY = {
    "description": "The day whose balance is told, in Sweden; without it, today.",
    "schema": {"type": "string", "format": "date"},
}
_READING = {"handover_id": _NAMED, "claim": _NAMED, "day": _DAY}

_bodies: set[type[Asked]] = set()


def answers(good: dict[int, type], *problems: int) -> dict[int, type]:
    """Return an operation's answers: its own, the problems it can have, and those that every operation can."""
    return good | dict.fromkeys(sorted({*problems, *_ALWAYS}), Problem)


def body_is(message: type[Asked]) -> dict[str, Any]:
    """Describe a body that is read as exact bytes, which ninja does not see."""
    _bodies.add(message)
    return _body(message, JSON)


def lines_are(message: type[Asked]) -> dict[str, Any]:
    """Describe a body of lines, each a message."""
    _bodies.add(message)
    return _body(message, NDJSON)


def _body(message: type[Message], content_type: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=message.__name__)}
    return {"requestBody": {"required": True, "content": {content_type: {"schema": schema}}}}


def mended(schema: dict[str, Any]) -> dict[str, Any]:
    """Return ninja's schema with the content types that are really sent, and the bodies' own schemas."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method == "get":
                for parameter in operation["parameters"]:
                    parameter.update(_READING.get(parameter["name"], {}))
            for status, told in operation["responses"].items():
                _mend_answer(told, int(status), path, operation)
    _, bodies = models_json_schema(
        [(Notice, "validation"), *((message, "validation") for message in sorted(_bodies, key=lambda it: it.__name__))],
        ref_template=_REFERENCE,
    )
    schemas = schema["components"].setdefault("schemas", {})
    for name, described in bodies["$defs"].items():
        schemas.setdefault(name, described)
    schema["webhooks"] = {"claims.events": {"post": _webhook()}}
    written = json.dumps(schema)
    for name in [name for name in schemas if json.dumps(_REFERENCE.format(model=name)) not in written]:
        # An amount is text here, whatever it is made of inside.
        del schemas[name]
    return schema


def _mend_answer(told: dict[str, Any], status: int, path: str, operation: dict[str, Any]) -> None:
    """Give the answer the content type it is really sent with, and the header that says when to come back."""
    if status in _WAITED_AFTER:
        told["headers"] = {"Retry-After": _RETRY_AFTER}
    content = told.get("content", {})
    if JSON not in content:
        return
    if status >= HTTPStatus.BAD_REQUEST:
        told["content"] = {CONTENT_TYPE: content[JSON]}
    elif NDJSON in operation.get("requestBody", {}).get("content", {}):
        told["content"] = {NDJSON: content[JSON]}
    elif path.endswith(".pdf"):
        told["content"] = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


def _webhook() -> dict[str, Any]:
    return {
        "operationId": "claims_events",
        "summary": "Events",
        "description": "What the agency sends to a platform's own address, signed as Standard Webhooks says.",
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ],
        **_body(Notice, JSON),
        "responses": {"2XX": {"description": "Taken. Anything else is a failure, and the same comes again."}},
    }
