"""Handovers reach the agency once each, whatever the agency or the worker does in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import F

from punktlig.core.money import Money
from punktlig.exchange.client import AgencyClient
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.models import Command, Customer, Handover, HistoryLine, Invoice
from punktlig.receivables.records.sending import LEASE
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import (
    Behaviour,
    FakeAgency,
    answers,
    drops,
    drops_after,
    is_silent,
)
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
    from collections.abc import Sequence
    from uuid import UUID

    from pytest_django import Settings

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User
    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


def handed_over(company: Company, user: User, count: int = 1) -> list[UUID]:
    with acting_for(company.id):
        ids = [make_invoice(company).id for _ in range(count)]
        hand_over(company, user, ids)
        return ids


def hand_over(company: Company, user: User, ids: Sequence[UUID]) -> None:
    done = hand_over_invoices(company.id, ids, shown=shown_for(company.id, ids), user=user, today=TODAY, at=NOW)
    assert done.sent == list(ids)


def the_invoice(company: Company) -> Invoice:
    with acting_for(company.id):
        return Invoice.objects.get()


def the_handover(company: Company) -> Handover:
    with acting_for(company.id):
        return Handover.objects.order_by("created_at", "id").latest("created_at")


def states(company: Company) -> set[Any]:
    with acting_for(company.id):
        return set(Handover.objects.values_list("state", flat=True))


def test_one_handover_is_put_and_the_claim_is_on_the_invoice(company: Company, user: User, agency: FakeAgency) -> None:
    (invoice_id,) = handed_over(company, user)
    send_handovers()
    (request,) = agency.requests
    assert request.method == "PUT"
    handover, invoice, claim = the_handover(company), the_invoice(company), agency.by_invoice[invoice_id]
    assert request.body == bytes(handover.body)
    assert (handover.state, handover.claim_id, handover.claim_number) == (
        "acknowledged", claim.claim_id, claim.claim_number,
    )  # fmt: skip
    assert (handover.attempts, handover.leased_until, handover.answered_at) == (1, None, NOW)
    assert (invoice.agency_state, invoice.claim_number, invoice.claim_url) == (
        "reminder_planned", claim.claim_number, claim.portal_url,
    )  # fmt: skip
    assert (invoice.claim_sequence, invoice.claim_balance_ore, invoice.next_event) == (
        1, 126_000, "reminder_is_issued",
    )  # fmt: skip
    send_handovers()
    assert len(agency.requests) == 1


def test_a_claim_whose_page_is_none_is_on_the_invoice_without_a_link(
    company: Company, user: User, agency: FakeAgency
) -> None:
    (invoice_id,) = handed_over(company, user)
    agency.pages_at = "javascript:alert(document.cookie)//"
    send_handovers()
    invoice = the_invoice(company)
    assert (invoice.claim_number, invoice.claim_url) == (agency.by_invoice[invoice_id].claim_number, "")


def test_many_go_in_one_request_for_each_company(company: Company, user: User, agency: FakeAgency) -> None:
    handed_over(company, user, 7)
    other = make_company("Annans AB")
    other_user = make_user(other)
    with acting_for(other.id):
        make_activation(other, other_user)
    handed_over(other, other_user, 3)
    send_handovers()
    assert [request.method for request in agency.requests] == ["POST", "POST"]
    assert len(agency.claims) == 10
    assert states(company) == states(other) == {"acknowledged"}


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(
    "behaviour",
    [
        answers(500),
        answers(503, commits=True),
        answers(401),
        answers(404),
        answers(429),
        answers(200, b"\xff garbage"),
        answers(302, location="/elsewhere"),
        drops(),
        drops(commits=False),
    ],
    ids=lambda behaviour: f"{behaviour.name}-{behaviour.status}-{behaviour.commits}",
)
def test_an_unknown_answer_sends_the_same_bytes_again_and_makes_one_claim_each(
    company: Company, user: User, agency: FakeAgency, clock: Clock, *, behaviour: Behaviour, count: int
) -> None:
    ids = handed_over(company, user, count)
    agency.then(behaviour)
    send_handovers()
    assert states(company) == {"queued"}
    handover = the_handover(company)
    assert handover.last_problem
    assert handover.leased_until is None
    assert clock.at < handover.next_try_at <= clock.at + timedelta(seconds=5)
    send_handovers()
    assert len(agency.requests) == 1
    clock.pass_by(seconds=6)
    send_handovers()
    assert states(company) == {"acknowledged"}
    first, second = agency.requests
    assert set(first.body.split(b"\n")) == set(second.body.split(b"\n"))
    assert len(agency.claims) == len(agency.by_invoice) == len(ids)


def test_silence_is_unknown(
    company: Company, user: User, agency: FakeAgency, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over(company, user)
    agency.then(is_silent(1.0, commits=True))
    with monkeypatch.context() as patched:
        hasty = AgencyClient(agency.url, agency.api_key, answer_seconds=0.2)
        patched.setattr("punktlig.receivables.jobs.send_handovers.agency_client", lambda: hasty)
        send_handovers()
    assert the_handover(company).last_problem == "no_answer_in_time"
    clock.pass_by(seconds=6)
    send_handovers()
    assert states(company) == {"acknowledged"}
    assert len(agency.claims) == 1


def test_an_agency_that_is_down_is_tried_for_ever_and_a_person_is_told_after_an_hour(
    company: Company, user: User, agency: FakeAgency, clock: Clock, settings: Settings
) -> None:
    handed_over(company, user)
    settings.AGENCY_URL = "http://127.0.0.1:9"
    waits = []
    while clock.at < NOW + timedelta(hours=3):
        send_handovers()
        handover = the_handover(company)
        waits.append(handover.next_try_at - clock.at)
        assert handover.is_late(clock.at) == (clock.at >= NOW + timedelta(hours=1))
        clock.at = handover.next_try_at
    assert timedelta(seconds=2.5) <= waits[0] <= timedelta(seconds=5)
    assert all(timedelta(minutes=7.5) <= wait <= timedelta(minutes=15) for wait in waits[-5:])
    assert the_invoice(company).agency_state == "sending"
    assert the_handover(company).last_problem.startswith("not_reached")
    settings.AGENCY_URL = agency.url
    send_handovers()
    assert the_invoice(company).agency_state == "reminder_planned"
    assert len(agency.claims) == 1


def test_retry_after_is_honoured(company: Company, user: User, agency: FakeAgency, clock: Clock) -> None:
    handed_over(company, user)
    agency.then(answers(429, retry_after="600"))
    send_handovers()
    clock.pass_by(seconds=599)
    send_handovers()
    assert len(agency.requests) == 1
    clock.pass_by(seconds=7)
    send_handovers()
    assert states(company) == {"acknowledged"}


def test_a_broken_answer_settles_the_lines_that_came_and_sends_the_rest_again(
    company: Company, user: User, agency: FakeAgency, clock: Clock
) -> None:
    handed_over(company, user, 6)
    agency.then(drops_after(2))
    send_handovers()
    with acting_for(company.id):
        assert Handover.objects.filter(state="acknowledged").count() == 2
    clock.pass_by(seconds=6)
    send_handovers()
    assert states(company) == {"acknowledged"}
    assert len(agency.requests[1].body.splitlines()) == 4
    assert len(agency.claims) == 6


def test_a_worker_killed_in_the_middle_leaves_a_lease_that_runs_out(
    company: Company, user: User, agency: FakeAgency, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over(company, user, 3)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("punktlig.receivables.jobs.send_handovers.settle_handovers", killed)
        with pytest.raises(KeyboardInterrupt):
            send_handovers()
    assert states(company) == {"queued"}
    send_handovers()
    assert len(agency.requests) == 1
    clock.at += LEASE + timedelta(seconds=1)
    send_handovers()
    assert states(company) == {"acknowledged"}
    assert len(agency.claims) == 3


def test_two_workers_at_once_send_each_handover_once(company: Company, user: User, agency: FakeAgency) -> None:
    handed_over(company, user, 20)
    together = threading.Barrier(3)

    def work(_: int) -> None:
        try:
            together.wait(5)
            send_handovers()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    assert states(company) == {"acknowledged"}
    assert sum(len(request.body.splitlines()) for request in agency.requests) == 20


def test_a_refusal_is_on_the_invoice_and_it_may_be_mended_and_sent_anew(
    company: Company, user: User, agency: FakeAgency
) -> None:
    (invoice_id,) = handed_over(company, user)
    agency.will_refuse(invoice_id, "address_incomplete", missing="town", name="Anna Ek")
    first = the_handover(company)
    with acting_for(company.id):
        Command.objects.create(
            company=company, invoice_id=invoice_id, handover=first, kind="payment", amount_ore=100, day=TODAY,
            created_at=NOW, body=b"{}", sha256="0" * 64, next_try_at=NOW,
        )  # fmt: skip
    send_handovers()
    invoice, first = the_invoice(company), the_handover(company)
    assert (first.state, first.refusal_code) == ("refused", "address_incomplete")
    assert (invoice.agency_state, invoice.refusal_code) == ("refused", "address_incomplete")
    assert invoice.refusal_facts == {"missing": "town", "name": "Anna Ek"}
    assert invoice.state.may_be_sent
    with acting_for(company.id):
        line = HistoryLine.objects.get(code="handover_refused")
        assert (line.actor, line.facts["code"]) == ("Ekviken Ombud", "address_incomplete")
        command = Command.objects.get()
        assert (command.state, command.refusal_code) == ("refused", "claim_refused")
        Customer.objects.update(town="Lillsjö")
        hand_over(company, user, [invoice_id])
    send_handovers()
    assert the_invoice(company).agency_state == "reminder_planned"
    assert agency.by_invoice[invoice_id].handover_id != first.id


def test_a_claim_under_another_id_waits_for_a_person(company: Company, user: User, agency: FakeAgency) -> None:
    (invoice_id,) = handed_over(company, user)
    other = agency.has_claim_elsewhere(invoice_id, "ee" * 32)
    send_handovers()
    handover, invoice = the_handover(company), the_invoice(company)
    assert (handover.state, handover.claim_number) == ("conflict", other.claim_number)
    assert (invoice.agency_state, invoice.claim_number) == ("needs_action", other.claim_number)
    with acting_for(company.id):
        line = HistoryLine.objects.get(code="handover_conflict")
        assert line.facts == {"claim_number": other.claim_number}
    send_handovers()
    assert len(agency.requests) == 1


def test_of_money_on_an_invoice_whose_claim_is_another_handovers_nobody_says_that_the_agency_knows(
    company: Company, user: User, agency: FakeAgency
) -> None:
    (invoice_id,) = handed_over(company, user)
    agency.has_claim_elsewhere(invoice_id, "f" * 64)

    def pay(ore: int, minute: int) -> None:
        at = NOW + timedelta(minutes=minute)
        with acting_for(company.id):
            record_payment(company.id, invoice_id, TODAY, Money(ore), user=user, today=TODAY, at=at)

    pay(100_00, 1)
    send_handovers()
    pay(200_00, 2)
    with acting_for(company.id):
        assert Handover.objects.get().state == "conflict"
        # The agency knows no claim of this handover, so no command on it would ever be carried out.
        assert list(Command.objects.values_list("amount_ore", "state")) == [(100_00, "refused")]
        last = HistoryLine.objects.filter(code="payment_recorded").latest("at")
        assert last.facts["told"] is False


def test_a_claim_under_another_id_made_from_our_own_bytes_is_acknowledged(
    company: Company, user: User, agency: FakeAgency
) -> None:
    (invoice_id,) = handed_over(company, user)
    agency.has_claim_elsewhere(invoice_id, the_handover(company).sha256)
    send_handovers()
    assert the_handover(company).state == "acknowledged"
    assert the_invoice(company).agency_state == "received"


def test_one_that_the_agency_chokes_on_does_not_hold_up_the_others(
    company: Company, user: User, agency: FakeAgency, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = handed_over(company, user, 5)
    poison = str(ids[2]).encode()
    behave = FakeAgency.next_behaviour

    def choke(self: FakeAgency) -> Behaviour | None:
        return answers(500) if poison in self.requests[-1].body else behave(self)

    monkeypatch.setattr(FakeAgency, "next_behaviour", choke)
    for _ in range(10):
        send_handovers()
        clock.pass_by(minutes=16)
    with acting_for(company.id):
        queued = Handover.objects.filter(state="queued").values_list("invoice_id", flat=True)
        assert list(queued) == [ids[2]]
    assert set(agency.by_invoice) == set(ids) - {ids[2]}


def test_what_has_been_answered_is_not_sent_again(
    company: Company, user: User, agency: FakeAgency, clock: Clock
) -> None:
    (invoice_id,) = handed_over(company, user)
    agency.then(answers(500))
    send_handovers()
    clock.pass_by(seconds=6)
    send_handovers()
    before = the_invoice(company)
    with acting_for(company.id):
        Handover.objects.update(next_try_at=F("created_at"))
    send_handovers()
    assert len(agency.requests) == 2
    assert the_invoice(company).claim_number == before.claim_number == agency.by_invoice[invoice_id].claim_number
