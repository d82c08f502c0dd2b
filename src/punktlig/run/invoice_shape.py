"""An invoice as JSON, as it was read from its file. docs/command.md describes the shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from punktlig.core.invoice import Invoice, InvoiceLine, InvoiceParty


def invoice_shape(invoice: Invoice) -> dict[str, object]:
    """Return the invoice with every amount as text in its own currency; what the file does not say is null or empty."""
    return {
        "number": invoice.number,
        "kind": invoice.kind.value,
        "format": invoice.source.format if invoice.source else None,
        "sha256": invoice.source.sha256 if invoice.source else None,
        "currency": invoice.currency,
        "issue_date": _day(invoice.issue_date),
        "due_date": _day(invoice.due_date),
        "total": _decimal(invoice.total),
        "tax": _decimal(invoice.tax),
        "prepaid": _decimal(invoice.prepaid),
        "payable": _decimal(invoice.payable),
        "seller": _party_shape(invoice.seller),
        "buyer": _party_shape(invoice.buyer),
        "payee": _party_shape(invoice.payee) if invoice.payee else None,
        "accounts": [
            {"kind": account.kind.value, "number": account.number, "bic": account.bic or None}
            for account in invoice.accounts
        ],
        "payment_reference": invoice.payment_reference or None,
        "corrected_invoice": invoice.corrected_invoice or None,
        "buyer_reference": invoice.buyer_reference or None,
        "terms": invoice.terms or None,
        "notes": list(invoice.notes),
        "deduction": invoice.deduction.value if invoice.deduction else None,
        "lines": [_line_shape(line) for line in invoice.lines],
    }


def _party_shape(party: InvoiceParty) -> dict[str, object]:
    return {
        "name": party.name,
        "identity_number": party.identity_number or None,
        "vat_number": party.vat_number or None,
        "address": {
            "lines": list(party.address.lines),
            "postcode": party.address.postcode or None,
            "town": party.address.town or None,
            "country": party.address.country or None,
        },
    }


def _line_shape(line: InvoiceLine) -> dict[str, object]:
    return {
        "text": line.text,
        "quantity": _decimal(line.quantity),
        "unit": line.unit or None,
        "amount": _decimal(line.amount),
        "from": _day(line.period_start),
        "to": _day(line.period_end),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
