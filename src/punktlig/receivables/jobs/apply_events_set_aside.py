"""Tries again what the agency has told of companies to which it could not be applied."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from punktlig import clock
from punktlig.receivables.actions.events import apply_events_set_aside as apply_first
from punktlig.receivables.jobs.each_company import Attempt, in_one_line
from punktlig.receivables.records.company import Company

if TYPE_CHECKING:
    from uuid import UUID

log = logging.getLogger(__name__)

_CHUNK = 500


def apply_events_set_aside() -> None:
    """Apply what waits, company by company, each in its order and up to the event that still cannot be applied."""
    waiting = Company.objects.filter(events_wait_since__isnull=False).order_by("events_wait_since", "id")
    for company_id, since in list(waiting.values_list("id", "events_wait_since")):
        fault = _apply_or_fault(company_id)
        if fault is not None:
            # The traceback went to the log when they were set aside; this comes again every quarter of a minute.
            told = in_one_line(fault)
            log.error("what company %s was told since %s can still not be applied: %s", company_id, since, told)


def _apply_or_fault(company_id: UUID) -> Exception | None:
    fault = None
    # A chunk that cannot be applied as a whole: one by one, so that what stands before the fault is told.
    for most in (_CHUNK, 1):
        with Attempt() as attempt:
            _apply(company_id, most)
        fault = attempt.fault
        if fault is None:
            break
    return fault


def _apply(company_id: UUID, most: int) -> None:
    more = True
    while more:
        more = apply_first(company_id, most=most, at=clock.now())
