"""Work for one creditor after the other, none of whom holds up the others."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from punktlig.agency.actions.unreadable_claims import act_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

log = logging.getLogger(__name__)


def work_for[Result](creditor_id: UUID, act: Callable[[], Result], *, today: date, at: datetime) -> Result | None:
    """Act for the creditor in a transaction and return what came of it, or None when that is not to be done now.

    A fault that concerns this creditor alone goes to the log, and the next run tries again. Where claims that cannot be
    read are the cause, they are set aside for a person and the others go on at once.

    Raises:
        OperationalError or InterfaceError: the database itself does not answer, so nobody's work can be done.
    """
    try:
        return act_for(creditor_id, act, today=today, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the work for creditor %s failed", creditor_id)
        return None
