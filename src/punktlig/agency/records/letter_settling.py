"""What became of letters that a gateway was given: stored once, with the events that tell of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Count

from punktlig.agency.records.claim import Claim, ReceivedCommand
from punktlig.agency.records.claim_end import ENDED
from punktlig.agency.records.claim_money import CONFIRMED, balance_facts
from punktlig.agency.records.claim_reopening import correct_letter
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.delivery_schedule import MAY_HAVE_LEFT, is_free, judged, needs_person, wait_after
from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.journal_balance import book_balances
from punktlig.agency.records.letter import CaughtMail, Delivery, DeliveryState, Letter
from punktlig.agency.records.letter_returning import letters_returned
from punktlig.agency.records.letter_stopping import reverse_charges
from punktlig.agency.records.letter_writing import queue_deliveries
from punktlig.agency.records.reference_rates import known_rates
from punktlig.agency.records.reminder_events import LETTER_REFUSED, claim_paid, person_answered, person_needed
from punktlig.core.claim_balance import claim_balance
from punktlig.core.money import ZERO, Money
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class _Row:
    delivery: Delivery
    claim: Claim
    answer: Answer

    @property
    def is_for_good(self) -> bool:
        return self.answer.for_good or self.delivery.gateway == "print"

    @property
    def is_free(self) -> bool:
        # As judged: one that may have left earlier is unknown by now.
        return is_free(self.delivery, self.answer)


def settle_answers(
    creditor_id: UUID, answers: Iterable[Answer], *, today: date, at: datetime, leased_until: datetime | None = None
) -> bool:
    """Write down what the gateway answered; an answer to what is settled already changes nothing.

    With `leased_until` only of deliveries that are still held by this lease: another worker may have the others in
    hand. Returns whether letters were queued anew, to leave another way.
    """
    creditor = Creditor.objects.get(id=creditor_id)
    told = {answer.delivery_id: answer for answer in answers}
    deliveries = list(
        Delivery.objects.filter(creditor=creditor, id__in=list(told), state=DeliveryState.QUEUED)
        .select_related("letter")
        .order_by("letter__claim_id", "id")
    )
    # Claims before deliveries, in the order of ids, as everybody locks them.
    claims = {
        claim.id: claim
        for claim in Claim.objects.select_for_update()
        .filter(creditor=creditor, id__in={delivery.letter.claim_id for delivery in deliveries})
        .order_by("id")
    }
    held = Delivery.objects.select_for_update().filter(
        creditor=creditor, id__in=[each.id for each in deliveries], state=DeliveryState.QUEUED
    )
    if leased_until is not None:
        held = held.filter(leased_until=leased_until)
    still = {delivery_id: rest for delivery_id, *rest in held.values_list("id", "attempts", "evidence")}
    for each in deliveries:
        # As they are under the lock: what is counted must not be counted from a number of before.
        each.attempts, each.evidence = still.get(each.id, (each.attempts, each.evidence))
    rows = [
        _Row(each, claims[each.letter.claim_id], judged(each, told[each.id])) for each in deliveries if each.id in still
    ]
    by_verdict: dict[Verdict, list[_Row]] = defaultdict(list)
    for row in rows:
        by_verdict[row.answer.verdict].append(row)
    write_events(creditor, _out_of_doubt(creditor, rows, today), at=at)
    _store_answers(creditor, rows, at)
    _store_mails(creditor, accepted := by_verdict[Verdict.ACCEPTED], at)
    refused = [row for row in by_verdict[Verdict.REFUSED] if row.is_for_good]
    to_print = [row for row in by_verdict[Verdict.REFUSED] if not row.is_for_good]
    _store_letters(accepted, to_print + by_verdict[Verdict.NOT_YET], refused, at)
    queue_deliveries(creditor, [(row.delivery.letter_id, "print", "") for row in to_print], at=at)
    counted = _commands_counted(creditor, [row.claim for row in accepted])
    balances = _balances(creditor, accepted, counted, today)
    write_events(creditor, [_sent(row, balances, counted, today=today, at=at) for row in accepted], at=at)
    returned = [row.claim for row in to_print + by_verdict[Verdict.NOT_YET]]
    write_events(creditor, letters_returned(creditor, returned, today=today, at=at), at=at)
    _give_up(creditor, refused, today=today, at=at)
    unknown = [row.claim for row in by_verdict[Verdict.UNKNOWN] if needs_person(row.delivery, row.answer)]
    _ask_about(creditor, [claim for claim in unknown if _is_live(claim)], today=today, at=at)
    return bool(to_print)


def _out_of_doubt(creditor: Creditor, rows: Sequence[_Row], today: date) -> list[NewEvent]:
    """Let claims go on that were opened again while their e-mail was under way: its answer says what became of it.

    A person was asked about it then (`claim_reopening`), and need not say.
    """
    asked = [
        row.claim
        for row in rows
        if row.claim.needs_person == MAY_HAVE_LEFT and row.answer.verdict is not Verdict.UNKNOWN
    ]
    if not asked:
        return []
    facts, rates = balance_facts(creditor, asked), known_rates(today)
    events = []
    for claim in asked:
        claim.status, claim.needs_person, claim.needs_person_since = ClaimStatus.REMINDER_ISSUED.value, "", None
        claim.next_event, claim.next_event_day = NextEvent.REMINDER_LEAVES.value, today
        events.append(person_answered(claim, claim_balance(facts[claim.id], today, rates), actor=settings.SITE_NAME))
    return events


_STATES = {Verdict.ACCEPTED: DeliveryState.ACCEPTED, Verdict.REFUSED: DeliveryState.REFUSED}


def _store_answers(creditor: Creditor, rows: Sequence[_Row], at: datetime) -> None:
    states = [_STATES.get(row.answer.verdict, DeliveryState.QUEUED).value for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE agency_delivery SET state = new.state, evidence = new.evidence::jsonb, leased_until = NULL,
                answered_at = CASE WHEN new.state = 'queued' THEN NULL ELSE %s::timestamptz END,
                batch_id = CASE WHEN new.state = 'queued' THEN NULL ELSE batch_id END,
                next_try_at = new.next_try_at, attempts = new.attempts
            FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::int[])
                AS new (id, state, evidence, next_try_at, attempts)
            WHERE agency_delivery.id = new.id AND agency_delivery.creditor_id = %s
            """,
            [
                at,
                [row.delivery.id for row in rows],
                states,
                [json.dumps(_evidence(row.answer), ensure_ascii=False) for row in rows],
                [
                    row.delivery.next_try_at
                    if state != DeliveryState.QUEUED or row.is_free
                    else at + wait_after(row.delivery.attempts)
                    for row, state in zip(rows, states, strict=True)
                ],
                [row.delivery.attempts - row.is_free for row in rows],
                creditor.id,
            ],
        )


def _store_mails(creditor: Creditor, rows: Sequence[_Row], at: datetime) -> None:
    CaughtMail.objects.bulk_create(
        CaughtMail(
            creditor=creditor,
            delivery=row.delivery,
            caught_at=at,
            recipient=row.delivery.recipient,
            subject=row.answer.caught.subject,
            message=row.answer.caught.message,
        )
        for row in rows
        if row.answer.caught is not None
    )


def _evidence(answer: Answer) -> dict[str, str]:
    told = dict(answer.evidence) | ({"code": answer.code} if answer.code else {})
    # A mail server may say anything, and the database holds no NUL: the letters beside it would stay without an answer.
    return {name: value.replace("\x00", "") for name, value in told.items()}


def _store_letters(accepted: Sequence[_Row], not_left: Sequence[_Row], refused: Sequence[_Row], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agency_letter SET left_at = %s, pdf_sha256 = new.pdf_sha256, "
            "pages = coalesce(new.pages, agency_letter.pages) "
            "FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS new (id, pdf_sha256, pages) "
            "WHERE agency_letter.id = new.id",
            [
                at,
                [row.delivery.letter_id for row in accepted],
                [row.answer.pdf_sha256 for row in accepted],
                [row.answer.pages for row in accepted],
            ],
        )
    Letter.objects.filter(id__in=[row.delivery.letter_id for row in not_left]).update(handed_at=None)
    Letter.objects.filter(id__in=[row.delivery.letter_id for row in refused]).update(
        handed_at=None, left_at=None, stopped_at=at
    )


def _balances(
    creditor: Creditor, rows: Sequence[_Row], counted: Mapping[UUID | None, int], today: date
) -> dict[UUID, Money | None]:
    """Return what each claim owes today; its letter has said so when it leaves on its date and nothing came since."""
    unsure = [
        row
        for row in rows
        if row.delivery.letter.day != today
        or not _is_live(row.claim)
        or counted.get(row.claim.id, 0) != row.delivery.letter.commands_counted
    ]
    facts, rates = balance_facts(creditor, [row.claim for row in unsure]), known_rates(today)
    found: dict[UUID, Money | None] = {}
    for row in rows:
        if row.claim.id in facts:
            balance = claim_balance(facts[row.claim.id], today, rates)
            found[row.claim.id] = balance.total if balance.known else None
        else:
            found[row.claim.id] = Money(row.delivery.letter.total_ore)
    return found


def _commands_counted(creditor: Creditor, claims: Sequence[Claim]) -> dict[UUID | None, int]:
    commands = ReceivedCommand.objects.filter(
        creditor=creditor, claim__in=[claim.id for claim in claims], state=CONFIRMED
    )
    return dict(commands.order_by().values_list("claim_id").annotate(Count("id")))


def _is_live(claim: Claim) -> bool:
    return claim.status in (ClaimStatus.REMINDER_ISSUED, ClaimStatus.REMINDER_SENT)


def _sent(
    row: _Row,
    balances: Mapping[UUID, Money | None],
    counted: Mapping[UUID | None, int],
    *,
    today: date,
    at: datetime,
) -> NewEvent:
    claim, letter = row.claim, row.delivery.letter
    letter.left_at = at
    # While nobody could say whether it had left, a payment that it counts may have been taken back.
    came_since = counted.get(claim.id, 0) != letter.commands_counted
    if _is_live(claim) and not (came_since and correct_letter(claim, letter, today)):
        claim.status = ClaimStatus.REMINDER_SENT.value
        claim.next_event = NextEvent.LAST_DAY_TO_PAY.value
        claim.next_event_day = letter.last_day_to_pay
    return NewEvent(
        claim=claim,
        kind=EventKind.REMINDER_SENT,
        actor=settings.SITE_NAME,
        balance=balances[claim.id],
        balance_day=today,
        facts={
            "letter_id": str(letter.id),
            "way": row.delivery.gateway,
            "day": today.isoformat(),
            "last_day_to_pay": letter.last_day_to_pay.isoformat(),
        },
    )


def _give_up(creditor: Creditor, rows: Sequence[_Row], *, today: date, at: datetime) -> None:
    """Take back the fee of letters that will never leave, and ask a person about the claims that are alive.

    What the debtor paid when there seemed to be a letter counts on the invoice, which may settle the claim.
    """
    if not rows:
        return
    reversed_ = reverse_charges(creditor, [row.claim.id for row in rows], today=today, at=at)
    booked = book_balances(creditor, [row.claim for row in rows], today=today, at=at)
    events = []
    for row in rows:
        claim, code = row.claim, row.answer.code or LETTER_REFUSED
        told = [(EventKind.LETTER_REFUSED, {"letter_id": str(row.delivery.letter_id), "code": code})]
        if reversed_.get(claim.id, ZERO):
            told.append((EventKind.FEE_REVERSED, {"amount": str(reversed_[claim.id])}))
        balance = booked[claim.id].balance
        events += [
            NewEvent(
                claim=claim,
                kind=kind,
                actor=settings.SITE_NAME,
                balance=balance.total if balance.known else None,
                balance_day=balance.day,
                facts=about,
            )
            for kind, about in told
        ]
        # One that was to be corrected has come back also where the claim is received, or waits for a person already.
        if claim.status in ENDED:
            continue
        events.append(claim_paid(claim, today, at) if balance.is_settled else person_needed(claim, code, balance, at))
    write_events(creditor, events, at=at)


def _ask_about(creditor: Creditor, claims: Sequence[Claim], *, today: date, at: datetime) -> None:
    """Ask a person about letters that may have left and are not tried any more; their charges stand until then."""
    facts, rates = balance_facts(creditor, claims), known_rates(today)
    write_events(
        creditor,
        [person_needed(claim, MAY_HAVE_LEFT, claim_balance(facts[claim.id], today, rates), at) for claim in claims],
        at=at,
    )
