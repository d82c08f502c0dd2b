"""Writing claims that were accepted: the claim, its number, its first event and entry, from one row for each."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from django.conf import settings

from punktlig.agency.records.events_writing import EVENT_TYPES, NewEvent, add_events, tell_events
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.exchange.messages import EventKind
from punktlig.tenancy.mass_rows import SharedRows, run_over

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.reminder import Admission

# What the claims of a chunk differ in, beside the event that tells of each, whose columns come first.
_OWN = {
    "number": "text", "handover_id": "uuid", "invoice_id": "uuid", "submission": "bytea", "sha256": "text",
    "invoice_number": "text", "invoice_date": "date", "due_date": "date", "debtor_name": "text",
    "debtor_kind": "text", "debtor_country": "text", "language": "text", "identity_is_protected": "boolean",
    "payable_ore": "bigint", "principal_ore": "bigint",
}  # fmt: skip
_TYPES = {**EVENT_TYPES, **_OWN, "unpaid_ore": "bigint"}
_OWN_VALUES = attrgetter(*_OWN)
# In one order for everybody, so that two who drew the same numbers never wait for each other in a ring.
_ADD_NUMBERS = """
INSERT INTO agency_claim_number (number, creditor_id, claim_id) SELECT number, %s, claim_id FROM {rows} ORDER BY number
"""
# Written once, with the number of their first event.
_ADD_CLAIMS = f"""
INSERT INTO agency_claim (id, sequence, {", ".join(_OWN)}, creditor_id, received_at, received_day, status, reminder_day,
    next_event, next_event_day, needs_person)
SELECT claim_id, sequence, {", ".join(_OWN)}, %s, %s, %s, %s, %s, %s, %s, '' FROM {{rows}}
"""  # noqa: S608 - the names are ours
# An entry has the id of the event that tells of it, as its debit has; the credit has the claim's. They lie in order.
_ADD_ENTRIES = """
INSERT INTO agency_journal_entry (id, creditor_id, claim_id, kind, day, booked_at, source_id)
SELECT id, %s, claim_id, %s, %s, %s, handover_id FROM {rows}
"""
_ADD_POSTINGS = """
INSERT INTO agency_posting (id, creditor_id, entry_id, claim_id, account, amount_ore)
SELECT CASE side.sign WHEN 1 THEN id ELSE claim_id END, %s, id, claim_id, side.account, side.sign * unpaid_ore
FROM {rows} CROSS JOIN (VALUES (%s, 1), (%s, -1)) AS side (account, sign) WHERE unpaid_ore <> 0
"""


def store_claims(
    creditor: Creditor, claims: Sequence[tuple[Claim, Admission]], *, planned: date, today: date, at: datetime
) -> None:
    """Store new claims, all as they are on the day they were received, with their numbers; `planned` is their reminder.

    What was paid before the handover never passed here: the agency takes over what is left, and books that.
    """
    told = tell_events([_received(claim, judged, planned, today) for claim, judged in claims], at=at)
    first, _ = claims[0]
    run_over(
        SharedRows(
            _TYPES,
            [
                (*event, *_OWN_VALUES(claim), judged.unpaid.ore)
                for event, (claim, judged) in zip(told, claims, strict=True)
            ],
        ),
        (_ADD_NUMBERS, [creditor.id]),
        (_ADD_CLAIMS, [creditor.id, at, today, first.status, planned, first.next_event, planned]),
        *add_events(creditor, at=at),
        (_ADD_ENTRIES, [creditor.id, EntryKind.CLAIM_RECEIVED.value, today, at]),
        (_ADD_POSTINGS, [creditor.id, Account.PRINCIPAL_OWED.value, Account.DUE_TO_CREDITOR.value]),
    )


def _received(claim: Claim, judged: Admission, planned: date, today: date) -> NewEvent:
    return NewEvent(
        claim=claim,
        kind=EventKind.CLAIM_RECEIVED,
        actor=settings.SITE_NAME,
        balance=judged.total,
        balance_day=judged.unknown.known_through if judged.unknown else today,
        facts={"unpaid": str(judged.unpaid), "reminder_day": str(planned)},
    )
