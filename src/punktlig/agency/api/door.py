"""The API, version 1: what it consists of, who may call it, and what it says when something is wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.db import InterfaceError, OperationalError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from punktlig.agency.api import claims, claims_router, commands, creditors, events, reference_rates, submissions
from punktlig.agency.api.access import PlatformKey
from punktlig.agency.api.openapi import mended
from punktlig.agency.api.problems import Answered, answer, problem
from punktlig.exchange.messages import FieldProblem

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from ninja.openapi.schema import OpenAPISchema

log = logging.getLogger(__name__)

_SECONDS_UNTIL_AGAIN = 5


class Door(NinjaAPI):
    """ninja's API, described as it really answers."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        return cast("OpenAPISchema", mended(schema))


api = Door(
    title="Punktlig",
    version="1",
    description="Hand overdue invoices over, tell of payments, follow what happens. docs/api.md tells it all.",
    urls_namespace="api-v1",
    auth=PlatformKey(),
    # The description is at openapi.json. A page of Swagger or Redoc would need scripts that our policy does not allow.
    docs_url=None,
)
# Imported for what they add to it.
_ = (claims, submissions)
for router in (creditors.router, claims_router.router, commands.router, events.router, reference_rates.router):
    api.add_router("", router)


@api.exception_handler(Answered)
def _answered(_: HttpRequest, no: Answered) -> HttpResponse:
    return answer(no.problem, retry_after=no.retry_after)


@api.exception_handler(ValidationError)
def _parameter(_: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        FieldProblem(pointer="/".join(str(part) for part in found["loc"]), detail=found["msg"])
        for found in error.errors
    ]
    return answer(problem("parameter_not_valid", errors=errors))


@api.exception_handler(HttpError)
def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    code = "key_not_valid" if error.status_code == HTTPStatus.UNAUTHORIZED else "internal_error"
    return answer(problem(code))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _no_database(_: HttpRequest, error: Exception) -> HttpResponse:
    log.error("the database did not answer", exc_info=error)
    return answer(problem("temporarily_unavailable"), retry_after=_SECONDS_UNTIL_AGAIN)


@api.exception_handler(Exception)
def _internal(_: HttpRequest, error: Exception) -> HttpResponse:
    log.error("a call of the API failed", exc_info=error)
    return answer(problem("internal_error"))
