"""Set aside the claims whose stored message can no longer be read, so that they hold up none of the others.

It takes a fault of ours: bytes that were damaged, or a version that has forgotten how an older one wrote. Such a claim
waits for a person, with the cause in the log, and goes on when somebody has mended the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Q

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_facts import can_be_read
from punktlig.agency.records.command_effects import RATE_UNKNOWN
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.reminder_events import CLAIM_UNREADABLE, wait_for_person
from punktlig.exchange.messages import ClaimStatus, EventKind
from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

_ON_THE_ROAD = (ClaimStatus.RECEIVED, ClaimStatus.REMINDER_ISSUED, ClaimStatus.REMINDER_SENT)


def act_past_unreadable[Result](creditor_id: UUID, act: Callable[[], Result], *, today: date, at: datetime) -> Result:
    """Act for the creditor in a transaction; where claims that cannot be read stop it, do it anew without them.

    Raises what `act` raises when no such claim is the cause.
    """
    while True:
        try:
            with acting_for(creditor_id):
                return act()
        except (OperationalError, InterfaceError):
            raise  # The database itself does not answer.
        except Exception:
            with acting_for(creditor_id):
                if not _set_aside(creditor_id, today, at):
                    raise


def _set_aside(creditor_id: UUID, today: date, at: datetime) -> int:
    """Return how many there were; it reads every claim that is on its way, and passes over what somebody holds."""
    creditor = Creditor.objects.get(id=creditor_id)
    live = Claim.objects.filter(
        Q(status__in=_ON_THE_ROAD, needs_person="") | Q(needs_person=RATE_UNKNOWN), creditor=creditor
    )
    stored = live.order_by("id").only("id", "number", "received_day", "submission")
    unreadable = [claim.id for claim in stored.iterator(chunk_size=1000) if not can_be_read(claim, creditor)]
    claims = list(live.select_for_update(skip_locked=True, of=("self",)).filter(id__in=unreadable).order_by("id"))
    write_events(creditor, [_unreadable(claim, today, at) for claim in claims], at=at)
    return len(claims)


def _unreadable(claim: Claim, today: date, at: datetime) -> NewEvent:
    wait_for_person(claim, CLAIM_UNREADABLE, at)
    # Nobody can say what is owed.
    return NewEvent(
        claim=claim,
        kind=EventKind.PERSON_NEEDED,
        actor=settings.SITE_NAME,
        balance=None,
        balance_day=today,
        facts={"code": CLAIM_UNREADABLE},
    )
