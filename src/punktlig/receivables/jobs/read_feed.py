"""Reads the agency's feed of events from where it was last read, so that a lost webhook loses nothing."""

from __future__ import annotations

import time

from punktlig import clock
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.actions.events import (
    advance_feed,
    feed_cursor,
    note_feed_problem,
    of_companies,
    take_events,
)
from punktlig.receivables.jobs.agency_connection import agency_client, log_unknown
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.jobs.try_unheard_again import try_unheard_again

# The next run waits for the end of this one already, and goes on from the cursor. One that an agency can keep for ever,
# by always having more to tell, would keep a place of the worker's for ever.
LONGEST_SECONDS = 30.0


def read_feed() -> None:
    """Take every event that has not been read. Twice at once, or killed in the middle, applies none of them twice.

    An agency with more to tell than fits into half a minute is read on by the next run.
    """
    latest = time.monotonic() + LONGEST_SECONDS
    with agency_client() as client:
        more, is_first = True, True
        while more:
            before = feed_cursor()
            page = client.events(before)
            if isinstance(page, Unknown):
                log_unknown("the feed", page)
                note_feed_problem(f"{page.why.value} {page.detail}")
                return
            told = of_companies(page.events)
            taken = 0
            for own in told:
                with working_for(own.company_id):
                    take_events(own, at=clock.now())
                    taken += 1
            if taken < len(told):
                # Neither applied nor set aside, and nothing is ever skipped: the page is read again.
                return
            # Only now: killed before, the same events are read again, and are known by their ids.
            advance_feed(before, page.cursor, at=clock.now())
            if is_first:
                # Once it is kept that the agency answers: what it lets go by from now on is not tried again at once.
                try_unheard_again()
                is_first = False
            # A page that says there is more and does not move on would be read for ever.
            more = page.more and page.cursor != before and time.monotonic() < latest
