"""What the worker of the receivables site does and when: every few seconds, and at once when an action nudges it.

The queue says only *when*. *What* to do is in rows of ours, so a lost or doubled nudge changes nothing. A periodic
round that is still waiting is not queued again (`queueing_lock`); nudges have no such lock, since it would break the
transaction they are made in.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from punktlig.receivables.jobs import (
    apply_events_set_aside,
    continue_sending_runs,
    read_feed,
    read_imports,
    read_reference_rates,
    send_activations,
    send_commands,
    send_handovers,
)
from punktlig.tenancy.stalled_jobs import retry_stalled_jobs

# A worker that has said nothing for so long is gone, and what it had in hand is taken up again.
_GONE_SECONDS = 60
_KEPT_HOURS = 24


@app.periodic(cron="* * * * * */5", queueing_lock="send_handovers")
@app.task(name="send_handovers")
def _send_handovers(timestamp: int | None = None) -> None:  # noqa: ARG001 - the periodic moment, which nothing needs
    send_handovers.send_handovers()


@app.periodic(cron="* * * * * */5", queueing_lock="send_commands")
@app.task(name="send_commands")
def _send_commands(timestamp: int | None = None) -> None:  # noqa: ARG001
    send_commands.send_commands()


@app.periodic(cron="* * * * * */5", queueing_lock="send_activations")
@app.task(name="send_activations")
def _send_activations(timestamp: int | None = None) -> None:  # noqa: ARG001
    send_activations.send_activations()


@app.periodic(cron="* * * * * */5", queueing_lock="continue_sending_runs")
@app.task(name="continue_sending_runs")
def _continue_sending_runs(timestamp: int | None = None) -> None:  # noqa: ARG001
    continue_sending_runs.continue_sending_runs()


@app.periodic(cron="* * * * * */15", queueing_lock="read_feed")
# One at a time: two would read the same pages. After an outage the next one waits for the end of the one that reads,
# and then goes on at once.
@app.task(name="read_feed", lock="read_feed")
def _read_feed(timestamp: int | None = None) -> None:  # noqa: ARG001
    read_feed.read_feed()


@app.periodic(cron="* * * * * */15", queueing_lock="apply_events_set_aside")
@app.task(name="apply_events_set_aside")
def _apply_events_set_aside(timestamp: int | None = None) -> None:  # noqa: ARG001
    apply_events_set_aside.apply_events_set_aside()


@app.periodic(cron="* * * * * */10", queueing_lock="read_imports")
@app.task(name="read_imports")
def _read_imports(timestamp: int | None = None) -> None:  # noqa: ARG001
    read_imports.read_imports()


@app.periodic(cron="*/10 * * * *", queueing_lock="read_reference_rates")
@app.task(name="read_reference_rates")
def _read_reference_rates(timestamp: int | None = None) -> None:  # noqa: ARG001
    read_reference_rates.read_reference_rates()


@app.periodic(cron="* * * * *", queueing_lock="retry_stalled_jobs")
@app.task(name="retry_stalled_jobs")
async def _retry_stalled_jobs(timestamp: int | None = None) -> None:  # noqa: ARG001
    await retry_stalled_jobs(gone_seconds=_GONE_SECONDS)


@app.periodic(cron="17 * * * *", queueing_lock="remove_old_jobs")
@app.task(name="remove_old_jobs")
async def _remove_old_jobs(timestamp: int | None = None) -> None:  # noqa: ARG001
    """Forget finished jobs: several are queued every few seconds."""
    await app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True, include_cancelled=True)
