"""Who may change things: owner and sales. A reader's POST is refused before anything is looked up.

Who the company's people are is for its owners alone.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate

from django.core.exceptions import PermissionDenied

from punktlig.receivables.records.company import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from punktlig.tenancy.http import TenantRequest


def may_send_required[**P](
    view: Callable[Concatenate[TenantRequest, P], HttpResponse],
) -> Callable[Concatenate[TenantRequest, P], HttpResponse]:
    """Let only owner and sales in; others get 403."""

    @wraps(view)
    def checked(request: TenantRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        refuse_unless_may_send(request)
        return view(request, *args, **kwargs)

    return checked


def refuse_unless_may_send(request: TenantRequest) -> None:
    """Raise PermissionDenied for a reader."""
    if not Role(request.role).may_send:
        raise PermissionDenied


def owner_required[**P](
    view: Callable[Concatenate[TenantRequest, P], HttpResponse],
) -> Callable[Concatenate[TenantRequest, P], HttpResponse]:
    """Let only owners in; others get 403."""

    @wraps(view)
    def checked(request: TenantRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.role != Role.OWNER:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
