"""A page of the invoice list, and what is told around its rows. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.customer_queries import customers_statement
from punktlig.receivables.records.invoice_queries import invoice_page
from punktlig.receivables.records.late_messages import Silences, read_silences, silence_statement
from punktlig.receivables.records.sending_facts import Basis, basis_statements, read_basis
from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.receivables.records.invoice import Invoice
    from punktlig.receivables.records.invoice_queries import Choice
    from punktlig.receivables.records.keyset_paging import Page


@dataclass(frozen=True)
class Listed:
    """The page with its customers, what its rows are judged by, and what the agency does not answer.

    `is_large`: the company has more than so many invoices, whatever is chosen.
    """

    page: Page[Invoice]
    basis: Basis
    late: Silences
    is_large: bool


def listed_invoices(
    company_id: UUID, choice: Choice, *, today: date, at: datetime, mark: str = "", large: int
) -> Listed:
    """Return the page that the mark names; all that is not its rows comes in one message."""
    page = invoice_page(company_id, choice, today=today, mark=mark)
    *of_basis, customers, late, beyond = run_together(
        *basis_statements(company_id, today=today),
        customers_statement(company_id, {invoice.customer_id for invoice in page.rows}),
        silence_statement(company_id, at=at),
        ("SELECT 1 FROM receivables_invoice WHERE company_id = %s LIMIT 1 OFFSET %s", [company_id, large]),
    )
    customer_of = {customer.id: customer for customer in customers.records(Customer)}
    for invoice in page.rows:
        invoice.customer = customer_of[invoice.customer_id]
    basis, silences = read_basis(of_basis, today=today), read_silences(late)
    return Listed(page, basis, silences, is_large=bool(beyond.rows))
