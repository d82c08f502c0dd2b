"""The message that hands an invoice over, made from the facts that were judged. Nothing is decided here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pydantic_core import to_json

from punktlig.core.money import Money
from punktlig.core.plain_values import plain_value
from punktlig.exchange.messages import Language, SubmittedDebtor
from punktlig.exchange.types import FIRST_YEAR, LAST_YEAR, MOST_OF_INVOICE
from punktlig.receivables.records.sending_refusals import AmountOutOfBounds, DayOutOfBounds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from punktlig.core.facts import ReminderFacts, Terms
    from punktlig.core.invoice import InvoiceParty
    from punktlig.core.parties import DebtorKind

# What `exchange.messages` holds at most.
MOST_LINES = 500
MOST_PAYMENTS = 200
MOST_ADDRESS_LINES = 6
_MOST_KRONOR = Money(MOST_OF_INVOICE).as_decimal()
_EXCHANGE_FORM = re.compile(r"(?!-0\.00)-?(?:0|[1-9]\d{0,12})\.\d{2}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@plain_value()
class Booked:
    """A payment or a credit note registered on the invoice; its id is the one the agency gets to see."""

    id: UUID
    kind: Literal["payment", "credit_note"]
    day: date
    amount_ore: int


def out_of_bounds(facts: ReminderFacts) -> DayOutOfBounds | AmountOutOfBounds | None:
    """Return the day or the amount that no message carries, if there is one; only of facts that no rule refuses.

    The agency would answer the same bytes with the same problem for ever. A period of a line is not among them: one out
    of bounds, as programs write for "until further notice", is left out.
    """
    invoice, terms, payments = facts.invoice, facts.terms, facts.payments
    days = (invoice.issue_date, invoice.due_date, terms.demand_sent, terms.reminder_fee_agreed_since)
    for day in (*days, *[payment.day for payment in payments]):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            return DayOutOfBounds(day)
    amounts = (invoice.payable, invoice.total, invoice.prepaid, invoice.tax, *[line.amount for line in invoice.lines])
    for amount in amounts:
        if amount is not None and not -_MOST_KRONOR < amount < _MOST_KRONOR:
            return AmountOutOfBounds(Money.of_decimal(amount), Money(MOST_OF_INVOICE))
    # Part payments and the customer's share are parts of what is to be paid, which is among the amounts.
    return None


def submission_body(
    facts: ReminderFacts,
    *,
    handover_id: UUID,
    company_id: UUID,
    invoice_id: UUID,
    booked: Sequence[Booked],
    debt_text: str,
    language: Language,
) -> bytes:
    """Return the bytes of the message, those of `body_of`; only for facts that no rule refuses.

    They are written from plain values: what the contract's own types check is held by the columns they come from, by
    the rules, by `_plain` and by `out_of_bounds`, and making those types takes four times as long. A test reads every
    kind of message back by the contract.
    """
    return to_json(
        {
            "handover_id": handover_id,
            "company_id": company_id,
            "invoice_id": invoice_id,
            "invoice": _invoice(facts),
            "debtor": _debtor(
                facts.invoice.buyer,
                facts.debtor_kind,
                language=language,
                identity_is_protected=facts.identity_is_protected,
            ),
            "terms": _terms(facts.terms),
            "payments": [
                {"id": one.id, "kind": one.kind, "day": one.day, "amount": str(Money(one.amount_ore))} for one in booked
            ],
            "debt_text": _plain(debt_text),
        }
    )


def submitted_debtor(
    buyer: InvoiceParty, kind: DebtorKind | None, *, language: Language, identity_is_protected: bool
) -> SubmittedDebtor:
    """Return who owes the debt, as the agency gets to know it.

    Raises:
        ValidationError: it is such as no message carries, and a rule would refuse it.
    """
    written = _debtor(buyer, kind, language=language, identity_is_protected=identity_is_protected)
    return SubmittedDebtor.model_validate_json(to_json(written))


type _Written = dict[str, object]


def _invoice(facts: ReminderFacts) -> _Written:
    invoice, share = facts.invoice, facts.customer_share
    return _told(
        {
            "number": _plain(invoice.number),
            "issue_date": invoice.issue_date,
            "due_date": invoice.due_date,
            "currency": invoice.currency,
            "payable": _amount(invoice.payable),
            "total": _amount(invoice.total),
            "prepaid": _amount(invoice.prepaid),
            "tax": _amount(invoice.tax),
            "lines": [
                _told(
                    {
                        "text": _plain(line.text),
                        "quantity": f"{line.quantity:f}" if line.quantity is not None else None,
                        "unit": _plain(line.unit),
                        "amount": _amount(line.amount),
                        "period_start": _day_in_bounds(line.period_start),
                        "period_end": _day_in_bounds(line.period_end),
                    }
                )
                for line in invoice.lines
            ],
            "deduction": invoice.deduction.value if invoice.deduction else None,
            "customer_share": str(share) if share is not None else None,
            "customer_share_confirmed": facts.customer_share_confirmed,
        }
    )


def _debtor(
    buyer: InvoiceParty, kind: DebtorKind | None, *, language: Language, identity_is_protected: bool
) -> _Written:
    address = buyer.address
    lines = _few([_plain(line) for line in address.lines])
    return _told(
        {
            "name": _plain(buyer.name),
            "kind": kind.value if kind else None,
            "identity_number": _plain(buyer.identity_number),
            "vat_number": _plain(buyer.vat_number),
            "address": {
                "lines": lines,
                "postcode": _plain(address.postcode),
                "town": _plain(address.town),
                "country": address.country,
            },
            "email": _plain(buyer.email),
            "language": language,
            "identity_is_protected": identity_is_protected,
        }
    )


def _few(lines: list[str]) -> list[str]:
    """Return the lines of an address, those that a message has no room for on its last."""
    if len(lines) <= MOST_ADDRESS_LINES:
        return lines
    return [*lines[: MOST_ADDRESS_LINES - 1], ", ".join(lines[MOST_ADDRESS_LINES - 1 :])]


def window_lines(facts: ReminderFacts) -> tuple[str, ...]:
    """Return the lines of the debtor's address as the agency will be told them; the refusals of `postal_lines`."""
    name, *street, place = facts.postal_lines
    return (name, *_few(street), place)


def _terms(terms: Terms) -> _Written:
    return _told(
        {
            "start": terms.start.value,
            "demand_sent": terms.demand_sent,
            "warned_of_interest": terms.warned_of_interest,
            "reminder_fee_agreed_since": terms.reminder_fee_agreed_since,
            "claims_compensation": terms.claims_compensation,
            "charges_consumers_abroad": terms.charges_consumers_abroad or None,
        }
    )


def _told(fields: _Written) -> _Written:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


def _day_in_bounds(day: date | None) -> date | None:
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _amount(amount: Decimal | None) -> str | None:
    if amount is None:
        return None
    # Amounts of the ledger are in the exchange form already; going by whole öre would take four times as long.
    written = str(amount)
    return written if _EXCHANGE_FORM.fullmatch(written) else str(Money.of_decimal(amount))


def _plain(text: str) -> str:
    """Return the text without control characters, which no message carries and no letter prints."""
    return text if text.isprintable() else _CONTROLS.sub(" ", text)
