"""Many invoices handed over by one confirmation: the same handing over, a part of a thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app

from punktlig.exchange.messages import MOST_CLAIMS_AT_ONCE
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.handover_writing import lock_and_prepare, write_handovers
from punktlig.receivables.records.sending_facts import prepare
from punktlig.receivables.records.sending_refusals import InvoiceChangedMeanwhile
from punktlig.receivables.records.sending_rows import SENT
from punktlig.receivables.records.sending_run import RunState, SendingRun, SendingRunPart
from punktlig.receivables.records.sending_versions import Shown, read_shown, shown_hash, versions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.receivables.records.sending_facts import Prepared
    from punktlig.tenancy.models import User


@transaction.atomic
def start_sending_run(
    company_id: UUID,
    invoice_ids: Sequence[UUID],
    *,
    shown: str,
    user: User,
    today: date,
    at: datetime,
    most: int = MOST_CLAIMS_AT_ONCE,
) -> SendingRun:
    """Keep that all these invoices are to be handed over, as their preview showed, and wake the job.

    `shown` is what the preview gave its confirmation, see `sending_versions`. All of it is compared with what the
    preview showed. Only when nothing has changed, anything is sent; otherwise the run that is returned is outdated. A
    second click while the first run is under way returns that run. Ids that are no invoices of the company are left
    out, as in the preview.
    """
    # Two clicks at once wait for each other here.
    Company.objects.select_for_update(no_key=True).get(id=company_id)
    saw = read_shown(shown)
    under_way = SendingRun.objects.filter(company_id=company_id, shown=saw.hash, state=RunState.SENDING)
    if (run := under_way.first()) is None:
        run = _new_run(company_id, versions_of(company_id, invoice_ids), saw, user, today=today, at=at, most=most)
    if run.state == RunState.SENDING:
        # One for each part, so that the workers who have nothing else to do share them.
        for _ in range(run.total // most + 1):
            app.configure_task("continue_sending_runs").defer()
    return run


def _new_run(
    company_id: UUID,
    versions: Mapping[UUID, str],
    saw: Shown,
    user: User,
    *,
    today: date,
    at: datetime,
    most: int,
) -> SendingRun:
    unchanged = shown_hash(versions.values(), today=today) == saw.hash
    # When nothing is left to send there is nothing to show again: the reasons are the whole answer.
    goes_on = unchanged or all(version == SENT for version in versions.values())
    run = SendingRun.objects.create(
        company_id=company_id,
        state=RunState.SENDING if goes_on else RunState.OUTDATED,
        shown=saw.hash,
        day=today,
        total=len(versions),
        started_at=at,
        started_by=user,
        finished_at=None if goes_on else at,
    )
    if goes_on:
        free = saw.free(versions.values()) if unchanged else set()
        chosen = [(str(invoice_id), version, version in free) for invoice_id, version in versions.items()]
        SendingRunPart.objects.bulk_create(
            SendingRunPart(company_id=company_id, run=run, number=number, chosen=part)
            for number, part in enumerate(chosen[start : start + most] for start in range(0, len(chosen), most))
        )
    return run


@transaction.atomic
def continue_sending_run(company_id: UUID, run_id: UUID, *, today: date, at: datetime) -> bool:
    """Work off the next part of a run that nobody else has in hand, and return whether there was one.

    An invoice that has changed since the run was started stays, with InvoiceChangedMeanwhile. When no part is left the
    run is done. Whoever has worked off a part asks for another, so that of several workers the last to end finds all of
    them worked off.
    """
    run = SendingRun.objects.select_related("started_by").get(company_id=company_id, id=run_id)
    parts = SendingRunPart.objects.filter(company_id=company_id, run=run, worked_off_at=None)
    part = parts.select_for_update(skip_locked=True, of=("self",)).order_by("number").first()
    if part is None:
        left = SendingRunPart.objects.filter(company_id=company_id, run=OuterRef("id"), worked_off_at=None)
        sending = SendingRun.objects.filter(company_id=company_id, id=run_id, state=RunState.SENDING)
        sending.filter(~Exists(left)).update(state=RunState.DONE, finished_at=at)
        return False
    part.sent, part.refused = _hand_over(run, part, today, at)
    part.worked_off_at = at
    part.save(update_fields=["sent", "refused", "worked_off_at"])
    return True


def _hand_over(run: SendingRun, part: SendingRunPart, today: date, at: datetime) -> tuple[int, list[tuple[str, str]]]:
    """Return how many of the part go, and which do not with the code of why."""
    ids = [invoice_id for invoice_id, *_ in part.chosen]
    # Of its rows' places and transactions: no other invoice has such a one.
    versions = {version for _, version, *_ in part.chosen}
    # Parts of an older release do not say what their preview found free.
    free = {version for _, version, *found in part.chosen if found == [True]} if today == run.day else set()
    prepared = lock_and_prepare(run.company_id, ids, today=today, free=free)
    # What the preview said would stay does not go because midnight has passed since.
    then = prepared if today == run.day else prepare(run.company_id, ids, today=run.day)
    going: list[Prepared] = []
    refused: list[tuple[str, str]] = []
    for found, found_then in zip(prepared, then, strict=True):
        if refusals := found.refusals or found_then.refusals:
            refused.append((str(found.id), refusals[0].code))
        elif found.version not in versions:
            refused.append((str(found.id), InvoiceChangedMeanwhile.code))
        else:
            going.append(found)
    write_handovers(run.company_id, going, user=run.started_by, at=at)
    if going:
        app.configure_task("send_handovers").defer()
    return len(going), refused
