"""Tells the agency of companies that switched reminder handling on, and of their changed facts, until it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig import clock
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.actions.activation import settle_activation, take_activations
from punktlig.receivables.jobs.agency_connection import agency_client, companies_with_due, log_unknown, next_try
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.activation import TO_SEND, Activation
from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.exchange.client import AgencyClient


def send_activations() -> None:
    """Send every activation that is due. May run twice at once: each takes what the other has not."""
    companies = companies_with_due(Activation.objects.filter(TO_SEND), at=clock.now())
    if not companies:
        return
    with agency_client() as client:
        for company_id in companies:
            with working_for(company_id):
                _send(client, company_id)


def _send(client: AgencyClient, company_id: UUID) -> None:
    with acting_for(company_id):
        taken = take_activations(company_id, at=clock.now())
    for activation in taken:
        outcome = client.put_creditor(company_id, bytes(activation.body))
        if isinstance(outcome, Unknown):
            log_unknown(f"activation of {company_id}", outcome)
        again = next_try(activation.attempts, outcome, at=clock.now())
        with acting_for(company_id):
            settle_activation(
                company_id, activation.id, outcome, sent=activation.sha256, at=clock.now(), next_try_at=again
            )
