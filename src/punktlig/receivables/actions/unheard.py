"""What the agency let go by while it was silent, tried again at once when it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.receivables.records.activation import TO_SEND, Activation
from punktlig.receivables.records.handover import TO_ANSWER, TO_DELIVER, Command, Handover
from punktlig.receivables.records.sending import try_again

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@transaction.atomic
def try_unheard_again(company_id: UUID, *, at: datetime) -> frozenset[str]:
    """Make due what the company has told while the agency was silent; return the jobs that have something to send now.

    Nobody is woken here: that is done once for all companies, of which there may be thousands after an outage. What the
    agency had not answered when it was not silent waits as long as it would have, and so does what it put off.
    """
    found = {
        "send_activations": try_again(Activation.objects.filter(TO_SEND, company_id=company_id), at=at),
        "send_handovers": try_again(Handover.objects.filter(TO_ANSWER, company_id=company_id), at=at),
        "send_commands": try_again(Command.objects.filter(TO_DELIVER, company_id=company_id), at=at),
    }
    return frozenset(job for job, count in found.items() if count)
