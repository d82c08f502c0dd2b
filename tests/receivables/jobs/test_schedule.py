"""The queue knows every task by the name that actions nudge it by."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from punktlig.receivables.records.sending import FIRST_WAIT, LONGEST_WAIT, wait_after
from punktlig.tenancy.stalled_jobs import retry_stalled_jobs

# How long each may be silent, in seconds.
PERIODIC = {
    "send_handovers": 5, "send_commands": 5, "send_activations": 5, "continue_sending_runs": 5, "read_feed": 15,
    "apply_events_set_aside": 15,
    "read_imports": 10, "read_reference_rates": 600, "retry_stalled_jobs": 60, "remove_old_jobs": 3600,
}  # fmt: skip


def test_every_task_runs_by_itself_and_is_known_by_its_name() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    planned = {task.task.name: task for task in app.periodic_registry.periodic_tasks.values()}
    assert set(planned) == set(PERIODIC)
    assert set(app.tasks) >= set(PERIODIC)
    for name, task in planned.items():
        moments = [task.croniter.get_next(float, start_time=0.0)]
        while moments[-1] < 2 * 3600:
            moments.append(task.croniter.get_next(float))
        assert max(after - before for before, after in pairwise(moments)) == PERIODIC[name], name


@pytest.mark.django_db(transaction=True)
def test_nudges_do_not_get_in_each_others_way() -> None:
    # The queue is not emptied between tests.
    nudges = ProcrastinateJob.objects.filter(task_name="send_handovers", queueing_lock=None)
    before = nudges.count()
    for _ in range(3):
        app.configure_task("send_handovers").defer()
    assert nudges.count() == before + 3


@pytest.mark.django_db(transaction=True)
# The worker's threads have connections of their own, which end with them and not by being closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_worker_does_what_is_nudged_and_finished_jobs_are_forgotten() -> None:
    app.configure_task("send_handovers").defer()
    app.configure_task("retry_stalled_jobs").defer()
    app.configure_task("remove_old_jobs").defer()
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
    gc.collect()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_had_in_hand_is_taken_up_again_unless_it_waits_already() -> None:
    rounds = app.configure_task("send_handovers", queueing_lock="send_handovers")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 day') RETURNING id"
        )
        (gone,) = cursor.fetchone() or (0,)
    periodic, nudge = rounds.defer(), app.configure_task("send_commands").defer()
    ProcrastinateJob.objects.filter(id__in=(periodic, nudge)).update(status="doing", worker_id=gone)
    waiting = rounds.defer()

    async def retry() -> None:
        async with app.open_async():
            await retry_stalled_jobs(gone_seconds=60)

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(retry())
    ours = ProcrastinateJob.objects.filter(id__in=(periodic, nudge, waiting))
    assert dict(ours.values_list("id", "status")) == {nudge: "todo", waiting: "todo"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id IN (%s, %s)", [nudge, waiting])


@pytest.mark.django_db(transaction=True)
def test_the_feed_is_read_by_one_at_a_time_and_the_next_goes_on_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    async def two_rounds() -> list[int | None]:
        async with app.open_async():
            manager, (worker, other) = app.job_manager, [await app.job_manager.register_worker() for _ in range(2)]
            rounds = app.configure_task("read_feed", queueing_lock="read_feed")
            first = await rounds.defer_async()
            taken = [await manager.fetch_job(None, worker)]
            second = await rounds.defer_async()
            # A third does not wait behind it.
            with pytest.raises(AlreadyEnqueued):
                await rounds.defer_async()
            taken.append(await manager.fetch_job(None, other))
            await manager.finish_job_by_id_async(first, status=Status.SUCCEEDED, delete_job=True)
            taken.append(await manager.fetch_job(None, other))
            await manager.finish_job_by_id_async(second, status=Status.SUCCEEDED, delete_job=True)
            assert (first, second) == (taken[0] and taken[0].id, taken[2] and taken[2].id)
            return [job.id if job else None for job in taken]

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        assert asyncio.run(two_rounds())[1] is None


def test_waits_double_with_a_spread_and_never_end() -> None:
    waits = [wait_after(attempts, retry_after=None, spread=1.0) for attempts in range(1, 12)]
    assert waits[:4] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT, 8 * FIRST_WAIT]
    assert waits[-1] == wait_after(10_000, retry_after=None, spread=1.0) == LONGEST_WAIT
    assert wait_after(1, retry_after=None, spread=0.0) == FIRST_WAIT / 2


def test_the_agency_may_ask_for_more_and_not_for_less() -> None:
    assert wait_after(1, retry_after=60, spread=0.0) == timedelta(seconds=60)
    assert wait_after(9, retry_after=1, spread=1.0) == LONGEST_WAIT
