"""The request as a page of a tenant gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from uuid import UUID

    from django_htmx.middleware import HtmxDetails

    from punktlig.tenancy.models import User


class TenantRequest(HttpRequest):
    """A request by a logged-in person in whose tenant the page is; `role` is one of the site's roles."""

    user: User
    htmx: HtmxDetails
    tenant: UUID
    role: str
