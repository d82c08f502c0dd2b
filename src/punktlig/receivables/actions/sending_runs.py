"""Many invoices handed over by one confirmation: the same handing over, a chunk of a thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection, transaction
from procrastinate.contrib.django import app

from punktlig.exchange.messages import MOST_CLAIMS_AT_ONCE
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.handover_writing import lock_and_prepare, write_handovers
from punktlig.receivables.records.invoice import MAY_BE_SENT
from punktlig.receivables.records.sending_facts import prepare
from punktlig.receivables.records.sending_refusals import InvoiceChangedMeanwhile
from punktlig.receivables.records.sending_run import RunInvoiceState, RunState, SendingRun, SendingRunInvoice
from punktlig.receivables.records.sending_versions import shown_hash, versions_of
from punktlig.tenancy.mass_rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.receivables.records.sending_facts import Prepared
    from punktlig.tenancy.models import User

_COLUMNS = ("id", "company_id", "run_id", "invoice_id", "position", "state", "digest", "refusal_code")
_UPDATE = """
UPDATE receivables_sending_run_invoice AS chosen SET state = told.state, refusal_code = told.code
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS told (id, state, code)
WHERE chosen.company_id = %s AND chosen.id = told.id
"""

type Became = tuple[UUID, RunInvoiceState, str]
"""A chosen row's id, its new state, and the code of why it cannot go."""


@transaction.atomic
def start_sending_run(
    company_id: UUID, invoice_ids: Sequence[UUID], *, shown: str, user: User, today: date, at: datetime
) -> SendingRun:
    """Keep that all these invoices are to be handed over, as their preview with this hash showed, and wake the job.

    A second click while the first run is under way returns that run. Ids that are no invoices of the company are left
    out, as in the preview.
    """
    versions = versions_of(company_id, invoice_ids)
    chosen = [invoice_id for invoice_id in dict.fromkeys(invoice_ids) if invoice_id in versions]
    # Two clicks at once wait for each other here.
    Company.objects.select_for_update(no_key=True).get(id=company_id)
    under_way = SendingRun.objects.filter(
        company_id=company_id, shown=shown, state__in=[RunState.CHECKING, RunState.SENDING]
    )
    run = under_way.first()
    if run is None:
        run = SendingRun.objects.create(
            company_id=company_id, shown=shown, day=today, total=len(chosen), started_at=at, started_by=user
        )
        insert_rows(
            SendingRunInvoice,
            _COLUMNS,
            [
                (
                    uuid4(),
                    company_id,
                    run.id,
                    invoice_id,
                    position,
                    RunInvoiceState.READY.value,
                    versions[invoice_id],
                    "",
                )
                for position, invoice_id in enumerate(chosen)
            ],
        )
    app.configure_task("continue_sending_runs").defer()
    return run


@transaction.atomic
def continue_sending_run(
    company_id: UUID, run_id: UUID, *, today: date, at: datetime, most: int = MOST_CLAIMS_AT_ONCE
) -> bool:
    """Work off the next chunk of a run, and return whether there is more to do.

    First all of it is compared with what the preview showed. Only when nothing has changed, anything is sent, each
    judged again; an invoice that changes after that stays, with InvoiceChangedMeanwhile.
    """
    run = (
        SendingRun.objects.select_for_update(of=("self",))
        .select_related("started_by")
        .get(company_id=company_id, id=run_id)
    )
    if run.state == RunState.CHECKING:
        _check(run, at)
    elif run.state == RunState.SENDING and not _send(run, today, at, most):
        _finish(run, RunState.DONE, at)
    return run.state in (RunState.CHECKING, RunState.SENDING)


def _check(run: SendingRun, at: datetime) -> None:
    chosen = SendingRunInvoice.objects.filter(company_id=run.company_id, run=run)
    ids = list(chosen.values_list("invoice_id", flat=True))
    # Compared for the day the preview was of, so that midnight in between does not make it untrue.
    unchanged = shown_hash(versions_of(run.company_id, ids).values(), today=run.day) == run.shown
    # When nothing is left to send there is nothing to show again: the reasons are the whole answer.
    if unchanged or not chosen.filter(invoice__agency_state__in=MAY_BE_SENT).exists():
        run.state = RunState.SENDING
        run.save(update_fields=["state"])
    else:
        _finish(run, RunState.OUTDATED, at)


def _send(run: SendingRun, today: date, at: datetime, most: int) -> bool:
    ready = SendingRunInvoice.objects.filter(company_id=run.company_id, run=run, state=RunInvoiceState.READY)
    chosen = list(ready.order_by("position").values_list("id", "invoice_id", "digest")[:most])
    ids = [invoice_id for _, invoice_id, _ in chosen]
    prepared = {one.invoice.id: one for one in lock_and_prepare(run.company_id, ids, today=today)}
    versions = versions_of(run.company_id, ids)
    then = prepared
    if today != run.day:
        # What the preview said would stay does not go because midnight has passed since.
        then = {one.invoice.id: one for one in prepare(run.company_id, ids, today=run.day)}
    going: list[Prepared] = []
    became: list[Became] = []
    for chosen_id, invoice_id, digest in chosen:
        found = prepared[invoice_id]
        if refusals := found.refusals or then[invoice_id].refusals:
            became.append((chosen_id, RunInvoiceState.REFUSED, refusals[0].code))
        elif versions[invoice_id] != digest:
            became.append((chosen_id, RunInvoiceState.REFUSED, InvoiceChangedMeanwhile.code))
        else:
            going.append(found)
            became.append((chosen_id, RunInvoiceState.SENT, ""))
    write_handovers(run.company_id, going, user=run.started_by, at=at)
    _update(run, became)
    if going:
        app.configure_task("send_handovers").defer()
    return len(chosen) == most


def _update(run: SendingRun, became: Sequence[Became]) -> None:
    if not became:
        return
    ids, states, codes = zip(*became, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [list(ids), [state.value for state in states], list(codes), run.company_id])


def _finish(run: SendingRun, state: RunState, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])
