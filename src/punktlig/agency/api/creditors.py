"""Activation: `PUT /creditors/{company_id}`."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from ninja import Router

from punktlig import clock
from punktlig.agency.actions.activation import activate_creditor
from punktlig.agency.api.access import PlatformRequest
from punktlig.agency.api.answers import message
from punktlig.agency.api.bodies import JSON, MOST_MESSAGE_BYTES, exact_body, id_differs, message_not_valid, read
from punktlig.agency.api.openapi import answers, body_is
from punktlig.agency.api.problems import Answered
from punktlig.agency.records.identity import agency
from punktlig.core.identity import NotAnIdentityNumber, read_identity_number
from punktlig.core.invoice import AccountKind
from punktlig.exchange.messages import Activated, Activation, FieldProblem, Letterhead, sha256_of
from punktlig.formats.accounts import NotAnAccountNumber, parse_account

router = Router(tags=["creditors"])


@router.put(
    "/creditors/{uuid:company_id}",
    response=answers({200: Activated, 201: Activated}, 400, 404, 411, 413, 415, 422),
    openapi_extra=body_is(Activation),
)
def activate(request: PlatformRequest, company_id: UUID) -> HttpResponse:
    """Make a company a creditor, or change its agreement from now on. The same bytes again change nothing."""
    body = exact_body(request, JSON, MOST_MESSAGE_BYTES)
    activation = read(Activation, body)
    if activation.company_id != company_id:
        raise Answered(id_differs("company_id", company_id))
    wrong = [*_wrong_numbers(activation), *_moments_ahead(activation)]
    if wrong:
        raise Answered(message_not_valid(wrong))
    creditor, created = activate_creditor(request.auth, activation, sha256_of(body), at=clock.now())
    return message(
        Activated(
            company_id=company_id,
            creditor_id=creditor.id,
            agency_name=settings.SITE_NAME,
            portal_url=f"{settings.PUNKTLIG_URL}/c/{creditor.id}/",
            letterhead=Letterhead(**asdict(agency())),
        ),
        HTTPStatus.CREATED if created else HTTPStatus.OK,
    )


def _wrong_numbers(activation: Activation) -> Iterator[FieldProblem]:
    """Yield what no letter could be sent with, or no money paid out to."""
    try:
        read_identity_number(activation.organisation_number, today=clock.today())
    except NotAnIdentityNumber as wrong:
        yield FieldProblem(pointer="/organisation_number", detail=str(wrong))
    try:
        parse_account(AccountKind(activation.account.kind), activation.account.number)
    except NotAnAccountNumber as wrong:
        yield FieldProblem(pointer="/account/number", detail=str(wrong))
    try:
        validate_email(activation.contact_email)
    except ValidationError:
        yield FieldProblem(pointer="/contact_email", detail="this is not an e-mail address")


def _moments_ahead(activation: Activation) -> Iterator[FieldProblem]:
    """Yield what has not happened yet, since nothing that is told before then would count. A clock may be a day off."""
    moments = {"accepted_at": activation.accepted_at, "told_at": activation.told_at}
    latest = clock.now() + timedelta(days=1)
    for name, moment in moments.items():
        if moment is not None and moment > latest:
            yield FieldProblem(pointer=f"/{name}", detail="this is more than a day ahead of our clock")
