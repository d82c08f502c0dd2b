"""Accept the invoices a creditor hands over: each becomes exactly one claim, or is refused for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import Claim, ReceivedCommand, RefusedHandover
from punktlig.agency.records.claim_facts import facts_of
from punktlig.agency.records.claim_numbers import give_numbers, random_numbers, taken_numbers
from punktlig.agency.records.claim_writing import store_claims
from punktlig.agency.records.command_effects import HANDOVER_WAS_REFUSED, REFUSED, carry_out
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.handover_locks import handover_lock
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import Admission, admit
from punktlig.core.timetable import reminder_day
from punktlig.exchange.messages import MOST_CLAIMS_AT_ONCE, ClaimStatus, ClaimSubmission, NextEvent
from punktlig.letters.fitting import refuse_too_large
from punktlig.letters.printable import refuse_unprintable
from punktlig.tenancy.ids import ids_in_order
from punktlig.tenancy.plain_reading import as_array, record_with, run_together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.core.late_rate import ReferenceRates


@plain_value()
class Received:
    """A submission with the exact bytes it came as and their SHA-256."""

    submission: ClaimSubmission
    body: bytes
    sha256: str


@plain_value()
class Accepted:
    """The claim of this handover; `created` when it was made now."""

    claim: Claim
    created: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The handover was refused, now or earlier; `code` and `facts` are the core's first refusal."""

    code: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class HandoverIdReused:
    """The handover id was used before with other bytes, whose hash this is. Nothing was changed."""

    sha256: str


@dataclass(frozen=True, slots=True)
class InvoiceIsClaimed:
    """The invoice was handed over before under another handover id, and this is its claim. Nothing was changed."""

    claim: Claim


type Outcome = Accepted | Refused | HandoverIdReused | InvoiceIsClaimed


def accept_claims(creditor_id: UUID, submissions: Sequence[Received], *, today: date, at: datetime) -> list[Outcome]:
    """Return what became of each submission, in their order, at most 1,000; one claim is a chunk of one.

    Runs in the creditor's transaction: all of it is stored or nothing. When somebody takes a number of these claims in
    the same moment, it fails with an error of `claim_numbers.is_number_taken`, and may be done anew.
    """
    if not 1 <= len(submissions) <= MOST_CLAIMS_AT_ONCE:
        raise ValueError(f"from 1 to {MOST_CLAIMS_AT_ONCE} at once, not {len(submissions)}")
    known = _Known(creditor_id, [received.submission for received in submissions])
    creditor = known.creditor
    claims: list[tuple[Claim, Admission]] = []
    refused: list[RefusedHandover] = []
    outcomes: list[Outcome] = []
    planned, rates = reminder_day(today), known_rates(today)
    for new_id, received in zip(ids_in_order(len(submissions), at=at), submissions, strict=True):
        outcome = known.outcome(received)
        if outcome is None:
            judged = _judge(received.submission, creditor, today, rates)
            if isinstance(judged, Refusal):
                refusal = _refused(creditor, received, judged, at)
                refused.append(refusal)
                known.add_refused(refusal)
                outcome = Refused(refusal.code, refusal.facts)
            else:
                claim = _claim(new_id, creditor, received, judged, planned=planned, today=today, at=at)
                claims.append((claim, judged))
                known.add_claim(claim)
                outcome = Accepted(claim, created=True)
        outcomes.append(outcome)
    _store_refused(known, refused)
    _store_claims(known, claims, planned=planned, today=today, at=at)
    return outcomes


# What is asked for every claim that comes alone is written once and not built each time.
_CREDITOR = "SELECT id, platform_id, name, organisation_number FROM agency_creditor WHERE id = %s"
# Ids as one array: a placeholder for each of a thousand costs more than the query.
_KNOWN_CLAIMS = """
SELECT id, creditor_id, number, handover_id, invoice_id, sha256 FROM agency_claim
WHERE creditor_id = %s AND (handover_id = ANY(%s::uuid[]) OR invoice_id = ANY(%s::uuid[]))
"""
_KNOWN_REFUSALS = """
SELECT id, creditor_id, sha256, code, facts FROM agency_refused_handover WHERE creditor_id = %s AND id = ANY(%s::uuid[])
"""
_WAITING_COMMANDS = """
SELECT * FROM agency_received_command
WHERE creditor_id = %s AND handover_id = ANY(%s::uuid[]) AND claim_id IS NULL
ORDER BY reverses IS NOT NULL, received_at, id
"""


class _Known:
    """What was handed over before, of the handovers and invoices of this chunk; the chunk's own are added as they come.

    All of it is asked in one message, whatever the size of the chunk, behind the locks of its handovers and invoices.
    `waiting` are commands that came before their claim, `numbers` claim numbers that nobody has, one a submission.
    """

    def __init__(self, creditor_id: UUID, messages: Sequence[ClaimSubmission]) -> None:
        handovers = [told.handover_id for told in messages]
        invoices = [told.invoice_id for told in messages]
        offered = random_numbers(len(messages))
        own_handovers, own_invoices = as_array(handovers), as_array(invoices)
        _, creditors, claims, refused, waiting, taken = run_together(
            handover_lock(creditor_id, [*handovers, *invoices]),
            (_CREDITOR, [creditor_id]),
            (_KNOWN_CLAIMS, [creditor_id, own_handovers, own_invoices]),
            (_KNOWN_REFUSALS, [creditor_id, own_handovers]),
            (_WAITING_COMMANDS, [creditor_id, own_handovers]),
            taken_numbers(offered),
        )
        (self.creditor,) = creditors.records(Creditor)
        self.waiting = waiting.records(ReceivedCommand)
        self.numbers = offered - {number for (number,) in taken.rows}
        self._by_handover: dict[UUID, Claim] = {}
        self._by_invoice: dict[UUID, Claim] = {}
        self._refused: dict[UUID, RefusedHandover] = {}
        for claim in claims.records(Claim):
            self.add_claim(claim)
        for refusal in refused.records(RefusedHandover):
            self.add_refused(refusal)

    def add_claim(self, claim: Claim) -> None:
        self._by_handover[claim.handover_id] = claim
        self._by_invoice[claim.invoice_id] = claim

    def add_refused(self, refusal: RefusedHandover) -> None:
        self._refused[refusal.id] = refusal

    def outcome(self, received: Received) -> Outcome | None:
        """Return what the rules of the handover say of it, or None when it is new and has to be judged."""
        told = received.submission
        same = self._by_handover.get(told.handover_id)
        if same is not None:
            return Accepted(same, created=False) if same.sha256 == received.sha256 else HandoverIdReused(same.sha256)
        refusal = self._refused.get(told.handover_id)
        if refusal is not None:
            if refusal.sha256 != received.sha256:
                return HandoverIdReused(refusal.sha256)
            return Refused(refusal.code, refusal.facts)
        claimed = self._by_invoice.get(told.invoice_id)
        if claimed is not None:
            return InvoiceIsClaimed(claimed)
        return None


def _judge(submission: ClaimSubmission, creditor: Creditor, today: date, rates: ReferenceRates) -> Admission | Refusal:
    try:
        facts = facts_of(submission, creditor, today)
        admission = admit(facts, rates)
        refuse_too_large(facts.postal_lines, is_abroad=facts.debtor.is_abroad)
        refuse_unprintable(facts, submission.debt_text)
    except Refusal as refusal:
        return refusal
    return admission


def _refused(creditor: Creditor, received: Received, refusal: Refusal, at: datetime) -> RefusedHandover:
    told = received.submission
    return RefusedHandover(
        id=told.handover_id,
        creditor=creditor,
        invoice_id=told.invoice_id,
        sha256=received.sha256,
        submission=received.body,
        code=refusal.code,
        facts={name: _text(value) for name, value in refusal.facts().items()},
        refused_at=at,
    )


def _text(fact: object) -> str:
    """Return a fact as text: amounts in SEK, days in ISO 8601, names of kinds by their value."""
    if fact is None:
        return ""
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, Enum):
        return str(fact.value)
    if isinstance(fact, tuple | list):
        return ", ".join(_text(part) for part in fact)
    return str(fact)


def _store_refused(known: _Known, refused: Sequence[RefusedHandover]) -> None:
    """Store the refusals, and refuse the commands that waited for what will never be a claim."""
    RefusedHandover.objects.bulk_create(refused, batch_size=500)
    never = {refusal.id for refusal in refused}
    in_vain = [command.id for command in known.waiting if command.handover_id in never]
    if in_vain:
        waiting = ReceivedCommand.objects.filter(creditor=known.creditor, id__in=in_vain)
        waiting.update(state=REFUSED, code=HANDOVER_WAS_REFUSED)


def _claim(
    new_id: UUID,
    creditor: Creditor,
    received: Received,
    judged: Admission,
    *,
    planned: date,
    today: date,
    at: datetime,
) -> Claim:
    told = received.submission
    assert told.invoice.issue_date is not None  # noqa: S101 - refused by the rules
    values = {
        **_NEW_CLAIM,
        "id": new_id,
        "creditor_id": creditor.id,
        "handover_id": told.handover_id,
        "invoice_id": told.invoice_id,
        "submission": received.body,
        "sha256": received.sha256,
        "received_at": at,
        "received_day": today,
        "invoice_number": told.invoice.number,
        "invoice_date": told.invoice.issue_date,
        "due_date": judged.due.written_date,
        "debtor_name": told.debtor.name,
        "debtor_kind": judged.debtor.kind.value,
        "debtor_country": judged.debtor.country,
        "language": told.debtor.language,
        "identity_is_protected": told.debtor.identity_is_protected,
        "payable_ore": judged.payable.ore,
        "principal_ore": judged.owed.ore,
        "reminder_day": planned,
        "next_event_day": planned,
    }
    # As a row is loaded, which takes a twentieth of the time of a constructor with names.
    return record_with(Claim, values)


def _store_claims(
    known: _Known, claims: Sequence[tuple[Claim, Admission]], *, planned: date, today: date, at: datetime
) -> None:
    if not claims:
        return
    give_numbers(known.numbers, [claim for claim, _ in claims])
    store_claims(known.creditor, claims, planned=planned, today=today, at=at)
    by_handover = {claim.handover_id: claim for claim, _ in claims}
    carry_out(
        known.creditor,
        [(by_handover[found.handover_id], found) for found in known.waiting if found.handover_id in by_handover],
        actor=known.creditor.name,
        today=today,
        at=at,
    )


_FIELDS = Claim._meta.local_concrete_fields  # noqa: SLF001 - Django's documented model API
# What every new claim is, in the order of the columns; the database itself makes the generated ones.
_NEW_CLAIM = {field.attname: None if field.generated else field.get_default() for field in _FIELDS} | {
    "status": ClaimStatus.RECEIVED.value,
    "next_event": NextEvent.REMINDER_IS_ISSUED.value,
}
