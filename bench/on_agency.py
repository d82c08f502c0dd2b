"""What a benchmark has the agency site's process do. Only the site's own actions and jobs."""

from __future__ import annotations

from bench.threads import do_beside
from punktlig import clock
from punktlig.agency.actions.keys import issue_api_key, make_platform
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.jobs.publish_feed import publish_feeds


def make_platform_key() -> str:
    """Make the platform that the receivables site is, and return its API key."""
    return issue_api_key(make_platform("Punktlig Kundreskontra").id, name="bench")


def do_the_round() -> int:
    """Issue the reminders that are due, and return how many were issued."""
    return run_daily_round(today=clock.today(), at=clock.now()).issued


def do_the_round_and_publish() -> int:
    """Do the round and number its events meanwhile, as the threads of one worker do."""
    return do_beside(do_the_round, publish)


def publish() -> int:
    """Number the events of the feed, and return how many there were."""
    return publish_feeds()
