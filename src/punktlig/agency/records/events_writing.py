"""Writing what happened to claims: the event with the claim's whole summary, its place in the feed, the claim itself.

An event's id tells the moment and then the order in which it was written (UUID version 7), so that a feed in the order
of ids tells the events of one transaction as they happened.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import connection

from punktlig.agency.records.event import ClaimEvent, FeedEntry
from punktlig.agency.records.feed_nudging import nudge_feed
from punktlig.tenancy.mass_rows import NewRows, insert_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.money import Money
    from punktlig.exchange.messages import EventKind

_EVENT_COLUMNS = ("id", "creditor_id", "claim_id", "sequence", "kind", "at", "actor", "facts", "summary")
_FEED_COLUMNS = ("id", "platform_id", "creditor_id", "written_at")

# What an event may change of a claim.
_UPDATE = """
UPDATE agency_claim SET status = new.status, sequence = new.sequence, reminder_day = new.reminder_day,
    last_day_to_pay = new.last_day_to_pay, next_event = new.next_event, next_event_day = new.next_event_day,
    needs_person = new.needs_person, needs_person_since = new.needs_person_since, closed_at = new.closed_at
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::date[], %s::date[], %s::text[], %s::date[], %s::text[],
    %s::timestamptz[], %s::timestamptz[]) AS new (id, status, sequence, reminder_day, last_day_to_pay, next_event,
    next_event_day, needs_person, needs_person_since, closed_at)
WHERE agency_claim.creditor_id = %s AND agency_claim.id = new.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that has just happened to a claim, whose fields already say how it stands now.

    `balance` is what is owed on `balance_day` after it, or None when it cannot be computed. `facts` are texts by name:
    amounts in SEK, days in ISO 8601. `actor` is a name that people read.
    """

    claim: Claim
    kind: EventKind
    actor: str
    balance: Money | None
    balance_day: date
    facts: Mapping[str, str] = field(default_factory=dict)


def write_events(creditor: Creditor, events: Sequence[NewEvent], *, at: datetime) -> list[UUID]:
    """Store the events in their order, each claim as it now stands, and the feed's entries; return the events' ids.

    The caller holds the claims' row locks and has changed their fields (status, next event, what a person is needed
    for, days); they are stored here, with the number of the newest event, so the caller saves nothing of that itself.
    A new claim that is not stored yet is written with the rows of `event_rows` instead, which wake nobody: whoever
    handed it over has its summary in the answer.
    """
    if not events:
        return []
    added, in_feed = event_rows(creditor, events, at=at)
    insert_all(added, in_feed)
    claims = list({event.claim.id: event.claim for event in events}.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                [claim.id for claim in claims],
                [str(claim.status) for claim in claims],
                [claim.sequence for claim in claims],
                [claim.reminder_day for claim in claims],
                [claim.last_day_to_pay for claim in claims],
                [str(claim.next_event) for claim in claims],
                [claim.next_event_day for claim in claims],
                [claim.needs_person for claim in claims],
                [claim.needs_person_since for claim in claims],
                [claim.closed_at for claim in claims],
                creditor.id,
            ],
        )
        assert cursor.rowcount == len(claims)  # noqa: S101 - a claim of another creditor would be passed over silently
    nudge_feed()
    return [cast("UUID", row[0]) for row in added.rows]


def event_rows(creditor: Creditor, events: Sequence[NewEvent], *, at: datetime) -> tuple[NewRows, NewRows]:
    """Return the rows of the events, in their order, and of the feed's entries; the caller inserts both.

    Counts up `sequence` on the claims without storing it.
    """
    ids = list(_ids(len(events), at))
    rows = []
    for event_id, event in zip(ids, events, strict=True):
        claim = event.claim
        claim.sequence += 1
        claim.newest_summary = json.dumps(summary_of(claim, event.balance, event.balance_day))
        rows.append(
            (
                event_id,
                creditor.id,
                claim.id,
                claim.sequence,
                event.kind.value,
                at,
                event.actor,
                json.dumps(dict(event.facts), ensure_ascii=False),
                claim.newest_summary,
            )
        )
    return (
        NewRows(ClaimEvent, _EVENT_COLUMNS, rows),
        NewRows(FeedEntry, _FEED_COLUMNS, [(event_id, creditor.platform_id, creditor.id, at) for event_id in ids]),
    )


def summary_of(claim: Claim, balance: Money | None, balance_day: date) -> dict[str, object]:
    """Return the claim's summary as JSON has it: `exchange.messages.ClaimSummary` without what is empty."""
    summary: dict[str, object] = {
        "sequence": claim.sequence,
        "status": str(claim.status),
        "balance": None if balance is None else str(balance),
        "balance_day": balance_day.isoformat(),
    }
    if claim.next_event:
        summary["next_event"] = str(claim.next_event)
    if claim.next_event_day:
        summary["next_event_day"] = claim.next_event_day.isoformat()
    return summary


def _ids(count: int, at: datetime) -> Iterator[UUID]:
    # RFC 9562 section 5.7: milliseconds, version, then a counter that takes the place of the 12 random bits and the
    # first 14 of the next 62; what is left is random.
    head = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    start = secrets.randbits(24)
    for number in range(start, start + count):
        yield UUID(int=head | (number >> 14) << 64 | (number & 0x3FFF) << 48 | secrets.randbits(48))
