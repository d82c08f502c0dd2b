"""What a language must be able to say in a reminder. Which things are said, and when, is decided in `compose`.

Each language is one file that a lawyer can read from top to bottom: `swedish` and `english`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from punktlig.core.due import Start
from punktlig.core.statutes.interest import DAYS_AFTER_DEMAND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from punktlig.core.agency import Agency
    from punktlig.core.charges import Charge
    from punktlig.core.formatting import Formatting
    from punktlig.core.interest import Interest, InterestLine, PartPayment
    from punktlig.core.letter.content import Labelled
    from punktlig.core.reminder import Reminder
    from punktlig.core.statutes.fees import ChargeKind


def was_demanded_later(reminder: Reminder) -> bool:
    """Tell whether the day that interest is counted from is that of a later demand and not of the invoice itself."""
    sent = reminder.due.demand_sent
    return sent is not None and sent != reminder.facts.invoice.issue_date


def gave_longer_than_law(reminder: Reminder) -> bool:
    """Tell whether interest after a demand waits for the invoice's own due date, more than 30 days after it."""
    sent, first = reminder.due.demand_sent, reminder.due.first_interest_day
    return sent is not None and first is not None and first > sent + timedelta(days=DAYS_AFTER_DEMAND + 1)


def due_date_was_moved(reminder: Reminder) -> bool:
    """Tell whether interest starts later than the written due date says, since the banks were closed on it."""
    decides = reminder.due.start is Start.AGREED_DUE_DATE or gave_longer_than_law(reminder)
    return reminder.due.was_moved and decides


class Words(Protocol):
    """The phrases of a reminder in one language.

    `creditor` is the creditor's name and `debt_text` what the debt is for in the creditor's words, or empty; both are
    plain text already.
    """

    @property
    def formatting(self) -> Formatting: ...
    def __hash__(self) -> int: ...

    # Facts beside the address
    letter_date: str
    case_number: str
    invoice_from: str
    invoice_number: str
    invoice_date: str
    invoice_sent: str
    payment_requested: str
    due_date: str
    interest_from: str

    def registration(self, number: str) -> str: ...

    # Heading and lead
    def heading(self, number: str, creditor: str) -> tuple[str, str]: ...
    def running(self, heading: str, case: str) -> str: ...
    def lead(self, reminder: Reminder, number: str, creditor: str, debt_text: str) -> tuple[str, str, str]:
        """Return the text before the amount and day, the amount and day, and the text after it."""

    def correction(self, letter_date: date, charge: ChargeKind | None) -> str:
        """Return that this letter takes the place of the one of the date, which counted a payment by mistake."""

    # What the amount consists of
    sums_title: str
    sums_unit: str
    prepaid: str
    rounding: str
    invoice_to_pay: str
    own_share: str
    remaining: str
    remaining_of_share: str
    to_pay: str

    def invoice_row(self, number: str, text: str) -> str: ...
    def deduction_row(self, reminder: Reminder) -> str: ...
    def payment_row(self, payment: PartPayment) -> str: ...
    def payments_row(self, payments: Sequence[PartPayment]) -> str:
        """Return what several payments and credit notes are together."""

    def interest_row(self, through: date, *, on_share: bool) -> str: ...
    def charge_row(self, charge: Charge) -> str: ...

    # The payment box
    pay_title: str
    pay_by: str
    bankgiro: str
    reference: str
    foreign_reference: str
    scan: str

    def pay_hint(self, payee: str, *, abroad: bool) -> str: ...

    # Help, contact and what may happen otherwise
    def help(self, charge: ChargeKind | None, charged_on: date, creditor: str) -> tuple[Labelled, ...]: ...
    def contact(self, agency: Agency, case: str) -> tuple[Labelled, ...]: ...
    def otherwise(self, last_day: date) -> str: ...

    # Details
    interest_title: str
    calculated_on: str
    yearly_rate: str
    days: str
    interest: str
    total: str
    basis_title: str
    according_to: str
    late_interest: str
    payments_title: str
    payments_and_credits_title: str
    amount: str
    left_of_invoice: str
    left_of_share: str
    lines_title: str
    delivered: str
    what: str
    without_vat: str
    sum_without_vat: str
    allowances: str
    vat: str
    invoice_total: str
    see_details: tuple[str, str]
    page_words: tuple[str, str]

    def credited_on(self, day: str) -> str:
        """Return the day of a credit note, as it stands among those of payments."""

    def interest_note(self, reminder: Reminder, interest: Interest, lines: Sequence[InterestLine]) -> Labelled: ...
    def later_interest_note(self, first_day: date) -> Labelled: ...
    def later_interest_statute(self) -> str: ...
    def charge_note(self, reminder: Reminder, charge: Charge, creditor: str) -> Labelled: ...
    def charge_statute(self, charge: Charge) -> str: ...
    def deduction_note(self, reminder: Reminder, creditor: str) -> Labelled: ...
    def deduction_statute(self) -> str: ...
    def unit(self, code: str) -> str | None:
        """Return the word for a UN/ECE unit code, or None for a unit the language has no word for here."""

    def footer(self, agency: Agency) -> tuple[tuple[str, str], ...]: ...
