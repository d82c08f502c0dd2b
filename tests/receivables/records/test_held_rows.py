"""What is written with every handover belongs to an invoice of its company, which stays."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from punktlig.receivables.records.models import Company, Handover, HistoryLine, Invoice
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, make_company, make_invoice, make_user
from tests.tenancy.held_rows import copy_of, refusing, run

pytestmark = pytest.mark.django_db

TABLES = {
    "receivables_handover": {"state": "refused"},
    "receivables_history_line": {},
}


@pytest.fixture(autouse=True)
def invoice(company: Company) -> Invoice:
    """Return an invoice with a row of each table."""
    invoice = make_invoice(company)
    Handover.objects.create(
        company=company, invoice=invoice, body=b"{}", sha256="ab" * 32, created_at=NOW,
        created_by=make_user(company), next_try_at=NOW,
    )  # fmt: skip
    HistoryLine.objects.create(company=company, invoice=invoice, at=NOW, actor="Maja Lind", code="invoice_entered")
    return invoice


def elsewhere() -> UUID:
    """Return the id of another company's invoice."""
    other = make_company("Ekvikens Måleri AB")
    with acting_for(other.id):
        return make_invoice(other).id


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_no_invoice_is_refused_by_the_name_of_its_reference(table: str) -> None:
    assert refusing(*copy_of(table, "invoice_id", [uuid4()], **TABLES[table])) == f"{table}_invoice_of_tenant"


@pytest.mark.parametrize("table", TABLES)
def test_one_row_of_another_companys_is_refused_with_all_of_its_statement(invoice: Invoice, table: str) -> None:
    added = copy_of(table, "invoice_id", [invoice.id, elsewhere()], **TABLES[table])
    assert refusing(*added) == f"{table}_invoice_of_tenant"


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_ones_own_are_added_however_many(invoice: Invoice, table: str) -> None:
    assert run(*copy_of(table, "invoice_id", [invoice.id] * 200, **TABLES[table])) == 200


@pytest.mark.parametrize(
    ("statement", "refused_by"),
    [
        ("DELETE FROM receivables_invoice WHERE id = %s", "receivables_invoice_stays"),
        ("UPDATE receivables_invoice SET id = gen_random_uuid() WHERE id = %s", "receivables_invoice_key_stays"),
        (
            "UPDATE receivables_handover SET invoice_id = gen_random_uuid() WHERE invoice_id = %s",
            "receivables_handover_invoice_stays",
        ),
    ],
)
def test_an_invoice_stays_with_what_belongs_to_it(invoice: Invoice, statement: str, refused_by: str) -> None:
    assert refusing(statement, [invoice.id]) == refused_by


def test_an_invoice_is_saved_with_all_of_its_columns(invoice: Invoice) -> None:
    invoice.save()
    Handover.objects.get(invoice=invoice).save()
