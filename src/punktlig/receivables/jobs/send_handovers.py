"""Sends invoices that were handed over to the agency, the same bytes until it has answered.

A chunk is taken in hand in one transaction, sent outside of any, and settled in another. Killed in between, the lease
runs out and the same bytes go again, which the agency answers with the claim it has.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from django.conf import settings

from punktlig import clock
from punktlig.exchange.client import SentClaim
from punktlig.exchange.messages import MOST_CLAIMS_AT_ONCE
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.actions.handover_answers import HandoverAnswer, settle_handovers, take_handovers
from punktlig.receivables.jobs.agency_connection import agency_client, companies_with_due, log_unknown, next_try
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.handover import TO_ANSWER, Handover
from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from punktlig.exchange.client import AgencyClient
    from punktlig.exchange.outcomes import ClaimOutcome
    from punktlig.receivables.actions.handover_answers import Taken

# So many times a handover is sent together with all the others.
_TOGETHER = 3


def send_handovers() -> None:
    """Send every handover that is due. May run twice at once: each takes what the other has not."""
    queued = Handover.objects.filter(TO_ANSWER)
    companies = companies_with_due(queued, at=clock.now())
    if not companies:
        return
    with agency_client() as client:
        for company_id in companies:
            with working_for(company_id):
                while _send_chunk(client, company_id):
                    pass


def _send_chunk(client: AgencyClient, company_id: UUID) -> bool:
    """Send one chunk, and return whether there may be more that is worth trying now."""
    with acting_for(company_id):
        taken = take_handovers(company_id, most=MOST_CLAIMS_AT_ONCE, at=clock.now())
    outcomes: dict[UUID, ClaimOutcome] = {}
    silent: Unknown | None = None
    for group in _groups(taken):
        told = dict.fromkeys((one.handover_id for one in group), silent) if silent else _send(client, group)
        outcomes |= told
        for outcome in told.values():
            if silent is None and isinstance(outcome, Unknown) and outcome.concerns_everything:
                silent = outcome
    at = clock.now()
    answers = [
        HandoverAnswer(one.id, outcomes[one.id], next_try(one.attempts, outcomes[one.id], at=at)) for one in taken
    ]
    with acting_for(company_id):
        settle_handovers(company_id, answers, agency_name=settings.AGENCY_NAME, at=at)
    unknown = [answer.outcome for answer in answers if isinstance(answer.outcome, Unknown)]
    if unknown:
        log_unknown(f"{len(unknown)} handovers", unknown[0])
    return len(taken) == MOST_CLAIMS_AT_ONCE and not unknown


def _groups(taken: Sequence[Taken]) -> Iterator[list[SentClaim]]:
    """Yield what is sent together: all, or ever fewer of those that were tried often.

    A claim that the agency chokes on would otherwise hold up all that are sent with it, for ever.
    """
    waiting = sorted(taken, key=attrgetter("attempts"))
    while waiting:
        size = max(MOST_CLAIMS_AT_ONCE >> 2 * max(waiting[0].attempts - _TOGETHER, 0), 1)
        group, waiting = waiting[:size], waiting[size:]
        yield [SentClaim(one.id, one.body, one.sha256) for one in group]


def _send(client: AgencyClient, group: Sequence[SentClaim]) -> Mapping[UUID, ClaimOutcome]:
    if len(group) == 1:
        return {group[0].handover_id: client.put_claim(group[0])}
    return client.post_claims(group)
