"""What every page's base template needs to know of its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - the signature is Django's
    """Return the site's name, which of the two it is, and whether this is the demo."""
    return {"SITE": settings.SITE, "SITE_NAME": settings.SITE_NAME, "DEMO": settings.DEMO}
