"""Writing what happened to claims: the event with the claim's whole summary, its place in the feed, the claim itself.

An event's id tells the moment and then the order in which it was written (UUID version 7), so that a feed in the order
of ids tells the events of one transaction as they happened.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic_core import to_json

from punktlig.agency.records.event import ClaimEvent, FeedEntry
from punktlig.agency.records.feed_nudging import nudge_feed
from punktlig.tenancy.mass_rows import NewRows, SharedRows, run_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.money import Money
    from punktlig.exchange.messages import EventKind

# No message carries them (`exchange.types.Line`): a person with one in the name would stop the feed for every reader.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_EVENT_COLUMNS = ("id", "creditor_id", "claim_id", "sequence", "kind", "at", "actor", "facts", "summary")
_FEED_COLUMNS = ("id", "platform_id", "creditor_id", "written_at")

# An event beside its claim as it stands after all of them; `newest` is the event that stores the claim.
_TYPES = {
    "id": "uuid", "claim_id": "uuid", "sequence": "integer", "kind": "text", "actor": "text", "facts": "text",
    "summary": "text", "newest": "boolean", "status": "text", "reminder_day": "date", "last_day_to_pay": "date",
    "next_event": "text", "next_event_day": "date", "needs_person": "text", "needs_person_since": "timestamptz",
    "closed_at": "timestamptz",
}  # fmt: skip
_ADD_EVENTS = """
INSERT INTO agency_claim_event (id, creditor_id, claim_id, sequence, kind, at, actor, facts, summary)
SELECT id, %s, claim_id, sequence, kind, %s, actor, facts::jsonb, summary::jsonb FROM {rows}
"""
_ADD_TO_FEED = """
INSERT INTO agency_feed_entry (id, platform_id, creditor_id, written_at) SELECT id, %s, %s, %s FROM {rows}
"""
# What an event may change of a claim.
_CHANGE_CLAIMS = """
UPDATE agency_claim SET status = new.status, sequence = new.sequence, reminder_day = new.reminder_day,
    last_day_to_pay = new.last_day_to_pay, next_event = new.next_event, next_event_day = new.next_event_day,
    needs_person = new.needs_person, needs_person_since = new.needs_person_since, closed_at = new.closed_at
FROM (SELECT * FROM {rows}) AS new WHERE new.newest AND agency_claim.creditor_id = %s AND agency_claim.id = new.claim_id
"""
_CHANGED = attrgetter(
    "status", "reminder_day", "last_day_to_pay", "next_event", "next_event_day", "needs_person", "needs_person_since",
    "closed_at",
)  # fmt: skip


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
    told = _tell(events, at)
    newest = {event.claim.id: event_id for (event_id, *_), event in zip(told, events, strict=True)}
    *_, changed = run_over(
        SharedRows(
            _TYPES,
            [
                (*row, newest[event.claim.id] is row[0], *_CHANGED(event.claim))
                for row, event in zip(told, events, strict=True)
            ],
        ),
        (_ADD_EVENTS, [creditor.id, at]),
        (_ADD_TO_FEED, [creditor.platform_id, creditor.id, at]),
        (_CHANGE_CLAIMS, [creditor.id]),
    )
    assert changed == len(newest)  # noqa: S101 - a claim of another creditor would be passed over silently
    nudge_feed()
    return [row[0] for row in told]


def event_rows(creditor: Creditor, events: Sequence[NewEvent], *, at: datetime) -> tuple[NewRows, NewRows]:
    """Return the rows of the events, in their order, and of the feed's entries; the caller inserts both.

    Counts up `sequence` on the claims without storing it.
    """
    told = _tell(events, at)
    return (
        NewRows(
            ClaimEvent,
            _EVENT_COLUMNS,
            [
                (event_id, creditor.id, claim_id, sequence, kind, at, actor, facts, summary)
                for event_id, claim_id, sequence, kind, actor, facts, summary in told
            ],
        ),
        NewRows(FeedEntry, _FEED_COLUMNS, [(row[0], creditor.platform_id, creditor.id, at) for row in told]),
    )


def _tell(events: Sequence[NewEvent], at: datetime) -> list[tuple[UUID, UUID, int, str, str, str, str]]:
    """Return id, claim, sequence, kind, actor, facts and summary of each; counts up `sequence` on the claims."""
    told = []
    for event_id, event in zip(_ids(len(events), at), events, strict=True):
        claim = event.claim
        claim.sequence += 1
        claim.newest_summary = to_json(summary_of(claim, event.balance, event.balance_day)).decode()
        facts = to_json(event.facts).decode()
        actor = event.actor if event.actor.isprintable() else _CONTROLS.sub(" ", event.actor)
        told.append((event_id, claim.id, claim.sequence, event.kind.value, actor, facts, claim.newest_summary))
    return told


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
    # first 14 of the next 62; what is left is random, asked for once.
    head = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    start, random = secrets.randbits(24), secrets.token_bytes(6 * count)
    for place in range(count):
        number = start + place
        rest = int.from_bytes(random[6 * place : 6 * place + 6])
        yield UUID(int=head | (number >> 14) << 64 | (number & 0x3FFF) << 48 | rest)
