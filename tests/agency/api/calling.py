"""Calling the API in tests, as a platform's program does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client

from punktlig.agency.actions import keys
from punktlig.exchange.messages import LineAnswer, Problem, body_of
from tests.agency.samples import activation, make_platform

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.agency.records.models import Platform
    from punktlig.exchange.messages import ClaimCommand, ClaimSubmission
    from punktlig.exchange.types import Message

JSON = "application/json"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"


@dataclass
class Caller:
    """A platform with a key."""

    platform: Platform = field(default_factory=make_platform)
    key: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.key = self.key or keys.issue_api_key(self.platform.id)

    def call(self, method: str, path: str, body: bytes | str = b"", content_type: str = JSON, **headers: str) -> Any:
        sent = {"authorization": f"Bearer {self.key}"} | headers
        return self.client.generic(
            method, f"/api/v1{path}", body, content_type, headers={name: text for name, text in sent.items() if text}
        )

    def get(self, path: str) -> Any:
        return self.call("GET", path, content_type="")

    def activate(self, company_id: UUID | None = None, **changes: Any) -> UUID:
        message = activation(company_id, **changes)
        answer = self.put_message(f"/creditors/{message.company_id}", message)
        assert answer.status_code in (200, 201), answer.content
        return message.company_id

    def put_message(self, path: str, message: Message) -> Any:
        return self.call("PUT", path, body_of(message).body)

    def put_claim(self, message: ClaimSubmission) -> Any:
        return self.put_message(f"/claims/{message.handover_id}", message)

    def put_command(self, message: ClaimCommand) -> Any:
        return self.put_message(f"/commands/{message.command_id}", message)

    def post_lines(self, *lines: bytes | Message, **headers: str) -> Any:
        body = b"".join((line if isinstance(line, bytes) else body_of(line).body) + b"\n" for line in lines)
        return self.call("POST", "/claims", body, NDJSON, **headers)


def lines_of(answer: Any) -> list[LineAnswer]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == NDJSON
    read = [LineAnswer.model_validate_json(line) for line in answer.content.splitlines()]
    # The agency writes them itself, and all as the contract's own type would.
    assert answer.content.decode() == "".join(f"{line.model_dump_json(exclude_defaults=True)}\n" for line in read)
    return read


def problem_of(answer: Any, status: int, code: str) -> Problem:
    """Check that the answer is the problem, in form and in code, and return it."""
    assert answer["Content-Type"] == PROBLEM, answer.content[:500]
    told = Problem.model_validate_json(answer.content)
    assert (answer.status_code, told.status, told.code) == (status, status, code), answer.content
    assert told.title
    assert told.type.startswith("http://localhost:8001/api/problems/")
    return told


def changed(message: Message, **changes: Any) -> bytes:
    """The message as JSON with fields replaced, however wrong; a double underscore goes a level down."""
    told = json.loads(body_of(message).body)
    for name, value in changes.items():
        *way, last = name.split("__")
        place = told
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = value
    return json.dumps(told).encode()
