"""What a reminder asks for, by when and why. Facts in, decision out."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from punktlig.core.charges import Charge, ChargeFacts, NoCharge, charge
from punktlig.core.eligibility import obstacles, obstacles_of_time, refuse_unless_eligible
from punktlig.core.explanation import Explained, What
from punktlig.core.interest import Debt, Interest, daily_growth, late_payment_interest
from punktlig.core.late_rate import KNOWN_RATES, RateUnknown, ReferenceRates, lawful_rate
from punktlig.core.money import ZERO, Money
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from punktlig.core.due import Due
    from punktlig.core.facts import ReminderFacts
    from punktlig.core.parties import Debtor
    from punktlig.core.statutes.fees import ChargeKind

_ONE_DAY = timedelta(days=1)


class NoInterest(StrEnum):
    """Why a lawful reminder asks for no interest."""

    CONSUMER_NOT_WARNED = "consumer_not_warned"
    CONSUMER_ABROAD = "consumer_abroad"
    NOT_RUNNING_YET = "not_running_yet"


@plain_value(slots=False, kw_only=True)
class Reminder:
    """A reminder that may be sent: what is asked for, by when and why. Its sums are found when first asked for.

    `payable` is what the invoice asks for, `owed` the customer's share of it, `unpaid` what remains of that.
    `growth` is what the day after the letter adds, or None when interest is not running yet or its rate that day is
    not known yet.
    """

    facts: ReminderFacts
    debtor: Debtor
    due: Due
    payable: Money
    owed: Money
    unpaid: Money
    interest: Interest | NoInterest
    charge: Charge | NoCharge
    last_day_to_pay: date
    growth: Money | None

    @cached_property
    def interest_amount(self) -> Money:
        """The interest through the letter's date."""
        return self.interest.total if isinstance(self.interest, Interest) else ZERO

    @property
    def charge_amount(self) -> Money:
        """The fee or compensation."""
        return self.charge.amount if isinstance(self.charge, Charge) else ZERO

    @property
    def charge_kind(self) -> ChargeKind | None:
        """Which charge the letter makes, if any."""
        return self.charge.kind if isinstance(self.charge, Charge) else None

    @property
    def day_after(self) -> date:
        """The first day that the interest of the letter does not cover."""
        return self.facts.today + _ONE_DAY

    @cached_property
    def total(self) -> Money:
        """What settles the claim when it is paid by the last day to pay."""
        return self.unpaid + self.interest_amount + self.charge_amount

    def explain(self) -> tuple[Explained, ...]:
        """Return every amount with where it comes from; they add up to the total."""
        lines = [Explained(what=What.PRINCIPAL, amount=self.payable)]
        if self.owed != self.payable:
            lines.append(Explained(what=What.DEDUCTION, amount=self.owed - self.payable, statute="1999:1229 ch. 67"))
        lines += [
            Explained(
                what=What.CREDIT_NOTE if payment.is_credit_note else What.PART_PAYMENT,
                amount=-payment.amount,
                last_day=payment.day,
            )
            for payment in self.facts.payments
        ]
        if isinstance(self.interest, Interest):
            lines += self.interest.explain()
        if isinstance(self.charge, Charge):
            lines.append(
                Explained(
                    what=What(self.charge.kind.value),
                    amount=self.charge.amount,
                    statute=self.charge.fee.section,
                    condition=self.charge.agreed_since,
                )
            )
        return tuple(lines)


@plain_value(kw_only=True)
class Admission:
    """What a claim amounts to when an invoice is handed over, before anything is charged.

    `interest` is None when the reference rate of a day until now has not been announced yet; `unknown` then names it.
    """

    debtor: Debtor
    due: Due
    payable: Money
    owed: Money
    unpaid: Money
    interest: Money | None
    unknown: RateUnknown | None = None

    @property
    def total(self) -> Money | None:
        """What is owed today, when that is known."""
        return None if self.interest is None else self.unpaid + self.interest


def admit(facts: ReminderFacts, rates: ReferenceRates = KNOWN_RATES) -> Admission:
    """Return what the claim is that an invoice handed over today makes.

    A handover that is refused is refused for ever, so only what is wrong with the invoice may refuse it. A reference
    rate that is not known yet is a lack of ours, and one that ends (Interest Act (1975:635) s. 9: the Riksbank decides
    each half-year's): the claim is accepted, and its letter waits until the rate has been entered. Days before the
    first known rate stay unknown, so there it is a refusal.

    Raises:
        Refusal: the first of the named refusals that `refusals` lists, but for a rate that is to come.
    """
    refuse_unless_eligible(facts)
    unknown, interest = None, None
    try:
        running = _interest(facts, rates)
        interest = running.total if isinstance(running, Interest) else ZERO
    except RateUnknown as missing:
        if missing.day <= missing.known_through:
            raise
        unknown = missing
    return Admission(
        debtor=facts.debtor,
        due=facts.due,
        payable=facts.payable,
        owed=facts.owed,
        unpaid=facts.owed - facts.paid,
        interest=interest,
        unknown=unknown,
    )


def remind(facts: ReminderFacts, rates: ReferenceRates = KNOWN_RATES) -> Reminder:
    """Return the reminder that may be sent today.

    Raises:
        Refusal: the first of the named refusals that `refusals` lists.
    """
    refuse_unless_eligible(facts)
    return _decide(facts, rates)


def refusals(facts: ReminderFacts, rates: ReferenceRates = KNOWN_RATES) -> tuple[Refusal, ...]:
    """Return every reason why no reminder may be sent today; none means that it may."""
    return _with_interest(obstacles(facts), facts, rates)


def later_refusals(facts: ReminderFacts, day: date, rates: ReferenceRates = KNOWN_RATES) -> tuple[Refusal, ...]:
    """Return what `refusals` would on a later day, of facts that it refuses nothing of today.

    Only what the days in between may have changed is judged again.
    """
    later = facts.on_later_day(day)
    return _with_interest(obstacles_of_time(later), later, rates)


def _with_interest(found: tuple[Refusal, ...], facts: ReminderFacts, rates: ReferenceRates) -> tuple[Refusal, ...]:
    try:
        _interest(facts, rates)
    except Refusal as refusal:
        # A fact that is missing stops the interest too; it is told once.
        if not any(type(earlier) is type(refusal) for earlier in found):
            return (*found, refusal)
    return found


def _decide(facts: ReminderFacts, rates: ReferenceRates) -> Reminder:
    debtor, fell_due = facts.debtor, facts.due
    interest = _interest(facts, rates)
    return Reminder(
        facts=facts,
        debtor=debtor,
        due=fell_due,
        payable=facts.payable,
        owed=facts.owed,
        unpaid=facts.owed - facts.paid,
        interest=interest,
        charge=_charge(facts, debtor, fell_due.first_interest_day),
        last_day_to_pay=facts.last_day_to_pay,
        growth=_growth_tomorrow(interest),
    )


def bears_no_interest(facts: ReminderFacts) -> NoInterest | None:
    """Return why the debt bears no interest on any day, or None when it does or will."""
    if facts.due.first_interest_day is None:
        return NoInterest.CONSUMER_NOT_WARNED
    # The law of the consumer's own country may protect them (Rome I art. 6), so that is for the creditor to decide.
    if facts.debtor.is_consumer_abroad and not facts.terms.charges_consumers_abroad:
        return NoInterest.CONSUMER_ABROAD
    return None


def _interest(facts: ReminderFacts, rates: ReferenceRates) -> Interest | NoInterest:
    debtor, first = facts.debtor, facts.due.first_interest_day
    why_none = bears_no_interest(facts)
    if why_none is not None or first is None:
        return why_none or NoInterest.CONSUMER_NOT_WARNED
    if first > facts.today:
        return NoInterest.NOT_RUNNING_YET
    rate = lawful_rate(facts.terms.agreed_rate, debtor.kind, first, facts.today, rates)
    # A negative total is refused on its own; `refusals` asks for the interest all the same.
    debt = Debt(max(facts.owed, ZERO), first, rate, facts.payments)
    return late_payment_interest(debt, facts.today, rates)


def _growth_tomorrow(interest: Interest | NoInterest) -> Money | None:
    if isinstance(interest, NoInterest):
        return None if interest is NoInterest.NOT_RUNNING_YET else ZERO
    try:
        return daily_growth(interest.debt, interest.through + _ONE_DAY, interest.rates)
    except RateUnknown:
        return None


def _charge(facts: ReminderFacts, debtor: Debtor, first_interest_day: date | None) -> Charge | NoCharge:
    terms = facts.terms
    return charge(
        terms.charge_kind,
        ChargeFacts(
            debtor=debtor,
            debt_arose=facts.debt_arose,
            agreed_since=terms.reminder_fee_agreed_since,
            first_interest_day=first_interest_day,
            already=facts.charges_made,
            charges_consumers_abroad=terms.charges_consumers_abroad,
        ),
        facts.today,
    )
