"""Waking whoever numbers the feed, in the transaction that has written an event: once for all that it writes."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

# The setting lives as long as the transaction and goes with a savepoint, as the nudge itself does.
_IS_NUDGED = """
SELECT current_setting('punktlig.feed_is_nudged', true) = 'yes',
    EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'publish_feed' AND status = 'todo'),
    set_config('punktlig.feed_is_nudged', 'yes', true)
"""


def nudge_feed() -> None:
    """Let the events of this transaction be published when it has been committed, instead of within five seconds.

    A nudge that waits already is enough: under load one carries the events of many. Should it begin before this
    transaction ends, the round of every five seconds finds the events, as it does when the queue is lost.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_NUDGED)
        is_nudged, one_waits, _ = cursor.fetchone() or (None, False, "")
    if not is_nudged and not one_waits:
        app.configure_task("publish_feed").defer()
