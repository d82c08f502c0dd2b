"""Whether an invoice may be reminded of today: every named no, and the order in which they are told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core import addressee, bank_days, deduction, limitation
from punktlig.core.charges import ChargesExcludeEachOther, CompensationNotFromConsumer, refuse_second
from punktlig.core.due import refuse_unless_overdue
from punktlig.core.facts import InvoiceDateMissing, ReminderFacts
from punktlig.core.invoice import DocumentKind
from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.fees import ChargeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from punktlig.core.money import Money

SWEDISH_KRONOR = "SEK"


@dataclass(eq=False)
class InvoiceIsCreditNote(Refusal):
    """The document is a credit note: it lowers a debt and is never one."""

    number: str
    corrected_invoice: str


@dataclass(eq=False)
class InvoiceIsSelfBilled(Refusal):
    """The customer made the invoice itself, so its number and its facts are the customer's; a person must look."""

    number: str


@dataclass(eq=False)
class DocumentIsNotAnInvoice(Refusal):
    """The document is of a type that asks for no payment of its own."""

    number: str


@dataclass(eq=False)
class CurrencyIsNotSek(Refusal):
    """The invoice is in another currency; fees and interest here are Swedish kronor only."""

    currency: str


@dataclass(eq=False)
class TotalIsNegative(Refusal):
    """The invoice owes the customer money."""

    total: Money


@dataclass(eq=False)
class NothingLeftToPay(Refusal):
    """Nothing remains of the invoice after what was paid; `payable` is the customer's own share of it."""

    payable: Money
    paid: Money


@dataclass(eq=False)
class PayeeIsAnother(Refusal):
    """The invoice is to be paid to somebody else than the seller, so the claim may no longer be the seller's."""

    seller: str
    payee: str


@dataclass(eq=False)
class InvoiceDateAhead(Refusal):
    """The invoice is dated after the letter."""

    invoice_date: date
    today: date


@dataclass(eq=False)
class DueDateBeforeInvoice(Refusal):
    """The due date lies before the invoice's own date."""

    due_date: date
    invoice_date: date


@dataclass(eq=False)
class PaymentAhead(Refusal):
    """A payment is dated after the letter."""

    payment_date: date
    today: date


@dataclass(eq=False)
class PaymentsNotBookedYet(Refusal):
    """The payments are known through an earlier day only, so the invoice may be paid already."""

    booked_through: date
    needed_through: date


def refuse_unless_eligible(facts: ReminderFacts) -> None:
    """Raise the first refusal that applies."""
    for check in _CHECKS:
        check(facts)


def obstacles(facts: ReminderFacts) -> tuple[Refusal, ...]:
    """Return every refusal that applies, so that all can be mended at once."""
    return _found(_CHECKS, facts)


def obstacles_of_time(facts: ReminderFacts) -> tuple[Refusal, ...]:
    """Return every refusal that applies to facts that had none on an earlier day: what time alone may bring."""
    return _found(_CHECKS_OF_TIME, facts)


def _found(checks: Iterable[Callable[[ReminderFacts], None]], facts: ReminderFacts) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    for check in checks:
        try:
            check(facts)
        except Refusal as refusal:
            # One missing fact may stop several checks; it is told once.
            if not any(type(earlier) is type(refusal) for earlier in found):
                found.append(refusal)
    return tuple(found)


def _check_document(facts: ReminderFacts) -> None:
    invoice = facts.invoice
    match invoice.kind:
        case DocumentKind.INVOICE:
            return
        case DocumentKind.CREDIT_NOTE:
            raise InvoiceIsCreditNote(invoice.number, invoice.corrected_invoice)
        case DocumentKind.SELF_BILLED:
            raise InvoiceIsSelfBilled(invoice.number)
        case DocumentKind.OTHER:
            raise DocumentIsNotAnInvoice(invoice.number)


def _check_currency(facts: ReminderFacts) -> None:
    if facts.invoice.currency != SWEDISH_KRONOR:
        raise CurrencyIsNotSek(facts.invoice.currency)


def _check_amount(facts: ReminderFacts) -> None:
    payable = facts.payable
    if payable.ore < 0:
        raise TotalIsNegative(payable)
    paid = facts.paid
    share = facts.customer_share
    if share is not None and not _is_part_of(share, payable):
        # What is wrong then is the share, and _check_share says so.
        return
    if facts.owed.ore <= paid.ore:
        raise NothingLeftToPay(facts.owed, paid)


def _check_payee(facts: ReminderFacts) -> None:
    seller, payee = facts.invoice.seller, facts.invoice.payee
    if payee is None:
        return
    number = _digits(payee.identity_number)
    same_number = number and number == _digits(seller.identity_number)
    if not same_number and payee.name.strip().casefold() != seller.name.strip().casefold():
        raise PayeeIsAnother(seller.name, payee.name)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _check_invoice_date(facts: ReminderFacts) -> None:
    issued = facts.invoice.issue_date
    if issued is None:
        raise InvoiceDateMissing
    if issued > facts.today:
        raise InvoiceDateAhead(issued, facts.today)


def _check_due_date(facts: ReminderFacts) -> None:
    issued, written = facts.invoice.issue_date, facts.terms.due_date or facts.invoice.due_date
    if issued is not None and written is not None and written < issued:
        raise DueDateBeforeInvoice(written, issued)


def _check_due(facts: ReminderFacts) -> None:
    refuse_unless_overdue(facts.due, facts.today)


def _check_payments(facts: ReminderFacts) -> None:
    for payment in facts.payments:
        if payment.day > facts.today:
            raise PaymentAhead(payment.day, facts.today)


def _check_payments_booked(facts: ReminderFacts) -> None:
    if facts.payments_booked_through is None:
        return
    # A payment booked the day before the letter takes the fee away (NJA 1988 s. 312), so that day must be known.
    needed = bank_days.before(facts.today)
    if facts.payments_booked_through < needed:
        raise PaymentsNotBookedYet(facts.payments_booked_through, needed)


def _check_debtor(facts: ReminderFacts) -> None:
    debtor = facts.debtor
    if facts.terms.claims_compensation and debtor.kind is DebtorKind.CONSUMER:
        raise CompensationNotFromConsumer(debtor.name)


def _check_charges(facts: ReminderFacts) -> None:
    if facts.terms.claims_compensation and facts.terms.reminder_fee_agreed_since is not None:
        raise ChargesExcludeEachOther(ChargeKind.LATE_PAYMENT_COMPENSATION, ChargeKind.REMINDER_FEE)
    if facts.terms.asks_for_charge:
        refuse_second(facts.terms.charge_kind, facts.charges_made)


def _check_protection(facts: ReminderFacts) -> None:
    if facts.identity_is_protected:
        raise addressee.IdentityIsProtected


def _check_address(facts: ReminderFacts) -> None:
    _ = facts.postal_lines


def _check_limitation(facts: ReminderFacts) -> None:
    arose = facts.debt_arose
    if arose > facts.today:
        return
    # The debtor interrupts by paying; a credit note is the creditor's own doing (Limitation Act 1981:130 s. 5).
    interruptions = [payment.day for payment in facts.payments if not payment.is_credit_note]
    if facts.limitation_interrupted:
        interruptions.append(facts.limitation_interrupted)
    kind = facts.debtor.kind
    limitation.refuse_when_limited(arose, interruptions, facts.today, against_consumer=kind is DebtorKind.CONSUMER)


def _check_share(facts: ReminderFacts) -> None:
    kind, share = facts.invoice.deduction, facts.customer_share
    if share is not None and not _is_part_of(share, facts.payable):
        raise deduction.CustomerShareOutsideInvoice(share, facts.payable)
    if kind is not None and share is None:
        raise deduction.CustomerShareUnknown(kind)


def _is_part_of(share: Money, payable: Money) -> bool:
    return 0 < share.ore <= payable.ore


def _check_share_unchanged(facts: ReminderFacts) -> None:
    kind, issued = facts.invoice.deduction, facts.invoice.issue_date
    if kind is None or facts.customer_share is None or facts.customer_share_confirmed or issued is None:
        return
    paid = (payment.day for payment in facts.payments if not payment.is_credit_note)
    paid_on = (*paid, facts.today, facts.last_day_to_pay)
    deduction.refuse_changed_share(kind, issued, paid_on)


_CHECKS = (
    _check_document,
    _check_currency,
    _check_amount,
    _check_payee,
    _check_invoice_date,
    _check_due_date,
    _check_due,
    _check_payments,
    _check_payments_booked,
    _check_debtor,
    _check_protection,
    _check_address,
    _check_limitation,
    _check_share,
    _check_share_unchanged,
    _check_charges,
)

# The others look at no day, or ask for one that has come, which stays so.
_CHECKS_OF_TIME = (_check_payments_booked, _check_debtor, _check_limitation, _check_share_unchanged)
