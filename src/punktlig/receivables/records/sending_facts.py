"""What would be handed over of an invoice, and whether it may be.

A fixed number of queries for any number of invoices. Nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from punktlig.clock import STOCKHOLM
from punktlig.core import reminder, timetable
from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, InvoiceParty
from punktlig.core.invoice import Invoice as InvoiceFacts
from punktlig.core.invoice import InvoiceLine as LineFacts
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind, debtor_from
from punktlig.core.refusal import Refusal
from punktlig.receivables.records.activation import (
    LIVE_STATES,
    Activation,
    ActivationState,
    TermsVersion,
    TraderCharge,
)
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.handover_message import (
    MOST_LINES,
    MOST_PAYMENTS,
    Booked,
    submission_of,
)
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.reference_rates import known_rates
from punktlig.receivables.records.sending_refusals import (
    ActivationNotConfirmed,
    InvoiceAlreadySent,
    InvoiceTooLong,
    ReminderHandlingNotActivated,
    TermsHaveChanged,
)
from punktlig.tenancy.plain_reading import columns_of, run_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.core.late_rate import ReferenceRates
    from punktlig.exchange.messages import ClaimSubmission
    from punktlig.tenancy.plain_reading import Found, Statement


@dataclass(frozen=True)
class Basis:
    """What all invoices of a company are judged by today; `obstacles` are why it may send none at all."""

    company: Company
    activation: Activation | None
    obstacles: tuple[Refusal, ...]
    today: date
    rates: ReferenceRates

    @property
    def seller(self) -> InvoiceParty:
        """The company as the rules see the seller of an invoice."""
        own = self.company
        return InvoiceParty(name=own.name, identity_number=own.organisation_number, vat_number=own.vat_number)


@dataclass(frozen=True)
class Prepared:
    """An invoice as it would be handed over today, and every reason why it may not be.

    `facts` are judged for today; a preview of the letter moves them to `planned_day(today)`.
    """

    invoice: Invoice
    customer: Customer
    facts: ReminderFacts
    refusals: tuple[Refusal, ...]
    booked: tuple[Booked, ...]
    debt_text: str
    rates: ReferenceRates

    @property
    def may_be_sent(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.refusals

    @property
    def is_sent(self) -> bool:
        """Whether the invoice has been handed over already."""
        return not self.invoice.state.may_be_sent

    def submission(self, handover_id: UUID) -> ClaimSubmission:
        """Return the message that hands the invoice over; only for an invoice that may be sent."""
        assert not self.refusals  # noqa: S101 - the message's own rules hold only for what the rules let pass
        return submission_of(
            self.facts,
            handover_id=handover_id,
            company_id=self.invoice.company_id,
            invoice_id=self.invoice.id,
            booked=self.booked,
            debt_text=self.debt_text,
            language="en" if self.customer.language == "en" else "sv",
        )


def planned_day(today: date) -> date:
    """Return the day on which the agency issues the reminder of an invoice that is handed over today."""
    return timetable.reminder_day(today)


def live_activation(company_id: UUID) -> Activation | None:
    """Return the company's activation that is confirmed or waits for the agency, or None."""
    return Activation.objects.filter(company_id=company_id, state__in=LIVE_STATES).first()


def newest_terms(today: date) -> TermsVersion | None:
    """Return the version of the terms that applies on the day."""
    return TermsVersion.objects.filter(valid_from__lte=today).order_by("-valid_from", "-version").first()


def activation_obstacles(activation: Activation | None, *, today: date) -> tuple[Refusal, ...]:
    """Return why a company with this activation may send nothing at all; empty when it may."""
    return _obstacles(activation, newest_terms(today))


def _obstacles(activation: Activation | None, newest: TermsVersion | None) -> tuple[Refusal, ...]:
    if activation is None:
        return (ReminderHandlingNotActivated(),)
    if activation.state != ActivationState.ACTIVE:
        return (ActivationNotConfirmed(activation.accepted_at.astimezone(STOCKHOLM).date()),)
    if newest is not None and newest.version != activation.terms_id:
        return (TermsHaveChanged(activation.terms_id, newest.version),)
    return ()


def terms_of(
    issued: date | None,
    buyer: InvoiceParty,
    declared: DebtorKind | None,
    activation: Activation | None,
    *,
    today: date,
) -> Terms:
    """Return what the activation's answers mean for an invoice of a day: terms apply to debts that arose under them."""
    if activation is None:
        return Terms(start=Start.AFTER_DEMAND, demand_sent=issued)
    try:
        kind = debtor_from(buyer, declared, today=today).kind
    except Refusal:
        kind = DebtorKind.CONSUMER  # it is refused for that anyway
    is_consumer = kind is DebtorKind.CONSUMER
    charge = activation.trader_charge
    fee_is_asked = is_consumer or charge == TraderCharge.REMINDER_FEE
    agreed_since = activation.due_date_agreed_since
    is_agreed = agreed_since is not None and issued is not None and issued >= agreed_since
    return Terms(
        start=Start.AGREED_DUE_DATE if is_agreed else Start.AFTER_DEMAND,
        demand_sent=None if is_agreed else issued,
        warned_of_interest=activation.invoices_warn_of_interest,
        reminder_fee_agreed_since=activation.reminder_fee_agreed_since if fee_is_asked else None,
        claims_compensation=not is_consumer and charge == TraderCharge.COMPENSATION,
    )


def basis_of(company_id: UUID, *, today: date) -> Basis:
    """Return what the company's invoices are judged by today."""
    return read_basis(run_together(*basis_statements(company_id, today=today)), today=today)


def basis_statements(company_id: UUID, *, today: date) -> tuple[Statement, ...]:
    """Return what to ask for a basis, for whoever asks for more in the same message."""
    return (
        (_COMPANY, [company_id]),
        (_LIVE_ACTIVATION, [company_id, list(LIVE_STATES)]),
        (_NEWEST_TERMS, [today]),
    )


def read_basis(found: Sequence[Found], *, today: date) -> Basis:
    """Return the basis that the answers to `basis_statements` make."""
    companies, activations, terms = found
    (company,) = companies.records(Company)
    activation = next(iter(activations.records(Activation)), None)
    return Basis(
        company=company,
        activation=activation,
        obstacles=_obstacles(activation, next(iter(terms.records(TermsVersion)), None)),
        today=today,
        rates=known_rates(planned_day(today)),
    )


def prepare(company_id: UUID, invoice_ids: Sequence[UUID], *, today: date) -> list[Prepared]:
    """Return the invoices as they would be handed over today, in the order given.

    Ids that are no invoices of the company are left out.
    """
    basis = basis_of(company_id, today=today)
    ids = list(invoice_ids)
    invoices, customers = run_together(
        (_INVOICES, [company_id, ids]),
        (_CUSTOMERS, [company_id, company_id, ids]),
    )
    customer_of = {customer.id: customer for customer in customers.records(Customer)}
    found = {invoice.id: invoice for invoice in invoices.records(Invoice)}
    for invoice in found.values():
        _CUSTOMER.set_cached_value(invoice, customer_of[invoice.customer_id])
    return prepare_these(basis, [found[one] for one in dict.fromkeys(ids) if one in found])


def prepare_these(basis: Basis, invoices: Sequence[Invoice]) -> list[Prepared]:
    """Return invoices of the company, which have been read with their customers, as they would be handed over."""
    company_id, ids = basis.company.id, [invoice.id for invoice in invoices]
    told_lines, told_booked = run_together((_LINES, [company_id, ids]), (_BOOKED, [company_id, ids, company_id, ids]))
    lines, booked = _lines(told_lines), _booked(told_booked)
    activation, seller = basis.activation, basis.seller
    debt_text = activation.debt_text if activation else ""
    prepared = []
    for invoice in invoices:
        own = booked[invoice.id]
        facts = _facts(invoice, seller, activation, lines=lines[invoice.id], booked=own, today=basis.today)
        prepared.append(
            Prepared(
                invoice=invoice,
                customer=invoice.customer,
                facts=facts,
                refusals=_refusals(invoice, facts, basis),
                booked=tuple(own),
                debt_text=debt_text,
                rates=basis.rates,
            )
        )
    return prepared


def _refusals(invoice: Invoice, facts: ReminderFacts, basis: Basis) -> tuple[Refusal, ...]:
    if not invoice.state.may_be_sent:
        sent = invoice.sent_at.astimezone(STOCKHOLM).date() if invoice.sent_at else None
        return (InvoiceAlreadySent(invoice.number, sent),)
    # What may go today but no longer when its letter is made would wait there for a person.
    judged = reminder.refusals(facts, basis.rates) or reminder.later_refusals(
        facts, planned_day(basis.today), basis.rates
    )
    found = (*basis.obstacles, *judged)
    line_count, payment_count = len(facts.invoice.lines), len(facts.payments)
    if line_count > MOST_LINES or payment_count > MOST_PAYMENTS:
        return (*found, InvoiceTooLong(line_count, payment_count, MOST_LINES, MOST_PAYMENTS))
    return found


def _facts(
    invoice: Invoice,
    seller: InvoiceParty,
    activation: Activation | None,
    *,
    lines: Sequence[LineFacts],
    booked: Sequence[Booked],
    today: date,
) -> ReminderFacts:
    buyer, kind = invoice.customer.party(), invoice.customer.debtor_kind
    return ReminderFacts(
        invoice=InvoiceFacts(
            number=invoice.number,
            kind=DocumentKind.INVOICE,
            currency=invoice.currency,
            seller=seller,
            buyer=buyer,
            issue_date=invoice.issue_date,
            due_date=invoice.due_date,
            payable=Money(invoice.payable_ore).as_decimal(),
            total=Money(invoice.total_ore).as_decimal(),
            prepaid=Money(invoice.prepaid_ore).as_decimal() if invoice.prepaid_ore else None,
            tax=Money(invoice.tax_ore).as_decimal() if invoice.tax_ore is not None else None,
            lines=tuple(lines),
            deduction=DeductionKind(invoice.deduction) if invoice.deduction else None,
        ),
        today=today,
        terms=terms_of(invoice.issue_date, buyer, kind, activation, today=today),
        debtor_kind=kind,
        payments=tuple(PartPayment(one.day, Money(one.amount_ore)) for one in booked),
        customer_share=Money(invoice.share_ore) if invoice.share_ore is not None else None,
        customer_share_confirmed=invoice.share_is_confirmed,
        identity_is_protected=invoice.customer.identity_is_protected,
    )


_CUSTOMER: Any = Invoice._meta.get_field("customer")  # noqa: SLF001 - Django's documented model API


_COMPANY = f"SELECT {columns_of(Company)} FROM receivables_company WHERE id = %s"  # noqa: S608 - the names are ours
_LIVE_ACTIVATION = f"""
SELECT {columns_of(Activation)} FROM receivables_activation WHERE company_id = %s AND state = ANY(%s)
"""  # noqa: S608 - the names are ours
_NEWEST_TERMS = f"""
SELECT {columns_of(TermsVersion)} FROM receivables_terms_version
WHERE valid_from <= %s ORDER BY valid_from DESC, version DESC LIMIT 1
"""  # noqa: S608 - the names are ours
# Written once: the ids as one array, since a placeholder for each of a thousand costs more than the query.
_INVOICES = f"""
SELECT {columns_of(Invoice, without=("source_bytes", "notes"))} FROM receivables_invoice
WHERE company_id = %s AND id = ANY(%s)
"""  # noqa: S608 - the names are ours
_CUSTOMERS = f"""
SELECT {columns_of(Customer)} FROM receivables_customer
WHERE company_id = %s AND id IN (SELECT customer_id FROM receivables_invoice WHERE company_id = %s AND id = ANY(%s))
"""  # noqa: S608 - the names are ours
_LINES = """
SELECT invoice_id, text, quantity, unit, amount_ore, period_start, period_end FROM receivables_invoice_line
WHERE company_id = %s AND invoice_id = ANY(%s) ORDER BY position
"""
_BOOKED = """
SELECT invoice_id, id, 'payment', day, amount_ore FROM receivables_payment
WHERE company_id = %s AND invoice_id = ANY(%s)
UNION ALL
SELECT invoice_id, id, 'credit_note', day, amount_ore FROM receivables_credit_note
WHERE company_id = %s AND invoice_id = ANY(%s)
ORDER BY day, id
"""


def _lines(told: Found) -> Mapping[UUID, list[LineFacts]]:
    found: defaultdict[UUID, list[LineFacts]] = defaultdict(list)
    for invoice_id, text, quantity, unit, amount_ore, start, end in told.rows:
        amount = Money(amount_ore).as_decimal() if amount_ore is not None else None
        found[invoice_id].append(
            LineFacts(text=text, quantity=quantity, unit=unit, amount=amount, period_start=start, period_end=end)
        )
    return found


def _booked(told: Found) -> Mapping[UUID, list[Booked]]:
    found: defaultdict[UUID, list[Booked]] = defaultdict(list)
    for invoice_id, booked_id, kind, day, amount_ore in told.rows:
        found[invoice_id].append(Booked(booked_id, kind, day, amount_ore))
    return found
