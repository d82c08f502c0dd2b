"""What the worker of the agency site does and when: on its own clock, and at once when an action nudges it by name.

The queue only says when. What there is to do are rows of ours, so a lost queue loses nothing and a spare nudge does
nothing.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from punktlig.agency.jobs.publish_feed import publish_feeds
from punktlig.agency.jobs.send_webhooks import send_due_webhooks
from punktlig.clock import now, today


@app.periodic(cron="* * * * *")
@app.task(name="daily_round", pass_context=False)
def daily_round(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the moment it was planned for
    """Issue the reminders that are due; nothing happens when none is."""
    today()


@app.task(name="deliver_letters")
def deliver_letters() -> None:
    """Hand queued letters over."""
    now()


@app.periodic(cron="*/3 * * * * *", queueing_lock="publish_feed")
@app.task(name="publish_feed")
def publish_feed(timestamp: int | None = None) -> None:  # noqa: ARG001 - the periodic moment, which nothing needs
    """Number the events of the feeds. Nobody nudges it: a claim is answered at once, and its event can wait 3 s."""
    publish_feeds()


@app.periodic(cron="*/5 * * * * *", queueing_lock="send_webhooks")
@app.task(name="send_webhooks")
def send_webhooks(timestamp: int | None = None) -> None:  # noqa: ARG001
    """Send the webhooks that are due."""
    send_due_webhooks()
