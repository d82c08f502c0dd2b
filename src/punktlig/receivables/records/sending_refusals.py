"""Why an invoice cannot be handed over to the agency, beyond what the rules say of the debt itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.money import Money


@dataclass(eq=False)
class InvoiceAlreadySent(Refusal):
    """The invoice has been handed over; there is one claim for it and there will be no second."""

    number: str
    sent_date: date | None


@dataclass(eq=False)
class ReminderHandlingNotActivated(Refusal):
    """The company has not switched reminder handling on."""


@dataclass(eq=False)
class ActivationNotConfirmed(Refusal):
    """Reminder handling was switched on, but the agency has not answered yet."""

    accepted_date: date


@dataclass(eq=False)
class TermsHaveChanged(Refusal):
    """The agency's terms have a newer version than the company has accepted."""

    accepted_version: str
    newest_version: str


@dataclass(eq=False)
class InvoiceTooLong(Refusal):
    """The invoice has more lines, or more payments, than a handover can hold."""

    lines: int
    payments: int
    most_lines: int
    most_payments: int


@dataclass(eq=False)
class DayOutOfBounds(Refusal):
    """A day of the invoice or of what was booked on it is one that no handover holds, such as of the year 226."""

    day: date


@dataclass(eq=False)
class AmountOutOfBounds(Refusal):
    """An amount of the invoice is larger than a handover holds."""

    amount: Money
    limit: Money


@dataclass(eq=False)
class InvoiceChangedMeanwhile(Refusal):
    """The facts of the invoice are no longer those that were confirmed."""

    number: str


@dataclass(eq=False)
class PreviewIsOutdated(Refusal):
    """Something has changed since the preview was shown, so what was confirmed is not what would be sent."""
