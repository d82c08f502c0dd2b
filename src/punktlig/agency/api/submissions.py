"""Handing invoices over: `PUT /claims/{handover_id}` for one, `POST /claims` for up to 1,000 lines."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.db import Error, IntegrityError
from django.http import HttpResponse
from pydantic_core import to_json

from punktlig import clock
from punktlig.agency.actions.claims import (
    Accepted,
    HandoverIdReused,
    InvoiceIsClaimed,
    Outcome,
    Received,
    Refused,
    accept_claims,
)
from punktlig.agency.api.access import PlatformRequest, creditor_of
from punktlig.agency.api.answers import message
from punktlig.agency.api.bodies import (
    JSON,
    MOST_LINES_BYTES,
    MOST_MESSAGE_BYTES,
    NDJSON,
    body_too_large,
    exact_body,
    id_differs,
    message_not_valid,
    read,
)
from punktlig.agency.api.claims_router import router
from punktlig.agency.api.group_commit import GroupCommit
from punktlig.agency.api.openapi import answers, body_is, lines_are
from punktlig.agency.api.problems import Answered, answer, claim_refusal, problem
from punktlig.agency.records.claim_answers import Answer, answers_of, as_message
from punktlig.agency.records.claim_numbers import is_number_taken
from punktlig.exchange.messages import (
    MOST_CLAIMS_AT_ONCE,
    ClaimAnswer,
    ClaimSubmission,
    FieldProblem,
    LineAnswer,
    Problem,
    sha256_of,
)
from punktlig.tenancy.context import acting_for

log = logging.getLogger(__name__)
_MOST_DRAWS = 4
# Of single claims: how many share a transaction, how many transactions of a company run at once, and how many claims
# have to wait for another to begin beside the one that runs. More at once, or fewer waiting, cost more processor time.
_MOST_TOGETHER = 50
_AT_ONCE = 2
_ENOUGH = 8

type Told = tuple[HTTPStatus, Answer | Problem]


@router.put(
    "/claims/{uuid:handover_id}",
    response=answers({200: ClaimAnswer, 201: ClaimAnswer}, 400, 404, 409, 411, 413, 415, 422),
    openapi_extra=body_is(ClaimSubmission),
)
def submit_claim(request: PlatformRequest, handover_id: UUID) -> HttpResponse:
    """Hand an invoice over: exactly one claim for ever, however often the same bytes are sent."""
    body = exact_body(request, JSON, MOST_MESSAGE_BYTES)
    submission = _read(body)
    if submission.handover_id != handover_id:
        raise Answered(id_differs("handover_id", handover_id))
    status, told = _ONE_BY_ONE.do((request.auth.id, submission.company_id), Received(submission, body, sha256_of(body)))
    if isinstance(told, Problem):
        return answer(told)
    return message(as_message(told), status)


@router.post(
    "/claims",
    response=answers({200: LineAnswer}, 400, 411, 413, 415, 422),
    openapi_extra=lines_are(ClaimSubmission),
)
def submit_claims(request: PlatformRequest) -> HttpResponse:
    """Hand many invoices over, each a line of NDJSON; each line is answered by a line, as a single PUT would be."""
    body = exact_body(request, NDJSON, MOST_LINES_BYTES)
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise Answered(problem("no_lines"))
    if len(lines) > MOST_CLAIMS_AT_ONCE:
        raise Answered(problem("too_many_lines", f"Send at most {MOST_CLAIMS_AT_ONCE} at once."))
    told: dict[int, bytes] = {}
    by_company: dict[UUID, dict[int, Received]] = defaultdict(dict)
    for number, line in lines:
        try:
            submission = _read(_within_limit(line))
        except Answered as no:
            told[number] = _line(number, None, (HTTPStatus(no.problem.status), no.problem))
        else:
            by_company[submission.company_id][number] = Received(submission, line, sha256_of(line))
    at = clock.now()
    for company_id, chunk in by_company.items():
        for (number, received), each in zip(
            chunk.items(), _accept_of_company(request, company_id, list(chunk.values()), at), strict=True
        ):
            told[number] = _line(number, received.submission.handover_id, each)
    return HttpResponse(b"".join([told[number] for number, _ in lines]), content_type=NDJSON)


def _read(body: bytes) -> ClaimSubmission:
    """Return the submission; raises Answered with what is wrong, as with payments of the same id.

    A payment is taken back by its id. It is not for the contract to say: what was accepted stays readable.
    """
    submission = read(ClaimSubmission, body)
    first: dict[UUID, int] = {}
    twice = [
        FieldProblem(pointer=f"/payments/{place}/id", detail=f"/payments/{first[payment.id]} has the same id")
        for place, payment in enumerate(submission.payments)
        if first.setdefault(payment.id, place) != place
    ]
    if twice:
        raise Answered(message_not_valid(twice))
    return submission


def _within_limit(line: bytes) -> bytes:
    """Return the line; raises Answered when a single call could not have brought as much."""
    if len(line) > MOST_MESSAGE_BYTES:
        raise Answered(body_too_large(MOST_MESSAGE_BYTES))
    return line


def _line(number: int, handover_id: UUID | None, told: Told) -> bytes:
    """Return the line that answers a line: a `LineAnswer`.

    Fields that say nothing are left out, since a thousand lines would repeat them; the contract has them by default.
    """
    status, body = told
    line: dict[str, object] = {"line": number, "handover_id": handover_id, "status": status.value}
    if isinstance(body, Problem):
        line["problem"] = body.model_dump(mode="json", exclude_defaults=True)
    else:
        line["claim"] = body
    return to_json(line) + b"\n"


def _accept_of_company(
    request: PlatformRequest, company_id: UUID, chunk: Sequence[Received], at: datetime
) -> list[Told]:
    """Accept one company's lines, all in one transaction; another company's lines do not fall with them."""
    try:
        return _accept(creditor_of(request.auth.id, company_id).id, chunk, at)
    except Answered as no:
        return [(HTTPStatus(no.problem.status), no.problem)] * len(chunk)
    except Error:
        log.exception("a chunk of %s lines could not be stored", len(chunk))
        failed = problem("temporarily_unavailable", "Nothing of this company was stored. Send the lines again.")
    except Exception:
        log.exception("a chunk of %s lines could not be accepted", len(chunk))
        failed = problem("internal_error", "Nothing of this company was stored. Send the lines again.")
    return [(HTTPStatus(failed.status), failed)] * len(chunk)


def _accept(creditor_id: UUID, received: Sequence[Received], at: datetime) -> list[Told]:
    """Accept them; with other numbers when somebody has taken one in the same moment, as happens to large chunks."""
    for _ in range(_MOST_DRAWS - 1):
        try:
            return _accept_once(creditor_id, received, at)
        except IntegrityError as error:
            if not is_number_taken(error):
                raise
    return _accept_once(creditor_id, received, at)


def _accept_once(creditor_id: UUID, received: Sequence[Received], at: datetime) -> list[Told]:
    today = at.astimezone(clock.STOCKHOLM).date()
    with acting_for(creditor_id):
        outcomes = accept_claims(creditor_id, received, today=today, at=at)
        claims = {each.claim.id: each.claim for each in outcomes if isinstance(each, Accepted)}
        known = answers_of(creditor_id, list(claims.values())) if claims else {}
    return [_told(outcome, known) for outcome in outcomes]


def _accept_now(of: tuple[UUID, UUID], received: Sequence[Received]) -> list[Told]:
    platform_id, company_id = of
    return _accept(creditor_of(platform_id, company_id).id, received, clock.now())


# Claims that come one by one, but in the same moment, share a transaction.
_ONE_BY_ONE = GroupCommit(_accept_now, most=_MOST_TOGETHER, at_once=_AT_ONCE, enough=_ENOUGH)


def _told(outcome: Outcome, known: dict[UUID, Answer]) -> Told:
    match outcome:
        case Accepted(claim, created):
            return HTTPStatus.CREATED if created else HTTPStatus.OK, known[claim.id]
        case Refused(code, facts):
            no = claim_refusal(code, facts)
        case HandoverIdReused(sha256):
            no = problem("handover_id_reused", "It was used for the bytes with this SHA-256.", sha256=sha256)
        case InvoiceIsClaimed(claim):
            no = problem(
                "invoice_already_claimed",
                "Compare the SHA-256 with your own for the handover id you sent first.",
                claim_number=claim.number,
                sha256=claim.sha256,
            )
    return HTTPStatus(no.status), no
