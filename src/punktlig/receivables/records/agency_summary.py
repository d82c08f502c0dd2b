"""The claim's summary on the invoice: of all that have come, the one with the highest sequence, whatever came first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from punktlig.core.plain_values import plain_value
from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.invoice import AgencyState
from punktlig.tenancy.plain_reading import as_array

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

_LETTER_IS_PLANNED = (NextEvent.REMINDER_IS_ISSUED, NextEvent.CORRECTION_IS_ISSUED)

# An invoice whose claim was made from other bytes than ours waits for a person here, whatever that claim's events say.
_CONFLICT = """EXISTS (
        SELECT FROM receivables_handover AS handover WHERE handover.company_id = invoice.company_id
        AND handover.invoice_id = invoice.id AND handover.state = %s
    )"""

# Of a summary that is not known nothing is told, and then no sequence is.
_IS_NEWER = "invoice.claim_sequence < told.sequence"
_SUMMARY = f"""claim_sequence = greatest(invoice.claim_sequence, told.sequence),
    claim_balance_ore = CASE WHEN {_IS_NEWER} THEN told.balance ELSE invoice.claim_balance_ore END,
    claim_balance_day = CASE WHEN {_IS_NEWER} THEN told.balance_day ELSE invoice.claim_balance_day END,
    next_event = CASE WHEN {_IS_NEWER} THEN told.next_event ELSE invoice.next_event END,
    next_event_day = CASE WHEN {_IS_NEWER} THEN told.next_event_day ELSE invoice.next_event_day END"""

# In one statement: an invoice has many indexes, and each time it is written all of them are.
_UPDATE = f"""
UPDATE receivables_invoice AS invoice SET
    claim_number = CASE WHEN invoice.claim_number = '' THEN told.number ELSE invoice.claim_number END,
    agency_state = CASE WHEN {_IS_NEWER} AND NOT {_CONFLICT} THEN told.state ELSE invoice.agency_state END,
    {_SUMMARY}
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::date[], %s::text[], %s::date[])
    AS told (id, number, state, sequence, balance, balance_day, next_event, next_event_day)
WHERE invoice.company_id = %s AND invoice.id = told.id AND ({_IS_NEWER} OR invoice.claim_number = '')
"""  # noqa: S608 - all text is ours

_ACKNOWLEDGE = f"""
UPDATE receivables_invoice AS invoice SET claim_number = told.number,
    claim_url = CASE WHEN told.url = '' THEN invoice.claim_url ELSE told.url END,
    agency_state = CASE WHEN {_IS_NEWER} AND NOT {_CONFLICT} THEN told.state
        WHEN invoice.agency_state = %s THEN %s ELSE invoice.agency_state END,
    {_SUMMARY}
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::date[], %s::text[], %s::date[])
    AS told (id, number, url, state, sequence, balance, balance_day, next_event, next_event_day)
WHERE invoice.company_id = %s AND invoice.id = told.id
"""  # noqa: S608 - all text is ours


@plain_value()
class Acknowledged:
    """An invoice that has become a claim; without `summary` the agency has told only its number."""

    invoice_id: UUID
    claim_number: str
    claim_url: str = ""
    summary: ClaimSummary | None = None


def state_of(summary: ClaimSummary) -> AgencyState | None:
    """Return the invoice's state that the summary means, or None when a newer agency has a status unknown here."""
    if summary.status == ClaimStatus.RECEIVED and summary.next_event in _LETTER_IS_PLANNED:
        return AgencyState.REMINDER_PLANNED
    return _STATES.get(summary.status)


def apply_events_told(company_id: UUID, told: Iterable[Acknowledged]) -> None:
    """Put on each invoice its claim's number, unless it has one, and the newest summary, unless it has a newer one.

    An event may know the number before the answer to the handover has come. A summary whose status is unknown is passed
    over. The caller holds the invoices' locks.
    """
    newest: dict[UUID, tuple[Acknowledged, _Told]] = {}
    for one in told:
        known, best = _known(one.summary), newest.get(one.invoice_id)
        if best is None or (known[1] or 0) > (best[1][1] or 0):
            newest[one.invoice_id] = one, known
    if newest:
        numbers = [one.claim_number for one, _ in newest.values()]
        columns = zip(*(known for _, known in newest.values()), strict=True)
        with connection.cursor() as cursor:
            arrays = map(as_array, (newest, numbers, *columns))
            cursor.execute(_UPDATE, [HandoverState.CONFLICT.value, *arrays, company_id])


def acknowledge(company_id: UUID, claims: Sequence[Acknowledged]) -> None:
    """Put on each invoice its claim's number and address, and the summary unless it has a newer one.

    An invoice that was being sent has been received, also when the summary's status is unknown here. The caller holds
    the invoices' locks and names each once.
    """
    if not claims:
        return
    told = [(one.invoice_id, one.claim_number, one.claim_url, *_known(one.summary)) for one in claims]
    with connection.cursor() as cursor:
        cursor.execute(
            _ACKNOWLEDGE,
            [
                HandoverState.CONFLICT.value,
                AgencyState.SENDING.value,
                AgencyState.RECEIVED.value,
                *map(as_array, zip(*told, strict=True)),
                company_id,
            ],
        )


type _Told = tuple[str | None, int | None, int | None, date | None, str | None, date | None]
"""State, sequence, balance and its day, next event and its day; nothing of a summary that is not known."""

_NOTHING_TOLD: _Told = (None, None, None, None, None, None)


def _known(summary: ClaimSummary | None) -> _Told:
    state = state_of(summary) if summary is not None else None
    if summary is None or state is None:
        return _NOTHING_TOLD
    return (
        state.value,
        summary.sequence,
        summary.balance.ore if summary.balance is not None else None,
        summary.balance_day,
        str(summary.next_event or ""),
        summary.next_event_day,
    )
