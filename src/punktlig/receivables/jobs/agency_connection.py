"""The way to the agency for the jobs, and when to try again what it did not answer."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

from django.conf import settings

from punktlig.exchange.client import AgencyClient
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.records.sending import is_due, wait_after
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from punktlig.exchange.outcomes import ActivationOutcome, ClaimOutcome, CommandOutcome
    from punktlig.receivables.records.sending import Outgoing

_log = logging.getLogger(__name__)


def agency_client() -> AgencyClient:
    """Return a connection to the agency of this installation; use it as a context manager."""
    return AgencyClient(settings.AGENCY_URL, settings.AGENCY_API_KEY)


def companies_with_due[Message: Outgoing](waiting: QuerySet[Message], *, at: datetime) -> list[UUID]:
    """Return the companies among whose waiting messages one is due."""
    with acting_for_everyone():
        due = waiting.filter(is_due(at)).order_by("company_id")
        return list(due.values_list("company_id", flat=True).distinct())


def next_try(attempts: int, outcome: ClaimOutcome | CommandOutcome | ActivationOutcome, *, at: datetime) -> datetime:
    """Return when to try again after this outcome; without meaning for an outcome that is known."""
    if not isinstance(outcome, Unknown):
        return at
    return at + wait_after(attempts, retry_after=outcome.retry_after, spread=random.random())  # noqa: S311 - no secret


def log_unknown(what: str, outcome: Unknown) -> None:
    """Tell whoever runs the site, once for each attempt."""
    _log.warning("%s got no answer: %s %s", what, outcome.why.value, outcome.detail)
