"""The stage that the lists' indexes have: the state's own, and kept through every event of a claim under way."""

from __future__ import annotations

import pytest
from django.db import connection

from punktlig.receivables.records.invoice import LIVE_AT_AGENCY, MAY_BE_SENT, AgencyStage, AgencyState
from punktlig.receivables.records.models import Invoice
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import TODAY, make_company, make_invoice

pytestmark = pytest.mark.django_db

# What the agency's events change of an invoice.
CHANGED_BY_EVENTS = {
    "agency_state",
    "claim_number",
    "claim_url",
    "claim_sequence",
    "claim_balance_ore",
    "claim_balance_day",
    "next_event",
    "next_event_day",
}


def _stage_of(state: AgencyState) -> AgencyStage:
    if state.may_be_sent:
        return AgencyStage.REFUSED if state else AgencyStage.HERE
    return AgencyStage.LIVE if state.is_live else AgencyStage.DONE


@pytest.mark.parametrize("state", AgencyState)
def test_the_database_keeps_the_stage_of_the_state(state: AgencyState) -> None:
    company = make_company()
    with acting_for(company.id):
        invoice = make_invoice(company, agency_state=state.value)
        kept = Invoice.objects.get(id=invoice.id)
        assert kept.agency_stage == _stage_of(state)
        assert Invoice.objects.filter(MAY_BE_SENT).exists() == state.may_be_sent
        assert Invoice.objects.filter(LIVE_AT_AGENCY).exists() == state.is_live


def test_no_index_has_a_column_that_an_event_changes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'receivables_invoice'::regclass"
        )
        definitions = [definition for (definition,) in cursor.fetchall()]
    found = [each for each in definitions if any(column in each for column in CHANGED_BY_EVENTS)]
    assert definitions
    assert found == []


@pytest.mark.parametrize(
    ("condition", "order", "index"),
    [
        (
            f"agency_stage IN ('here', 'refused') AND remaining_ore > 0 AND due_date <= '{TODAY}'",
            "due_date, id",
            "to_send",
        ),
        ("agency_stage = 'live'", "due_date, id", "live_by_due"),
        ("agency_stage = 'live'", "sent_at DESC, id DESC", "at_agency"),
        ("agency_stage IN ('refused', 'live') AND agency_state = 'refused'", "sent_at, id", "at_agency"),
    ],
)
def test_what_is_sent_or_waits_to_be_is_a_range_of_an_index(condition: str, order: str, index: str) -> None:
    company = make_company()
    with acting_for(company.id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM receivables_invoice WHERE company_id = %s AND {condition} "  # noqa: S608 - the cases above
            f"ORDER BY {order} LIMIT 4",
            [company.id],
        )
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    assert f"invoice_{index}" in plan
    assert "Sort" not in plan
