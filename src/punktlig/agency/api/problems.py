"""Every no of the API as a problem document (RFC 9457), and the one table of their codes.

`docs/api.md` explains each code; a test holds the two together. A refusal of a claim or command has the rules' own code
and a type of its own, since only such an answer is final: after anything else the same bytes are to be sent again.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse

from punktlig.agency.records.command_effects import (
    CLAIM_IS_CLOSED,
    CLAIM_IS_PAID,
    HANDOVER_WAS_REFUSED,
    PAYMENT_AHEAD,
    PAYMENT_IN_LETTER,
    PAYMENT_NOT_COUNTED,
    TOLD_WITH_HANDOVER,
)
from punktlig.exchange.messages import FieldProblem, Problem
from punktlig.exchange.types import LONGEST_LINE
from punktlig.ui.told_refusals import explain_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONTENT_TYPE = "application/problem+json"

CODES: dict[str, tuple[HTTPStatus, str]] = {
    "body_incomplete": (HTTPStatus.BAD_REQUEST, "The body ended before its announced length"),
    "body_is_not_json": (HTTPStatus.BAD_REQUEST, "The body is not JSON in UTF-8"),
    "key_missing": (HTTPStatus.UNAUTHORIZED, "No API key was given"),
    "key_not_valid": (HTTPStatus.UNAUTHORIZED, "The API key is not valid"),
    "not_found": (HTTPStatus.NOT_FOUND, "There is nothing at this address"),
    "creditor_unknown": (HTTPStatus.NOT_FOUND, "The company is not activated"),
    "claim_unknown": (HTTPStatus.NOT_FOUND, "There is no such claim"),
    "letter_unknown": (HTTPStatus.NOT_FOUND, "The claim has no such letter"),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "The address does not take this method"),
    "invoice_already_claimed": (HTTPStatus.CONFLICT, "The invoice has a claim under another handover id"),
    "content_length_missing": (HTTPStatus.LENGTH_REQUIRED, "The length of the body is not announced"),
    "body_too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large"),
    "too_many_lines": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body has too many lines"),
    "content_type_unsupported": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not of the right type"),
    "message_not_valid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The message has fields that are missing or wrong"),
    "parameter_not_valid": (HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter of the address is wrong"),
    "no_lines": (HTTPStatus.UNPROCESSABLE_ENTITY, "The body has no lines"),
    "id_differs_from_path": (HTTPStatus.UNPROCESSABLE_ENTITY, "The message has another id than the address"),
    "handover_id_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "The handover id was used with other bytes"),
    "command_id_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "The command id was used with other bytes"),
    "cursor_unknown": (HTTPStatus.UNPROCESSABLE_ENTITY, "The cursor was not given out by this feed"),
    "too_many_requests": (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests"),
    "internal_error": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here"),
    "temporarily_unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "The agency cannot answer just now"),
}

# What is wrong and what to do, of a command that is refused for ever; `docs/api.md` says more.
WHY_A_COMMAND_IS_REFUSED = {
    CLAIM_IS_PAID: "Nothing is left of the claim. Should it go on, send the same bytes again.",
    CLAIM_IS_CLOSED: "The claim has ended.",
    PAYMENT_AHEAD: "The day lies ahead. Tell of it again, under a new command id, when it has come.",
    HANDOVER_WAS_REFUSED: "The handover was refused, so there is no claim to tell of.",
    PAYMENT_NOT_COUNTED: (
        "No payment of this claim and this amount that counts has the command id in `reverses`. Those that came along"
        " with the handover are taken back by the agency's people."
    ),
    PAYMENT_IN_LETTER: "A letter that has left, or is leaving, counts the payment. Ask the agency to take it back.",
    TOLD_WITH_HANDOVER: (
        "It came along with the handover under this id, and counts already. If the agency has taken that back, tell of"
        " it under a new id."
    ),
}


class Answered(Exception):
    """Ends the call with the problem. `retry_after` is in whole seconds."""

    def __init__(self, problem: Problem, *, retry_after: int | None = None) -> None:
        self.problem = problem
        self.retry_after = retry_after
        super().__init__(problem.code)


def problem(
    code: str,
    detail: str = "",
    *,
    errors: Sequence[FieldProblem] = (),
    claim_number: str | None = None,
    sha256: str | None = None,
) -> Problem:
    """Return the problem with this code of the table."""
    status, title = CODES[code]
    return Problem(
        type=_type(code.replace("_", "-")),
        title=title,
        status=status.value,
        detail=detail,
        code=code,
        errors=tuple(errors),
        claim_number=claim_number,
        sha256=sha256,
    )


def claim_refusal(code: str, facts: Mapping[str, str]) -> Problem:
    """Return the final no to a claim; the code is the refusal's own, and so are its words.

    Only what is wrong: what people are told to do about it is said of the forms and files that they have before them.
    """
    words = explain_told(code, facts, "en")
    # In an order of their own: the database keeps none, and the first answer has the same bytes as the later ones.
    told = {name: _short(fact) for name, fact in sorted(facts.items())}
    return _refusal("claim", code, words.what if words else "", told)


def command_refusal(code: str) -> Problem:
    """Return the final no to a command."""
    return _refusal("command", code, WHY_A_COMMAND_IS_REFUSED.get(code, ""), {})


def _refusal(what: str, code: str, detail: str, facts: dict[str, str]) -> Problem:
    return Problem(
        type=_type(f"{what}-refused"),
        title=f"The {what} is refused",
        status=HTTPStatus.UNPROCESSABLE_ENTITY.value,
        detail=detail,
        code=code,
        facts=facts,
    )


def _short(fact: str) -> str:
    # A fact may be made of many fields, each as long as a text may be, and there may be no end of odd characters.
    return fact if len(fact) <= LONGEST_LINE else f"{fact[: LONGEST_LINE - 1]}…"


def answer(told: Problem, *, retry_after: int | None = None) -> HttpResponse:
    """Return the problem as a response."""
    response = HttpResponse(told.model_dump_json(exclude_defaults=True), status=told.status, content_type=CONTENT_TYPE)
    if told.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _type(name: str) -> str:
    return f"{settings.PUNKTLIG_URL}/api/problems/{name}"
