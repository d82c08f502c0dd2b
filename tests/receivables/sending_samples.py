"""Companies and invoices to hand over in tests. People and companies are invented; numbers are meant for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from punktlig.receivables.records.models import (
    Activation,
    Company,
    CreditNote,
    Customer,
    Invoice,
    InvoiceLine,
    Member,
    Payment,
    Role,
    TermsVersion,
)
from punktlig.receivables.records.sending_facts import prepare
from punktlig.receivables.records.sending_versions import shown_of
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

# A Wednesday; the day after is a bank day.
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
ISSUED = date(2026, 9, 15)
DUE = date(2026, 10, 15)


def make_company(name: str = "Lillsjöns Snickeri AB") -> Company:
    return Company.objects.create(
        name=name,
        organisation_number="559012-3450",
        street="Hyvelgatan 4",
        postcode="123 45",
        town="Lillsjön",
        email="faktura@lillsjon.example",
        bankgiro="5050-1055",
    )


def make_user(company: Company, role: Role = Role.SALES) -> User:
    user = User.objects.create_user(f"{uuid4().hex[:10]}@lillsjon.example", name="Maja Lind")
    Member.objects.create(company=company, user=user, role=role)
    return user


def make_terms(version: str = "2026-11", valid_from: date = date(2026, 11, 1)) -> TermsVersion:
    return TermsVersion.objects.get_or_create(version=version, defaults={"valid_from": valid_from, "sha256": "0" * 64})[
        0
    ]


def make_activation(company: Company, user: User, **changes: Any) -> Activation:
    facts: dict[str, Any] = {
        "company": company,
        "state": "active",
        "contact_name": "Maja Lind",
        "contact_email": "maja@lillsjon.example",
        "account_kind": "bankgiro",
        "account_number": "5050-1055",
        "debt_text": "snickeriarbete",
        "reminder_fee_agreed_since": date(2024, 1, 1),
        "due_date_agreed_since": date(2024, 1, 1),
        "terms": make_terms(),
        "accepted_at": NOW,
        "accepted_by": user,
        "body": b"{}",
        "sha256": "0" * 64,
        "next_try_at": NOW,
    }
    return Activation.objects.create(**facts | changes)


def make_customer(company: Company, **changes: Any) -> Customer:
    facts: dict[str, Any] = {
        "company": company,
        "number": uuid4().hex[:8],
        "name": "Anna Ek",
        "kind": "consumer",
        "street": "Björkvägen 7",
        "postcode": "123 46",
        "town": "Lillsjön",
        "email": "anna.ek@example.com",
    }
    return Customer.objects.create(**facts | changes)


def make_invoice(
    company: Company, customer: Customer | None = None, *, payable_ore: int = 120_000, **changes: Any
) -> Invoice:
    facts: dict[str, Any] = {
        "company": company,
        "customer": customer or make_customer(company),
        "number": f"F-{uuid4().hex[:8]}",
        "issue_date": ISSUED,
        "due_date": DUE,
        "total_ore": payable_ore,
        "payable_ore": payable_ore,
        "remaining_ore": payable_ore,
    }
    invoice = Invoice.objects.create(**facts | changes)
    InvoiceLine.objects.create(
        company=company, invoice=invoice, position=1, text="Byte av hängrännor", quantity=2, unit="st",
        amount_ore=96_000,
    )  # fmt: skip
    return invoice


def pay(invoice: Invoice, amount_ore: int, day: date = TODAY - timedelta(days=10)) -> Payment:
    payment = Payment.objects.create(
        company=invoice.company, invoice=invoice, day=day, amount_ore=amount_ore, recorded_at=NOW
    )
    invoice.paid_ore += amount_ore
    invoice.remaining_ore -= amount_ore
    invoice.save()
    return payment


def credit(invoice: Invoice, amount_ore: int, day: date = TODAY - timedelta(days=5)) -> CreditNote:
    note = CreditNote.objects.create(
        company=invoice.company, invoice=invoice, number=f"K-{uuid4().hex[:6]}", day=day, amount_ore=amount_ore,
        recorded_at=NOW,
    )  # fmt: skip
    invoice.credited_ore += amount_ore
    invoice.remaining_ore -= amount_ore
    invoice.save()
    return note


def shown_for(company_id: UUID, invoice_ids: Sequence[UUID], today: date = TODAY) -> str:
    """Return what the preview of these invoices would have put into the confirmation."""
    found = prepare(company_id, invoice_ids, today=today)
    return shown_of(((one.version, one.may_be_sent) for one in found), today=today)
