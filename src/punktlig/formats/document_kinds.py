"""Which documents are invoices, by the code list UNTDID 1001 that UBL and CII share."""

from __future__ import annotations

from punktlig.core.invoice import DocumentKind

# The invoice types of Peppol BIS Billing 3.0 and the everyday ones of EN 16931. A pro forma invoice (325), a tax
# notification (102) and information for the accounts (751) ask for no payment and stay OTHER. So does a factored
# invoice (393): its claim was assigned to a third party, and is not the seller's to remind of. So does every code that
# is not known here.
_INVOICES = frozenset(
    "71 80 82 84 218 219 326 331 380 382 383 384 386 388 394 395 456 553 575 623 633 780 817 870 875 876 877".split()  # noqa: SIM905 - a list of codes reads best as one
)
_CREDIT_NOTES = frozenset(["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"])
_SELF_BILLED = frozenset(["389", "527"])


def kind_of_document(type_code: str) -> DocumentKind:
    """Return what a type code makes of a document whose root element says invoice; no code at all is an invoice."""
    if type_code in _CREDIT_NOTES:
        return DocumentKind.CREDIT_NOTE
    if type_code in _SELF_BILLED:
        return DocumentKind.SELF_BILLED
    return DocumentKind.INVOICE if not type_code or type_code in _INVOICES else DocumentKind.OTHER
