"""A payment that a command told the agency of is taken back there first: both sites say the same before and after."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from punktlig.core.money import Money
from punktlig.exchange import messages
from punktlig.exchange.messages import ClaimCommand, ClaimStatus, EventKind, Problem
from punktlig.exchange.outcomes import Acknowledged, Conflict, Refused, Unknown, Why
from punktlig.receivables.actions.command_answers import CommandAnswer, settle_commands, take_commands
from punktlig.receivables.actions.events import apply_events
from punktlig.receivables.actions.handover_answers import HandoverAnswer, settle_handovers
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment, take_back_payment
from punktlig.receivables.records.invoice_queries import Tab, tab_figures
from punktlig.receivables.records.ledger_refusals import PaymentIsWithAgency
from punktlig.receivables.records.models import Command, Company, CreditNote, Handover, HistoryLine, Invoice, Payment
from punktlig.receivables.records.overview_queries import agency_year, payments_kept
from punktlig.tenancy.context import acting_for
from tests.receivables.actions.test_events import event_of
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    shown_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from pytest_django import DjangoAssertNumQueries

    from punktlig.exchange.messages import ClaimEvent
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def sent(company: Company, user: User) -> Handover:
    make_activation(company, user)
    invoice = make_invoice(company, payable_ore=120_000)
    shown = shown_for(company.id, [invoice.id])
    assert hand_over_invoices(company.id, [invoice.id], shown=shown, user=user, today=TODAY, at=NOW).sent
    return Handover.objects.get(invoice=invoice)


def booked(handover: Handover, user: User, ore: int = 120_000, *, may_exceed: bool = False) -> Payment:
    return record_payment(
        handover.company_id, handover.invoice_id, TODAY, Money(ore), may_exceed=may_exceed, user=user, today=TODAY,
        at=NOW + timedelta(minutes=1),
    )  # fmt: skip


def taken_back(payment: Payment, user: User, at: datetime = LATER) -> Payment:
    return take_back_payment(payment.company_id, payment.invoice_id, payment.id, user=user, today=at.date(), at=at)


def reversal_of(payment: Payment) -> Command:
    return Command.objects.get(reverses=payment.id)


def asked(company: Company, user: User, ore: int = 120_000) -> tuple[Handover, Payment, Command]:
    """Return an invoice's handover, a payment told of it, and the reversal of that."""
    handover = sent(company, user)
    payment = booked(handover, user, ore)
    taken_back(payment, user)
    return handover, payment, reversal_of(payment)


def told(
    handover: Handover, command: Command, kind: str, sequence: int, status: str = ClaimStatus.RECEIVED, **facts: str
) -> ClaimEvent:
    amount = str(Money(command.amount_ore))
    of_reversal = {"reverses": str(command.reverses)} if command.reverses else {}
    return event_of(
        handover, sequence, kind, status, command_id=str(command.id), kind_=command.kind, amount=amount,
        **of_reversal, **facts,
    )  # fmt: skip


def refused_answer(command: Command, code: str) -> CommandAnswer:
    problem = Problem(type="https://agency.example/problems/command-refused", title="no", status=422, code=code)
    return CommandAnswer(command.id, Refused(problem), NOW, leased_until=command.leased_until)


def waiting_answer(command: Command) -> CommandAnswer:
    """The agency keeps it until its claim is there."""
    answer = messages.CommandAnswer(command_id=command.id, sha256=command.sha256, state="requested")
    return CommandAnswer(command.id, Acknowledged(answer), NOW, leased_until=command.leased_until)


def stands(payment: Payment) -> bool:
    payment.refresh_from_db()
    return payment.taken_back_at is None


def codes(invoice_id: UUID) -> list[str]:
    return sorted(HistoryLine.objects.filter(invoice=invoice_id).values_list("code", flat=True))


def figures(company: Company, tab: Tab) -> tuple[int, int]:
    (found,) = (one for one in tab_figures(company.id, today=TODAY) if one.tab is tab)
    return found.count, found.sum_ore


def test_the_agency_is_asked_and_the_payment_counts_until_it_has_answered(company: Company, user: User) -> None:
    handover, payment, reversal = asked(company, user)
    assert stands(payment)
    assert Invoice.objects.get().paid_ore == 120_000
    assert (reversal.kind, reversal.asked_by, reversal.state, reversal.handover_id) == (
        "reversal", user, "requested", handover.id,
    )  # fmt: skip
    said = ClaimCommand.model_validate_json(bytes(reversal.body))
    assert (said.command_id, said.kind, said.day, said.amount, said.reverses, said.company_id) == (
        reversal.id, "reversal", date(2026, 11, 25), Money(120_000), payment.id, company.id,
    )  # fmt: skip
    assert said.handover_id == handover.id
    line = HistoryLine.objects.get(code="payment_reversal_asked")
    assert (line.actor, line.at, line.facts) == (
        "Maja Lind", LATER, {"amount": "1200.00", "day": "2026-11-25", "payment": str(payment.id)},
    )  # fmt: skip


def test_a_second_click_and_a_second_person_ask_nothing_more(company: Company, user: User) -> None:
    _, payment, reversal = asked(company, user)
    taken_back(payment, user, LATER + timedelta(seconds=1))
    taken_back(payment, make_user(company), LATER + timedelta(days=1))
    assert reversal_of(payment).id == reversal.id
    assert HistoryLine.objects.filter(code="payment_reversal_asked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_back_at_the_same_time_ask_once() -> None:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        payment = booked(sent(company, user), user)
    together = Barrier(3)

    def work(number: int) -> None:
        try:
            together.wait(timeout=20)
            with acting_for(company.id):
                taken_back(payment, user, LATER + timedelta(seconds=number))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    with acting_for(company.id):
        assert reversal_of(payment).state == "requested"
        assert HistoryLine.objects.filter(code="payment_reversal_asked").count() == 1


def test_the_database_keeps_one_reversal_a_payment_and_a_reversal_whole(company: Company, user: User) -> None:
    _, payment, reversal = asked(company, user)
    facts = {
        "company_id": company.id, "invoice_id": reversal.invoice_id, "handover_id": reversal.handover_id,
        "amount_ore": 1, "day": TODAY, "created_at": NOW, "body": b"{}", "sha256": "0" * 64, "next_try_at": NOW,
    }  # fmt: skip
    for wrong in (
        {"kind": "reversal", "reverses": payment.id, "asked_by": user},
        {"kind": "reversal", "reverses": uuid4()},
        {"kind": "reversal", "asked_by": user},
        {"kind": "payment", "reverses": uuid4(), "asked_by": user},
        {"kind": "reversal", "reverses": uuid4(), "asked_by": user, "state": "refused"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Command.objects.create(id=uuid4(), **facts, **wrong)
    Command.objects.filter(id=reversal.id).update(state="refused", refusal_code="payment_ahead")
    Command.objects.create(id=uuid4(), **facts, kind="reversal", reverses=payment.id, asked_by=user)


@pytest.mark.parametrize("state", ["sending", "received", "reminder_planned", "reminder_sent", "needs_action", "paid"])
def test_it_is_asked_for_while_the_claim_is_there_and_when_this_very_payment_ended_it(
    company: Company, user: User, state: str
) -> None:
    payment = booked(sent(company, user), user)
    Invoice.objects.update(agency_state=state)
    taken_back(payment, user)
    assert stands(payment)
    assert reversal_of(payment).state == "requested"


def test_a_closed_claim_and_what_came_to_the_agency_are_for_the_agency(company: Company, user: User) -> None:
    handover = sent(company, user)
    payment = booked(handover, user, 20_000)
    theirs = Payment.objects.create(
        company=company, invoice=handover.invoice, day=TODAY, amount_ore=10_000, by_agency=True, recorded_at=NOW
    )
    for state, one in (("received", theirs), ("closed", theirs), ("closed", payment)):
        Invoice.objects.update(agency_state=state)
        with pytest.raises(PaymentIsWithAgency):
            taken_back(one, user)
    assert not Command.objects.filter(kind="reversal").exists()


def test_a_payment_that_the_agency_refused_is_taken_back_here_alone(company: Company, user: User) -> None:
    handover = sent(company, user)
    payment = booked(handover, user)
    own = Command.objects.get()
    apply_events(company.id, [told(handover, own, EventKind.COMMAND_REFUSED, 2, code="claim_is_closed")], at=LATER)
    for state in ("received", "closed"):
        Invoice.objects.update(agency_state=state)
        taken_back(payment, user)
        assert not stands(payment)
    assert Command.objects.get().id == own.id
    assert Invoice.objects.get().paid_ore == 0


def test_the_reversal_waits_until_the_agency_has_the_payment(company: Company, user: User) -> None:
    _, payment, reversal = asked(company, user)
    # The payment was tried in vain, and is due again only after the reversal.
    Command.objects.filter(id=payment.id).update(next_try_at=LATER + timedelta(minutes=15), attempts=9)

    def taken(minutes: int) -> list[object]:
        return [one.id for one in take_commands(company.id, most=50, at=LATER + timedelta(minutes=minutes))]

    assert taken(0) == []
    assert taken(16) == [payment.id]
    assert taken(17) == []
    Command.objects.filter(id=payment.id).update(delivered_at=LATER)
    assert taken(18) == [reversal.id]


def test_a_refused_payment_holds_its_reversal_up_no_more(company: Company, user: User) -> None:
    _, payment, reversal = asked(company, user)
    settle_commands(company.id, [refused_answer(Command.objects.get(id=payment.id), "payment_ahead")], at=LATER)
    assert [one.id for one in take_commands(company.id, most=50, at=LATER)] == [reversal.id]


ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("order", ORDERS, ids=["".join(map(str, order)) for order in ORDERS])
def test_in_any_order_of_events_the_payment_is_off_once_and_the_claim_open_again(
    company: Company, user: User, order: tuple[int, ...]
) -> None:
    handover, payment, reversal = asked(company, user)
    own = Command.objects.get(id=payment.id)
    events = [
        told(handover, own, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID),
        event_of(handover, 3, EventKind.CLAIM_PAID, ClaimStatus.PAID),
        told(handover, reversal, EventKind.PAYMENT_REVERSED, 4, principal="1200.00"),
        event_of(handover, 5, EventKind.REMINDER_ISSUED, ClaimStatus.REMINDER_ISSUED),
    ]
    for number in order:
        for _ in range(2):
            apply_events(company.id, [events[number]], at=LATER)
    assert apply_events(company.id, events, at=LATER) == 0
    assert not stands(payment)
    assert (payment.taken_back_by, payment.taken_back_at) == (user, events[2].at)
    invoice = Invoice.objects.get()
    assert (invoice.paid_ore, invoice.remaining_ore, invoice.agency_state) == (0, 120_000, "reminder_planned")
    reversal.refresh_from_db()
    assert (reversal.state, reversal.answered_at) == ("confirmed", events[2].at)
    assert "payment_taken_back" not in codes(invoice.id)
    assert codes(invoice.id).count("payment_reversed") == 1


def test_the_payment_and_the_claims_state_change_together_and_the_lists_follow(company: Company, user: User) -> None:
    handover, payment, reversal = asked(company, user)
    own = Command.objects.get(id=payment.id)
    ends = told(handover, own, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID)
    apply_events(company.id, [ends], at=LATER)
    assert (figures(company, Tab.AT_AGENCY), figures(company, Tab.PAID)) == ((0, 0), (1, 120_000))
    assert agency_year(company.id, TODAY).paid == 1
    apply_events(company.id, [told(handover, reversal, EventKind.PAYMENT_REVERSED, 3)], at=LATER)
    assert (figures(company, Tab.AT_AGENCY), figures(company, Tab.PAID)) == ((1, 120_000), (0, 0))
    assert agency_year(company.id, TODAY).paid == 0


@pytest.mark.parametrize("code", ["payment_in_letter", "claim_is_closed", "claim_is_paid", "payment_ahead", ""])
@pytest.mark.parametrize("first", ["event", "answer"])
def test_a_refusal_leaves_the_payment_standing(company: Company, user: User, code: str, first: str) -> None:
    handover, payment, reversal = asked(company, user, 20_000)
    event = told(handover, reversal, EventKind.COMMAND_REFUSED, 3, code=code)
    in_both_orders(
        first,
        lambda: apply_events(company.id, [event], at=LATER),
        lambda: settle_commands(company.id, [refused_answer(reversal, code)], at=LATER),
    )
    assert stands(payment)
    assert Invoice.objects.get().paid_ore == 20_000
    reversal.refresh_from_db()
    assert (reversal.state, reversal.refusal_code) == ("refused", code or "command_refused")
    assert [one.id for one in payments_kept(company.id, since=NOW, most=10)] == [reversal.id]
    assert payments_kept(company.id, since=LATER + timedelta(days=1), most=10) == []
    if code in ("payment_in_letter", "claim_is_closed", "claim_is_paid"):
        with pytest.raises(PaymentIsWithAgency):
            taken_back(payment, user)
        return
    taken_back(payment, user, LATER + timedelta(hours=1))
    assert Command.objects.filter(reverses=payment.id).count() == 2
    assert payments_kept(company.id, since=NOW, most=10) == []


@pytest.mark.parametrize("first", ["event", "answer"])
def test_what_the_agency_does_not_count_is_taken_back_here_once(company: Company, user: User, first: str) -> None:
    handover, payment, reversal = asked(company, user, 20_000)
    event = told(handover, reversal, EventKind.COMMAND_REFUSED, 3, code="payment_not_counted")
    in_both_orders(
        first,
        lambda: apply_events(company.id, [event], at=LATER),
        lambda: settle_commands(company.id, [refused_answer(reversal, "payment_not_counted")], at=LATER),
    )
    assert not stands(payment)
    assert payment.taken_back_by == user
    assert Invoice.objects.get().paid_ore == 0
    assert codes(handover.invoice_id).count("payment_taken_back") == 1
    assert payments_kept(company.id, since=NOW, most=10) == []


def in_both_orders(first: str, event: Callable[[], object], answer: Callable[[], object]) -> None:
    steps = [event, answer] if first == "event" else [answer, event]
    for step in (*steps, *steps):
        step()


def test_a_refused_handover_leaves_nothing_that_the_agency_could_count(company: Company, user: User) -> None:
    handover, payment, reversal = asked(company, user, 20_000)
    problem = Problem(
        type="https://agency.example/problems/claim-refused", title="no", status=422, code="address_incomplete"
    )
    settle_handovers(
        company.id, [HandoverAnswer(handover.id, Refused(problem), NOW)], agency_name="Ekviken Ombud", at=LATER
    )
    assert not stands(payment)
    reversal.refresh_from_db()
    assert (reversal.state, Invoice.objects.get().paid_ore) == ("refused", 0)
    assert codes(handover.invoice_id).count("payment_taken_back") == 1


def test_what_was_booked_while_the_claim_had_ended_is_told_when_it_opens_again(company: Company, user: User) -> None:
    handover, payment, reversal = asked(company, user)
    Invoice.objects.update(agency_state="paid")
    right = booked(handover, user, 30_000, may_exceed=True)
    note = CreditNote.objects.create(
        company=company, invoice=handover.invoice, number="K-1", day=TODAY, amount_ore=5_000, recorded_at=NOW
    )
    Invoice.objects.update(credited_ore=5_000, remaining_ore=-35_000)
    assert not Command.objects.filter(id__in=[right.id, note.id]).exists()
    for _ in range(2):
        apply_events(company.id, [told(handover, reversal, EventKind.PAYMENT_REVERSED, 4)], at=LATER)
    assert set(Command.objects.values_list("id", flat=True)) == {payment.id, reversal.id, right.id, note.id}
    assert Invoice.objects.get().remaining_ore == 85_000


def reversed_there(handover: Handover, payment: Payment, sequence: int = 3) -> ClaimEvent:
    """Return what the agency tells when its own people have taken the payment back."""
    return event_of(
        handover, sequence, EventKind.PAYMENT_REVERSED, ClaimStatus.RECEIVED, command_id=str(uuid4()),
        reverses=str(payment.id), amount=str(Money(payment.amount_ore)), note="fel faktura",
    )  # fmt: skip


def test_what_the_agencys_own_people_take_back_is_taken_off_here_once(company: Company, user: User) -> None:
    handover = sent(company, user)
    payment, other = booked(handover, user, 20_000), booked(handover, user, 10_000)
    event = reversed_there(handover, payment)
    for _ in range(2):
        apply_events(company.id, [event], at=LATER)
    assert not stands(payment)
    assert (payment.taken_back_by, payment.taken_back_at) == (None, event.at)
    assert stands(other)
    invoice = Invoice.objects.get()
    assert (invoice.paid_ore, invoice.remaining_ore) == (10_000, 110_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(taken_back_by=user)


def test_what_went_along_with_the_sending_can_be_taken_off_too(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company, payable_ore=120_000)
    payment = record_payment(company.id, invoice.id, TODAY, Money(20_000), user=user, today=TODAY, at=NOW)
    shown = shown_for(company.id, [invoice.id])
    assert hand_over_invoices(company.id, [invoice.id], shown=shown, user=user, today=TODAY, at=NOW).sent
    apply_events(company.id, [reversed_there(Handover.objects.get(), payment)], at=LATER)
    assert not stands(payment)
    assert Invoice.objects.get().remaining_ore == 120_000


@pytest.mark.parametrize("first", ["refusal", "event"])
def test_taken_back_there_while_it_was_asked_for_here(company: Company, user: User, first: str) -> None:
    handover, payment, reversal = asked(company, user, 20_000)
    there = reversed_there(handover, payment)
    refusal = told(handover, reversal, EventKind.COMMAND_REFUSED, 4, code="payment_not_counted")
    for event in (refusal, there) if first == "refusal" else (there, refusal):
        apply_events(company.id, [event], at=LATER)
    assert not stands(payment)
    assert Invoice.objects.get().remaining_ore == 120_000


def test_what_was_booked_since_is_told_when_the_agency_opens_the_claim_again(company: Company, user: User) -> None:
    handover = sent(company, user)
    payment = booked(handover, user)
    Invoice.objects.update(agency_state="paid")
    right = booked(handover, user, 30_000, may_exceed=True)
    apply_events(company.id, [reversed_there(handover, payment)], at=LATER)
    assert set(Command.objects.values_list("id", flat=True)) == {payment.id, right.id}


def test_a_payment_of_another_invoice_is_not_taken_off(company: Company, user: User) -> None:
    handover = sent(company, user)
    other = make_invoice(company, payable_ore=50_000, number="2002")
    payment = record_payment(company.id, other.id, TODAY, Money(20_000), user=user, today=TODAY, at=NOW)
    assert apply_events(company.id, [reversed_there(handover, payment)], at=LATER) == 1
    assert stands(payment)


def test_events_of_other_kinds_ask_the_database_nothing_more(
    company: Company, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    handover = sent(company, user)
    own = Command.objects.get(id=booked(handover, user, 20_000).id)
    # The savepoint and its release; the locks, the history, the commands, the summaries.
    with django_assert_num_queries(6):
        apply_events(company.id, [told(handover, own, EventKind.PAYMENT_CONFIRMED, 2)], at=LATER)


ROADS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("order", ROADS, ids=["".join(map(str, order)) for order in ROADS])
@pytest.mark.parametrize("is_answered", [True, False], ids=["answered", "unanswered"])
def test_what_the_agency_refused_because_of_the_wrong_payment_is_told_again(
    company: Company, user: User, order: tuple[int, ...], is_answered: bool
) -> None:
    handover, payment, reversal = asked(company, user)
    right = booked(handover, user, 30_000, may_exceed=True)
    own, second = Command.objects.get(id=payment.id), Command.objects.get(id=right.id)
    for command in (own, second, reversal):
        command.leased_until = LATER
        command.save()
    if is_answered:
        settle_commands(company.id, [refused_answer(second, "claim_is_paid")], at=LATER)
    events = [
        told(handover, own, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID),
        told(handover, second, EventKind.COMMAND_REFUSED, 3, ClaimStatus.PAID, code="claim_is_paid"),
        told(handover, reversal, EventKind.PAYMENT_REVERSED, 4),
        event_of(handover, 5, EventKind.REMINDER_ISSUED, ClaimStatus.REMINDER_ISSUED),
    ]
    for number in order:
        apply_events(company.id, [events[number]], at=LATER)
    second.refresh_from_db()
    assert (second.state, second.refusal_code, second.delivered_at) == ("requested", "", None)
    # The first answer comes late, and says what no longer holds.
    late = replace(refused_answer(second, "claim_is_paid"), leased_until=LATER)
    settle_commands(company.id, [late], at=LATER)
    assert second.id in [one.id for one in take_commands(company.id, most=50, at=LATER)]
    apply_events(company.id, [told(handover, second, EventKind.PAYMENT_CONFIRMED, 6)], at=LATER)
    second.refresh_from_db()
    assert (second.state, second.refusal_code) == ("confirmed", "")


# What a worker may have in hand, from before the claim was opened again.
STALE: dict[str, Callable[[Command], CommandAnswer]] = {
    "waiting": waiting_answer,
    "refused": lambda command: refused_answer(command, "claim_is_paid"),
    "unknown": lambda command: CommandAnswer(
        command.id, Unknown(Why.NO_ANSWER_IN_TIME), LATER + timedelta(hours=1), leased_until=command.leased_until
    ),
}


def paid_by_mistake(company: Company, user: User) -> tuple[Handover, Command, Command, Command]:
    """Return a handover with the commands of the wrong payment, of the right one, and of the reversal.

    The right one is in a worker's hand, who has not stored an answer yet.
    """
    handover, payment, reversal = asked(company, user)
    right = booked(handover, user, 30_000, may_exceed=True)
    Command.objects.filter(id=payment.id).update(delivered_at=NOW)
    Command.objects.filter(id=reversal.id).update(next_try_at=LATER + timedelta(days=1))
    (in_hand,) = take_commands(company.id, most=50, at=LATER)
    assert in_hand.id == right.id
    return handover, Command.objects.get(id=payment.id), in_hand, reversal


@pytest.mark.parametrize("taken_again", [False, True], ids=["due", "in-hand-again"])
@pytest.mark.parametrize("stale", list(STALE))
def test_an_answer_from_before_the_claim_was_opened_again_does_not_keep_it_from_being_told(
    company: Company, user: User, stale: str, *, taken_again: bool
) -> None:
    handover, own, in_hand, reversal = paid_by_mistake(company, user)
    for event in (
        told(handover, own, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID),
        told(handover, in_hand, EventKind.COMMAND_REFUSED, 3, ClaimStatus.PAID, code="claim_is_paid"),
        told(handover, reversal, EventKind.PAYMENT_REVERSED, 4),
    ):
        apply_events(company.id, [event], at=LATER)
    at = LATER + timedelta(seconds=5)
    again = take_commands(company.id, most=50, at=at) if taken_again else []
    settle_commands(company.id, [STALE[stale](in_hand)], at=at)
    if again:
        assert take_commands(company.id, most=50, at=at) == []
        unheard = CommandAnswer(in_hand.id, Unknown(Why.NOT_REACHED), at, leased_until=again[0].leased_until)
        settle_commands(company.id, [unheard], at=at)
    assert [one.id for one in take_commands(company.id, most=50, at=at)] == [in_hand.id]


def test_what_the_agency_refuses_once_more_while_the_claim_is_opened_again_is_told_once_more(
    company: Company, user: User
) -> None:
    handover, own, in_hand, reversal = paid_by_mistake(company, user)
    # It had been refused before, of which there is an event, and now is told again. The agency tells no second time
    # of what it has refused, so that only the answer says so.
    for event in (
        told(handover, own, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID),
        told(handover, reversal, EventKind.PAYMENT_REVERSED, 4),
    ):
        apply_events(company.id, [event], at=LATER)
    settle_commands(company.id, [refused_answer(in_hand, "claim_is_paid")], at=LATER)
    assert [one.id for one in take_commands(company.id, most=50, at=LATER)] == [in_hand.id]


def test_an_answer_counts_though_the_time_to_have_it_in_hand_has_run_out(company: Company, user: User) -> None:
    _, _, in_hand, _ = paid_by_mistake(company, user)
    settle_commands(company.id, [waiting_answer(in_hand)], at=LATER + timedelta(hours=1))
    in_hand.refresh_from_db()
    assert in_hand.delivered_at == LATER + timedelta(hours=1)


def test_events_that_refuse_and_then_confirm_may_come_at_once_or_turned_round(company: Company, user: User) -> None:
    handover, payment, reversal = asked(company, user)
    right = booked(handover, user, 30_000, may_exceed=True)
    second = Command.objects.get(id=right.id)
    refused = told(handover, second, EventKind.COMMAND_REFUSED, 3, ClaimStatus.PAID, code="claim_is_paid")
    confirmed = told(handover, second, EventKind.PAYMENT_CONFIRMED, 6)
    back = told(handover, reversal, EventKind.PAYMENT_REVERSED, 4)
    apply_events(company.id, [confirmed, back, refused], at=LATER)
    second.refresh_from_db()
    assert (second.state, second.refusal_code) == ("confirmed", "")
    assert not stands(payment)


@pytest.mark.parametrize("code", ["claim_is_closed", "payment_ahead"])
def test_what_was_refused_for_another_reason_or_taken_back_is_not_told_again(
    company: Company, user: User, code: str
) -> None:
    handover, _, reversal = asked(company, user)
    others = [booked(handover, user, ore, may_exceed=True) for ore in (10_000, 20_000)]
    own = [Command.objects.get(id=one.id) for one in others]
    for command, why in zip(own, (code, "claim_is_paid"), strict=True):
        event = told(handover, command, EventKind.COMMAND_REFUSED, 3, ClaimStatus.PAID, code=why)
        apply_events(company.id, [event], at=LATER)
    taken_back(others[1], user)
    assert not stands(others[1])
    apply_events(company.id, [told(handover, reversal, EventKind.PAYMENT_REVERSED, 4)], at=LATER)
    assert {Command.objects.get(id=one.id).state for one in own} == {"refused"}


def test_of_a_claim_that_the_company_has_ended_as_paid_only_the_agency_can_take_a_payment_back(
    company: Company, user: User
) -> None:
    handover = sent(company, user)
    payment, refused = booked(handover, user, 20_000), booked(handover, user, 10_000)
    command = Command.objects.get(id=refused.id)
    closed = event_of(handover, 3, EventKind.CLAIM_CLOSED, ClaimStatus.PAID, reason="paid")
    no = told(handover, command, EventKind.COMMAND_REFUSED, 4, ClaimStatus.PAID, code="claim_is_paid")
    apply_events(company.id, [closed, no], at=LATER)
    with pytest.raises(PaymentIsWithAgency):
        taken_back(payment, user)
    taken_back(refused, user)
    assert not stands(refused)
    assert not Command.objects.filter(kind="reversal").exists()


@pytest.mark.parametrize(("state", "is_asked"), [("reminder_planned", True), ("reminder_sent", False), ("paid", False)])
def test_a_payment_in_a_letter_that_the_printer_may_still_give_back_can_be_asked_for_again(
    company: Company, user: User, state: str, is_asked: bool
) -> None:
    handover, payment, reversal = asked(company, user, 20_000)
    no = told(handover, reversal, EventKind.COMMAND_REFUSED, 3, code="payment_in_letter")
    apply_events(company.id, [no], at=LATER)
    Invoice.objects.update(agency_state=state)
    if is_asked:
        taken_back(payment, user, LATER + timedelta(hours=1))
    else:
        with pytest.raises(PaymentIsWithAgency):
            taken_back(payment, user)
    assert Command.objects.filter(kind="reversal").count() == 1 + is_asked


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_on_an_invoice_whose_claim_is_anothers_is_taken_back_here(
    company: Company, user: User, when: str
) -> None:
    handover = sent(company, user)
    payment = booked(handover, user, 20_000) if when == "before" else None
    conflict = HandoverAnswer(handover.id, Conflict("48123456", "00" * 32), NOW)
    settle_handovers(company.id, [conflict], agency_name="Ekviken", at=LATER)
    assert Invoice.objects.get().agency_state == "needs_action"
    payment = payment or booked(handover, user, 20_000)
    taken_back(payment, user)
    assert not stands(payment)
    assert not Command.objects.filter(kind="reversal").exists()


def test_what_is_being_taken_back_itself_is_not_told_again(company: Company, user: User) -> None:
    handover, _, reversal = asked(company, user)
    second = booked(handover, user, 30_000, may_exceed=True)
    taken_back(second, user)
    own, other = Command.objects.get(id=second.id), reversal_of(second)
    for event in (
        told(handover, own, EventKind.COMMAND_REFUSED, 3, ClaimStatus.PAID, code="claim_is_paid"),
        told(handover, reversal, EventKind.PAYMENT_REVERSED, 4),
        told(handover, other, EventKind.COMMAND_REFUSED, 5, code="payment_not_counted"),
    ):
        apply_events(company.id, [event], at=LATER)
    own.refresh_from_db()
    assert own.state == "refused"
    assert not stands(second)
