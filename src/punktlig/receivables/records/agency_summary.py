"""The claim's summary on the invoice: of all that have come, the one with the highest sequence, whatever came first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.invoice import AgencyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from punktlig.exchange.messages import ClaimSummary

_STATES: Mapping[str, AgencyState] = {
    ClaimStatus.RECEIVED: AgencyState.RECEIVED,
    ClaimStatus.REMINDER_ISSUED: AgencyState.REMINDER_PLANNED,
    ClaimStatus.REMINDER_SENT: AgencyState.REMINDER_SENT,
    ClaimStatus.PAID: AgencyState.PAID,
    ClaimStatus.CLOSED: AgencyState.CLOSED,
    ClaimStatus.NEEDS_PERSON: AgencyState.NEEDS_ACTION,
}

# An invoice whose claim was made from other bytes than ours waits for a person here, whatever that claim's events say.
_CONFLICT = """EXISTS (
        SELECT FROM receivables_handover AS handover WHERE handover.company_id = invoice.company_id
        AND handover.invoice_id = invoice.id AND handover.state = %s
    )"""

_UPDATE = f"""
UPDATE receivables_invoice AS invoice SET
    agency_state = CASE WHEN {_CONFLICT} THEN invoice.agency_state ELSE told.state END,
    claim_sequence = told.sequence, claim_balance_ore = told.balance, claim_balance_day = told.balance_day,
    next_event = told.next_event, next_event_day = told.next_event_day
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::bigint[], %s::date[], %s::text[], %s::date[])
    AS told (id, state, sequence, balance, balance_day, next_event, next_event_day)
WHERE invoice.company_id = %s AND invoice.id = told.id AND invoice.claim_sequence < told.sequence
"""  # noqa: S608 - all text is ours

# In one statement: an invoice has many indexes, and each time it is written all of them are.
_ACKNOWLEDGE = f"""
UPDATE receivables_invoice AS invoice SET claim_number = told.number,
    claim_url = CASE WHEN told.url = '' THEN invoice.claim_url ELSE told.url END,
    agency_state = CASE WHEN invoice.claim_sequence < told.sequence AND NOT {_CONFLICT} THEN told.state
        WHEN invoice.agency_state = %s THEN %s ELSE invoice.agency_state END,
    claim_sequence = greatest(invoice.claim_sequence, told.sequence),
    claim_balance_ore = CASE WHEN invoice.claim_sequence < told.sequence THEN told.balance
        ELSE invoice.claim_balance_ore END,
    claim_balance_day = CASE WHEN invoice.claim_sequence < told.sequence THEN told.balance_day
        ELSE invoice.claim_balance_day END,
    next_event = CASE WHEN invoice.claim_sequence < told.sequence THEN told.next_event ELSE invoice.next_event END,
    next_event_day = CASE WHEN invoice.claim_sequence < told.sequence THEN told.next_event_day
        ELSE invoice.next_event_day END
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::date[], %s::text[], %s::date[])
    AS told (id, number, url, state, sequence, balance, balance_day, next_event, next_event_day)
WHERE invoice.company_id = %s AND invoice.id = told.id
"""  # noqa: S608 - all text is ours

_NOTHING_TOLD = (None,) * 6


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An invoice that has become a claim; without `summary` the agency has told only its number."""

    invoice_id: UUID
    claim_number: str
    claim_url: str = ""
    summary: ClaimSummary | None = None


def state_of(summary: ClaimSummary) -> AgencyState | None:
    """Return the invoice's state that the summary means, or None when a newer agency has a status unknown here."""
    if summary.status == ClaimStatus.RECEIVED and summary.next_event == NextEvent.REMINDER_IS_ISSUED:
        return AgencyState.REMINDER_PLANNED
    return _STATES.get(summary.status)


def apply_summaries(company_id: UUID, summaries: Iterable[tuple[UUID, ClaimSummary]]) -> None:
    """Put on each invoice the newest of its summaries, unless it has a newer one; the caller holds the invoices' locks.

    A summary whose status is unknown is passed over, and the invoice stays as it was.
    """
    newest: dict[UUID, tuple[ClaimSummary, AgencyState]] = {}
    for invoice_id, summary in summaries:
        state, best = state_of(summary), newest.get(invoice_id)
        if state is not None and (best is None or best[0].sequence < summary.sequence):
            newest[invoice_id] = summary, state
    if not newest:
        return
    columns = zip(*(_told(state, summary) for summary, state in newest.values()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [HandoverState.CONFLICT.value, list(newest), *map(list, columns), company_id])


def acknowledge(company_id: UUID, claims: Sequence[Acknowledged]) -> None:
    """Put on each invoice its claim's number and address, and the summary unless it has a newer one.

    An invoice that was being sent has been received, also when the summary's status is unknown here. The caller holds
    the invoices' locks and names each once.
    """
    if not claims:
        return
    told = []
    for one in claims:
        state = state_of(one.summary) if one.summary is not None else None
        known = _NOTHING_TOLD if one.summary is None or state is None else _told(state, one.summary)
        told.append((one.invoice_id, one.claim_number, one.claim_url, *known))
    with connection.cursor() as cursor:
        cursor.execute(
            _ACKNOWLEDGE,
            [
                HandoverState.CONFLICT.value,
                AgencyState.SENDING.value,
                AgencyState.RECEIVED.value,
                *map(list, zip(*told, strict=True)),
                company_id,
            ],
        )


def _told(state: AgencyState, summary: ClaimSummary) -> tuple[object, ...]:
    return (
        state.value,
        summary.sequence,
        summary.balance.ore if summary.balance is not None else None,
        summary.balance_day,
        str(summary.next_event or ""),
        summary.next_event_day,
    )
