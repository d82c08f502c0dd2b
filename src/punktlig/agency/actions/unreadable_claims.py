"""Set aside the claims of a creditor that hold up the others, as a job does when something has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.unreadable_claims import set_aside

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


def set_unreadable_aside(creditor_id: UUID, *, today: date, at: datetime) -> int:
    """Let the creditor's claims that cannot be read wait for a person, and return how many there were."""
    return set_aside(creditor_id, today=today, at=at)
