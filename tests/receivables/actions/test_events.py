"""The agency's events: once each, and in any order the same."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimEvent, ClaimStatus, ClaimSummary, EventKind, NextEvent, Problem
from punktlig.exchange.outcomes import Acknowledged, Conflict, Refused, Unknown, Why
from punktlig.receivables.actions.events import OfCompany, apply_events, of_companies
from punktlig.receivables.actions.handover_answers import HandoverAnswer, settle_handovers
from punktlig.receivables.records.agency_summary import state_of
from punktlig.receivables.records.models import Command, Handover, HistoryLine, Invoice
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import FakeAgency, summary
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_invoice, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from punktlig.receivables.records.models import Company

pytestmark = pytest.mark.django_db


def sent_invoice(company: Company) -> tuple[Invoice, Handover]:
    invoice = make_invoice(company, agency_state="sending", sent_at=NOW)
    handover = Handover.objects.create(
        company=company, invoice=invoice, body=b"{}", sha256="ab" * 32, created_at=NOW,
        created_by=make_user(company), next_try_at=NOW,
    )  # fmt: skip
    return invoice, handover


def command_on(handover: Handover) -> Command:
    return Command.objects.create(
        company_id=handover.company_id, invoice_id=handover.invoice_id, handover=handover, kind="payment",
        amount_ore=5_000, day=TODAY, created_at=NOW, body=b"{}", sha256="0" * 64, next_try_at=NOW,
    )  # fmt: skip


def event_of(handover: Handover, sequence: int, kind: str, status: str, **facts: str) -> ClaimEvent:
    return ClaimEvent(
        id=uuid4(),
        kind=kind,
        at=datetime(2026, 11, 25, 10, sequence, tzinfo=UTC),
        actor="Ekviken Ombud",
        company_id=handover.company_id,
        invoice_id=handover.invoice_id,
        handover_id=handover.id,
        claim_id=uuid4(),
        claim_number="48123456",
        facts=facts,
        summary=ClaimSummary(
            sequence=sequence,
            status=status,
            balance=Money(126_000 + sequence),
            balance_day=date(2026, 11, 25),
            next_event=NextEvent.LAST_DAY_TO_PAY,
            next_event_day=date(2026, 12, 4),
        ),
    )


def road_of(handover: Handover, command: Command, refused: Command) -> list[ClaimEvent]:
    return [
        event_of(handover, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED),
        event_of(
            handover, 2, EventKind.PAYMENT_CONFIRMED, ClaimStatus.RECEIVED,
            command_id=str(command.id), amount="50.00",
        ),
        event_of(
            handover, 3, EventKind.COMMAND_REFUSED, ClaimStatus.RECEIVED,
            command_id=str(refused.id), code="payment_ahead",
        ),
        event_of(handover, 4, EventKind.REMINDER_ISSUED, ClaimStatus.REMINDER_ISSUED),
        event_of(handover, 5, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT),
        event_of(handover, 6, EventKind.CLAIM_PAID, ClaimStatus.PAID),
    ]  # fmt: skip


def everything(company: Company) -> object:
    """All that events can change, to be compared."""
    return (
        list(Invoice.objects.order_by("id").values(
            "id", "agency_state", "claim_number", "claim_sequence", "claim_balance_ore", "claim_balance_day",
            "next_event", "next_event_day", "remaining_ore", "paid_ore",
        )),
        list(HistoryLine.objects.filter(company=company).order_by("id").values()),
        list(Command.objects.order_by("id").values("id", "state", "refusal_code", "answered_at")),
    )  # fmt: skip


def test_an_event_is_kept_told_and_its_summary_is_on_the_invoice(company: Company) -> None:
    invoice, handover = sent_invoice(company)
    event = event_of(handover, 3, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT, channel="print")
    assert apply_events(company.id, [event], at=NOW) == 1
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence, invoice.claim_number) == ("reminder_sent", 3, "48123456")
    assert (invoice.claim_balance_ore, invoice.next_event, invoice.next_event_day) == (
        126_003, "last_day_to_pay", date(2026, 12, 4),
    )  # fmt: skip
    line = HistoryLine.objects.get()
    assert (line.id, line.at, line.code, line.by_agency) == (event.id, event.at, "reminder_sent", True)
    assert line.facts == {"channel": "print", "claim_number": "48123456"}
    assert (line.sequence, line.received_at) == (3, NOW)
    assert ClaimEvent.model_validate_json(line.as_told) == event


def test_an_invoice_whose_letter_goes_to_a_new_address_is_planned_again_and_then_sent_again(company: Company) -> None:
    invoice, handover = sent_invoice(company)
    sent = [
        event_of(handover, 2, EventKind.REMINDER_ISSUED, ClaimStatus.REMINDER_ISSUED),
        event_of(handover, 3, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT),
        event_of(handover, 4, EventKind.PERSON_NEEDED, ClaimStatus.NEEDS_PERSON),
    ]
    changed = event_of(handover, 5, EventKind.ADDRESS_CHANGED, ClaimStatus.RECEIVED, reminder_day="2026-11-30")
    planned = changed.summary.model_copy(
        update={"next_event": NextEvent.REMINDER_IS_ISSUED, "next_event_day": date(2026, 11, 30)}
    )
    changed = changed.model_copy(update={"summary": planned})
    states = []
    for told in (
        sent,
        [changed],
        [event_of(handover, 6, EventKind.REMINDER_ISSUED, ClaimStatus.REMINDER_ISSUED)],
        [event_of(handover, 7, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT)],
    ):
        apply_events(company.id, told, at=NOW)
        invoice.refresh_from_db()
        states.append(invoice.agency_state)
    assert states == ["needs_action", "reminder_planned", "reminder_planned", "reminder_sent"]
    codes = list(HistoryLine.objects.filter(invoice=invoice).values_list("code", flat=True))
    assert (codes.count("reminder_issued"), codes.count("reminder_sent"), codes.count("address_changed")) == (2, 2, 1)


@pytest.mark.parametrize(
    ("status", "next_event", "state"),
    [
        (ClaimStatus.RECEIVED, NextEvent.REMINDER_IS_ISSUED, "reminder_planned"),
        (ClaimStatus.RECEIVED, None, "received"),
        (ClaimStatus.REMINDER_ISSUED, NextEvent.REMINDER_LEAVES, "reminder_planned"),
        (ClaimStatus.REMINDER_SENT, NextEvent.LAST_DAY_TO_PAY, "reminder_sent"),
        (ClaimStatus.PAID, None, "paid"),
        (ClaimStatus.CLOSED, None, "closed"),
        (ClaimStatus.NEEDS_PERSON, NextEvent.CREDITOR_DECIDES, "needs_action"),
    ],
)
def test_what_each_status_is_called_here(status: ClaimStatus, next_event: NextEvent | None, state: str) -> None:
    assert state_of(summary(1, status, next_event=next_event)) == state


def test_every_status_of_a_claim_is_a_state_of_the_invoice() -> None:
    assert all(state_of(summary(1, status)) for status in ClaimStatus)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_number_of_times_and_any_pieces_give_the_same(company: Company, data: st.DataObject) -> None:
    _, handover = sent_invoice(company)
    command, refused = command_on(handover), command_on(handover)
    events = road_of(handover, command, refused)
    again = data.draw(st.lists(st.sampled_from(events), max_size=6))
    shuffled = data.draw(st.permutations([*events, *again]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
    bounds = [0, *cuts, len(shuffled)]
    counted = sum(apply_events(company.id, shuffled[start:end], at=NOW) for start, end in itertools.pairwise(bounds))
    assert counted == len(events)
    invoice = Invoice.objects.get(id=handover.invoice_id)
    assert (invoice.agency_state, invoice.claim_sequence, invoice.claim_balance_ore) == ("paid", 6, 126_006)
    of_it = HistoryLine.objects.filter(invoice=invoice)
    assert {line.id for line in of_it} == {event.id for event in events}
    command.refresh_from_db()
    refused.refresh_from_db()
    assert (command.state, command.delivered_at) == ("confirmed", NOW)
    assert (refused.state, refused.refusal_code) == ("refused", "payment_ahead")


def test_the_same_page_twice_changes_nothing(company: Company) -> None:
    _, handover = sent_invoice(company)
    events = road_of(handover, command_on(handover), command_on(handover))
    apply_events(company.id, events, at=NOW)
    before = everything(company)
    assert apply_events(company.id, events, at=NOW + timedelta(hours=1)) == 0
    assert everything(company) == before


def test_many_events_of_many_invoices_take_a_fixed_number_of_statements(
    company: Company, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    handovers = [sent_invoice(company)[1] for _ in range(70)]
    events = [event_of(one, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED) for one in handovers]
    with django_assert_max_num_queries(12):
        assert apply_events(company.id, events, at=NOW) == 70
    assert set(Invoice.objects.values_list("agency_state", flat=True)) == {"received"}


def test_events_of_invoices_or_companies_that_are_not_ours_are_left_out(company: Company) -> None:
    other = make_company("Annans AB")
    with acting_for(other.id):
        _, foreign = sent_invoice(other)
    _, handover = sent_invoice(company)
    own = event_of(handover, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED)
    theirs = event_of(foreign, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED)
    disguised = theirs.model_copy(update={"company_id": company.id})
    unknown = own.model_copy(update={"id": uuid4(), "invoice_id": uuid4()})
    assert apply_events(company.id, [own, theirs, disguised, unknown], at=NOW) == 1
    with acting_for(other.id):
        assert HistoryLine.objects.count() == 0
        assert Invoice.objects.get().agency_state == "sending"


def test_events_are_parted_by_company_and_strangers_left_out(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    _, handover = sent_invoice(company)
    own = event_of(handover, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED)
    stranger = own.model_copy(update={"company_id": uuid4()})
    assert of_companies([own, stranger]) == [OfCompany(company.id, [own])]
    assert str(stranger.company_id) in caplog.text


def answered(handover: Handover, agency: FakeAgency, told: ClaimSummary) -> HandoverAnswer:
    claim = agency.has_claim_elsewhere(handover.invoice_id, handover.sha256)
    answer = claim.model_copy(update={"handover_id": handover.id, "summary": told})
    return HandoverAnswer(handover.id, Acknowledged(answer), NOW)


@pytest.mark.parametrize("event_first", [True, False])
def test_an_event_may_overtake_the_answer_to_the_handover(company: Company, *, event_first: bool) -> None:
    invoice, handover = sent_invoice(company)
    event = event_of(handover, 2, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT)
    with FakeAgency() as agency:
        answer = answered(handover, agency, summary(1, ClaimStatus.RECEIVED))
    steps: list[Callable[[], object]] = [
        lambda: apply_events(company.id, [event], at=NOW),
        lambda: settle_handovers(company.id, [answer], agency_name="Ekviken Ombud", at=NOW),
    ]
    for step in steps if event_first else reversed(steps):
        step()
    invoice.refresh_from_db()
    handover.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence) == ("reminder_sent", 2)
    assert handover.state == "acknowledged"
    assert invoice.claim_url.startswith("http")


@pytest.mark.parametrize(
    "later",
    [
        Refused(Problem(type="/claim-refused", title="Refused", status=422, code="claim_may_have_lapsed")),
        Conflict("48999999", "ee" * 32),
        Unknown(Why.NO_ANSWER_IN_TIME),
    ],
    ids=["refused", "conflict", "unknown"],
)
def test_what_another_worker_hears_of_an_answered_handover_changes_nothing(
    company: Company, later: Refused | Conflict | Unknown
) -> None:
    _, handover = sent_invoice(company)
    with FakeAgency() as agency:
        answer = answered(handover, agency, summary(1, ClaimStatus.RECEIVED))
    settle_handovers(company.id, [answer], agency_name="Ekviken Ombud", at=NOW)
    before = everything(company), Handover.objects.values().get()
    late = HandoverAnswer(handover.id, later, NOW + timedelta(minutes=1))
    settle_handovers(company.id, [late], agency_name="Ekviken Ombud", at=NOW)
    assert (everything(company), Handover.objects.values().get()) == before


@pytest.mark.parametrize("event_first", [True, False])
def test_a_conflict_waits_for_a_person_whatever_the_other_claims_events_say(
    company: Company, *, event_first: bool
) -> None:
    invoice, handover = sent_invoice(company)
    event = event_of(handover, 2, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT)
    answer = HandoverAnswer(handover.id, Conflict("48999999", "ee" * 32), NOW)
    steps: list[Callable[[], object]] = [
        lambda: apply_events(company.id, [event], at=NOW),
        lambda: settle_handovers(company.id, [answer], agency_name="Ekviken Ombud", at=NOW),
    ]
    for step in steps if event_first else reversed(steps):
        step()
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence) == ("needs_action", 2)


def test_an_event_of_a_newer_agency_is_kept_and_told_and_its_summary_applied(company: Company) -> None:
    invoice, handover = sent_invoice(company)
    event = event_of(handover, 3, "respite_granted", ClaimStatus.REMINDER_SENT, until="2026-12-24")
    assert [apply_events(company.id, [event], at=NOW) for _ in range(2)] == [1, 0]
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence) == ("reminder_sent", 3)
    line = HistoryLine.objects.get()
    assert (line.id, line.code, line.by_agency, line.facts["until"]) == (
        event.id, "respite_granted", True, "2026-12-24",
    )  # fmt: skip


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_status_of_a_newer_agency_leaves_the_invoice_as_it_was(company: Company, pieces: int) -> None:
    invoice, handover = sent_invoice(company)
    events = [
        event_of(handover, 2, EventKind.REMINDER_SENT, ClaimStatus.REMINDER_SENT),
        event_of(handover, 3, "demand_sent", "demand_sent"),
        event_of(handover, 1, EventKind.CLAIM_RECEIVED, ClaimStatus.RECEIVED),
    ]
    for start in range(0, 3, 3 // pieces):
        apply_events(company.id, events[start : start + 3 // pieces], at=NOW)
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence, invoice.claim_balance_ore) == ("reminder_sent", 2, 126_002)
    assert HistoryLine.objects.count() == 3
    apply_events(company.id, [event_of(handover, 4, EventKind.CLAIM_PAID, ClaimStatus.PAID)], at=NOW)
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence) == ("paid", 4)


def test_a_claim_whose_status_is_not_known_here_is_received_all_the_same(company: Company) -> None:
    invoice, handover = sent_invoice(company)
    with FakeAgency() as agency:
        answer = answered(handover, agency, summary(1, "demand_sent"))
    settle_handovers(company.id, [answer], agency_name="Ekviken Ombud", at=NOW)
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.claim_sequence) == ("received", 0)


def test_each_event_is_kept_as_it_was_told_whatever_signs_it_holds(company: Company) -> None:
    _, handover = sent_invoice(company)
    signs = ("rad\nrad två\ttabb", 'ett "citat" och \\', "it's {ett}, \\n och å\u2028")
    events = [
        event_of(handover, number, EventKind.PERSON_ANSWERED, ClaimStatus.RECEIVED, words=words)
        for number, words in enumerate(signs, start=1)
    ]
    assert apply_events(company.id, events, at=NOW) == len(signs)
    kept = {line.id: line for line in HistoryLine.objects.all()}
    assert {one: line.as_told for one, line in kept.items()} == {
        event.id: event.model_dump_json(exclude_none=True) for event in events
    }
    assert {one: (line.actor, line.facts["words"]) for one, line in kept.items()} == {
        event.id: (event.actor, event.facts["words"]) for event in events
    }


def test_a_planned_correction_is_a_planned_reminder_of_its_own_kind(company: Company) -> None:
    invoice, handover = sent_invoice(company)
    told = event_of(handover, 4, EventKind.PAYMENT_REVERSED, ClaimStatus.RECEIVED)
    planned = told.summary.model_copy(update={"next_event": NextEvent.CORRECTION_IS_ISSUED})
    apply_events(company.id, [told.model_copy(update={"summary": planned})], at=NOW)
    invoice.refresh_from_db()
    assert (invoice.agency_state, invoice.next_event) == ("reminder_planned", "correction_is_issued")
