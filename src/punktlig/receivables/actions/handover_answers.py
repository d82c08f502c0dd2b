"""Handovers on their way: taken in hand to be sent, and what the agency's answers make of them, many at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from punktlig.core.plain_values import plain_value
from punktlig.exchange.outcomes import Acknowledged, Conflict, Refused, Unknown
from punktlig.receivables.records import agency_summary
from punktlig.receivables.records.handover import Command, CommandState, Handover, HandoverState
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import AgencyState, Invoice
from punktlig.receivables.records.reversals import carry_out_answered
from punktlig.receivables.records.sending import LEASE, fitting, fitting_address, put_off
from punktlig.tenancy.mass_rows import insert_rows
from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from punktlig.exchange.messages import ClaimAnswer
    from punktlig.exchange.outcomes import ClaimOutcome

# What is sent, and not the records: those would take as long as the sending. MATERIALIZED, since a plan that looked for
# them once more for each would find others each time. By an array, since PostgreSQL takes a company that its statistics
# do not know for one of a row, and would join a thousand with each of its ten thousand.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM receivables_handover WHERE company_id = %s AND state = %s AND next_try_at <= %s
        AND (leased_until IS NULL OR leased_until <= %s)
    ORDER BY next_try_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE receivables_handover AS handover SET leased_until = %s, attempts = handover.attempts + 1,
    first_tried_at = coalesce(handover.first_tried_at, %s)
WHERE handover.company_id = %s AND handover.id = ANY(ARRAY(SELECT id FROM due))
RETURNING handover.id, handover.body, handover.sha256, handover.attempts
"""

# Those that still wait, once their invoices are held: then nobody else can answer them.
_OF_WAITING = "FROM receivables_handover WHERE company_id = %s AND id = ANY(%s::uuid[]) AND state = %s"
_LOCK_INVOICES = f"""
SELECT id FROM receivables_invoice WHERE company_id = %s AND id IN (SELECT invoice_id {_OF_WAITING})
ORDER BY id FOR UPDATE
"""  # noqa: S608 - all text is ours
_LOCK_WAITING = f"SELECT id, invoice_id {_OF_WAITING} ORDER BY id FOR UPDATE"

_ANSWERED = """
UPDATE receivables_handover AS handover SET state = told.state, claim_id = told.claim_id,
    claim_number = told.claim_number, refusal_code = told.code, refusal_facts = told.facts::jsonb, answered_at = %s,
    leased_until = NULL, last_problem = ''
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[])
    AS told (id, state, claim_id, claim_number, code, facts)
WHERE handover.company_id = %s AND handover.id = told.id
"""

_REFUSED = """
UPDATE receivables_invoice AS invoice SET agency_state = %s, refusal_code = told.code,
    refusal_facts = told.facts::jsonb
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS told (id, code, facts)
WHERE invoice.company_id = %s AND invoice.id = told.id
"""

_HISTORY_COLUMNS = ("id", "company_id", "invoice_id", "at", "actor", "by_agency", "code", "facts")


class Taken(NamedTuple):
    """A handover to send: its exact bytes, their hash, and how often it has been tried, this time included."""

    id: UUID
    body: bytes
    sha256: str
    attempts: int


@plain_value()
class HandoverAnswer:
    """What came back for one handover; `next_try_at` is when to try again if that is nothing."""

    handover_id: UUID
    outcome: ClaimOutcome
    next_try_at: datetime


class _Answered(NamedTuple):
    handover_id: UUID
    invoice_id: UUID
    state: HandoverState
    claim_id: UUID | None = None
    claim_number: str = ""
    code: str = ""
    facts: Mapping[str, str] | None = None


@transaction.atomic
def take_handovers(company_id: UUID, *, most: int, at: datetime) -> list[Taken]:
    """Return at most so many handovers that are due, leased to the caller; they are sent after this has committed."""
    queued = HandoverState.QUEUED.value
    (taken,) = run_together((_TAKE, [company_id, queued, at, at, most, at + LEASE, at, company_id]))
    return [Taken(*row) for row in taken.rows]


@transaction.atomic
def settle_handovers(company_id: UUID, answers: Sequence[HandoverAnswer], *, agency_name: str, at: datetime) -> None:
    """Write down what the agency answered. An answer that comes twice, or after another, changes nothing more.

    An acknowledged invoice gets its claim's number and address, and the summary unless an event has brought a newer
    one. A refused one may be mended and sent again. A conflict is acknowledged when the claim was made from bytes we
    have sent, and else waits for a person.
    """
    waiting = [company_id, as_array(answer.handover_id for answer in answers), HandoverState.QUEUED.value]
    _, found = run_together((_LOCK_INVOICES, [company_id, *waiting]), (_LOCK_WAITING, waiting))
    queued: dict[UUID, UUID] = dict(found.rows)
    ours = _hashes_sent(company_id, [queued[a.handover_id] for a in answers if _is_conflict(a, queued)])
    answered: list[_Answered] = []
    claims: dict[UUID, ClaimAnswer] = {}
    unknown: list[tuple[UUID, datetime, Unknown]] = []
    for answer in answers:
        handover_id, invoice_id = answer.handover_id, queued.get(answer.handover_id)
        if invoice_id is None:
            continue
        match answer.outcome:
            case Acknowledged(answer=claim):
                number = fitting(Handover, "claim_number", claim.claim_number)
                answered.append(_Answered(handover_id, invoice_id, HandoverState.ACKNOWLEDGED, claim.claim_id, number))
                claims[invoice_id] = claim
            case Refused(problem=problem):
                code = fitting(Handover, "refusal_code", problem.code)
                answered.append(
                    _Answered(handover_id, invoice_id, HandoverState.REFUSED, code=code, facts=problem.facts)
                )
            case Conflict(claim_number=number, sha256=sha256):
                is_ours = sha256 in ours.get(invoice_id, ())
                state = HandoverState.ACKNOWLEDGED if is_ours else HandoverState.CONFLICT
                answered.append(
                    _Answered(handover_id, invoice_id, state, claim_number=fitting(Handover, "claim_number", number))
                )
            case Unknown() as no:
                unknown.append((handover_id, answer.next_try_at, no))
    _store(company_id, answered, at)
    _store_claims(company_id, answered, claims)
    _store_refusals(company_id, [one for one in answered if one.state is HandoverState.REFUSED], agency_name, at)
    _store_conflicts(company_id, [one for one in answered if one.state is HandoverState.CONFLICT], agency_name, at)
    put_off(Handover, company_id, unknown)


def _is_conflict(answer: HandoverAnswer, queued: Mapping[UUID, UUID]) -> bool:
    return isinstance(answer.outcome, Conflict) and answer.handover_id in queued


def _hashes_sent(company_id: UUID, invoice_ids: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """Return the hashes of everything that was ever sent of these invoices."""
    found: dict[UUID, set[str]] = {}
    if invoice_ids:
        sent = Handover.objects.filter(company_id=company_id, invoice__in=invoice_ids)
        for invoice_id, sha256 in sent.values_list("invoice_id", "sha256"):
            found.setdefault(invoice_id, set()).add(sha256)
    return found


def _store(company_id: UUID, answered: Sequence[_Answered], at: datetime) -> None:
    if not answered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWERED,
            [
                at,
                as_array(one.handover_id for one in answered),
                as_array(one.state.value for one in answered),
                as_array(one.claim_id for one in answered),
                as_array(one.claim_number for one in answered),
                as_array(one.code for one in answered),
                as_array(json.dumps(dict(one.facts)) if one.facts else "{}" for one in answered),
                company_id,
            ],
        )


def _store_claims(company_id: UUID, answered: Sequence[_Answered], claims: Mapping[UUID, ClaimAnswer]) -> None:
    acknowledged = []
    for invoice_id, number in ((one.invoice_id, one.claim_number) for one in answered if one.claim_number):
        claim = claims.get(invoice_id)
        url = fitting_address(Invoice, "claim_url", claim.portal_url) if claim else ""
        summary = claim.summary if claim else None
        acknowledged.append(agency_summary.Acknowledged(invoice_id, number, url, summary))
    agency_summary.acknowledge(company_id, acknowledged)


def _store_refusals(company_id: UUID, refused: Sequence[_Answered], agency_name: str, at: datetime) -> None:
    if not refused:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _REFUSED,
            [
                AgencyState.REFUSED.value,
                [one.invoice_id for one in refused],
                [one.code for one in refused],
                [json.dumps(dict(one.facts or {})) for one in refused],
                company_id,
            ],
        )
    # Payments told meanwhile were for a claim that will never be; they go along when the invoice is sent anew.
    _refuse_commands(company_id, refused, "claim_refused", at)
    _tell(company_id, refused, "handover_refused", agency_name, at)


def _store_conflicts(company_id: UUID, conflicting: Sequence[_Answered], agency_name: str, at: datetime) -> None:
    if not conflicting:
        return
    Invoice.objects.filter(company_id=company_id, id__in=[one.invoice_id for one in conflicting]).update(
        agency_state=AgencyState.NEEDS_ACTION
    )
    # The claim is another handover's, and of this one the agency knows none that a payment could be on.
    _refuse_commands(company_id, conflicting, "claim_elsewhere", at)
    _tell(company_id, conflicting, "handover_conflict", agency_name, at)


def _refuse_commands(company_id: UUID, answered: Sequence[_Answered], code: str, at: datetime) -> None:
    waiting = Command.objects.filter(
        company_id=company_id, handover__in=[one.handover_id for one in answered], state=CommandState.REQUESTED
    )
    # Their payments stand nowhere else any more.
    reversals = list(waiting.filter(reverses__isnull=False).values_list("id", flat=True))
    waiting.update(state=CommandState.REFUSED, refusal_code=code, answered_at=at, leased_until=None)
    if reversals:
        carry_out_answered(company_id, reversals)


def _tell(company_id: UUID, answered: Sequence[_Answered], code: str, agency_name: str, at: datetime) -> None:
    """Add a line of history to each: `handover_refused` with code and facts, `handover_conflict` with claim_number."""
    rows = []
    for one in answered:
        facts = {**(one.facts or {}), "code": one.code} if one.code else {"claim_number": one.claim_number}
        rows.append((uuid4(), company_id, one.invoice_id, at, agency_name, True, code, json.dumps(facts)))
    insert_rows(HistoryLine, _HISTORY_COLUMNS, rows)
