"""Tries again what the agency has told of companies to which it could not be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig import clock
from punktlig.receivables.actions.events import apply_events_set_aside as apply_first
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.company import Company

if TYPE_CHECKING:
    from uuid import UUID

_CHUNK = 500


def apply_events_set_aside() -> None:
    """Apply what waits, company by company, each in its order and up to the event that still cannot be applied."""
    waiting = Company.objects.filter(events_wait_since__isnull=False).order_by("events_wait_since", "id")
    for company_id in list(waiting.values_list("id", flat=True)):
        # A chunk that cannot be applied as a whole: one by one, so that what stands before the fault is told.
        for most in (_CHUNK, 1):
            with working_for(company_id):
                _apply(company_id, most)
                break


def _apply(company_id: UUID, most: int) -> None:
    more = True
    while more:
        more = apply_first(company_id, most=most, at=clock.now())
