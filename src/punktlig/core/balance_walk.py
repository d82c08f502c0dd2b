"""A claim's money, walked through one happening after the other. `core.claim_balance` says what the walk is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from punktlig.core.balance_facts import BalanceFacts, MadeCharge, Received, ReceivedKind, Waiver
from punktlig.core.explanation import Explained, What
from punktlig.core.interest import Debt, Interest, PartPayment, daily_growth, late_payment_interest
from punktlig.core.late_rate import RateUnknown, ReferenceRates
from punktlig.core.money import ZERO, Money
from punktlig.core.turnover import NOTHING, Lowering, Parts, Turnover

_ONE_DAY = timedelta(days=1)
_PAID_BEFORE = "NJA 1988 s. 312"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What became of something received; `surplus` is what nothing was left for."""

    day: date
    amount: Money
    kind: ReceivedKind
    fees: Money
    interest: Money
    principal: Money
    surplus: Money


class Cause(StrEnum):
    """Why a point of the history is there."""

    DUE = "due"
    INTEREST = "interest"
    CHARGE = "charge"
    CHARGE_REVERSED = "charge_reversed"
    PAYMENT = "payment"
    CREDIT_NOTE = "credit_note"
    WAIVED = "waived"
    CLOSED = "closed"
    STATED_DAY = "stated_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How the claim stood on a day, after `cause` had changed it by `change` (nothing for a mere look)."""

    day: date
    cause: Cause
    change: Money
    principal: Money
    interest: Money
    fees: Money

    @property
    def total(self) -> Money:
        """What was owed."""
        return self.principal + self.interest + self.fees


type _Happening = Received | MadeCharge | Waiver | None


class Walk:
    """The claim's money, one happening after the other. Amounts are öre.

    Interest runs in stretches: each begins with a principal and is fixed to the öre when a payment ends it.

    A charge that has been taken back by the day walked to was never owed: money that had gone to it counts on the rest,
    from its own day. The points of the history still show it from its letter until it was taken back.
    """

    def __init__(self, facts: BalanceFacts, rates: ReferenceRates) -> None:
        self.facts = facts
        self.rates = rates
        self.day = date.min
        self.principal, self.interest, self.fees, self.overpaid = facts.owed.ore, 0, 0, 0
        self._fixed = 0
        self._lowered_by = dict.fromkeys(Lowering, NOTHING)
        self.ended = False
        self.unknown: RateUnknown | None = None
        self.points: list[Point] = []
        self.allocations: list[Allocation] = []
        self._first = facts.first_interest_day
        self._capital = facts.owed
        self._lowered: list[PartPayment] = []
        self._asked = date.min
        self._taken_back_later: list[MadeCharge] = []
        self._counted = [0] * len(facts.stated)  # what has come in that each letter had not counted
        self.lines = [Explained(what=What.PRINCIPAL, amount=facts.payable)]
        if facts.owed != facts.payable:
            share = facts.owed - facts.payable
            self.lines.append(Explained(what=What.DEDUCTION, amount=share, statute="1999:1229 ch. 67"))
        # Of the present stretch: what lowered the principal stands before its interest, the charges after.
        self._before: list[Explained] = []
        self._after: list[Explained] = []

    def go(self, day: date) -> None:
        """Walk to the day, or to the last day whose rate is known."""
        self._asked = day
        for when, cause, what in _happenings(self.facts):
            if when > day or self._stops_before(when, what):
                break
            self._take(when, cause, what)
        last = self._last_known
        if self.unknown is None and self._runs_past_the_rates(day):
            self.unknown = RateUnknown(last + _ONE_DAY, self.rates.known_from, self._known_through)
        self.day = min(day, last) if self.unknown else day

    def finish(self) -> Money:
        """Write down the lines of the last stretch and return the interest owed on the day, what was fixed included."""
        interest = self._running(self.day)
        self._write_stretch(interest)
        return Money(self.interest) + (interest.total if interest else ZERO)

    def turnover(self) -> Turnover:
        """Return what has gone through the claim."""
        by = self._lowered_by
        return Turnover(
            interest_fixed=Money(self._fixed),
            paid=by[Lowering.PAID],
            credited=by[Lowering.CREDITED],
            waived=by[Lowering.WAIVED],
            closed=by[Lowering.CLOSED],
        )

    def look(self, day: date, cause: Cause, change: Money = ZERO) -> None:
        """Add a point as the claim stands on the day."""
        interest = self._running(day)
        self.points.append(
            Point(
                day=day,
                cause=cause,
                change=change,
                principal=Money(self.principal),
                interest=Money(self.interest) + (interest.total if interest else ZERO),
                fees=Money.total((Money(self.fees), *(charge.amount for charge in self._taken_back_later))),
            )
        )

    # ---- one happening ------------------------------------------------------------------------------------------

    def _take(self, day: date, cause: Cause, what: _Happening) -> None:
        if cause is Cause.DUE:
            self.look(day, Cause.DUE)
            return
        self.look(day, Cause.INTEREST)
        change = ZERO
        match what:
            case MadeCharge() if cause is Cause.CHARGE:
                change = what.amount
                self._charge(what)
            case MadeCharge():
                change = -what.amount
                self._reverse(what)
            case Received():
                change = -what.amount
                self._receive(what)
            case Waiver():
                change = -what.amount
                self._waive(day, what.amount.ore, What.WAIVED)
            case None:
                change = -self._waive(day, None, What.CLOSED)
        self.ended = self.ended or not (self.principal or self.interest or self.fees or self._running(day))
        self.look(day, cause, change)

    def _charge(self, charge: MadeCharge) -> None:
        what = What(charge.kind.value)
        self._after.append(
            Explained(what=what, amount=charge.amount, statute=charge.statute, condition=charge.agreed_since)
        )
        if charge.reversed_on is not None and charge.reversed_on <= self._asked:
            self._taken_back_later += [] if self.ended else [charge]
            return
        self.fees += charge.amount.ore
        if self.ended:
            # The claim was settled before this letter was dated; nothing may be asked for on the strength of it.
            self._waive(charge.day, None, What.WAIVED)

    def _reverse(self, charge: MadeCharge) -> None:
        self._taken_back_later = [other for other in self._taken_back_later if other is not charge]
        # Of a letter that reached the debtor a charge falls away only when it was paid before the letter's date.
        has_left = any(stated.letter_date == charge.day for stated in self.facts.stated)
        self._after.append(
            Explained(
                what=What.CHARGE_REVERSED,
                amount=-charge.amount,
                last_day=charge.reversed_on,
                statute=_PAID_BEFORE if has_left else "",
            )
        )

    def _receive(self, received: Received) -> None:
        to_principal = self.facts.goes_to_principal(received)
        what = What.CREDIT_NOTE if received.kind is ReceivedKind.CREDIT_NOTE else What.PART_PAYMENT
        line = Explained(what=what, amount=-received.amount, last_day=received.day)
        settles = self._settles(received)
        for place in self._missing_in(received):
            self._counted[place] += received.amount.ore
        by = Lowering.CREDITED if received.kind is ReceivedKind.CREDIT_NOTE else Lowering.PAID
        if to_principal and not settles and received.amount.ore < self.principal:
            spent = self._spend(received.amount.ore, ("principal",), by)
            self._lowered.append(PartPayment(received.day, received.amount))
            self._before.append(line)
            self._note(received, spent)
            return
        if to_principal:
            if self.principal:
                self._lowered.append(PartPayment(received.day, received.amount))
            self._before.append(line)
        self._fix(received.day)
        if not to_principal:
            self.lines.append(line)
        order = ("principal", "interest", "fees") if to_principal else ("fees", "interest", "principal")
        spent = self._spend(received.amount.ore, order, by)
        self._begin(received.day)
        if settles or (to_principal and not self.principal):
            self._waive(received.day, None, What.WAIVED)
        self._note(received, spent)

    def _waive(self, day: date, most: int | None, what: What) -> Money:
        """Let go of so much, or of everything that is left; return how much that was."""
        self._fix(day)
        left = self.principal + self.interest + self.fees
        amount = left if most is None else min(most, left)
        if amount:
            self.lines.append(Explained(what=what, amount=Money(-amount), last_day=day))
            by = Lowering.CLOSED if what is What.CLOSED else Lowering.WAIVED
            self._spend(amount, ("interest", "fees", "principal"), by)
        self._begin(day)
        return Money(amount)

    # ---- the parts ----------------------------------------------------------------------------------------------

    def _settles(self, received: Received) -> bool:
        """Tell whether, with what came before, it is all that a letter has asked for, in time."""
        if self.ended:
            return False
        return any(
            received.day <= self.facts.stated[place].last_day_to_pay
            and self._counted[place] + received.amount.ore >= self.facts.stated[place].total.ore
            for place in self._missing_in(received)
        )

    def _missing_in(self, received: Received) -> range:
        """Return the places of the letters that have not counted it."""
        return range(min(received.missed_by, len(self.facts.stated)) if received.in_letter else len(self.facts.stated))

    def _spend(self, amount: int, order: tuple[str, ...], by: Lowering) -> Parts:
        """Lower the parts in this order by so much, and return how much of each; what is left over was too much."""
        taken: dict[str, Money] = {}
        for part in order:
            owed: int = getattr(self, part)
            spent = min(amount, owed)
            setattr(self, part, owed - spent)
            taken[part] = Money(spent)
            amount -= spent
        parts = Parts(**taken)
        self._lowered_by[by] += parts
        self.overpaid += amount
        return parts

    def _note(self, received: Received, spent: Parts) -> None:
        self.allocations.append(
            Allocation(
                day=received.day,
                amount=received.amount,
                kind=received.kind,
                fees=spent.fees,
                interest=spent.interest,
                principal=spent.principal,
                surplus=received.amount - spent.total,
            )
        )

    def _running(self, day: date) -> Interest | None:
        """Return the interest of the present stretch through the day, as far as rates are known."""
        first, through = self._first, min(day, self._last_known)
        if first is None or through < first or self.ended:
            return None
        debt = Debt(self._capital, first, self.facts.rate, tuple(self._lowered))
        return late_payment_interest(debt, through, self.rates)

    def _fix(self, day: date) -> None:
        """End the present stretch on the day: its interest becomes an amount."""
        interest = self._running(day)
        self._write_stretch(interest)
        fixed = interest.total.ore if interest else 0
        self.interest += fixed
        self._fixed += fixed

    def _begin(self, day: date) -> None:
        """Begin a stretch after the day, with the principal that is left."""
        if self._first is not None:
            self._first = max(self._first, day + _ONE_DAY)
        self._capital = Money(self.principal)
        self._lowered = []

    def _write_stretch(self, interest: Interest | None) -> None:
        self.lines += self._before
        if interest is not None:
            self.lines += interest.explain()
        self.lines += self._after
        self._before, self._after = [], []

    def growth(self) -> Money | None:
        """Return what the day after adds, or None when its rate is not known."""
        if self.unknown is not None:
            return None
        if self._first is None or self.ended or not self.principal:
            return ZERO
        debt = Debt(self._capital, self._first, self.facts.rate, tuple(self._lowered))
        try:
            return daily_growth(debt, self.day + _ONE_DAY, self.rates)
        except RateUnknown:
            return None

    # ---- how far rates are known --------------------------------------------------------------------------------

    @property
    def _last_known(self) -> date:
        first = self.facts.first_interest_day
        if first is None or not self.facts.rate.above_reference:
            return date.max
        return self._known_through if first >= self.rates.known_from else first - _ONE_DAY

    @property
    def _known_through(self) -> date:
        at_end = self.facts.rates_known_through
        return min(self.rates.known_through, at_end) if at_end else self.rates.known_through

    def _runs_past_the_rates(self, day: date) -> bool:
        return (
            day > self._last_known and self._first is not None and self._first <= day
            and not self.ended and self.principal > 0
        )  # fmt: skip

    def _stops_before(self, day: date, what: _Happening) -> bool:
        """Tell whether interest that nobody knows yet would be needed to go on.

        What settles the claim does not need it: the rest is waived whatever it is. Nor does anything on a claim that
        has been closed since, where nothing is left to share out.
        """
        closed_on = self.facts.closed_on
        if (closed_on is not None and closed_on <= self._asked) or not self._runs_past_the_rates(day):
            return False
        if not isinstance(what, Received):
            return True
        return not self._settles(what) and not (
            self.facts.goes_to_principal(what) and what.amount.ore >= self.principal
        )


def _happenings(facts: BalanceFacts) -> list[tuple[date, Cause, _Happening]]:
    """Return everything that happened, in order; on one day what the letter counted comes before its charge."""
    found: list[tuple[date, int, Cause, _Happening]] = [(facts.due_day, 0, Cause.DUE, None)]
    for received in facts.received:
        cause = Cause(received.kind.value)
        found.append((received.day, 1 if facts.goes_to_principal(received) else 3, cause, received))
    for charge in facts.charges:
        found.append((charge.day, 2, Cause.CHARGE, charge))
        if charge.reversed_on is not None:
            found.append((charge.reversed_on, 4, Cause.CHARGE_REVERSED, charge))
    found += [(waiver.day, 5, Cause.WAIVED, waiver) for waiver in facts.waivers]
    if facts.closed_on is not None:
        found.append((facts.closed_on, 6, Cause.CLOSED, None))
    found.sort(key=lambda each: each[:2])
    return [(day, cause, what) for day, _, cause, what in found]
