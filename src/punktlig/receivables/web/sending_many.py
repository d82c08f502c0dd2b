"""What the preview of many reminders shows: how many go and for how much, and which cannot, why and what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from punktlig.receivables.records.sending_facts import planned_day, prepare, read_records
from punktlig.receivables.records.sending_versions import shown_of
from punktlig.receivables.web.customer_names import row_name
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.reminder_amounts import reminder_on
from punktlig.receivables.web.sending_one import Mend, address_lines, mend_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from punktlig.core.reminder import Reminder
    from punktlig.receivables.records.sending_facts import Prepared
    from punktlig.ui.refusals import RefusalText

# Together, since the database reads thousands in one pass over its tables, and a thousand each by an index.
_AT_A_TIME = 5_000
MOST_LISTED = 200
MOST_MENDED = 50


@dataclass(frozen=True)
class Going:
    """One that goes, with its reminder as the letter will have it; `name` is the customer's as lists show it."""

    prepared: Prepared
    name: str
    reminder: Reminder | None
    address: str


@dataclass(frozen=True)
class Staying:
    """One that cannot go, why, and what can be mended in place."""

    prepared: Prepared
    name: str
    refusals: list[RefusalText]
    mend: Mend


@dataclass
class Summary:
    """All that the preview of many shows. The lists have at most so many rows; the counts count all."""

    going: list[Going] = field(default_factory=list)
    staying: list[Staying] = field(default_factory=list)
    going_count: int = 0
    staying_count: int = 0
    remaining_ore: int = 0
    charges_ore: int = 0
    interest_ore: int = 0
    consumers_abroad: int = 0
    charges_consumers_abroad: bool = False
    reasons: Counter[str] = field(default_factory=Counter)
    shown: str = ""

    @property
    def total_ore(self) -> int:
        """What the letters ask for together."""
        return self.remaining_ore + self.charges_ore + self.interest_ore

    @property
    def more_going(self) -> int:
        """How many go beyond those listed."""
        return self.going_count - len(self.going)

    @property
    def more_staying(self) -> int:
        """How many stay beyond those listed."""
        return self.staying_count - len(self.staying)


def summary_of(company_id: UUID, ids: Sequence[UUID], *, today: date) -> Summary:
    """Return the summary, judging some thousand invoices at a time."""
    summary, day = Summary(), planned_day(today)
    judged: list[tuple[str, bool]] = []
    for start in range(0, len(ids), _AT_A_TIME):
        chunk = ids[start : start + _AT_A_TIME]
        found = prepare(company_id, chunk, today=today)
        going = [one for one in found if one.may_be_sent][: MOST_LISTED - len(summary.going)]
        staying = [one for one in found if not one.may_be_sent][: MOST_LISTED - len(summary.staying)]
        read_records([*going, *staying])
        for prepared in found:
            judged.append((prepared.version, prepared.may_be_sent))
            if prepared.may_be_sent:
                _add_going(summary, prepared, day)
            else:
                _add_staying(summary, prepared)
    summary.shown = shown_of(judged, today=today)
    # As the list of the overdue has them; what is chosen by the thousand comes by id.
    summary.going.sort(key=lambda one: one.prepared.invoice.due_date or day, reverse=True)
    return summary


def _add_going(summary: Summary, prepared: Prepared, day: date) -> None:
    reminder = reminder_on(prepared, day)
    summary.going_count += 1
    summary.remaining_ore += prepared.row.remaining_ore
    if reminder is not None:
        summary.charges_ore += reminder.charge_amount.ore
        summary.interest_ore += reminder.interest_amount.ore
        if reminder.debtor.is_consumer_abroad:
            summary.consumers_abroad += 1
            summary.charges_consumers_abroad = prepared.facts.terms.charges_consumers_abroad
    if len(summary.going) < MOST_LISTED:
        summary.going.append(
            Going(prepared, row_name(prepared.customer), reminder, ", ".join(address_lines(prepared.customer)))
        )


def _add_staying(summary: Summary, prepared: Prepared) -> None:
    summary.staying_count += 1
    summary.reasons[prepared.refusals[0].code] += 1
    if len(summary.staying) < MOST_LISTED:
        mend = mend_of(prepared, form_id=f"m{prepared.id.hex[:12]}")
        if len(summary.staying) >= MOST_MENDED:
            mend = Mend()
        summary.staying.append(Staying(prepared, row_name(prepared.customer), explained(prepared.refusals), mend))
