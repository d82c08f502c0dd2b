"""The facts of a claim as the rules ask for them, made again from the bytes it was handed over with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.parties import DebtorKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from punktlig.agency.records.creditor import Creditor
    from punktlig.core.money import Money
    from punktlig.exchange.messages import Address, ClaimSubmission, SubmittedDebtor, SubmittedInvoice


def facts_of(
    submission: ClaimSubmission, creditor: Creditor, today: date, later: Iterable[PartPayment] = ()
) -> ReminderFacts:
    """Return what a reminder dated `today` would be decided from.

    Payments and credit notes lower the principal from their day alike: those told with the handover, and the `later`
    ones that came as commands.
    """
    invoice, terms = submission.invoice, submission.terms
    told = [PartPayment(payment.day, payment.amount) for payment in submission.payments if payment.amount.ore > 0]
    return ReminderFacts(
        invoice=_invoice(invoice, submission.debtor, creditor),
        today=today,
        terms=Terms(
            start=Start(terms.start),
            demand_sent=terms.demand_sent,
            warned_of_interest=terms.warned_of_interest,
            reminder_fee_agreed_since=terms.reminder_fee_agreed_since,
            claims_compensation=terms.claims_compensation,
        ),
        debtor_kind=DebtorKind(submission.debtor.kind) if submission.debtor.kind else None,
        payments=(*told, *later),
        customer_share=invoice.customer_share,
        customer_share_confirmed=invoice.customer_share_confirmed,
        identity_is_protected=submission.debtor.identity_is_protected,
    )


def _invoice(invoice: SubmittedInvoice, debtor: SubmittedDebtor, creditor: Creditor) -> Invoice:
    return Invoice(
        number=invoice.number,
        kind=DocumentKind.INVOICE,
        currency=invoice.currency,
        seller=InvoiceParty(name=creditor.name, identity_number=creditor.organisation_number),
        buyer=InvoiceParty(
            name=debtor.name,
            identity_number=debtor.identity_number,
            vat_number=debtor.vat_number,
            email=debtor.email,
            address=_address(debtor.address),
        ),
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        payable=invoice.payable.as_decimal(),
        total=_decimal(invoice.total),
        prepaid=_decimal(invoice.prepaid),
        tax=_decimal(invoice.tax),
        lines=tuple(
            InvoiceLine(
                text=line.text,
                quantity=Decimal(line.quantity) if line.quantity is not None else None,
                unit=line.unit,
                amount=_decimal(line.amount),
                period_start=line.period_start,
                period_end=line.period_end,
            )
            for line in invoice.lines
        ),
        deduction=DeductionKind(invoice.deduction) if invoice.deduction else None,
    )


def _address(address: Address) -> PostalAddress:
    return PostalAddress(lines=address.lines, postcode=address.postcode, town=address.town, country=address.country)


def _decimal(amount: Money | None) -> Decimal | None:
    return amount.as_decimal() if amount is not None else None
