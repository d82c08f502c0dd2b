"""Ledgers of years: many invoices of one company, most of them paid, put into the receivables database by COPY.

Of a hundred invoices some eighty-five are paid; the others are not due yet, overdue, or at the agency. They are made
from their number alone, so that the same ledger comes out in every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from bench import letter_cases
from bench.ledgers import CUSTOMER_COLUMNS, INVOICE_COLUMNS, PAYMENT_COLUMNS, copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_YEARS_DAYS = 1_095
_DAYS_TO_PAY = 30
_SPREAD = 7_919  # a prime, so that what follows from the number does not repeat itself soon
_FIRST_NAMES = ("Anna", "Björn", "Cecilia", "David", "Elsa", "Åke", "Gustav", "Örjan", "Maria", "Göran", "Ida", "Nils")
_FAMILY_NAMES = ("Andersson", "Åkerström", "Öhman", "Nowak", "Ek", "Björklund", "Lindqvist", "Sandberg", "Holm")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A company's ledger to fill, up to `today`; `place` makes its ids different from those of other ledgers."""

    company_id: UUID
    place: int
    invoices: int
    customers: int
    today: date
    at: datetime


def fill(database: psycopg.Connection, ledger: Ledger, *, payments: bool = False) -> None:
    """Add the customers and invoices of the ledger, and with `payments` what was paid on them."""
    with database.transaction():
        copy_rows(database, "receivables_customer", CUSTOMER_COLUMNS, _customers(ledger))
        copy_rows(database, "receivables_invoice", INVOICE_COLUMNS, _invoices(ledger))
        if payments:
            copy_rows(database, "receivables_payment", PAYMENT_COLUMNS, _payments(ledger))


def customer_name(number: int) -> str:
    """Return the name of the customer with this number; the same names come again, as in life."""
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    family = _FAMILY_NAMES[number // len(_FIRST_NAMES) % len(_FAMILY_NAMES)]
    return f"{first} {family}" if number % 3 else f"{family}s {first} {number % 499} AB"


def invoice_number(number: int) -> str:
    """Return the number printed on the invoice."""
    return str(100_000 + number)


def _id(ledger: Ledger, table: int, number: int) -> UUID:
    # The halves are multiplied by odd numbers, so that neighbours in time are not neighbours in an index of ids.
    spread = number * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return UUID(int=spread << 64 | table << 56 | ledger.place << 32 | number)


def _customers(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    for number in range(ledger.customers):
        yield (
            _id(ledger, 1, number), ledger.company_id, str(1_000 + number), customer_name(number), "trader", "", "",
            f"Storgatan {number % 97 + 1}", "831 22", "Östersund", "SE", "", "", "sv", False, ledger.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    issued: date
    due: date
    ore: int
    paid_on: date | None
    agency_state: str


def _facts(ledger: Ledger, number: int) -> _Facts:
    age = (ledger.invoices - 1 - number) * _YEARS_DAYS // ledger.invoices
    issued = ledger.today - timedelta(days=age)
    due = issued + timedelta(days=_DAYS_TO_PAY)
    luck = number * _SPREAD % 100
    ore = 25_000 + number * 104_729 % 9_000_000
    paid_on = due - timedelta(days=number * 31 % 12) if luck < 85 else None
    if paid_on is not None and paid_on > ledger.today:
        paid_on = None
    overdue = paid_on is None and due < ledger.today
    return _Facts(issued, due, ore, paid_on, "reminder_sent" if overdue and luck >= 94 else "")


def _invoices(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    for number in range(ledger.invoices):
        facts = _facts(ledger, number)
        paid = facts.ore if facts.paid_on else 0
        at_agency = bool(facts.agency_state)
        yield (
            _id(ledger, 2, number), ledger.company_id, _id(ledger, 1, number * _SPREAD % ledger.customers),
            invoice_number(number), "SEK", facts.issued, facts.due, facts.ore, facts.ore // 5, 0, facts.ore, "", False,
            invoice_number(number), "", "", "", "", ledger.at, paid, 0, facts.ore - paid, facts.agency_state,
            datetime.combine(facts.due, ledger.at.timetz()) + timedelta(days=1) if at_agency else None,
            letter_cases.case_number(number) if at_agency else "", "", 3 if at_agency else 0, "", "", "{}",
        )  # fmt: skip


def _payments(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    for number in range(ledger.invoices):
        facts = _facts(ledger, number)
        if facts.paid_on:
            yield (
                _id(ledger, 3, number), ledger.company_id, _id(ledger, 2, number), facts.paid_on, facts.ore, "", False,
                ledger.at,
            )  # fmt: skip
