"""What a benchmark has the agency site's process do. Only the site's own actions and jobs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from punktlig import clock
from punktlig.agency.actions.keys import issue_api_key, make_platform
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.jobs.publish_feed import publish_feeds

_PAUSE = 0.02


def make_platform_key() -> str:
    """Make the platform that the receivables site is, and return its API key."""
    return issue_api_key(make_platform("Punktlig Kundreskontra").id, name="bench")


def do_the_round() -> int:
    """Issue the reminders that are due, and return how many were issued."""
    return run_daily_round(today=clock.today(), at=clock.now()).issued


def do_the_round_and_publish() -> int:
    """Do the round and number its events meanwhile, as the threads of one worker do."""

    def issue() -> int:
        try:
            return do_the_round()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        issuing = beside.submit(issue)
        while not issuing.done():
            publish()
            time.sleep(_PAUSE)
        return issuing.result()


def publish() -> int:
    """Number the events of the feed, and return how many there were."""
    return publish_feeds()
