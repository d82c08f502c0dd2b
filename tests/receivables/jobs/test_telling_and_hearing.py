"""Activations and commands reach the agency, and its feed is read to the end, whatever happens in between."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from punktlig.core.money import Money
from punktlig.exchange.client import AgencyClient
from punktlig.exchange.messages import ClaimCommand, ClaimStatus, EventPage, body_of, sha256_of
from punktlig.receivables.actions.activation import activate_reminders
from punktlig.receivables.actions.command_answers import take_commands
from punktlig.receivables.actions.company import CompanyFacts, change_company
from punktlig.receivables.actions.events import advance_feed
from punktlig.receivables.jobs.read_feed import read_feed
from punktlig.receivables.jobs.send_activations import send_activations
from punktlig.receivables.jobs.send_commands import send_commands
from punktlig.receivables.records.models import Command, FeedCursor, Handover, HistoryLine, Invoice
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.tenancy.context import acting_for
from tests.receivables.actions.test_activation import ANSWERS
from tests.receivables.fake_agency import FakeAgency, answers, drops, event, summary
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_invoice, make_terms, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.exchange.messages import ClaimAnswer
    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User
    from tests.receivables.fake_agency import Behaviour
    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


def sent_invoice(company: Company, user: User) -> Handover:
    with acting_for(company.id):
        return Handover.objects.create(
            company=company, invoice=make_invoice(company, agency_state="sending", sent_at=NOW), state="acknowledged",
            body=b"{}", sha256="ab" * 32, created_at=NOW, created_by=user, next_try_at=NOW,
        )  # fmt: skip


def commands_on(handover: Handover, count: int) -> list[UUID]:
    with acting_for(handover.company_id):
        ids = [uuid4() for _ in range(count)]
        for command_id in ids:
            sent = body_of(
                ClaimCommand(
                    command_id=command_id, company_id=handover.company_id, handover_id=handover.id, kind="payment",
                    day=TODAY, amount=Money(5_000),
                )
            )  # fmt: skip
            Command.objects.create(
                id=command_id, company_id=handover.company_id, invoice_id=handover.invoice_id, handover=handover,
                kind="payment", amount_ore=5_000, day=TODAY, created_at=NOW, body=sent.body, sha256=sent.sha256,
                next_try_at=NOW,
            )  # fmt: skip
        return ids


def delivered(company: Company) -> list[bool]:
    with acting_for(company.id):
        return [at is not None for at in Command.objects.values_list("delivered_at", flat=True)]


def test_a_command_is_delivered_once_and_waits_for_its_event(company: Company, user: User, agency: FakeAgency) -> None:
    ids = commands_on(sent_invoice(company, user), 2)
    send_commands()
    send_commands()
    assert sorted(request.path for request in agency.requests) == sorted(f"/api/v1/commands/{one}" for one in ids)
    assert delivered(company) == [True, True]
    with acting_for(company.id):
        assert set(Command.objects.values_list("state", flat=True)) == {"requested"}


@pytest.mark.parametrize("behaviour", [answers(500), drops(), answers(401)], ids=["500", "drop", "401"])
def test_a_command_without_an_answer_goes_again(
    company: Company, user: User, agency: FakeAgency, clock: Clock, *, behaviour: Behaviour
) -> None:
    (command_id,) = commands_on(sent_invoice(company, user), 1)
    agency.then(behaviour)
    send_commands()
    assert delivered(company) == [False]
    clock.pass_by(seconds=6)
    send_commands()
    assert delivered(company) == [True]
    assert list(agency.commands) == [command_id]


def test_a_silent_agency_is_asked_about_one_command_only(
    company: Company, user: User, agency: FakeAgency, clock: Clock
) -> None:
    commands_on(sent_invoice(company, user), 5)
    agency.then(answers(401))
    send_commands()
    assert len(agency.requests) == 1
    clock.pass_by(seconds=6)
    send_commands()
    assert delivered(company) == [True] * 5


def test_a_slow_agency_is_told_nothing_that_another_worker_takes_in_hand_meanwhile(
    company: Company, user: User, agency: FakeAgency, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = commands_on(sent_invoice(company, user), 50)
    real: Callable[..., Any] = AgencyClient.put_command
    taken_by_another: list[Command] = []

    def slowly(self: object, *told: object) -> Any:
        clock.pass_by(seconds=15)
        with acting_for(company.id):
            taken_by_another.extend(take_commands(company.id, most=50, at=clock.at))
        return real(self, *told)

    monkeypatch.setattr(AgencyClient, "put_command", slowly)
    for _ in range(4):
        send_commands()
        # The lease of those that there was no time for runs out.
        clock.pass_by(minutes=5)
    assert taken_by_another == []
    assert delivered(company) == [True] * 50
    assert sorted(request.path for request in agency.requests) == sorted(f"/api/v1/commands/{one}" for one in ids)


def test_a_refused_command_is_refused(company: Company, user: User, agency: FakeAgency) -> None:
    (command_id,) = commands_on(sent_invoice(company, user), 1)
    agency.will_refuse_command(command_id)
    send_commands()
    send_commands()
    assert len(agency.requests) == 1
    with acting_for(company.id):
        command = Command.objects.get()
    assert (command.state, command.refusal_code, command.answered_at) == ("refused", "claim_is_closed", NOW)


def test_a_payment_reaches_the_agency_before_what_takes_it_back_also_when_it_must_be_tried_again(
    company: Company, user: User, agency: FakeAgency, clock: Clock
) -> None:
    handover = sent_invoice(company, user)
    (payment_id,) = commands_on(handover, 1)
    agency.then(answers(500), answers(500))
    send_commands()
    clock.pass_by(seconds=6)
    send_commands()
    with acting_for(company.id):
        reversal = Command.objects.create(
            id=uuid4(), company=company, invoice_id=handover.invoice_id, handover=handover, kind="reversal",
            amount_ore=5_000, day=TODAY, created_at=NOW, body=b"{}", sha256=sha256_of(b"{}"), next_try_at=NOW,
            reverses=payment_id, asked_by=user,
        )  # fmt: skip
    send_commands()
    assert len(agency.requests) == 2
    clock.pass_by(seconds=11)
    send_commands()
    assert [request.path.rsplit("/", 1)[-1] for request in agency.requests[2:]] == [str(payment_id), str(reversal.id)]
    assert delivered(company) == [True, True]


def test_an_activation_is_confirmed(company: Company, agency: FakeAgency, clock: Clock) -> None:
    make_terms()
    with acting_for(company.id):
        activate_reminders(company.id, ANSWERS, terms_version="2026-11", user=make_user(company), today=TODAY, at=NOW)
    agency.then(answers(503), drops())
    for _ in range(3):
        send_activations()
        clock.pass_by(seconds=11)
    with acting_for(company.id):
        live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.agency_name, live.attempts) == ("active", "Ekviken Ombud AB", 3)
    assert list(agency.creditors) == [company.id]
    send_activations()
    assert len(agency.requests) == 3


def test_changed_facts_reach_the_agency_whatever_it_answers_at_first(
    company: Company, agency: FakeAgency, clock: Clock
) -> None:
    make_terms()
    with acting_for(company.id):
        activate_reminders(company.id, ANSWERS, terms_version="2026-11", user=make_user(company), today=TODAY, at=NOW)
    send_activations()
    with acting_for(company.id):
        facts = {field.name: getattr(company, field.name) for field in fields(CompanyFacts)} | {"street": "Nygatan 1"}
        change_company(company.id, CompanyFacts(**facts), at=NOW)
    agency.then(answers(503), drops())
    for _ in range(3):
        send_activations()
        clock.pass_by(seconds=11)
    with acting_for(company.id):
        live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.facts_changed_at, live.attempts) == ("active", None, 3)
    assert live.facts_told_at is not None
    assert "Nygatan 1" in agency.requests[-1].body.decode()
    send_activations()
    assert len(agency.requests) == 4


def claim_of(agency: FakeAgency, handover: Handover) -> ClaimAnswer:
    claim = agency.has_claim_elsewhere(handover.invoice_id, handover.sha256)
    return claim.model_copy(update={"handover_id": handover.id})


def state_of(company: Company) -> tuple[str, int, int]:
    with acting_for(company.id):
        invoice = Invoice.objects.get()
        return invoice.agency_state, invoice.claim_sequence, HistoryLine.objects.count()


def test_the_feed_is_read_to_its_end_and_goes_on_from_there(company: Company, user: User, agency: FakeAgency) -> None:
    handover = sent_invoice(company, user)
    claim = claim_of(agency, handover)
    agency.events = [
        event(claim, company.id, "claim_received", summary(number, ClaimStatus.RECEIVED)) for number in range(1, 8)
    ]
    read_feed()
    assert state_of(company) == ("received", 7, 7)
    assert FeedCursor.objects.get().cursor == "7"
    agency.events.append(event(claim, company.id, "reminder_sent", summary(8, ClaimStatus.REMINDER_SENT)))
    read_feed()
    assert state_of(company) == ("reminder_sent", 8, 8)
    assert [request.path for request in agency.requests[-2:]] == ["/api/v1/events?after=6", "/api/v1/events?after=7"]


def test_an_event_of_a_newer_agency_does_not_stop_the_feed(company: Company, user: User, agency: FakeAgency) -> None:
    claim = claim_of(agency, sent_invoice(company, user))
    agency.events = [
        event(claim, company.id, "respite_granted", summary(1, "resting")),
        event(claim, company.id, "reminder_sent", summary(2, ClaimStatus.REMINDER_SENT)),
    ]
    read_feed()
    assert FeedCursor.objects.get().cursor == "2"
    assert state_of(company) == ("reminder_sent", 2, 2)


def test_events_of_other_companies_and_strangers_are_read_past(
    company: Company, user: User, agency: FakeAgency
) -> None:
    other = make_company("Annans AB")
    theirs, ours = sent_invoice(other, user), sent_invoice(company, user)
    told = summary(1, ClaimStatus.RECEIVED)
    agency.events = [
        event(claim_of(agency, theirs), other.id, "claim_received", told),
        event(claim_of(agency, ours), uuid4(), "claim_received", told),
        event(claim_of(agency, ours), company.id, "claim_received", told),
    ]
    read_feed()
    assert state_of(company) == state_of(other) == ("received", 1, 1)


def test_a_feed_that_cannot_be_read_says_why_and_loses_nothing(
    company: Company, user: User, agency: FakeAgency
) -> None:
    handover = sent_invoice(company, user)
    agency.events = [event(claim_of(agency, handover), company.id, "claim_received", summary(1, ClaimStatus.RECEIVED))]
    agency.then(answers(500))
    read_feed()
    assert FeedCursor.objects.get().last_problem == "other_status 500"
    read_feed()
    assert FeedCursor.objects.get().last_problem == ""
    assert state_of(company) == ("received", 1, 1)


def test_a_reader_killed_before_it_kept_its_place_reads_again_without_harm(
    company: Company, user: User, agency: FakeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = sent_invoice(company, user)
    agency.events = [event(claim_of(agency, handover), company.id, "claim_received", summary(1, ClaimStatus.RECEIVED))]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("punktlig.receivables.jobs.read_feed.advance_feed", killed)
        with pytest.raises(KeyboardInterrupt):
            read_feed()
    read_feed()
    assert state_of(company) == ("received", 1, 1)
    with acting_for(company.id):
        assert HistoryLine.objects.exclude(sequence=None).count() == 1


def test_a_reader_that_another_has_overtaken_does_not_take_its_place_back() -> None:
    advance_feed("", "5", at=NOW)
    advance_feed("5", "9", at=NOW)
    advance_feed("", "5", at=NOW)
    assert FeedCursor.objects.get().cursor == "9"


@pytest.mark.usefixtures("clock")
def test_a_page_that_does_not_move_on_is_not_read_for_ever(agency: FakeAgency) -> None:
    body = b'{"events":[],"cursor":"","more":true}'
    agency.then(*[answers(200, body, content_type="application/json")] * 5)
    read_feed()
    assert len(agency.requests) == 1


@pytest.mark.usefixtures("clock", "agency")
def test_an_agency_that_always_has_more_to_tell_keeps_no_worker_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def always_more(_: AgencyClient, after: str) -> EventPage:
        asked.append(after)
        assert len(asked) < 10_000, "it is read for ever"
        return EventPage(events=(), cursor=str(len(asked)), more=True)

    monkeypatch.setattr(AgencyClient, "events", always_more)
    monkeypatch.setattr("punktlig.receivables.jobs.read_feed.LONGEST_SECONDS", 0.2)
    read_feed()
    # The next run goes on from there.
    assert FeedCursor.objects.get().cursor == str(len(asked))
