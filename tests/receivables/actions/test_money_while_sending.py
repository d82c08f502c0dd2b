"""Money booked while an invoice is handed over: it goes along or is told after, never both and never neither.

A payment that is taken back meanwhile does not go along; one that has gone along is not taken back.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import connection

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimSubmission
from punktlig.receivables.actions.credit_notes import record_credit_note
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment, take_back_payment
from punktlig.receivables.actions.sending_runs import continue_sending_run, start_sending_run
from punktlig.receivables.records.ledger_refusals import PaymentIsWithAgency
from punktlig.receivables.records.models import Command, CreditNote, Handover, Payment, SendingRun
from punktlig.receivables.records.sending_refusals import PreviewIsOutdated
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    pay,
    shown_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

    type Book = Callable[[Site, UUID], UUID]

pytestmark = pytest.mark.django_db(transaction=True)

_SECONDS = 20


@dataclass(frozen=True)
class Site:
    """A company that has switched reminder handling on, and somebody who works there."""

    company: Company
    user: User


@pytest.fixture
def site() -> Site:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user)
    return Site(company, user)


def book_payment(site: Site, invoice_id: UUID) -> UUID:
    return record_payment(
        site.company.id, invoice_id, TODAY, Money(5_000), user=site.user, today=TODAY, at=NOW, is_another=True
    ).id


def book_credit_note(site: Site, invoice_id: UUID) -> UUID:
    number = f"K-{uuid4().hex[:8]}"
    return record_credit_note(
        site.company.id, invoice_id, number, TODAY, Money(5_000), user=site.user, today=TODAY, at=NOW
    ).id


def invoices(site: Site, count: int) -> list[UUID]:
    """Return the ids of invoices, each with a payment from before that goes along in any case."""
    with acting_for(site.company.id):
        made = [make_invoice(site.company) for _ in range(count)]
        for invoice in made:
            pay(invoice, 1_000)
        return [invoice.id for invoice in made]


def shown(site: Site, ids: Sequence[UUID]) -> str:
    with acting_for(site.company.id):
        return shown_for(site.company.id, ids)


def confirm(site: Site, ids: Sequence[UUID], seen: str) -> list[UUID]:
    return hand_over_invoices(site.company.id, ids, shown=seen, user=site.user, today=TODAY, at=NOW).sent


def sent_anew(site: Site, ids: Sequence[UUID]) -> list[UUID]:
    """Confirm what a fresh preview shows, until nothing comes between."""
    while True:
        seen = shown(site, ids)
        try:
            with acting_for(site.company.id):
                return confirm(site, ids, seen)
        except PreviewIsOutdated:
            continue


def in_a_thread[Result](site: Site, work: Callable[[], Result]) -> Result:
    try:
        with acting_for(site.company.id):
            return work()
    finally:
        connection.close()


def while_open[Result](site: Site, first: Callable[[], object], second: Callable[[], Result]) -> Result:
    """Do the first, and commit it only when the second, in a connection of its own, waits for it."""
    pids: queue.Queue[int] = queue.Queue()

    def begin() -> Result:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.put(cursor.fetchone()[0])
        return second()

    with ThreadPoolExecutor(1) as other:
        with acting_for(site.company.id):
            first()
            running = other.submit(in_a_thread, site, begin)
            wait_until_it_waits(pids.get(timeout=_SECONDS))
        return running.result(timeout=_SECONDS)


def wait_until_it_waits(pid: int) -> None:
    latest = time.monotonic() + _SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < latest:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.005)
    pytest.fail("the second did not wait for the first")


def told(site: Site) -> dict[UUID, tuple[set[UUID], set[UUID]]]:
    """Return what the agency is told of each invoice that is on its way: along with it, and by commands after.

    What stands in the ledger is all of it, and nothing is told twice.
    """
    found: dict[UUID, tuple[set[UUID], set[UUID]]] = {}
    with acting_for(site.company.id):
        for handover in Handover.objects.all():
            along = [one.id for one in ClaimSubmission.model_validate_json(bytes(handover.body)).payments]
            after = list(Command.objects.filter(handover=handover).values_list("id", flat=True))
            booked = {
                booked_id
                for record in (Payment, CreditNote)
                for booked_id in record._default_manager.filter(invoice=handover.invoice_id).values_list(
                    "id", flat=True
                )
            }
            booked -= set(Payment.objects.exclude(taken_back_at=None).values_list("id", flat=True))
            assert sorted([*along, *after]) == sorted(booked)
            found[handover.invoice_id] = set(along), set(after)
        assert not Command.objects.exclude(invoice__in=found).exists()
    return found


BOOKINGS = pytest.mark.parametrize("book", [book_payment, book_credit_note])


@BOOKINGS
def test_money_that_commits_while_the_confirmation_waits_makes_the_preview_untrue_and_goes_along(
    site: Site, book: Book
) -> None:
    ids = invoices(site, 3)
    seen, made = shown(site, ids), list[UUID]()
    with pytest.raises(PreviewIsOutdated):
        while_open(site, lambda: made.append(book(site, ids[1])), partial(confirm, site, ids, seen))
    assert told(site) == {}
    assert sent_anew(site, ids) == ids
    along, after = told(site)[ids[1]]
    assert made[0] in along
    assert not after


@BOOKINGS
def test_money_that_waits_while_the_confirmation_commits_is_told_by_a_command(site: Site, book: Book) -> None:
    ids = invoices(site, 3)
    seen = shown(site, ids)
    made = while_open(site, partial(confirm, site, ids, seen), partial(book, site, ids[1]))
    along, after = told(site)[ids[1]]
    assert after == {made}
    assert len(along) == 1


@BOOKINGS
def test_money_that_commits_while_a_chunk_of_a_run_waits_leaves_the_invoice_behind(site: Site, book: Book) -> None:
    ids = invoices(site, 3)
    run = begun(site, ids)
    while_open(site, lambda: book(site, ids[1]), partial(step, site, run))
    assert set(told(site)) == {ids[0], ids[2]}
    assert sent_anew(site, ids) == [ids[1]]
    along, after = told(site)[ids[1]]
    assert (len(along), after) == (2, set())


@BOOKINGS
def test_money_that_waits_while_a_chunk_of_a_run_commits_is_told_by_a_command(site: Site, book: Book) -> None:
    ids = invoices(site, 3)
    run = begun(site, ids)
    made = while_open(site, partial(step, site, run), partial(book, site, ids[1]))
    assert told(site)[ids[1]][1] == {made}


def take_back(site: Site, invoice_id: UUID) -> UUID:
    """Take back the payment that the invoice has from before."""
    payment = Payment.objects.get(invoice=invoice_id)
    return take_back_payment(site.company.id, invoice_id, payment.id, user=site.user, today=TODAY, at=NOW).id


def test_a_payment_taken_back_while_the_confirmation_waits_makes_the_preview_untrue(site: Site) -> None:
    ids = invoices(site, 3)
    seen = shown(site, ids)
    with pytest.raises(PreviewIsOutdated):
        while_open(site, lambda: take_back(site, ids[1]), partial(confirm, site, ids, seen))
    assert told(site) == {}
    assert sent_anew(site, ids) == ids
    assert told(site)[ids[1]] == (set(), set())


def test_a_payment_taken_back_while_a_chunk_of_a_run_waits_leaves_the_invoice_behind(site: Site) -> None:
    ids = invoices(site, 3)
    run = begun(site, ids)
    while_open(site, lambda: take_back(site, ids[1]), partial(step, site, run))
    assert set(told(site)) == {ids[0], ids[2]}
    assert sent_anew(site, ids) == [ids[1]]
    assert told(site)[ids[1]] == (set(), set())


def test_a_payment_that_goes_along_while_it_is_taken_back_stands(site: Site) -> None:
    ids = invoices(site, 3)
    seen = shown(site, ids)
    with pytest.raises(PaymentIsWithAgency):
        while_open(site, partial(confirm, site, ids, seen), partial(take_back, site, ids[1]))
    along, after = told(site)[ids[1]]
    assert (len(along), after) == (1, set())


def test_a_payment_that_goes_along_in_a_chunk_of_a_run_while_it_is_taken_back_stands(site: Site) -> None:
    ids = invoices(site, 3)
    run = begun(site, ids)
    with pytest.raises(PaymentIsWithAgency):
        while_open(site, partial(step, site, run), partial(take_back, site, ids[1]))
    assert len(told(site)[ids[1]][0]) == 1


def begun(site: Site, ids: Sequence[UUID], most: int = 1000) -> SendingRun:
    """Return a run whose invoices are as they were shown, and of which nothing has been sent."""
    seen = shown(site, ids)
    with acting_for(site.company.id):
        run = start_sending_run(site.company.id, ids, shown=seen, user=site.user, today=TODAY, at=NOW, most=most)
        assert run.state == "sending"
    return run


def step(site: Site, run: SendingRun) -> bool:
    return continue_sending_run(site.company.id, run.id, today=TODAY, at=NOW)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_between_all_money_is_told_once(site: Site, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which invoices are paid in which order is no secret
    ids = invoices(site, 24)
    together = threading.Barrier(4)
    made: list[UUID] = []

    def book_many(mine: Sequence[tuple[UUID, Book, float]]) -> None:
        try:
            together.wait(_SECONDS)
            for invoice_id, book, pause in mine:
                time.sleep(pause)
                with acting_for(site.company.id):
                    made.append(book(site, invoice_id))
        finally:
            connection.close()

    def send_in_pieces() -> None:
        try:
            together.wait(_SECONDS)
            for start in range(0, 12, 3):
                sent_anew(site, ids[start : start + 3])
        finally:
            connection.close()

    def send_in_a_run() -> None:
        try:
            run = begun(site, ids[12:], most=2)
            together.wait(_SECONDS)
            more = True
            while more:
                with acting_for(site.company.id):
                    more = step(site, run)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        jobs = [workers.submit(send_in_pieces), workers.submit(send_in_a_run)]
        for _ in range(2):
            chosen = chance.choices(ids, k=14)
            jobs.append(
                workers.submit(
                    book_many,
                    [(one, chance.choice([book_payment, book_credit_note]), chance.random() / 50) for one in chosen],
                )
            )
        for job in jobs:
            job.result(timeout=60)
    sent_anew(site, ids)
    everything = told(site)
    assert set(everything) == set(ids)
    assert set().union(*(along | after for along, after in everything.values())) >= set(made)
    assert len(made) == 28
