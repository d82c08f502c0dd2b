"""Tells the agency of payments and credit notes on invoices it has, the same bytes until it has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig import clock
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.actions.command_answers import CommandAnswer, settle_commands, take_commands
from punktlig.receivables.jobs.agency_connection import agency_client, companies_with_due, log_unknown, next_try
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.handover import TO_DELIVER, Command
from punktlig.receivables.records.sending import LEASE
from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.exchange.client import AgencyClient

# Each is a request of its own, so that few at a time keep the lease longer than the sending.
_AT_A_TIME = 50
# An agency may take a minute for each of them. An answer that comes when the lease has run out, and another worker has
# the command in hand, counts for nothing: so two workers would take from each other what they have told, for ever.
_TOLD_WITHIN = LEASE / 2


def send_commands() -> None:
    """Send every command that is due. May run twice at once: each takes what the other has not."""
    waiting = Command.objects.filter(TO_DELIVER)
    companies = companies_with_due(waiting, at=clock.now())
    if not companies:
        return
    with agency_client() as client:
        for company_id in companies:
            with working_for(company_id):
                while _send_some(client, company_id):
                    pass


def _send_some(client: AgencyClient, company_id: UUID) -> bool:
    """Send a few, and return whether there may be more that is worth trying now.

    That may be what had to wait for these, however few they were.
    """
    began_at = clock.now()
    with acting_for(company_id):
        taken = take_commands(company_id, most=_AT_A_TIME, at=began_at)
    answers: list[CommandAnswer] = []
    silent: Unknown | None = None
    for command in taken:
        if clock.now() > began_at + _TOLD_WITHIN:
            # The rest is taken in hand anew when its lease has run out.
            break
        # Once the agency is silent, asking it about the others too would only hold them all up.
        outcome = silent or client.put_command(command.id, bytes(command.body), command.sha256)
        if isinstance(outcome, Unknown) and silent is None:
            log_unknown(f"command {command.id}", outcome)
            silent = outcome if outcome.concerns_everything else None
        again = next_try(command.attempts, outcome, at=clock.now())
        answers.append(CommandAnswer(command.id, outcome, again, leased_until=command.leased_until))
    with acting_for(company_id):
        settle_commands(company_id, answers, at=clock.now())
    return bool(taken) and silent is None
