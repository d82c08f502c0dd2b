"""Works off confirmations of many invoices, a part in each transaction, so that a killed worker loses one part."""

from __future__ import annotations

from punktlig import clock
from punktlig.receivables.actions.sending_runs import continue_sending_run
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.sending_run import RunState, SendingRun
from punktlig.tenancy.context import acting_for, acting_for_everyone


def continue_sending_runs() -> None:
    """Work off every run there is, the oldest first. Several at once share a run's parts between them."""
    with acting_for_everyone():
        under_way = SendingRun.objects.filter(state=RunState.SENDING)
        runs = list(under_way.order_by("started_at", "id").values_list("company_id", "id"))
    for company_id, run_id in runs:
        more = True
        with working_for(company_id):
            while more:
                with acting_for(company_id):
                    more = continue_sending_run(company_id, run_id, today=clock.today(), at=clock.now())
