"""Why something cannot be entered, changed or booked in the ledger. The words are in ui/ledger_refusal_texts_*.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.money import Money


@dataclass(eq=False)
class InvoiceNumberTaken(Refusal):
    """An invoice with this number exists and says something else: `differences` are names of what differs."""

    number: str
    customer: str
    differences: tuple[str, ...]


@dataclass(eq=False)
class FileContradictsInvoice(Refusal):
    """A file has the number of an invoice that exists and says something else; `differences` as above."""

    number: str
    customer: str
    differences: tuple[str, ...]


@dataclass(eq=False)
class InvoiceIsAsItsFile(Refusal):
    """The invoice was read from a file and stays as the file says."""

    number: str


@dataclass(eq=False)
class InvoiceIsAtTheAgency(Refusal):
    """The invoice has been handed over, so its facts stay as they were sent."""

    number: str


@dataclass(eq=False)
class ChangeLeavesLessThanPaid(Refusal):
    """The invoice would ask for less than has been paid and credited already."""

    owed: Money
    paid: Money


@dataclass(eq=False)
class CustomerNumberTaken(Refusal):
    """Another customer has the number."""

    number: str
    customer: str


@dataclass(eq=False)
class CustomerNameMissing(Refusal):
    """A customer has a name."""


@dataclass(eq=False)
class PaymentIsNotPositive(Refusal):
    """A payment of nothing or less is no payment."""

    amount: Money


@dataclass(eq=False)
class PaymentIsAhead(Refusal):
    """The day of the payment has not come."""

    day: date
    today: date


@dataclass(eq=False)
class PaymentExceedsRemaining(Refusal):
    """More was paid than is left of the invoice."""

    amount: Money
    remaining: Money


@dataclass(eq=False)
class PaymentJustRecorded(Refusal):
    """A payment of the same day and amount was recorded on the invoice less than a minute ago."""

    day: date
    amount: Money


@dataclass(eq=False)
class PaymentIsTakenBack(Refusal):
    """The form has recorded a payment before, which has been taken back since."""

    day: date
    amount: Money


@dataclass(eq=False)
class PaymentIsWithAgency(Refusal):
    """Only the agency can take the payment back: it came with the handover, to the agency, or the claim is done."""

    day: date
    amount: Money


@dataclass(eq=False)
class PaymentsThroughIsAhead(Refusal):
    """Payments cannot be booked through a day that has not come."""

    day: date
    today: date


@dataclass(eq=False)
class CreditNoteNumberTaken(Refusal):
    """A credit note with this number exists and says something else."""

    number: str
    invoice: str
    amount: Money


@dataclass(eq=False)
class CreditExceedsInvoice(Refusal):
    """More would be credited than the invoice asked for."""

    number: str
    credited: Money
    owed: Money


@dataclass(eq=False)
class CreditedInvoiceMissing(Refusal):
    """The invoice that the credit note corrects is not in the ledger."""

    number: str
    invoice: str


@dataclass(eq=False)
class CreditedInvoiceNotNamed(Refusal):
    """The credit note does not say which invoice it corrects."""

    number: str


@dataclass(eq=False)
class CreditNoteToAnotherCustomer(Refusal):
    """The invoice with the number that the credit note corrects is another customer's."""

    number: str
    buyer: str
    invoice: str
    customer: str


@dataclass(eq=False)
class CreditNoteShareUnknown(Refusal):
    """The credited invoice has a tax deduction: how much of the credit is the customer's own share is not told."""

    number: str
    invoice: str


@dataclass(eq=False)
class CreditNoteAmountUnclear(Refusal):
    """The credit note asks for nothing, or for less than nothing."""

    number: str


@dataclass(eq=False)
class InvoiceOfAnotherSeller(Refusal):
    """The file is an invoice of another seller than the company."""

    seller: str
    seller_number: str
    company: str


@dataclass(eq=False)
class TextTooLongToKeep(Refusal):
    """A text of the file is longer than the ledger keeps, and half of it would be another text."""

    field: str
    length: int
    limit: int


@dataclass(eq=False)
class CreditNoteInOtherCurrency(Refusal):
    """The credit note is in another currency than the invoice it corrects."""

    number: str
    currency: str
    invoice: str
    invoice_currency: str


@dataclass(eq=False)
class TooManyFiles(Refusal):
    """More files were given than are taken at once."""

    count: int
    most: int


@dataclass(eq=False)
class FilesTooLargeTogether(Refusal):
    """The files together are larger than is taken at once."""

    megabytes: int
    most: int


@dataclass(eq=False)
class NoFilesGiven(Refusal):
    """No file was chosen."""


@dataclass(eq=False)
class FileBrokeTheReader(Refusal):
    """Reading the file failed in a way that is our own fault; it has been logged."""
