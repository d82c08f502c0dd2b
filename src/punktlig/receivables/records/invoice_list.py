"""What the invoice list tells around its rows, in one message to the database. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.receivables.records.late_messages import Silences, read_silences, silence_statement
from punktlig.receivables.records.sending_facts import Basis, basis_statements, read_basis
from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True)
class Surroundings:
    """What the rows are judged by, what the agency does not answer, and whether there are more than so many rows."""

    basis: Basis
    late: Silences
    is_large: bool


def surroundings_of(company_id: UUID, *, large: int, today: date, at: datetime) -> Surroundings:
    """Return what stands around the list of a company; it is large with more than `large` invoices."""
    *of_basis, late, beyond = run_together(
        *basis_statements(company_id, today=today),
        silence_statement(company_id, at=at),
        ("SELECT 1 FROM receivables_invoice WHERE company_id = %s LIMIT 1 OFFSET %s", [company_id, large]),
    )
    return Surroundings(read_basis(of_basis, today=today), read_silences(late), is_large=bool(beyond.rows))
