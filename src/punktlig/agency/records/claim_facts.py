"""The facts of a claim as the rules ask for them, made again from the bytes it was handed over with.

When it is handed over they are made from the message that was read and judged field by field (`facts_of`). The daily
round makes them from the same bytes without judging them again (`stored_facts`), in half of the time. A test holds both
to the same facts.
"""

from __future__ import annotations

import logging
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic_core import from_json

from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.money import Money
from punktlig.core.parties import SWEDEN, DebtorKind
from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.debtor_address import DebtorAddress
    from punktlig.core.formatting import Language
    from punktlig.exchange.messages import Address, ClaimSubmission, SubmittedDebtor, SubmittedInvoice

log = logging.getLogger(__name__)


def facts_of(
    submission: ClaimSubmission, creditor: Creditor, today: date, later: Iterable[PartPayment] = ()
) -> ReminderFacts:
    """Return what a reminder dated `today` would be decided from.

    Payments and credit notes lower the principal from their day alike: those told with the handover, and the `later`
    ones that came as commands.
    """
    invoice, terms = submission.invoice, submission.terms
    told = [
        PartPayment(payment.day, payment.amount, payment.kind == "credit_note")
        for payment in submission.payments
        if payment.amount.ore > 0
    ]
    return ReminderFacts(
        invoice=_invoice(invoice, submission.debtor, creditor),
        today=today,
        terms=Terms(
            start=Start(terms.start),
            demand_sent=terms.demand_sent,
            warned_of_interest=terms.warned_of_interest,
            reminder_fee_agreed_since=terms.reminder_fee_agreed_since,
            claims_compensation=terms.claims_compensation,
            charges_consumers_abroad=terms.charges_consumers_abroad,
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


@plain_value()
class StoredFacts:
    """The facts of a claim's reminder, and what its letter needs besides: fields of `ClaimSubmission`."""

    reminder: ReminderFacts
    debt_text: str
    language: Language
    email: str


def stored_facts(
    body: bytes,
    creditor: Creditor,
    today: date,
    *,
    later: Iterable[PartPayment] = (),
    addresses: Sequence[DebtorAddress] = (),
    without: Collection[UUID] = (),
) -> StoredFacts:
    """Return what `facts_of` does of the message whose bytes were accepted, with the newest of the addresses given.

    `without` are payments of the handover that have been taken back since, by id: they have never counted.
    """
    told = from_json(body)
    invoice, debtor, terms = told["invoice"], told["debtor"], told["terms"]
    share, kind = invoice.get("customer_share"), debtor.get("kind")
    payments = [
        PartPayment(date.fromisoformat(each["day"]), Money.told(each["amount"]), each["kind"] == "credit_note")
        for each in told.get("payments", ())
        if not (without and each["kind"] == "payment" and UUID(each["id"]) in without)
    ]
    facts = ReminderFacts(
        invoice=_stored_invoice(invoice, debtor, creditor, addresses),
        today=today,
        terms=Terms(
            start=Start(terms["start"]),
            demand_sent=_day(terms.get("demand_sent")),
            warned_of_interest=terms.get("warned_of_interest", False),
            reminder_fee_agreed_since=_day(terms.get("reminder_fee_agreed_since")),
            claims_compensation=terms.get("claims_compensation", False),
            charges_consumers_abroad=terms.get("charges_consumers_abroad", False),
        ),
        debtor_kind=DebtorKind(kind) if kind else None,
        payments=(*payments, *later),
        customer_share=Money.told(share) if share is not None else None,
        customer_share_confirmed=invoice.get("customer_share_confirmed", False),
        identity_is_protected=debtor.get("identity_is_protected", False),
    )
    # A letter to an address that somebody has found goes there by post.
    email = "" if addresses else debtor.get("email", "")
    return StoredFacts(facts, told.get("debt_text", ""), debtor.get("language", "sv"), email)


def ids_told_with(body: bytes) -> frozenset[UUID]:
    """Return the ids of the payments and credit notes that came with the handover whose bytes these are."""
    return frozenset(UUID(each["id"]) for each in from_json(body).get("payments", ()))


def can_be_read(claim: Claim, creditor: Creditor) -> bool:
    """Tell whether the claim's facts can still be made from what it was accepted from; if not, the log says why."""
    try:
        facts = stored_facts(bytes(claim.submission), creditor, claim.received_day).reminder
        _ = facts.due, facts.debtor
    except Exception:
        log.exception("claim %s can no longer be read", claim.number)
        return False
    return True


def stored_address(body: bytes, addresses: Sequence[DebtorAddress] = ()) -> PostalAddress:
    """Return where the debtor is reached, by the message whose bytes were accepted or the newest of the addresses."""
    return _address(addresses[-1].as_told()) if addresses else _stored_address(from_json(body)["debtor"]["address"])


def _stored_invoice(
    invoice: Mapping[str, Any], debtor: Mapping[str, Any], creditor: Creditor, addresses: Sequence[DebtorAddress]
) -> Invoice:
    deduction = invoice.get("deduction")
    return Invoice(
        number=invoice["number"],
        kind=DocumentKind.INVOICE,
        currency=invoice["currency"],
        seller=InvoiceParty(name=creditor.name, identity_number=creditor.organisation_number),
        buyer=InvoiceParty(
            name=debtor["name"],
            identity_number=debtor.get("identity_number", ""),
            vat_number=debtor.get("vat_number", ""),
            email="" if addresses else debtor.get("email", ""),
            address=_address(addresses[-1].as_told()) if addresses else _stored_address(debtor["address"]),
        ),
        issue_date=_day(invoice.get("issue_date")),
        due_date=_day(invoice.get("due_date")),
        payable=Decimal(invoice["payable"]),
        total=_number(invoice.get("total")),
        prepaid=_number(invoice.get("prepaid")),
        tax=_number(invoice.get("tax")),
        lines=tuple(
            InvoiceLine(
                text=line["text"],
                quantity=_number(line.get("quantity")),
                unit=line.get("unit", ""),
                amount=_number(line.get("amount")),
                period_start=_day(line.get("period_start")),
                period_end=_day(line.get("period_end")),
            )
            for line in invoice.get("lines", ())
        ),
        deduction=DeductionKind(deduction) if deduction else None,
    )


def _stored_address(address: Mapping[str, Any]) -> PostalAddress:
    return PostalAddress(
        lines=tuple(address.get("lines", ())),
        postcode=address.get("postcode", ""),
        town=address.get("town", ""),
        country=address.get("country", SWEDEN),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
