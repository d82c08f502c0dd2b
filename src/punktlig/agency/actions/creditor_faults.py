"""Keep what goes wrong for a creditor where a person sees it, for as long as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.agency.records.creditor_fault import CreditorFault

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from punktlig.agency.records.creditor_fault import Work


@transaction.atomic
def note_fault(creditor_id: UUID, work: Work, error: BaseException, *, at: datetime) -> None:
    """Keep that the work failed for the creditor; of a fault already known, that it lasts."""
    problem = type(error).__name__[:100]
    CreditorFault.objects.update_or_create(
        creditor_id=creditor_id,
        work=work,
        defaults={"last_at": at, "problem": problem},
        create_defaults={"since": at, "last_at": at, "problem": problem},
    )


@transaction.atomic
def end_fault(creditor_id: UUID, work: Work) -> None:
    """Forget that the work failed for the creditor; most often there is nothing to forget."""
    CreditorFault.objects.filter(creditor_id=creditor_id, work=work).delete()
