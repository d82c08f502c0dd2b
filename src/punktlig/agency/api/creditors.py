"""Activation: `PUT /creditors/{company_id}`."""

from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from ninja import Router

from punktlig import clock
from punktlig.agency.actions.activation import activate_creditor
from punktlig.agency.api.access import PlatformRequest
from punktlig.agency.api.answers import message
from punktlig.agency.api.bodies import JSON, MOST_MESSAGE_BYTES, exact_body, read
from punktlig.agency.api.openapi import answers, body_is
from punktlig.agency.api.problems import Answered, problem
from punktlig.agency.records.identity import agency
from punktlig.exchange.messages import Activated, Activation, Letterhead, sha256_of

router = Router(tags=["creditors"])


@router.put(
    "/creditors/{uuid:company_id}",
    response=answers({200: Activated, 201: Activated}, 400, 413, 415, 422),
    openapi_extra=body_is(Activation),
)
def activate(request: PlatformRequest, company_id: UUID) -> HttpResponse:
    """Make a company a creditor, or change its agreement from now on. The same bytes again change nothing."""
    body = exact_body(request, JSON, MOST_MESSAGE_BYTES)
    activation = read(Activation, body)
    if activation.company_id != company_id:
        raise Answered(problem("id_differs_from_path"))
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
