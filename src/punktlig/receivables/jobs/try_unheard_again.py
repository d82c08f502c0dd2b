"""Sends again, at once, what had to wait only because the agency was silent: it answers again.

Not by its first message that has an answer, but by the feed, which is read every few seconds whatever is to be sent,
and fails for no message's sake.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from punktlig import clock
from punktlig.receivables.actions.unheard import try_unheard_again as try_again
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.activation import TO_SEND, Activation
from punktlig.receivables.records.handover import TO_ANSWER, TO_DELIVER, Command, Handover
from punktlig.receivables.records.sending import unheard
from punktlig.tenancy.context import acting_for, acting_for_everyone


def try_unheard_again() -> None:
    """Let what went unheard be sent now. A message is let go once for each time that the agency has been silent."""
    with acting_for_everyone():
        companies = set(
            unheard(Handover.objects.filter(TO_ANSWER))
            .values_list("company_id")
            .union(
                unheard(Command.objects.filter(TO_DELIVER)).values_list("company_id"),
                unheard(Activation.objects.filter(TO_SEND)).values_list("company_id"),
            )
        )
    to_wake: set[str] = set()
    for (company_id,) in sorted(companies):
        with working_for(company_id), acting_for(company_id):
            to_wake |= try_again(company_id, at=clock.now())
    # Each looks after all companies. Killed before, they run within seconds all the same.
    for job in sorted(to_wake):
        app.configure_task(job).defer()
