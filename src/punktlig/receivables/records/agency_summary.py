"""The claim's summary on the invoice: of all that have come, the one with the highest sequence, whatever came first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.invoice import AgencyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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
_UPDATE = """
UPDATE receivables_invoice AS invoice SET
    agency_state = CASE WHEN EXISTS (
        SELECT FROM receivables_handover AS handover WHERE handover.company_id = invoice.company_id
        AND handover.invoice_id = invoice.id AND handover.state = %s
    ) THEN invoice.agency_state ELSE told.state END,
    claim_sequence = told.sequence, claim_balance_ore = told.balance, claim_balance_day = told.balance_day,
    next_event = told.next_event, next_event_day = told.next_event_day
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::bigint[], %s::date[], %s::text[], %s::date[])
    AS told (id, state, sequence, balance, balance_day, next_event, next_event_day)
WHERE invoice.company_id = %s AND invoice.id = told.id AND invoice.claim_sequence < told.sequence
"""


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
    told = [summary for summary, _ in newest.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                HandoverState.CONFLICT.value,
                list(newest),
                [state.value for _, state in newest.values()],
                [one.sequence for one in told],
                [one.balance.ore if one.balance is not None else None for one in told],
                [one.balance_day for one in told],
                [str(one.next_event or "") for one in told],
                [one.next_event_day for one in told],
                company_id,
            ],
        )
