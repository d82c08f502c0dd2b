"""Handing invoices over: the click that makes each into one claim, and no second click into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.exchange.messages import MOST_CLAIMS_AT_ONCE
from punktlig.receivables.records.handover_writing import lock_and_prepare, write_handovers
from punktlig.receivables.records.sending_refusals import PreviewIsOutdated
from punktlig.receivables.records.sending_versions import read_shown, shown_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.core.refusal import Refusal
    from punktlig.tenancy.models import User


@dataclass(frozen=True)
class HandedOver:
    """What became of the invoices that were confirmed: those on their way, and those that could not go and why."""

    sent: list[UUID]
    refused: list[tuple[UUID, tuple[Refusal, ...]]]


@transaction.atomic
def hand_over_invoices(
    company_id: UUID, invoice_ids: Sequence[UUID], *, shown: str, user: User, today: date, at: datetime
) -> HandedOver:
    """Write down that the invoices go to the agency, with the exact bytes, and return which do.

    `shown` is what the preview gave its confirmation, see `sending_versions`. An invoice that has been
    sent meanwhile, by a second click or in another tab, is returned as refused with InvoiceAlreadySent.

    Raises:
        PreviewIsOutdated: what would be sent now is not what the preview showed. Nothing has been written.
    """
    if len(invoice_ids) > MOST_CLAIMS_AT_ONCE:
        raise ValueError(f"at most {MOST_CLAIMS_AT_ONCE} invoices at once: more go in a sending run")
    prepared = lock_and_prepare(company_id, invoice_ids, today=today)
    going = [one for one in prepared if one.may_be_sent]
    # When nothing is left to send there is nothing to show again: the reasons are the whole answer.
    if going and shown_hash((one.version for one in prepared), today=today) != read_shown(shown).hash:
        raise PreviewIsOutdated
    write_handovers(company_id, going, user=user, at=at)
    if going:
        app.configure_task("send_handovers").defer()
    return HandedOver(
        sent=[one.id for one in going],
        refused=[(one.id, one.refusals) for one in prepared if not one.may_be_sent],
    )
