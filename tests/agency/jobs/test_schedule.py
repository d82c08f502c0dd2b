"""The worker knows every job by the name that actions nudge it with, and a job that finds nothing changes nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig import clock
from punktlig.agency.jobs import schedule
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.models import ClaimEvent
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import THURSDAY, accept, morning
from tests.agency.samples import make_creditor

# How long each may be silent, in seconds.
SILENT = {
    "daily_round": 60, "deliver_letters": 30, "publish_feed": 5, "send_webhooks": 5, "retry_stalled_jobs": 60,
    "remove_old_jobs": 3600, "compare_rates": 3600,
}  # fmt: skip


def test_every_job_has_its_name_and_its_clock() -> None:
    planned = {task.task.name: task for task in app.periodic_registry.periodic_tasks.values()}
    assert set(app.tasks) >= set(SILENT)
    assert set(planned) >= set(SILENT)
    assert schedule.__doc__
    for name, seconds in SILENT.items():
        moments = [planned[name].croniter.get_next(float, start_time=0.0)]
        while moments[-1] < 2 * 3600:
            moments.append(planned[name].croniter.get_next(float))
        assert max(after - before for before, after in pairwise(moments)) == seconds, name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["daily_round", "deliver_letters", "publish_feed", "send_webhooks"])
def test_a_job_without_anything_to_do_does_nothing(name: str) -> None:
    creditor = make_creditor()
    app.tasks[name].func(timestamp=0)
    with acting_for(creditor.id):
        assert not ClaimEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "issued"), [("2026-11-26T04:59:59Z", 0), ("2026-11-26T05:00:00Z", 1), ("2026-11-26T22:59:59Z", 1)]
)
def test_the_round_of_a_day_begins_at_six_in_sweden(
    at: str, issued: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.ROUND_BEGINS_HOUR == 6
    creditor = make_creditor()
    accept(creditor)
    moment = datetime.fromisoformat(at)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: moment.astimezone(clock.STOCKHOLM).date())
    app.tasks["daily_round"].func(timestamp=0)
    with acting_for(creditor.id):
        assert ClaimEvent.objects.filter(kind="reminder_issued").count() == issued


@pytest.mark.django_db
def test_issued_reminders_nudge_the_delivery_in_the_same_transaction() -> None:
    accept(make_creditor())
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    nudges = ProcrastinateJob.objects.filter(task_name="deliver_letters")
    assert nudges.count() == 1
    assert nudges.get().queueing_lock is None
