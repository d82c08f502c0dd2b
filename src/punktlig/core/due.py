"""When a claim is overdue, and from which day it bears interest (Interest Act 1975:635 ss. 2–4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from punktlig.core import bank_days
from punktlig.core.parties import DebtorKind
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.interest import DAYS_AFTER_DEMAND

# Making one takes as long as the rest of finding a due date.
_ONE_DAY, _AFTER_DEMAND = timedelta(days=1), timedelta(days=DAYS_AFTER_DEMAND)


class Start(StrEnum):
    """What interest starts from. It is a fact of the invoice: a date the seller alone has printed is not agreed.

    `AGREED_DUE_DATE` moves to the next bank day; under `CONTRACT` the contract itself names the day, which stands as it
    is; `AFTER_DEMAND` is the law's own rule when no day was agreed.
    """

    AGREED_DUE_DATE = "agreed"
    AFTER_DEMAND = "after-demand"
    CONTRACT = "contract"


@dataclass(eq=False)
class DueDateMissing(Refusal):
    """The invoice has no due date, and none was given."""

    payment_terms: str


@dataclass(eq=False)
class DueDateNotAgreedAndNoDemandSent(Refusal):
    """Interest is to start after a demand, but no day is known on which an invoice or a demand was sent."""


@dataclass(eq=False)
class DemandAhead(Refusal):
    """The demand that interest is to start from is dated after the letter."""

    demand_sent: date
    today: date


@dataclass(eq=False)
class DemandBeforeInvoice(Refusal):
    """The demand that interest is to start from was sent before the invoice was made."""

    demand_sent: date
    invoice_date: date


@dataclass(eq=False)
class NotOverdueYet(Refusal):
    """The last day to pay has not passed, counting that it moves to a bank day."""

    due_date: date
    effective_due_date: date
    first_reminder_day: date


@plain_value()
class Due:
    """When the claim fell due.

    `written_date` is as on the invoice, `effective_date` the day through which payment is in time, `first_interest_day`
    the first day that bears interest, or None when none may be claimed. `demand_sent` is set when interest starts after
    a demand.
    """

    start: Start
    written_date: date
    effective_date: date
    first_interest_day: date | None
    demand_sent: date | None = None

    @property
    def was_moved(self) -> bool:
        """Whether the written due date was no bank day."""
        return self.effective_date != self.written_date


def due(
    start: Start, due_date: date | None, *, demand_sent: date | None, warned_of_interest: bool, kind: DebtorKind
) -> Due:
    """Return when the claim fell due and from when it bears interest.

    After a demand, interest runs from the day that falls 30 days after the sending, read as sending + 31 like the day
    after a due date; from a consumer only when the invoice or demand warned of interest (Interest Act s. 4). Those are
    calendar days and do not move. Where the invoice gave longer than that, no interest runs before its due date has
    passed (s. 2).

    Raises:
        DueDateMissing or DueDateNotAgreedAndNoDemandSent.
    """
    if start is Start.AFTER_DEMAND:
        if demand_sent is None:
            raise DueDateNotAgreedAndNoDemandSent
        thirtieth = demand_sent + _AFTER_DEMAND
        effective = bank_days.on_or_after(due_date or thirtieth)
        last_free_day = max(thirtieth, effective) if due_date else thirtieth
        may_bear = warned_of_interest or kind is not DebtorKind.CONSUMER
        return Due(
            start, due_date or thirtieth, effective, _day_after(last_free_day) if may_bear else None, demand_sent
        )
    if due_date is None:
        raise DueDateMissing("")
    effective = due_date if start is Start.CONTRACT else bank_days.on_or_after(due_date)
    return Due(start, due_date, effective, _day_after(effective))


def refuse_unless_overdue(due: Due, today: date) -> None:
    """Raise NotOverdueYet through the effective due date; the first day for a reminder is the day after."""
    if today <= due.effective_date:
        raise NotOverdueYet(due.written_date, due.effective_date, _day_after(due.effective_date))


def _day_after(day: date) -> date:
    # Some programs write 9999-12-31 for "no due date"; the calendar has no day after it.
    return day + _ONE_DAY if day < date.max else day
