"""The reference rates that the agency reckons with: `GET /reference-rates`."""

from django.http import HttpResponse
from ninja import Router

from punktlig.agency.api.access import PlatformRequest
from punktlig.agency.api.answers import message
from punktlig.agency.api.openapi import answers
from punktlig.agency.records.reference_rates import all_known_rates
from punktlig.exchange.messages import KnownRate, KnownRates

router = Router(tags=["reference rates"])


@router.get("/reference-rates", response=answers({200: KnownRates}))
def list_reference_rates(request: PlatformRequest) -> HttpResponse:  # noqa: ARG001 - the same for every platform
    """Return every known reference rate, oldest first. The days after the last half-year have none yet."""
    return message(
        KnownRates(
            rates=tuple(
                KnownRate(valid_from=row.valid_from, percent=row.percent, source=row.source)
                for row in all_known_rates().rows
            )
        )
    )
