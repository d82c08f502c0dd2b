"""The message that hands an invoice over, made from the facts that were judged. Nothing is decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from punktlig.core.money import Money
from punktlig.exchange.messages import (
    Address,
    ClaimSubmission,
    Language,
    SubmittedDebtor,
    SubmittedInvoice,
    SubmittedLine,
    SubmittedPayment,
    SubmittedTerms,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from punktlig.core.facts import ReminderFacts, Terms
    from punktlig.core.invoice import InvoiceParty
    from punktlig.core.parties import DebtorKind

# What `exchange.messages` holds at most.
MOST_LINES = 500
MOST_PAYMENTS = 200
MOST_ADDRESS_LINES = 6
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Booked:
    """A payment or a credit note registered on the invoice; its id is the one the agency gets to see."""

    id: UUID
    kind: Literal["payment", "credit_note"]
    day: date
    amount_ore: int


def submission_of(
    facts: ReminderFacts,
    *,
    handover_id: UUID,
    company_id: UUID,
    invoice_id: UUID,
    booked: Sequence[Booked],
    debt_text: str,
    language: Language,
) -> ClaimSubmission:
    """Return the message; only for facts that no rule refuses."""
    return ClaimSubmission(
        handover_id=handover_id,
        company_id=company_id,
        invoice_id=invoice_id,
        invoice=_submitted_invoice(facts),
        debtor=submitted_debtor(
            facts.invoice.buyer,
            facts.debtor_kind,
            language=language,
            identity_is_protected=facts.identity_is_protected,
        ),
        terms=_submitted_terms(facts.terms),
        payments=tuple(
            SubmittedPayment(id=one.id, kind=one.kind, day=one.day, amount=Money(one.amount_ore)) for one in booked
        ),
        debt_text=_plain(debt_text),
    )


def _submitted_invoice(facts: ReminderFacts) -> SubmittedInvoice:
    invoice = facts.invoice
    return SubmittedInvoice(
        number=_plain(invoice.number),
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        currency=invoice.currency,
        payable=facts.payable,
        total=_money(invoice.total),
        prepaid=_money(invoice.prepaid),
        tax=_money(invoice.tax),
        lines=tuple(
            SubmittedLine(
                text=_plain(line.text),
                quantity=f"{line.quantity:f}" if line.quantity is not None else None,
                unit=_plain(line.unit),
                amount=_money(line.amount),
                period_start=line.period_start,
                period_end=line.period_end,
            )
            for line in invoice.lines
        ),
        deduction=invoice.deduction.value if invoice.deduction else None,
        customer_share=facts.customer_share,
        customer_share_confirmed=facts.customer_share_confirmed,
    )


def submitted_debtor(
    buyer: InvoiceParty, kind: DebtorKind | None, *, language: Language, identity_is_protected: bool
) -> SubmittedDebtor:
    """Return who owes the debt, as the agency gets to know it; only for a buyer that no rule refuses."""
    lines = [_plain(line) for line in buyer.address.lines]
    if len(lines) > MOST_ADDRESS_LINES:
        lines = [*lines[: MOST_ADDRESS_LINES - 1], ", ".join(lines[MOST_ADDRESS_LINES - 1 :])]
    return SubmittedDebtor(
        name=_plain(buyer.name),
        kind=kind.value if kind else None,
        identity_number=_plain(buyer.identity_number),
        vat_number=_plain(buyer.vat_number),
        address=Address(
            lines=tuple(lines),
            postcode=_plain(buyer.address.postcode),
            town=_plain(buyer.address.town),
            country=buyer.address.country,
        ),
        email=_plain(buyer.email),
        language=language,
        identity_is_protected=identity_is_protected,
    )


def _submitted_terms(terms: Terms) -> SubmittedTerms:
    return SubmittedTerms(
        start=terms.start.value,
        demand_sent=terms.demand_sent,
        warned_of_interest=terms.warned_of_interest,
        reminder_fee_agreed_since=terms.reminder_fee_agreed_since,
        claims_compensation=terms.claims_compensation,
    )


def _money(amount: Decimal | None) -> Money | None:
    return Money.of_decimal(amount) if amount is not None else None


def _plain(text: str) -> str:
    """Return the text without control characters, which no message carries and no letter prints."""
    return _CONTROLS.sub(" ", text)
