"""What a creditor tells about its claim: `PUT /commands/{command_id}`."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from punktlig import clock
from punktlig.agency.actions.commands import CommandIdReused, DayHasNotBegun, receive_command
from punktlig.agency.api.access import PlatformRequest, creditor_of
from punktlig.agency.api.answers import message
from punktlig.agency.api.bodies import JSON, MOST_MESSAGE_BYTES, exact_body, id_differs, read
from punktlig.agency.api.openapi import answers, body_is
from punktlig.agency.api.problems import Answered, answer, command_refusal, problem
from punktlig.exchange.messages import ClaimCommand, CommandAnswer, sha256_of
from punktlig.tenancy.context import acting_for

router = Router(tags=["commands"])

# Two clocks are seldom further apart.
_SECONDS_UNTIL_DAY = 60


@router.put(
    "/commands/{uuid:command_id}",
    response=answers({200: CommandAnswer, 201: CommandAnswer}, 400, 404, 411, 413, 415, 422),
    openapi_extra=body_is(ClaimCommand),
)
def tell(request: PlatformRequest, command_id: UUID) -> HttpResponse:
    """Tell of a payment or credit note, or take a payment back: at once, or as soon as its claim has come."""
    body = exact_body(request, JSON, MOST_MESSAGE_BYTES)
    command = read(ClaimCommand, body)
    if command.command_id != command_id:
        raise Answered(id_differs("command_id", command_id))
    creditor = creditor_of(request.auth.id, command.company_id)
    at = clock.now()
    today = at.astimezone(clock.STOCKHOLM).date()
    with acting_for(creditor.id):
        outcome = receive_command(creditor.id, command, body, sha256_of(body), today=today, at=at)
    if isinstance(outcome, DayHasNotBegun):
        no = problem("temporarily_unavailable", f"It is still {today} here. Send the command again.")
        return answer(no, retry_after=_SECONDS_UNTIL_DAY)
    if isinstance(outcome, CommandIdReused):
        no = problem("command_id_reused", "It was used for the bytes with this SHA-256.", sha256=outcome.sha256)
        return answer(no)
    stored = outcome.command
    if stored.code:
        return answer(command_refusal(stored.code))
    return message(
        CommandAnswer.model_validate_json(
            # The state is one of three words in the database too.
            f'{{"command_id":"{stored.id}","sha256":"{stored.sha256}","state":"{stored.state}"}}'
        ),
        HTTPStatus.CREATED if outcome.created else HTTPStatus.OK,
    )
