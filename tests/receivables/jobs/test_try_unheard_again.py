"""What waited because the agency was silent goes at once when it answers; what has a fault of its own waits it out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig.core.money import Money
from punktlig.exchange.client import AgencyClient
from punktlig.receivables.actions.activation import activate_reminders
from punktlig.receivables.actions.handover_answers import take_handovers
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.jobs.read_feed import read_feed
from punktlig.receivables.jobs.send_activations import send_activations
from punktlig.receivables.jobs.send_commands import send_commands
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.models import Activation, Command, Handover
from punktlig.tenancy.context import acting_for
from tests.receivables.actions.test_activation import ANSWERS
from tests.receivables.fake_agency import FakeAgency, answers
from tests.receivables.jobs.test_send_handovers import handed_over
from tests.receivables.sending_samples import NOW, TODAY, make_activation, make_company, make_terms, make_user

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from pytest_django import Settings

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User
    from tests.receivables.fake_agency import Behaviour
    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

_NOBODY_LISTENS = "http://127.0.0.1:1"


class Outage:
    """Nobody answers where the agency should be, until it is over."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self.clock, self._url = settings, clock, settings.AGENCY_URL

    def lasts(self, rounds: int) -> None:
        """Let so many attempts at everything go by, ever longer apart."""
        self._settings.AGENCY_URL = _NOBODY_LISTENS
        for _ in range(rounds):
            self.clock.pass_by(minutes=16)
            read_feed()
            send_everything()

    def is_over(self) -> None:
        self._settings.AGENCY_URL = self._url


@pytest.fixture
def outage(settings: Settings, clock: Clock, agency: FakeAgency) -> Outage:
    assert agency.url == settings.AGENCY_URL
    return Outage(settings, clock)


def send_everything() -> None:
    send_activations()
    send_handovers()
    send_commands()


def row(company: Company, *columns: str) -> Any:
    with acting_for(company.id):
        return Handover.objects.values_list(*columns).get()


def chokes_on(agency: FakeAgency, invoice_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    behave, poison = agency.next_behaviour, str(invoice_id).encode()
    monkeypatch.setattr(
        agency, "next_behaviour", lambda: answers(500) if poison in agency.requests[-1].body else behave()
    )


def test_everything_that_waited_goes_as_soon_as_the_feed_is_read_again(
    company: Company, user: User, agency: FakeAgency, outage: Outage, clock: Clock
) -> None:
    (invoice_id,) = handed_over(company, user)
    make_terms()
    other = make_company("Annans AB")
    with acting_for(other.id):
        activate_reminders(other.id, ANSWERS, terms_version="2026-11", user=make_user(other), today=TODAY, at=NOW)
    with acting_for(company.id):
        record_payment(company.id, invoice_id, TODAY, Money(100_00), user=user, today=TODAY, at=NOW)
    outage.lasts(rounds=10)
    outage.is_over()
    clock.pass_by(seconds=15)
    send_everything()
    assert agency.requests == []
    nudged = ProcrastinateJob.objects.filter(queueing_lock=None, status="todo")
    before = set(nudged.values_list("id", flat=True))

    read_feed()
    woken = nudged.exclude(id__in=before).values_list("task_name", flat=True)
    assert sorted(woken) == ["send_activations", "send_commands", "send_handovers"]
    send_everything()
    assert list(agency.creditors) == [other.id]
    assert list(agency.by_invoice) == [invoice_id]
    assert len(agency.commands) == 1
    with acting_for(company.id):
        assert (Handover.objects.get().state, Command.objects.get().delivered_at) == ("acknowledged", clock.at)
    with acting_for(other.id):
        assert Activation.objects.get().state == "active"


def test_the_attempts_that_went_unheard_do_not_make_them_go_one_by_one(
    company: Company, user: User, agency: FakeAgency, outage: Outage
) -> None:
    ids = handed_over(company, user, 5)
    outage.lasts(rounds=10)
    outage.is_over()
    read_feed()
    send_handovers()
    assert [request.method for request in agency.requests] == ["GET", "POST"]
    assert set(agency.by_invoice) == set(ids)


def test_the_jobs_are_woken_once_however_many_companies_have_waited(
    company: Company, user: User, agency: FakeAgency, outage: Outage
) -> None:
    companies = [(company, user)]
    for number in range(3):
        other = make_company(f"Bolag {number} AB")
        companies.append((other, make_user(other)))
        with acting_for(other.id):
            make_activation(*companies[-1])
    for of in companies:
        handed_over(*of)
    outage.lasts(rounds=3)
    outage.is_over()
    nudged = ProcrastinateJob.objects.filter(queueing_lock=None, status="todo", task_name="send_handovers")
    before = nudged.count()
    read_feed()
    assert nudged.count() == before + 1
    send_handovers()
    assert len(agency.by_invoice) == 4


def test_what_the_agency_chokes_on_waits_as_long_as_before_however_often_the_feed_is_read(
    company: Company, user: User, agency: FakeAgency, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (invoice_id,) = handed_over(company, user)
    chokes_on(agency, invoice_id, monkeypatch)
    for _ in range(8):
        clock.pass_by(minutes=16)
        send_handovers()
        before = row(company, "next_try_at", "attempts", "unheard")
        read_feed()
        assert row(company, "next_try_at", "attempts", "unheard") == before
    assert before[1:] == (8, 0)


def test_an_outage_takes_none_of_its_own_attempts_from_what_the_agency_chokes_on(
    company: Company, user: User, agency: FakeAgency, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = outage.clock
    (invoice_id,) = handed_over(company, user)
    chokes_on(agency, invoice_id, monkeypatch)
    for _ in range(8):
        clock.pass_by(minutes=16)
        send_handovers()
    outage.lasts(rounds=3)
    assert row(company, "attempts", "unheard") == (11, 3)
    outage.is_over()
    read_feed()
    assert row(company, "next_try_at", "attempts", "unheard") == (clock.at, 8, 0)
    # It was tried while the agency was silent, so it goes once; then it waits as long as before.
    send_handovers()
    waits_until = row(company, "next_try_at")
    assert waits_until > (clock.at + timedelta(minutes=5),)
    read_feed()
    assert row(company, "next_try_at") == waits_until


def test_what_was_tried_before_the_agency_fell_silent_is_not_tried_for_its_coming_back(
    company: Company, user: User, agency: FakeAgency, outage: Outage, clock: Clock
) -> None:
    handed_over(company, user)
    read_feed()
    with acting_for(company.id):
        Handover.objects.update(attempts=8)
    # As one would be that makes the agency's process fall.
    agency.then(answers(502))
    send_handovers()
    before = row(company, "next_try_at", "attempts")
    for _ in range(3):
        outage.lasts(rounds=0)
        read_feed()
        outage.is_over()
        read_feed()
    clock.pass_by(minutes=1)
    send_handovers()
    assert row(company, "next_try_at", "attempts") == before


@pytest.mark.parametrize("behaviour", [answers(429, retry_after="7200"), answers(503, retry_after="7200")])
def test_what_the_agency_asks_to_wait_for_is_waited_for(
    company: Company, user: User, agency: FakeAgency, outage: Outage, behaviour: Behaviour
) -> None:
    clock = outage.clock
    handed_over(company, user)
    outage.lasts(rounds=3)
    outage.is_over()
    clock.pass_by(minutes=16)
    agency.then(behaviour)
    send_handovers()
    (asked_for,) = row(company, "next_try_at")
    assert asked_for >= clock.at + timedelta(hours=2)
    read_feed()
    assert row(company, "next_try_at", "unheard") == (asked_for, 0)


def test_they_do_not_go_one_by_one_either_when_the_agency_first_asks_to_wait(
    company: Company, user: User, agency: FakeAgency, outage: Outage, clock: Clock
) -> None:
    ids = handed_over(company, user, 5)
    outage.lasts(rounds=10)
    outage.is_over()
    clock.pass_by(minutes=16)
    agency.then(answers(429, retry_after="30"))
    send_handovers()
    asked = len(agency.requests)
    read_feed()
    clock.pass_by(minutes=16)
    send_handovers()
    assert [request.method for request in agency.requests[asked:]] == ["GET", "POST"]
    assert set(agency.by_invoice) == set(ids)


def test_what_a_worker_has_in_hand_stays_there_and_goes_at_once_when_it_is_put_off(
    company: Company, user: User, agency: FakeAgency, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = outage.clock
    handed_over(company, user)
    outage.lasts(rounds=8)
    clock.pass_by(minutes=16)
    leases: list[tuple[datetime, int]] = []

    def is_not_heard(self: object, claim: object) -> Any:
        # The agency comes back and its feed is read, while this one is sent to where nobody listens.
        outage.is_over()
        leases.append(row(company, "leased_until", "attempts"))
        read_feed()
        leases.append(row(company, "leased_until", "attempts"))
        return real(self, claim)

    real: Callable[..., Any] = AgencyClient.put_claim
    with monkeypatch.context() as patched:
        patched.setattr(AgencyClient, "put_claim", is_not_heard)
        send_handovers()
    assert leases[0] == leases[1]
    assert leases[0][0] is not None
    assert agency.by_invoice == {}
    assert row(company, "next_try_at") > (clock.at + timedelta(minutes=5),)
    read_feed()
    send_handovers()
    assert len(agency.by_invoice) == 1


def test_it_is_let_go_once_and_not_while_somebody_has_it_in_hand(
    company: Company, user: User, outage: Outage, clock: Clock
) -> None:
    handed_over(company, user)
    outage.lasts(rounds=8)
    outage.is_over()
    read_feed()
    with acting_for(company.id):
        assert len(take_handovers(company.id, most=10, at=clock.at)) == 1
    read_feed()
    with acting_for(company.id):
        assert take_handovers(company.id, most=10, at=clock.at) == []
