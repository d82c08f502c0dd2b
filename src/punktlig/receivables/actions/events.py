"""What the agency tells of claims, applied once each: any order, any number of times, gives the same.

What cannot be applied to its company is set aside with all that is told of the company after it, and is tried again in
its order. So the feed is never held up, and nothing of it is lost.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app
from pydantic_core import to_json

from punktlig.exchange.messages import ClaimEvent, EventKind
from punktlig.receivables.records.agency_summary import Acknowledged, apply_events_told
from punktlig.receivables.records.command_writing import CLAIM_IS_PAID, REFUSED_WITHOUT_CODE, add_untold
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.feed import EventSetAside, FeedCursor
from punktlig.receivables.records.handover import Command, CommandState
from punktlig.receivables.records.handover_writing import lock_invoices
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.reversals import carry_out_answered, carry_out_told
from punktlig.receivables.records.sending import fitting
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from punktlig.receivables.records.handover_writing import Locked

log = logging.getLogger(__name__)

# Columns come as lines of one text, but for the actors, who alone may have line feeds. The server reads no JSON but the
# facts: to read all else out of the event takes it three times as long as all that it does here.
_RECEIVE = """
INSERT INTO receivables_history_line
    (id, company_id, invoice_id, at, actor, by_agency, code, facts, sequence, as_told, received_at)
SELECT id::uuid, %(company)s, invoice_id::uuid, at::timestamptz, actor, true, kind, facts::jsonb, sequence::int,
    as_told, %(now)s
FROM ROWS FROM (
    string_to_table(%(ids)s, E'\\n'), string_to_table(%(invoices)s, E'\\n'), string_to_table(%(moments)s, E'\\n'),
    unnest(%(actors)s::text[]), string_to_table(%(kinds)s, E'\\n'), string_to_table(%(facts)s, E'\\n'),
    string_to_table(%(sequences)s, E'\\n'), string_to_table(%(as_told)s, E'\\n')
) AS told (id, invoice_id, at, actor, kind, facts, sequence, as_told)
ON CONFLICT DO NOTHING RETURNING id
"""

# A reversal does something here when it is answered, and is answered once: it is returned by the statement that does.
# What was refused because the claim was paid may be confirmed when it has been told again.
_COMMANDS = """
WITH answered AS (
    UPDATE receivables_command AS command SET state = told.state, refusal_code = told.code,
        answered_at = told.at, delivered_at = coalesce(command.delivered_at, %s), leased_until = NULL, last_problem = ''
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, state, code, at)
    WHERE command.company_id = %s AND command.id = told.id
        AND (command.state = 'requested' OR (told.state = 'confirmed' AND command.refusal_code = %s))
    RETURNING command.id, command.reverses
) SELECT id FROM answered WHERE reverses IS NOT NULL
"""

# In one message: the feed is looked at many times a second while much goes on.
_ADVANCE = """
INSERT INTO receivables_feed_cursor AS feed (id, cursor, read_at, last_problem) VALUES (1, %s, %s, '')
ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor, read_at = excluded.read_at, last_problem = ''
WHERE feed.cursor = %s
"""

_MOST_SEQUENCE = 2**31 - 1
_CONFIRMATIONS = (EventKind.PAYMENT_CONFIRMED, EventKind.CREDIT_NOTE_CONFIRMED, EventKind.PAYMENT_REVERSED)


@transaction.atomic
def apply_events(company_id: UUID, events: Sequence[ClaimEvent], *, at: datetime) -> int:
    """Apply those of the company's events that are new, and return how many were.

    An event is kept by its id for ever and applied once. Its line of history and what it says of a command count
    whatever came before; the claim's summary counts only when it is newer than what the invoice has. A payment that the
    agency has taken back, asked or by itself, is taken off the invoice; when that opens the claim again, the agency is
    told what was booked since it had ended, and what it refused for that, in whatever order it says so. An event of a
    kind that is not known here, from a newer agency, is kept and told all the same. Events of invoices that the company
    does not have are left out.
    """
    by_id = {event.id: event for event in events if event.company_id == company_id}
    known = lock_invoices(company_id, {event.invoice_id for event in by_id.values()})
    ours = sorted((event for event in by_id.values() if event.invoice_id in known), key=lambda event: event.id.int)
    received = _receive(company_id, ours, at)
    new = [event for event in ours if event.id in received]
    reversals = _answer_commands(company_id, new, at)
    reopened = {event.invoice_id for event in new if _was_refused_as_paid(event)}
    if reversals:
        reopened |= carry_out_answered(company_id, reversals)
    if at_agency := _taken_back_there(company_id, new):
        reopened |= carry_out_told(company_id, at_agency)
    apply_events_told(
        company_id,
        [
            Acknowledged(event.invoice_id, event.claim_number[:20], summary=event.summary)
            for event in new
            if _may_be_news(event, known[event.invoice_id])
        ],
    )
    if reopened and add_untold(company_id, reopened, at=at):
        app.configure_task("send_commands").defer()
    return len(new)


@dataclass(frozen=True, slots=True)
class OfCompany:
    """Events of one company, in the order they were told; `must_wait` when earlier ones are set aside."""

    company_id: UUID
    events: list[ClaimEvent]
    must_wait: bool = False


def take_events(told: OfCompany, *, at: datetime) -> None:
    """Apply the company's events, or set them aside when that fails or they must wait: afterwards they are kept.

    Raises:
        OperationalError or InterfaceError: the database does not answer.
        Exception: they can not be kept either; whoever told them is to tell them again.
    """
    if not told.must_wait:
        try:
            with acting_for(told.company_id):
                apply_events(told.company_id, told.events, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%d events of company %s are set aside", len(told.events), told.company_id)
        else:
            return
    with acting_for(told.company_id):
        _set_aside(told, at)


def apply_events_set_aside(company_id: UUID, *, most: int, at: datetime) -> bool:
    """Apply the first events that wait, in their order, and return whether more wait. All of them, or none.

    Raises what `apply_events` raises, and ValidationError when a stored event can not be read.
    """
    with acting_for(company_id):
        # Whoever sets more aside changes this row first, so that the company is not said to be done meanwhile.
        Company.objects.select_for_update(no_key=True).get(id=company_id)
        waiting = EventSetAside.objects.filter(company_id=company_id)
        first = list(waiting.order_by("at", "sequence", "id")[:most])
        apply_events(company_id, [ClaimEvent.model_validate_json(one.content) for one in first], at=at)
        waiting.filter(id__in=[one.id for one in first]).delete()
        more = waiting.exists()
        if not more:
            Company.objects.filter(id=company_id).update(events_wait_since=None)
        return more


def _set_aside(told: OfCompany, at: datetime) -> None:
    Company.objects.filter(id=told.company_id).update(events_wait_since=Coalesce("events_wait_since", at))
    EventSetAside.objects.bulk_create(
        [
            EventSetAside(
                id=event.id,
                company_id=told.company_id,
                at=event.at,
                # A number that no column holds may be the very reason.
                sequence=max(-_MOST_SEQUENCE, min(event.summary.sequence, _MOST_SEQUENCE)),
                content=event.model_dump_json(exclude_none=True),
                set_aside_at=at,
            )
            for event in told.events
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def of_companies(events: Iterable[ClaimEvent]) -> list[OfCompany]:
    """Return the events by company, for each to be taken as that company.

    Those of a company that is not here are left out, with a line in the log: it may have moved away.
    """
    found: dict[UUID, list[ClaimEvent]] = {}
    for event in events:
        found.setdefault(event.company_id, []).append(event)
    wait_since = dict(Company.objects.filter(id__in=found).values_list("id", "events_wait_since"))
    for stranger in found.keys() - wait_since.keys():
        log.warning("%d events of the unknown company %s are left out", len(found[stranger]), stranger)
    return [
        OfCompany(company_id, own, must_wait=wait_since[company_id] is not None)
        for company_id, own in found.items()
        if company_id in wait_since
    ]


def feed_cursor() -> str:
    """Return how far the feed has been read; empty before the first time."""
    return FeedCursor.objects.values_list("cursor", flat=True).first() or ""


def advance_feed(before: str, cursor: str, *, at: datetime) -> None:
    """Keep that everything up to the cursor has been applied, unless somebody else has read on meanwhile."""
    run_together((_ADVANCE, [cursor, at, before]))


@transaction.atomic
def note_feed_problem(problem: str) -> None:
    """Keep why the feed could not be read."""
    FeedCursor.objects.update_or_create(id=1, defaults={"last_problem": fitting(FeedCursor, "last_problem", problem)})


def _may_be_news(event: ClaimEvent, invoice: Locked) -> bool:
    """Tell whether the invoice may not have it yet: that a claim was received has mostly come with its answer."""
    return invoice.has_no_claim_number or event.summary.sequence > invoice.claim_sequence


def _receive(company_id: UUID, events: Sequence[ClaimEvent], at: datetime) -> set[UUID]:
    """Keep those that are new, each as a line of history, and return their ids."""
    if not events:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECEIVE,
            {
                "company": company_id,
                "now": at,
                "ids": "\n".join([event.id.hex for event in events]),
                "invoices": "\n".join([event.invoice_id.hex for event in events]),
                "moments": "\n".join([event.at.isoformat(timespec="seconds") for event in events]),
                "actors": as_array([fitting(HistoryLine, "actor", event.actor) for event in events]),
                "kinds": "\n".join([event.kind for event in events]),
                # JSON has no line feed but between its signs, where none is written here.
                "facts": b"\n".join([_facts_of(event) for event in events]).decode(),
                "sequences": "\n".join([str(event.summary.sequence) for event in events]),
                "as_told": b"\n".join([to_json(event, exclude_none=True) for event in events]).decode(),
            },
        )
        return {event_id for (event_id,) in cursor.fetchall()}


def _facts_of(event: ClaimEvent) -> bytes:
    return to_json({**event.facts, "claim_number": event.claim_number})


def _answer_commands(company_id: UUID, events: Sequence[ClaimEvent], at: datetime) -> list[UUID]:
    """Write down what the events say of commands, and return the reversals among those that had no answer before."""
    found: dict[UUID, tuple[str, str, datetime]] = {}
    for event in events:
        command_id = _id_told(event, "command_id")
        if command_id is not None and event.kind in _CONFIRMATIONS:
            found[command_id] = CommandState.CONFIRMED.value, "", event.at
        elif command_id is not None and event.kind == EventKind.COMMAND_REFUSED:
            code = (event.facts.get("code") or REFUSED_WITHOUT_CODE)[:60]
            # Both may be among them of what was told again; that it was carried out is what holds.
            found.setdefault(command_id, (CommandState.REFUSED.value, code, event.at))
    told = [(command_id, *answer) for command_id, answer in found.items()]
    if not told:
        return []
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*told, strict=True)]
        cursor.execute(_COMMANDS, [at, *columns, company_id, CLAIM_IS_PAID])
        return [command_id for (command_id,) in cursor.fetchall()]


def _taken_back_there(company_id: UUID, events: Sequence[ClaimEvent]) -> list[tuple[UUID, UUID, datetime]]:
    """Return the invoice, payment and moment of each reversal among the events that nobody here has asked for."""
    told = {
        command_id: (event.invoice_id, payment_id, event.at)
        for event in events
        if event.kind == EventKind.PAYMENT_REVERSED
        and (command_id := _id_told(event, "command_id")) is not None
        and (payment_id := _id_told(event, "reverses")) is not None
    }
    if not told:
        return []
    ours = set(Command.objects.filter(company_id=company_id, id__in=told).values_list("id", flat=True))
    return [reversal for command_id, reversal in told.items() if command_id not in ours]


def _was_refused_as_paid(event: ClaimEvent) -> bool:
    return event.kind == EventKind.COMMAND_REFUSED and event.facts.get("code") == CLAIM_IS_PAID


def _id_told(event: ClaimEvent, name: str) -> UUID | None:
    try:
        return UUID(event.facts[name])
    except (KeyError, ValueError):
        return None
