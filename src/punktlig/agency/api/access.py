"""Who calls: a platform, by its API key, within its allowance; and which of its creditors the call is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from punktlig.agency.actions.keys import authenticate
from punktlig.agency.api.problems import Answered, problem
from punktlig.agency.api.rate_limits import Allowances
from punktlig.agency.records.creditor import Creditor
from punktlig.tenancy.plain_reading import read_rows

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.agency.records.platform import Platform

_OF_PLATFORM = (
    "SELECT id, platform_id, company_id, name FROM agency_creditor WHERE platform_id = %s AND company_id = %s"
)
_ALLOWANCES = Allowances(settings.API_CALLS_A_SECOND, settings.API_CALLS_BURST)


class PlatformRequest(HttpRequest):
    """A request with a valid key; `auth` is the platform it belongs to."""

    auth: Platform


class PlatformKey(HttpBearer):
    """Reads `Authorization: Bearer <key>`."""

    openapi_description = "A platform's API key, `<id>.<secret>`."

    def __call__(self, request: HttpRequest) -> Any:
        """Return the platform; raises Answered when there is none or it calls too often."""
        scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
        if not scheme:
            raise Answered(problem("key_missing", "Send the header Authorization: Bearer <key>."))
        if scheme.lower() != "bearer":
            raise Answered(problem("key_not_valid", "Send the header Authorization: Bearer <key>."))
        return self.authenticate(request, key.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - the signature is ninja's
        """Return the platform of the key."""
        platform = authenticate(token)
        if platform is None:
            raise Answered(problem("key_not_valid", "The key is unknown or was revoked."))
        seconds = _ALLOWANCES.take(platform.id)
        if seconds:
            raise Answered(problem("too_many_requests", f"Ask again in {seconds} s."), retry_after=seconds)
        return platform


def creditor_of(platform_id: UUID, company_id: UUID) -> Creditor:
    """Return the platform's creditor; another platform's does not exist for it."""
    found = read_rows(Creditor, _OF_PLATFORM, [platform_id, company_id])
    if not found:
        raise Answered(problem("creditor_unknown", "Activate the company with PUT /api/v1/creditors/{company_id}."))
    return found[0]
