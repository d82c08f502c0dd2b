"""Writing what happened to claims: the event with the claim's whole summary, its place in the feed, the claim itself.

An event's id tells the moment and then the order in which it was written (UUID version 7), so that a feed in the order
of ids tells the events of one transaction as they happened.
"""

from __future__ import annotations

import re
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

from pydantic_core import to_json

from punktlig.agency.records.feed_nudging import nudge_feed
from punktlig.core.plain_values import plain_value
from punktlig.tenancy.ids import ids_in_order
from punktlig.tenancy.mass_rows import SharedRows, run_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.money import Money
    from punktlig.exchange.messages import EventKind
    from punktlig.tenancy.plain_reading import Statement

# No message carries them (`exchange.types.Line`): a person with one in the name would stop the feed for every reader.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

EVENT_TYPES = {
    "id": "uuid", "claim_id": "uuid", "sequence": "integer", "kind": "text", "actor": "text", "facts": "text",
    "summary": "text",
}  # fmt: skip
"""The columns that `add_events` reads of the rows it is run over, and `tell_events` fills."""

# An event beside its claim as it stands after all of them; `newest` is the event that stores the claim.
_TYPES = {
    **EVENT_TYPES, "newest": "boolean", "status": "text", "reminder_day": "date", "last_day_to_pay": "date",
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


@plain_value(kw_only=True)
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
    A new claim that is not stored yet is written together with what `tell_events` tells of it instead, which wakes
    nobody: whoever handed it over has its summary in the answer.
    """
    if not events:
        return []
    told = tell_events(events, at=at)
    newest = {event.claim.id: event_id for (event_id, *_), event in zip(told, events, strict=True)}
    *_, changed = run_over(
        SharedRows(
            _TYPES,
            [
                (*row, newest[event.claim.id] is row[0], *_CHANGED(event.claim))
                for row, event in zip(told, events, strict=True)
            ],
        ),
        *add_events(creditor, at=at),
        (_CHANGE_CLAIMS, [creditor.id]),
    )
    assert changed == len(newest)  # noqa: S101 - a claim of another creditor would be passed over silently
    nudge_feed()
    return [row[0] for row in told]


def add_events(creditor: Creditor, *, at: datetime) -> tuple[Statement, Statement]:
    """Return the statements that add events and their entries in the feed, to be run over rows that have them."""
    return (_ADD_EVENTS, [creditor.id, at]), (_ADD_TO_FEED, [creditor.platform_id, creditor.id, at])


def tell_events(events: Sequence[NewEvent], *, at: datetime) -> list[tuple[UUID, UUID, int, str, str, str, str]]:
    """Return the values of `EVENT_TYPES` of each; counts up `sequence` on the claims without storing it."""
    told = []
    for event_id, event in zip(ids_in_order(len(events), at=at), events, strict=True):
        claim = event.claim
        claim.sequence += 1
        claim.newest_summary = summary_of(claim, event.balance, event.balance_day)
        summary = to_json(claim.newest_summary).decode()
        facts = to_json(event.facts).decode()
        actor = event.actor if event.actor.isprintable() else _CONTROLS.sub(" ", event.actor)
        told.append((event_id, claim.id, claim.sequence, event.kind.value, actor, facts, summary))
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
