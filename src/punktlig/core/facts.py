"""The facts a reminder is decided from, and what follows from them without judgement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from punktlig.core import timetable
from punktlig.core.addressee import postal_lines
from punktlig.core.due import DemandAhead, DemandBeforeInvoice, Due, DueDateMissing, Start, due
from punktlig.core.money import Money, NotAnAmount
from punktlig.core.parties import Debtor, DebtorKind, debtor_from
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.fees import ChargeKind

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from punktlig.core.interest import PartPayment
    from punktlig.core.invoice import Invoice
    from punktlig.core.late_rate import LateRate

DAYS_TO_PAY = 8


@dataclass(eq=False)
class AmountMissing(Refusal):
    """The invoice does not say what is to be paid."""


@dataclass(eq=False)
class AmountFinerThanOre(Refusal):
    """The amount to pay has more than two decimals."""

    amount: Decimal


@dataclass(eq=False)
class InvoiceDateMissing(Refusal):
    """The invoice has no date, so neither limitation nor fee can be judged."""


@plain_value(kw_only=True)
class Terms:
    """What the creditor has told about its terms and this invoice.

    `due_date` replaces the invoice's own. `demand_sent` is when the invoice or a later demand was sent.
    `reminder_fee_agreed_since` is the day from which the terms customers accept have a reminder fee;
    `claims_compensation` asks for late-payment compensation instead. `agreed_rate` is the terms' own late rate.
    `charges_consumers_abroad` is the creditor's decision to ask a consumer abroad for interest and fee.
    """

    start: Start = Start.AGREED_DUE_DATE
    due_date: date | None = None
    demand_sent: date | None = None
    warned_of_interest: bool = False
    reminder_fee_agreed_since: date | None = None
    claims_compensation: bool = False
    agreed_rate: LateRate | None = None
    charges_consumers_abroad: bool = False
    days_to_pay: int = DAYS_TO_PAY

    def __post_init__(self) -> None:
        if self.days_to_pay < 1:
            raise ValueError(f"a reminder gives at least a day to pay, not {self.days_to_pay}")

    @property
    def charge_kind(self) -> ChargeKind:
        """The charge that would be made for a reminder."""
        return ChargeKind.LATE_PAYMENT_COMPENSATION if self.claims_compensation else ChargeKind.REMINDER_FEE

    @property
    def asks_for_charge(self) -> bool:
        """Whether the creditor asks for any charge at all."""
        return self.claims_compensation or self.reminder_fee_agreed_since is not None


@plain_value(slots=False, kw_only=True)
class ReminderFacts:
    """Everything a decision about a reminder rests on; `today` is the date the letter will bear.

    What follows from the facts is found when it is first asked for, and kept: a dozen rules ask for the same.

    `payments` are those of the debtor and the creditor's credit notes.
    `payments_booked_through` is the last day whose payments are all among `payments`, or None when that was not told.
    """

    invoice: Invoice
    today: date
    terms: Terms = Terms()
    debtor_kind: DebtorKind | None = None
    payments: tuple[PartPayment, ...] = ()
    payments_booked_through: date | None = None
    customer_share: Money | None = None
    customer_share_confirmed: bool = False
    identity_is_protected: bool = False
    limitation_interrupted: date | None = None
    charges_made: tuple[ChargeKind, ...] = ()

    @cached_property
    def debtor(self) -> Debtor:
        """The debtor; raises the refusals of `parties.debtor_from`."""
        return debtor_from(self.invoice.buyer, self.debtor_kind, today=self.today)

    @cached_property
    def due(self) -> Due:
        """When the claim fell due.

        Raises DueDateMissing, DueDateNotAgreedAndNoDemandSent, DemandAhead or DemandBeforeInvoice.
        """
        # Whether interest may run after a demand depends on the kind of debtor; when the invoice is due does not.
        try:
            kind = self.debtor.kind
        except Refusal:
            kind = DebtorKind.CONSUMER
        terms, invoice = self.terms, self.invoice
        if terms.start is Start.AFTER_DEMAND and terms.demand_sent is not None:
            if terms.demand_sent > self.today:
                raise DemandAhead(terms.demand_sent, self.today)
            if invoice.issue_date is not None and terms.demand_sent < invoice.issue_date:
                raise DemandBeforeInvoice(terms.demand_sent, invoice.issue_date)
        try:
            return due(
                terms.start,
                terms.due_date or invoice.due_date,
                demand_sent=terms.demand_sent,
                warned_of_interest=terms.warned_of_interest,
                kind=kind,
            )
        except DueDateMissing:
            raise DueDateMissing(invoice.terms) from None

    @cached_property
    def payable(self) -> Money:
        """What the invoice asks for; raises AmountMissing or AmountFinerThanOre."""
        amount = self.invoice.payable
        if amount is None:
            raise AmountMissing
        try:
            return Money.of_decimal(amount)
        except NotAnAmount:
            raise AmountFinerThanOre(amount) from None

    @property
    def owed(self) -> Money:
        """The customer's share, which is the whole unless a tax deduction takes a part."""
        return self.customer_share if self.customer_share is not None else self.payable

    @cached_property
    def paid(self) -> Money:
        """The sum of the payments."""
        return Money.total(payment.amount for payment in self.payments)

    @cached_property
    def postal_lines(self) -> tuple[str, ...]:
        """The lines of the debtor's address; raises the refusals of `addressee.postal_lines`."""
        return postal_lines(self.invoice.buyer)

    @cached_property
    def debt_arose(self) -> date:
        """The earliest day the debt may have arisen: the first delivery the invoice names, or its own date.

        Raises InvoiceDateMissing.
        """
        if self.invoice.issue_date is None:
            raise InvoiceDateMissing
        deliveries = (line.period_start for line in self.invoice.lines if line.period_start)
        return min((self.invoice.issue_date, *deliveries))

    def on_later_day(self, day: date) -> ReminderFacts:
        """Return the same facts for a letter of a later day; only of facts that nothing is refused of today.

        What has been found out of them is kept, but for the debtor, who grows older. A dozen rules have asked for it,
        and finding it anew would take as long as judging.
        """
        later = object.__new__(ReminderFacts)
        later.__dict__.update(self.__dict__, today=day)
        later.__dict__.pop("debtor", None)
        return later

    @property
    def last_day_to_pay(self) -> date:
        """The last day to pay: so many days after the letter's date, moved to the next bank day."""
        return timetable.last_day_to_pay(self.today, self.terms.days_to_pay)
