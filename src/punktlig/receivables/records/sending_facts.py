"""What would be handed over of an invoice, and whether it may be.

A fixed number of queries for any number of invoices. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from punktlig.clock import STOCKHOLM
from punktlig.core import reminder, timetable
from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, InvoiceParty
from punktlig.core.invoice import Invoice as InvoiceFacts
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind, debtor_from
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal
from punktlig.letters.fitting import AddressDoesNotFit, refuse_too_large
from punktlig.letters.printable import CharacterNotCovered, refuse_unprintable
from punktlig.receivables.records.activation import (
    LIVE_STATES,
    Activation,
    ActivationState,
    TermsVersion,
    TraderCharge,
)
from punktlig.receivables.records.handover_message import (
    MOST_LINES,
    MOST_PAYMENTS,
    out_of_bounds,
    submission_body,
    window_lines,
)
from punktlig.receivables.records.invoice import STATES_THAT_MAY_BE_SENT, Invoice
from punktlig.receivables.records.reference_rates import rates_on
from punktlig.receivables.records.sending_refusals import (
    ActivationNotConfirmed,
    InvoiceAlreadySent,
    InvoiceTooLong,
    ReminderHandlingNotActivated,
    TermsHaveChanged,
)
from punktlig.receivables.records.sending_rows import (
    buyer_of,
    held_by,
    held_statements,
    row_of,
    row_statements,
    rows_of,
    shared_of,
    shared_statements,
)
from punktlig.tenancy.plain_reading import as_array, columns_of, run_together

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.core.formatting import Language
    from punktlig.core.invoice import InvoiceLine as LineFacts
    from punktlig.core.late_rate import ReferenceRates
    from punktlig.receivables.records.company import Company
    from punktlig.receivables.records.customer import Customer
    from punktlig.receivables.records.handover_message import Booked
    from punktlig.receivables.records.sending_rows import Held, InvoiceRow
    from punktlig.tenancy.plain_reading import Found, Statement

# Large, or dear to read, and of no page that judges.
_NEVER_SHOWN = ("source_bytes", "notes", "refusal_facts", "created_at")


@dataclass(frozen=True)
class Basis:
    """What all invoices of a company are judged by today; `obstacles` are why it may send none at all.

    `version` is that of `sending_rows.Shared`.
    """

    company: Company
    activation: Activation | None
    obstacles: tuple[Refusal, ...]
    today: date
    rates: ReferenceRates
    version: str

    @property
    def seller(self) -> InvoiceParty:
        """The company as the rules see the seller of an invoice."""
        own = self.company
        return InvoiceParty(name=own.name, identity_number=own.organisation_number, vat_number=own.vat_number)


@plain_value(slots=False)
class Prepared:
    """An invoice as it would be handed over today, and every reason why it may not be.

    `facts` are judged for today; a preview of the letter moves them to `planned_day(today)`. `version` is of all rows
    that this was made from.
    """

    company_id: UUID
    row: InvoiceRow
    version: str
    facts: ReminderFacts
    refusals: tuple[Refusal, ...]
    booked: tuple[Booked, ...]
    debt_text: str
    rates: ReferenceRates

    @cached_property
    def invoice(self) -> Invoice:
        """The invoice with its customer, read when a page shows it; those of many by `read_records`.

        It may be newer than what was judged, and then so is its version.
        """
        return _records(self.company_id, [self.id])[self.id]

    @property
    def id(self) -> UUID:
        """The invoice's id."""
        return self.row.id

    @property
    def customer(self) -> Customer:
        """The invoice's customer."""
        return self.invoice.customer

    @property
    def may_be_sent(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.refusals

    @property
    def is_sent(self) -> bool:
        """Whether the invoice has been handed over already."""
        return self.row.agency_state not in STATES_THAT_MAY_BE_SENT

    @property
    def language(self) -> Language:
        """The language of the letter, which is the customer's."""
        return _language(self.row)

    def body(self, handover_id: UUID) -> bytes:
        """Return the message that hands the invoice over; only for an invoice that may be sent."""
        assert not self.refusals  # noqa: S101 - the message's own rules hold only for what the rules let pass
        return submission_body(
            self.facts,
            handover_id=handover_id,
            company_id=self.company_id,
            invoice_id=self.row.id,
            booked=self.booked,
            debt_text=self.debt_text,
            language=self.language,
        )


def _language(row: InvoiceRow) -> Language:
    return "en" if row.buyer_language == "en" else "sv"


def _debt_texts(activation: Activation | None) -> dict[Language, str]:
    """Return what the company says that debts are for, by the letter's language; where it says nothing, lines tell it.

    Never in the other language: a sentence of Swedish in the midst of an English letter explains nothing.
    """
    if activation is None:
        return {"sv": "", "en": ""}
    return {"sv": activation.debt_text, "en": activation.debt_text_in_english}


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
        # What has been declared is what the debtor is, unless it is refused.
        kind = declared or debtor_from(buyer, None, today=today).kind
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
        # Of every consumer: one who lives here may have moved abroad when the letter is made.
        charges_consumers_abroad=is_consumer and activation.charges_consumers_abroad,
    )


_NEWEST_TERMS = f"""
SELECT {", ".join(columns_of(TermsVersion))} FROM receivables_terms_version
WHERE valid_from <= %s ORDER BY valid_from DESC, version DESC LIMIT 1
"""  # noqa: S608 - the names are ours


def basis_statements(company_id: UUID, *, today: date) -> tuple[Statement, ...]:
    """Return what to ask for a basis, for whoever asks for more in the same message."""
    return (*shared_statements(company_id), (_NEWEST_TERMS, [today]))


def read_basis(found: Sequence[Found], *, today: date) -> Basis:
    """Return the basis that the answers to `basis_statements` make."""
    company, activation, rates, terms = found
    shared = shared_of(company, activation, rates)
    return Basis(
        company=shared.company,
        activation=shared.activation,
        obstacles=_obstacles(shared.activation, next(iter(terms.records(TermsVersion)), None)),
        today=today,
        rates=rates_on(planned_day(today), shared.heard_rates),
        version=shared.version,
    )


def prepare(
    company_id: UUID, invoice_ids: Sequence[UUID | str], *, today: date, free: Collection[str] = ()
) -> list[Prepared]:
    """Return the invoices as they would be handed over today, in the order given.

    Ids may be text; those that are no invoices of the company are left out. `free` are versions that have been judged
    today already, with nothing in their way: judging them again would find the same, see `sending_versions`.
    """
    ids = as_array(dict.fromkeys(invoice_ids))
    *of_basis, invoices, lines, booked = run_together(
        *basis_statements(company_id, today=today), *row_statements(company_id, ids)
    )
    basis, held = read_basis(of_basis, today=today), held_by(lines, booked)
    judge = _Judge(basis, held, free)
    return [
        judge.prepared(one.place, one.row, one.version) for one in rows_of(invoices, held, shared_version=basis.version)
    ]


def prepare_these(basis: Basis, invoices: Sequence[Invoice]) -> list[Prepared]:
    """Return invoices of the company, which have been read with their customers, as they would be handed over.

    They have no version: that is read with an invoice.
    """
    ids = as_array(invoice.id for invoice in invoices)
    judge = _Judge(basis, held_by(*run_together(*held_statements(basis.company.id, ids))))
    prepared = [judge.prepared(place, row_of(invoice), "") for place, invoice in enumerate(invoices, start=1)]
    for one, invoice in zip(prepared, invoices, strict=True):
        vars(one)["invoice"] = invoice
    return prepared


def read_records(prepared: Sequence[Prepared]) -> None:
    """Read the records of these invoices of one company at once, for a page that shows them."""
    if prepared:
        found = _records(prepared[0].company_id, [one.id for one in prepared])
        for one in prepared:
            vars(one)["invoice"] = found[one.id]


def _records(company_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Invoice]:
    invoices = Invoice.objects.filter(company_id=company_id, id__in=ids).select_related("customer")
    return {invoice.id: invoice for invoice in invoices.defer(*_NEVER_SHOWN)}


class _Judge:
    """Judges invoices by one basis; what they have in common is made once."""

    def __init__(self, basis: Basis, held: Held, free: Collection[str] = ()) -> None:
        self.basis = basis
        self.held = held
        self.free = free
        self.seller = basis.seller
        self.debt_texts = _debt_texts(basis.activation)
        self.planned = planned_day(basis.today)

    def prepared(self, place: int, row: InvoiceRow, version: str) -> Prepared:
        """Return the invoice as it would be handed over."""
        booked = tuple(self.held.booked.get(place, ()))
        facts = self._facts(row, tuple(self.held.lines.get(place, ())), booked)
        return Prepared(
            company_id=self.basis.company.id,
            row=row,
            version=version,
            facts=facts,
            # What stands in the company's way is no part of a version.
            refusals=self.basis.obstacles if version in self.free else self._refusals(row, facts),
            booked=booked,
            debt_text=self.debt_texts[_language(row)],
            rates=self.basis.rates,
        )

    def _facts(self, row: InvoiceRow, lines: tuple[LineFacts, ...], booked: tuple[Booked, ...]) -> ReminderFacts:
        buyer = buyer_of(row)
        kind = DebtorKind(row.buyer_kind) if row.buyer_kind else None
        today = self.basis.today
        return ReminderFacts(
            invoice=InvoiceFacts(
                number=row.number,
                kind=DocumentKind.INVOICE,
                currency=row.currency,
                seller=self.seller,
                buyer=buyer,
                issue_date=row.issue_date,
                due_date=row.due_date,
                payable=Money(row.payable_ore).as_decimal(),
                total=Money(row.total_ore).as_decimal(),
                prepaid=Money(row.prepaid_ore).as_decimal() if row.prepaid_ore else None,
                tax=Money(row.tax_ore).as_decimal() if row.tax_ore is not None else None,
                lines=lines,
                deduction=DeductionKind(row.deduction) if row.deduction else None,
            ),
            today=today,
            terms=terms_of(row.issue_date, buyer, kind, self.basis.activation, today=today),
            debtor_kind=kind,
            payments=tuple([PartPayment(one.day, Money(one.amount_ore), one.kind == "credit_note") for one in booked]),
            customer_share=Money(row.share_ore) if row.share_ore is not None else None,
            customer_share_confirmed=row.share_is_confirmed,
            identity_is_protected=row.buyer_identity_is_protected,
        )

    def _refusals(self, row: InvoiceRow, facts: ReminderFacts) -> tuple[Refusal, ...]:
        if row.agency_state not in STATES_THAT_MAY_BE_SENT:
            sent = row.sent_at.astimezone(STOCKHOLM).date() if row.sent_at else None
            return (InvoiceAlreadySent(row.number, sent),)
        rates = self.basis.rates
        # What may go today but no longer when its letter is made would wait there for a person.
        judged = reminder.refusals(facts, rates) or reminder.later_refusals(facts, self.planned, rates)
        found = (*self.basis.obstacles, *judged)
        line_count, payment_count = len(facts.invoice.lines), len(facts.payments)
        if line_count > MOST_LINES or payment_count > MOST_PAYMENTS:
            return (*found, InvoiceTooLong(line_count, payment_count, MOST_LINES, MOST_PAYMENTS))
        if judged:
            return found
        if beyond := out_of_bounds(facts):
            return (*found, beyond)
        try:
            refuse_too_large(window_lines(facts), is_abroad=facts.debtor.is_abroad)
            refuse_unprintable(facts, self.debt_texts[_language(row)])
        except (AddressDoesNotFit, CharacterNotCovered) as cannot_be_set:
            return (*found, cannot_be_set)
        return found
