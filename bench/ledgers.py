"""Ledgers to measure with, put into the receivables database by COPY: companies, customers, invoices, payments.

Invoices are those of `bench.letter_cases`, each with a customer of its own. The same numbers give the same ledger in
every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bench import letter_cases
from punktlig.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import psycopg

    from punktlig.core.facts import ReminderFacts

_IDS = UUID("5f1d1c3e-6f0c-4f0e-9a53-0d6a1b7f2c11")
CUSTOMER_COLUMNS = (
    "id", "company_id", "number", "name", "kind", "identity_number", "vat_number", "street", "postcode", "town",
    "country", "email", "telephone", "language", "identity_is_protected", "created_at",
)  # fmt: skip
INVOICE_COLUMNS = (
    "id", "company_id", "customer_id", "number", "currency", "issue_date", "due_date", "total_ore", "tax_ore",
    "prepaid_ore", "payable_ore", "deduction", "share_is_confirmed", "payment_reference", "buyer_reference", "notes",
    "source_format", "source_sha256", "created_at", "paid_ore", "credited_ore", "remaining_ore", "agency_state",
    "sent_at", "claim_number", "claim_url", "claim_sequence", "next_event", "refusal_code", "refusal_facts",
)  # fmt: skip
_LINE = ("id", "company_id", "invoice_id", "position", "text", "quantity", "unit", "amount_ore")
PAYMENT_COLUMNS = ("id", "company_id", "invoice_id", "day", "amount_ore", "note", "by_agency", "recorded_at")


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """What differs between invoices; all else is the same for each."""

    id: UUID
    customer_id: UUID
    number: str
    facts: ReminderFacts


def key(*parts: object) -> UUID:
    """Return the id of what these words name, the same in every run."""
    return uuid5(_IDS, " ".join(map(str, parts)))


def fill_with_cases(
    database: psycopg.Connection, company_id: UUID, numbers: Sequence[int], *, at: datetime
) -> list[UUID]:
    """Add the invoices of these cases, with their customers, lines and payments; return the invoices' ids in order."""
    cases = [
        InvoiceRow(
            id=key(company_id, "invoice", number),
            customer_id=key(company_id, "customer", number),
            number=str(20_000 + number),
            facts=letter_cases.reminder_facts(number),
        )
        for number in numbers
    ]
    with database.transaction():
        copy_rows(
            database, "receivables_customer", CUSTOMER_COLUMNS, (_customer(company_id, case, at) for case in cases)
        )
        copy_rows(database, "receivables_invoice", INVOICE_COLUMNS, (_invoice(company_id, case, at) for case in cases))
        copy_rows(
            database, "receivables_invoice_line", _LINE, (row for case in cases for row in _lines(company_id, case))
        )
    for table in ("customer", "invoice", "invoice_line", "payment"):
        # As the server does by itself a minute later.
        database.execute(f"ANALYZE receivables_{table}".encode())
    return [case.id for case in cases]


def _customer(company_id: UUID, case: InvoiceRow, at: datetime) -> tuple[object, ...]:
    buyer, kind = case.facts.invoice.buyer, case.facts.debtor_kind
    address = buyer.address
    return (
        case.customer_id, company_id, f"K{case.number}", buyer.name, kind.value if kind else "", "", "",
        "\n".join(address.lines), address.postcode, address.town, address.country, "", "",
        "en" if case.facts.debtor.is_abroad else "sv", False, at,
    )  # fmt: skip


def _invoice(company_id: UUID, case: InvoiceRow, at: datetime) -> tuple[object, ...]:
    invoice = case.facts.invoice
    assert invoice.payable is not None
    payable = Money.of_decimal(invoice.payable).ore
    paid = sum(payment.amount.ore for payment in case.facts.payments)
    return (
        case.id, company_id, case.customer_id, case.number, "SEK", invoice.issue_date, invoice.due_date, payable,
        payable // 5, 0, payable, "", False, "", "", "", "", "", at, paid, 0, payable - paid, "", None,
        "", "", 0, "", "", "{}",
    )  # fmt: skip


def _lines(company_id: UUID, case: InvoiceRow) -> list[tuple[object, ...]]:
    return [
        (
            key(case.id, "line", position), company_id, case.id, position, line.text, line.quantity, line.unit,
            Money.of_decimal(line.amount).ore if line.amount is not None else None,
        )
        for position, line in enumerate(case.facts.invoice.lines)
    ]  # fmt: skip


def _payments(company_id: UUID, case: InvoiceRow, at: datetime) -> list[tuple[object, ...]]:
    return [
        (key(case.id, "payment", position), company_id, case.id, one.day, one.amount.ore, "", False, at)
        for position, one in enumerate(case.facts.payments)
    ]


def copy_rows(
    database: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    with database.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
