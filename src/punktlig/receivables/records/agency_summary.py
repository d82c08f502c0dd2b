"""The claim's summary on the invoice: of all that have come, the one with the highest sequence, whatever came first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.invoice import AgencyState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from punktlig.exchange.messages import ClaimSummary

_STATES: Mapping[ClaimStatus, AgencyState] = {
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


def state_of(summary: ClaimSummary) -> AgencyState:
    """Return the invoice's state that the summary means."""
    if summary.status is ClaimStatus.RECEIVED and summary.next_event is NextEvent.REMINDER_IS_ISSUED:
        return AgencyState.REMINDER_PLANNED
    return _STATES[summary.status]


def apply_summaries(company_id: UUID, summaries: Mapping[UUID, ClaimSummary]) -> None:
    """Put each summary on its invoice, unless the invoice has a newer one; the caller holds the invoices' locks."""
    if not summaries:
        return
    told = list(summaries.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                HandoverState.CONFLICT.value,
                list(summaries),
                [state_of(one).value for one in told],
                [one.sequence for one in told],
                [one.balance.ore if one.balance is not None else None for one in told],
                [one.balance_day for one in told],
                [one.next_event.value if one.next_event else "" for one in told],
                [one.next_event_day for one in told],
                company_id,
            ],
        )
