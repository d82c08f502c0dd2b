"""Jobs that a killed worker had in hand; they would be `doing` for ever."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT


async def retry_stalled_jobs(*, gone_seconds: float) -> None:
    """Queue again what workers had in hand that have said nothing for so long.

    A periodic round that waits in the queue already does what the stalled one was to do: that one is forgotten.
    """
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=gone_seconds):
        try:
            await manager.retry_job(job)
        except UniqueViolation as problem:
            if problem.constraint_name != QUEUEING_LOCK_CONSTRAINT:
                raise
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
