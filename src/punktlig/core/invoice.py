"""What an invoice says, in our own words: the neutral shape that every file format is read into.

Nothing is judged here. Amounts are decimals and texts are as written, so that `reminder` can refuse with the
very words the creditor sees on the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


class DocumentKind(StrEnum):
    """What sort of document the file is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SELF_BILLED = "self_billed"
    OTHER = "other"


class AccountKind(StrEnum):
    """How a payment account is numbered."""

    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    IBAN = "iban"
    OTHER = "other"


class DeductionKind(StrEnum):
    """The tax deductions that leave the customer with a share of the invoice (Income Tax Act 1999:1229 ch. 67)."""

    ROT = "rot"
    RUT = "rut"
    GREEN = "green"


@plain_value(kw_only=True)
class PostalAddress:
    """Where a letter reaches the party; `country` is an ISO 3166-1 alpha-2 code in capitals, or empty when not said."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""
    country: str = ""


@plain_value(kw_only=True)
class InvoiceParty:
    """A seller, buyer or payee as the invoice names it.

    `identity_number` is the registration, organisation or personal identity number as written, with the scheme the
    file gave (`0007` is the Swedish organisation number). `vat_number` is the VAT identifier as written.
    """

    name: str
    identity_number: str = ""
    identity_scheme: str = ""
    vat_number: str = ""
    address: PostalAddress = PostalAddress()
    contact: str = ""
    email: str = ""
    telephone: str = ""


@plain_value(kw_only=True)
class InvoiceLine:
    """One line of the invoice; `amount` is without VAT, in the invoice's currency."""

    text: str
    quantity: Decimal | None = None
    unit: str = ""
    amount: Decimal | None = None
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """Where the seller wants to be paid."""

    kind: AccountKind
    number: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The bytes the invoice was read from, kept as evidence, and their SHA-256 in hexadecimal."""

    content: bytes
    sha256: str
    format: str


@plain_value(kw_only=True)
class Invoice:
    """An invoice or credit note as read from a file.

    Amounts are in `currency`. `payable` is what the document asks for after `prepaid`; `total` is what was charged
    with VAT. `deduction` is set when the text speaks of a ROT, RUT or green deduction. `corrected_invoice` is the
    number of the invoice that a credit note or a correction refers to. `terms` is the payment terms in free text.
    """

    number: str
    kind: DocumentKind
    currency: str
    seller: InvoiceParty
    buyer: InvoiceParty
    payee: InvoiceParty | None = None
    issue_date: date | None = None
    due_date: date | None = None
    payable: Decimal | None = None
    total: Decimal | None = None
    prepaid: Decimal | None = None
    tax: Decimal | None = None
    lines: tuple[InvoiceLine, ...] = ()
    accounts: tuple[PaymentAccount, ...] = ()
    payment_reference: str = ""
    corrected_invoice: str = ""
    buyer_reference: str = ""
    terms: str = ""
    notes: tuple[str, ...] = ()
    deduction: DeductionKind | None = None
    source: SourceFile | None = None
