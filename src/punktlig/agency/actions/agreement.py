"""What the agency has agreed with a creditor beside the activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.agency.records.creditor import Creditor

if TYPE_CHECKING:
    from uuid import UUID


@transaction.atomic
def send_letters_by_email(creditor_id: UUID, *, by_email: bool) -> Creditor:
    """Let later letters go by e-mail to debtors with an address, or all on paper. Those made already keep their way.

    Raises:
        Creditor.DoesNotExist.
    """
    creditor = Creditor.objects.select_for_update(no_key=True).get(id=creditor_id)
    creditor.sends_by_email = by_email
    creditor.save(update_fields=["sends_by_email"])
    return creditor
