"""The case number of an invoice where no database gives one out: always the same for the same creditor and invoice."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from punktlig.core.identity import NotAnIdentityNumber, read_identity_number
from punktlig.formats.ocr import ocr_reference

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.invoice import Invoice

_LOWEST = 10_000_000
_COUNT = 90_000_000


def creditor_key(invoice: Invoice, *, today: date) -> str:
    """Return who the creditor is, the same however its number is written; the name only where there is no number."""
    seller = invoice.seller
    written = seller.identity_number or seller.vat_number
    try:
        return str(read_identity_number(written, today=today))
    except NotAnIdentityNumber:
        return re.sub(r"\W", "", written).casefold() or " ".join(seller.name.split()).casefold()


def case_number(creditor: str, invoice_number: str) -> str:
    """Return eight digits that depend on creditor and invoice number alone.

    There are ninety million of them, so two invoices may meet in one: among ten thousand that is as likely as not. Who
    makes several letters must look out for it.
    """
    digest = hashlib.sha256(f"{creditor}\n{invoice_number}".encode("utf-8", "surrogatepass")).digest()
    return str(_LOWEST + int.from_bytes(digest[:8]) % _COUNT)


def payment_reference(case: str) -> str:
    """Return the OCR reference of the case, with length digit and check digit."""
    return ocr_reference(case)
