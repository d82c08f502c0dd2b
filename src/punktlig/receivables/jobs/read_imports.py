"""Reads the files that have been given to the ledger, company by company, until none waits."""

from __future__ import annotations

from punktlig import clock
from punktlig.receivables.actions.imports import read_next_files
from punktlig.receivables.jobs.each_company import working_for
from punktlig.receivables.records.imports import ImportRun
from punktlig.tenancy.context import acting_for, acting_for_everyone


def read_imports() -> None:
    """Read every file that waits. May run twice at once: one company's chunks wait for each other."""
    with acting_for_everyone():
        companies = list(
            ImportRun.objects.filter(finished_at__isnull=True)
            .order_by("company_id")
            .values_list("company_id", flat=True)
            .distinct()
        )
    for company_id in companies:
        more = True
        with working_for(company_id):
            while more:
                with acting_for(company_id):
                    more = read_next_files(company_id, today=clock.today(), at=clock.now())
