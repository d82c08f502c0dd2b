"""Platforms, creditors and submissions to test with. People and companies are invented; numbers are meant for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from punktlig.agency.records.models import Creditor, Platform
from punktlig.core.money import Money
from punktlig.exchange import messages
from punktlig.exchange.messages import (
    Account,
    Activation,
    Address,
    ClaimSubmission,
    SubmittedDebtor,
    SubmittedInvoice,
    SubmittedPayment,
    SubmittedTerms,
    body_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# A Wednesday; the day after is a bank day.
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def activation(company_id: UUID | None = None, **changes: Any) -> Activation:
    facts: dict[str, Any] = {
        "company_id": company_id or uuid4(),
        "name": "Lillsjöns Snickeri AB",
        "organisation_number": "559012-3450",
        "address": Address(lines=("Hyvelgatan 4",), postcode="123 45", town="Lillsjön"),
        "contact_name": "Maja Lind",
        "contact_email": "maja@lillsjon.example",
        "contact_telephone": "08-465 004 10",
        "account": Account(kind="bankgiro", number="5050-1055"),
        "terms_version": "2026-11",
        "accepted_by": "Maja Lind",
        "accepted_at": NOW,
    }
    return Activation(**facts | changes)


def make_platform(name: str = "Kundreskontran") -> Platform:
    return Platform.objects.create(name=name)


def make_creditor(platform: Platform | None = None, company_id: UUID | None = None) -> Creditor:
    message = activation(company_id)
    return Creditor.objects.create(
        platform=platform or make_platform(),
        company_id=message.company_id,
        name=message.name,
        organisation_number=message.organisation_number,
        contact_name=message.contact_name,
        contact_email=message.contact_email,
        contact_telephone=message.contact_telephone,
        account_kind=message.account.kind,
        account_number=message.account.number,
        terms_version=message.terms_version,
        activation=message.model_dump(mode="json"),
        activation_sha256=body_of(message).sha256,
        activated_at=NOW,
    )


def submission(
    company_id: UUID,
    *,
    handover_id: UUID | None = None,
    invoice_id: UUID | None = None,
    payable: str = "1200.00",
    due_date: date = TODAY - timedelta(days=30),
    payments: Sequence[tuple[date, str]] = (),
    told_before: Sequence[SubmittedPayment] = (),
    debtor: dict[str, Any] | None = None,
    terms: dict[str, Any] | None = None,
    **invoice: Any,
) -> ClaimSubmission:
    """An overdue invoice to a consumer, 1 200 kr, whose creditor may charge a reminder fee."""
    about_debtor: dict[str, Any] = {
        "name": "Anna Ek",
        "kind": "consumer",
        "address": Address(lines=("Björkvägen 7",), postcode="123 46", town="Lillsjön"),
        "email": "anna.ek@example.com",
    }
    about_terms: dict[str, Any] = {"start": "agreed", "reminder_fee_agreed_since": date(2024, 1, 1)}
    about_invoice: dict[str, Any] = {
        "number": f"F-{uuid4().hex[:8]}",
        "issue_date": due_date - timedelta(days=30),
        "due_date": due_date,
        "currency": "SEK",
        "payable": Money.parse(payable),
    }
    return ClaimSubmission(
        handover_id=handover_id or uuid4(),
        company_id=company_id,
        invoice_id=invoice_id or uuid4(),
        invoice=SubmittedInvoice(**about_invoice | invoice),
        debtor=SubmittedDebtor(**about_debtor | (debtor or {})),
        terms=SubmittedTerms(**about_terms | (terms or {})),
        payments=tuple(
            SubmittedPayment(id=uuid4(), kind="payment", day=day, amount=Money.parse(amount))
            for day, amount in payments
        )
        + tuple(told_before),
    )


def command(company_id: UUID, handover_id: UUID, amount: str, **changes: Any) -> messages.ClaimCommand:
    facts: dict[str, Any] = {
        "command_id": uuid4(),
        "company_id": company_id,
        "handover_id": handover_id,
        "kind": "payment",
        "day": TODAY,
        "amount": Money.parse(amount),
    }
    return messages.ClaimCommand(**facts | changes)
