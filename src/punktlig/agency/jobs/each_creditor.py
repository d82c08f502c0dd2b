"""Work for one creditor after the other, none of whom holds up the others."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from punktlig.agency.actions.creditor_faults import end_fault, note_fault
from punktlig.agency.actions.unreadable_claims import act_for
from punktlig.agency.records.creditor_fault import CreditorFault, Work
from punktlig.tenancy.context import acting_for, acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime
    from uuid import UUID

log = logging.getLogger(__name__)


def work_for[Result](
    creditor_id: UUID, work: Work, act: Callable[[], Result], *, today: date, at: datetime
) -> Result | None:
    """Act for the creditor in a transaction and return what came of it, or None when that is not to be done now.

    A fault that concerns this creditor alone goes to the log and to the desk, and the next run tries again; it is over
    when something comes of the work. Where claims that cannot be read are the cause, they are set aside for a person
    and the others go on at once.

    Raises:
        OperationalError or InterfaceError: the database itself does not answer, so nobody's work can be done.
    """

    def act_and_end_fault() -> Result:
        result = act()
        if result:
            # Nothing seen says nothing: another worker may hold what fails.
            end_fault(creditor_id, work)
        return result

    try:
        return act_for(creditor_id, act_and_end_fault, today=today, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("the work for creditor %s failed: %s", creditor_id, work.value)
        _note(creditor_id, work, error, at)
        return None


def end_faults_without_work(work: Work, creditors_with_work: Callable[[], Collection[UUID]]) -> None:
    """Forget the faults in work of which the creditor has none left, as when a person has ended the claim."""
    with acting_for_everyone():
        faulty = set(CreditorFault.objects.filter(work=work).values_list("creditor_id", flat=True))
    if faulty:
        for creditor_id in faulty - set(creditors_with_work()):
            with acting_for(creditor_id):
                end_fault(creditor_id, work)


def _note(creditor_id: UUID, work: Work, error: Exception, at: datetime) -> None:
    try:
        with acting_for(creditor_id):
            note_fault(creditor_id, work, error, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # It is in the log already, and the others wait.
        log.exception("the fault of creditor %s could not be kept", creditor_id)
