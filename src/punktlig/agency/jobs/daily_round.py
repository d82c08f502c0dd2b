"""The daily round: issue the reminders that are due, make outdated letters anew, note whose last day has passed.

Claims that waited for a reference rate go on first, when it is known.

It may run at any time and as often as one likes: what it does is decided by what is due, and nothing is due twice.
After an outage the first run does all that waited. It may also run many times at once: each takes chunks of claims that
no other holds. So a run that has done a chunk asks for another beside it, in whatever worker has time. What goes wrong
for one creditor holds up none of the others.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from punktlig.agency.actions.closing import ask_creditors, go_on_with_known_rates
from punktlig.agency.actions.letters import outdated_letters, renew_letters
from punktlig.agency.actions.reminders import Issued, issue_reminders
from punktlig.agency.jobs.each_creditor import end_faults_without_work, work_for
from punktlig.agency.records.claim import Claim
from punktlig.agency.records.command_effects import RATE_UNKNOWN
from punktlig.agency.records.creditor_fault import Work
from punktlig.agency.records.reference_rates import known_rates
from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import Model, QuerySet

NAME = "daily_round"
_CHUNK = 1000

# Two runs in threads of one process are no faster than one, and would keep its other jobs waiting.
_running = threading.Lock()


def run_unless_running(*, today: date, at: datetime) -> Issued | None:
    """Do all that is due on the day, or nothing when this process is doing it already."""
    if not _running.acquire(blocking=False):
        return None
    try:
        return run_daily_round(today=today, at=at)
    finally:
        _running.release()


def run_daily_round(*, today: date, at: datetime) -> Issued:
    """Do all that is due on the day for every creditor, a chunk a transaction; return what was issued here."""
    issued = Issued()
    due = Claim.objects.filter(status=ClaimStatus.RECEIVED, reminder_day__lte=today, needs_person="")
    passed = Claim.objects.filter(
        status=ClaimStatus.REMINDER_SENT, next_event=NextEvent.LAST_DAY_TO_PAY, last_day_to_pay__lt=today
    )
    # With the condition of the index of what waits for a person.
    without_rate = Claim.objects.exclude(needs_person="").filter(needs_person=RATE_UNKNOWN)

    def issue(creditor_id: UUID) -> int:
        nonlocal issued
        chunk = issue_reminders(creditor_id, today=today, at=at, limit=_CHUNK)
        issued += chunk
        return chunk.seen

    def each(work: Work, rows: QuerySet[Model], act: Callable[[UUID], int]) -> None:
        _for_each(
            rows, lambda creditor_id: work_for(creditor_id, work, lambda: act(creditor_id), today=today, at=at) or 0
        )
        end_faults_without_work(work, lambda: _creditors(rows))

    if known_rates(today).known_through >= today:
        each(
            Work.GO_ON_WITH_RATES,
            without_rate,
            lambda creditor: go_on_with_known_rates(creditor, today=today, at=at, limit=_CHUNK),
        )
    each(Work.ISSUE_REMINDERS, due, issue)
    each(
        Work.RENEW_LETTERS,
        outdated_letters(today),
        lambda creditor: renew_letters(creditor, today=today, at=at, limit=_CHUNK).seen,
    )
    each(Work.ASK_CREDITOR, passed, lambda creditor: ask_creditors(creditor, today=today, at=at, limit=_CHUNK))
    return issued


def _for_each(rows: QuerySet[Model], act: Callable[[UUID], int]) -> None:
    """Act for each creditor of the rows, a chunk a transaction, until it has seen fewer than a chunk."""
    alone = 0
    for creditor_id in _creditors(rows):
        seen = _CHUNK
        while seen == _CHUNK:
            seen = act(creditor_id)
            alone += seen
            if alone >= _CHUNK:
                _ask_for_help()
                alone = 0


def _ask_for_help() -> None:
    """Let another worker take part; one that waits for a worker with time is enough.

    Outside the chunk's transaction, which an insert refused by the lock would break. Each that comes asks in its turn.
    """
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(NAME, queueing_lock=NAME).defer()


def _creditors(rows: QuerySet[Model]) -> list[UUID]:
    """Return the creditors of the rows; reads across creditors, as the round may."""
    with acting_for_everyone():
        return list(rows.order_by("creditor_id").values_list("creditor_id", flat=True).distinct())
