"""Set aside the claims whose stored message can no longer be read, so that they hold up none of the others.

It takes a fault of ours: bytes that were damaged, or a version that has forgotten how an older one wrote. Such a claim
waits for a person, with the cause in the log, and goes on when somebody has mended the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_facts import can_be_read
from punktlig.agency.records.command_effects import RATE_UNKNOWN
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.reminder_events import CLAIM_UNREADABLE, wait_for_person
from punktlig.exchange.messages import ClaimStatus, EventKind

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

_ON_THE_ROAD = (ClaimStatus.RECEIVED, ClaimStatus.REMINDER_ISSUED, ClaimStatus.REMINDER_SENT)


def set_aside(creditor_id: UUID, *, today: date, at: datetime) -> int:
    """Let the creditor's claims that cannot be read wait for a person, and return how many there were.

    Asked when something has failed for the creditor, since it reads every claim that is on its way. A claim that
    somebody holds is passed over.
    """
    creditor = Creditor.objects.get(id=creditor_id)
    live = Claim.objects.filter(
        Q(status__in=_ON_THE_ROAD, needs_person="") | Q(needs_person=RATE_UNKNOWN), creditor=creditor
    )
    stored = live.order_by("id").only("id", "number", "received_day", "submission")
    unreadable = [claim.id for claim in stored.iterator(chunk_size=1000) if not can_be_read(claim, creditor)]
    claims = list(live.select_for_update(skip_locked=True, of=("self",)).filter(id__in=unreadable).order_by("id"))
    write_events(creditor, [_set_aside(claim, today, at) for claim in claims], at=at)
    return len(claims)


def _set_aside(claim: Claim, today: date, at: datetime) -> NewEvent:
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
