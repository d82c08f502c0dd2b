"""Do a job's work for a creditor, whose claims that cannot be read are set aside where they stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.unreadable_claims import act_past_unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID


def act_for[Result](creditor_id: UUID, act: Callable[[], Result], *, today: date, at: datetime) -> Result:
    """Return what `act` returns, in a transaction of the creditor's. Raises what it raises for another reason."""
    return act_past_unreadable(creditor_id, act, today=today, at=at)
