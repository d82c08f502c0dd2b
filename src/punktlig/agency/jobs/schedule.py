"""What the worker of the agency site does and when: on its own clock, and at once when an action nudges it by name.

The queue says only *when*. *What* to do is in rows of ours, so a lost or doubled nudge changes nothing. A periodic
round that is still waiting is not queued again (`queueing_lock`); nudges have no such lock, since it would break the
transaction they are made in.
"""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from punktlig import clock
from punktlig.agency.jobs import compare_rates, daily_round, deliver_letters, publish_feed, send_webhooks
from punktlig.tenancy.stalled_jobs import retry_stalled_jobs

# A worker that has said nothing for so long is gone, and what it had in hand is taken up again.
_GONE_SECONDS = 60
_KEPT_HOURS = 24


@app.periodic(cron="* * * * *", queueing_lock=daily_round.NAME)
@app.task(name=daily_round.NAME)
def _daily_round(timestamp: int | None = None) -> None:  # noqa: ARG001 - the periodic moment, which nothing needs
    # No letter is issued in the night: what was paid the day before is told in the morning, and may stop it. Whatever
    # is due waits for the hour, also after an outage.
    if clock.now().astimezone(clock.STOCKHOLM).hour >= settings.ROUND_BEGINS_HOUR:
        daily_round.run_unless_running(today=clock.today(), at=clock.now())


@app.periodic(cron="* * * * * */30", queueing_lock="deliver_letters")
@app.task(name="deliver_letters")
def _deliver_letters(timestamp: int | None = None) -> None:  # noqa: ARG001
    deliver_letters.deliver_letters()


@app.periodic(cron="* * * * * */5", queueing_lock="publish_feed")
@app.task(name="publish_feed")
def _publish_feed(timestamp: int | None = None) -> None:  # noqa: ARG001
    publish_feed.publish_feeds()


@app.periodic(cron="* * * * * */5", queueing_lock="send_webhooks")
@app.task(name="send_webhooks")
def _send_webhooks(timestamp: int | None = None) -> None:  # noqa: ARG001
    send_webhooks.send_due_webhooks()


@app.periodic(cron="43 * * * *", queueing_lock="compare_rates")
@app.task(name="compare_rates")
def _compare_rates(timestamp: int | None = None) -> None:  # noqa: ARG001
    compare_rates.compare_rates()


@app.periodic(cron="* * * * *", queueing_lock="retry_stalled_jobs")
@app.task(name="retry_stalled_jobs")
async def _retry_stalled_jobs(timestamp: int | None = None) -> None:  # noqa: ARG001
    await retry_stalled_jobs(gone_seconds=_GONE_SECONDS)


@app.periodic(cron="17 * * * *", queueing_lock="remove_old_jobs")
@app.task(name="remove_old_jobs")
async def _remove_old_jobs(timestamp: int | None = None) -> None:  # noqa: ARG001
    """Forget finished jobs: several are queued every few seconds."""
    await app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True, include_cancelled=True)
