"""Several workers at one sending run: they share its parts, and each invoice is handed over once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from punktlig.receivables.actions.sending_runs import continue_sending_run, start_sending_run
from punktlig.receivables.jobs.continue_sending_runs import continue_sending_runs
from punktlig.receivables.records.models import Handover, HistoryLine, Invoice, SendingRun, SendingRunPart
from punktlig.receivables.records.sending_run import Progress, progress_of, reasons_of
from punktlig.tenancy.context import acting_for
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
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)

_SECONDS = 20
_EACH = 3


def started(count: int) -> SendingRun:
    """Return a run of so many invoices that go and one that stays, three in a part."""
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user)
        ids = [make_invoice(company).id for _ in range(count)]
        ids.append(make_invoice(company, due_date=TODAY).id)
        shown = shown_for(company.id, ids)
        return start_sending_run(company.id, ids, shown=shown, user=user, today=TODAY, at=NOW, most=_EACH)


def step(run: SendingRun) -> bool:
    with acting_for(run.company_id):
        return continue_sending_run(run.company_id, run.id, today=TODAY, at=NOW)


def in_a_thread(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def handed_over(run: SendingRun) -> list[UUID]:
    with acting_for(run.company_id):
        run.refresh_from_db()
        return list(Handover.objects.values_list("invoice_id", flat=True))


def test_four_workers_hand_over_each_invoice_once_and_the_last_ends_the_run() -> None:
    run = started(29)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait(_SECONDS)
        while step(run):
            pass

    with ThreadPoolExecutor(4) as workers:
        for job in [workers.submit(in_a_thread, work) for _ in range(4)]:
            job.result(timeout=60)
    sent = handed_over(run)
    assert len(sent) == len(set(sent)) == 29
    with acting_for(run.company_id):
        assert (run.state, progress_of(run)) == ("done", Progress(total=30, ready=0, sent=29, refused=1))
        assert reasons_of(run) == {"not_overdue_yet": 1}
        assert HistoryLine.objects.filter(code="invoice_sent").count() == 29
        assert Invoice.objects.filter(agency_state="sending").count() == 29


def test_of_two_clicks_at_once_the_second_waits_and_finds_the_run_of_the_first() -> None:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user)
        ids = [make_invoice(company).id for _ in range(4)]
        shown = shown_for(company.id, ids)

    def click() -> UUID:
        with acting_for(company.id):
            return start_sending_run(company.id, ids, shown=shown, user=user, today=TODAY, at=NOW, most=_EACH).id

    found: list[UUID] = []
    with ThreadPoolExecutor(1) as other:
        with acting_for(company.id):
            found.append(click())
            second = other.submit(in_a_thread, lambda: found.append(click()))
            # It has not ended, since it waits for this transaction.
            with pytest.raises(TimeoutError):
                second.result(timeout=1)
        second.result(timeout=_SECONDS)
    assert found[0] == found[1]
    with acting_for(company.id):
        assert SendingRun.objects.count() == 1


def test_a_part_in_hand_is_passed_by_and_the_run_ends_only_after_it() -> None:
    run = started(5)
    with ThreadPoolExecutor(1) as other, acting_for(run.company_id):
        assert continue_sending_run(run.company_id, run.id, today=TODAY, at=NOW)
        # The first part is not committed yet: another worker takes the second, and finds none to take after it.
        other.submit(in_a_thread, lambda: [step(run), step(run)]).result(timeout=_SECONDS)
        run.refresh_from_db()
        assert run.state == "sending"
    assert len(handed_over(run)) == 5
    assert not step(run)
    assert (len(handed_over(run)), run.state) == (5, "done")


def test_a_part_whose_worker_died_is_worked_off_by_the_next() -> None:
    run = started(5)
    with acting_for(run.company_id):
        continue_sending_run(run.company_id, run.id, today=TODAY, at=NOW)
        transaction.set_rollback(True)
    assert handed_over(run) == []
    continue_sending_runs()
    assert len(handed_over(run)) == 5
    with acting_for(run.company_id):
        assert run.state == "done"
        assert [part.sent for part in SendingRunPart.objects.order_by("number")] == [3, 2]
