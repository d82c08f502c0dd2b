"""What the worker of the agency site does and when: on its own clock, and at once when an action nudges it by name.

The queue only says when. What there is to do are rows of ours, so a lost queue loses nothing and a spare nudge does
nothing.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

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
