"""What every page's base template needs to know of its site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@dataclass(frozen=True)
class Tenant:
    """A company or creditor that the person may look at, and where its pages begin."""

    id: UUID
    name: str

    @property
    def url(self) -> str:
        """Return the address of its first page."""
        return f"/c/{self.id}/"


@dataclass(frozen=True)
class Place:
    """Whose pages these are: the tenant in the address, and the person's other tenants to change to."""

    name: str
    others: tuple[Tenant, ...]


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name, which of the two it is, whether this is the demo, and lazily whose page it is."""
    return {
        "SITE": settings.SITE,
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "PLACE": SimpleLazyObject(lambda: _place(request)),
    }


def _place(request: HttpRequest) -> Place:
    """Return whose page this is, and the tenants that the person is a member of."""
    here: UUID | None = getattr(request, "tenant", None)
    if not request.user.is_authenticated:
        return Place(name="", others=())
    tenants: Any = apps.get_model(settings.PUNKTLIG_TENANT_MODEL)
    named = tenants.objects.order_by("name").values_list("id", "name")
    rows = [Tenant(*row) for row in named.filter(members__user=request.user)]
    if here is not None and all(tenant.id != here for tenant in rows):
        # Somebody of the agency's looks at a creditor's pages. Both in one query would read every tenant there is.
        rows += [Tenant(*row) for row in named.filter(id=here)]
    return Place(
        name=next((tenant.name for tenant in rows if tenant.id == here), ""),
        others=tuple(tenant for tenant in rows if tenant.id != here),
    )
