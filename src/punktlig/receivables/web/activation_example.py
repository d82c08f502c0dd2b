"""What the answers of the activation mean for a customer: an invoice of ten thousand kronor, reminded of today.

It is worked out by the rules themselves, from an invoice that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core import bank_days
from punktlig.core.facts import ReminderFacts
from punktlig.core.invoice import DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.parties import SWEDEN, DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import remind
from punktlig.receivables.records.activation import Activation, TraderCharge
from punktlig.receivables.records.reference_rates import known_rates
from punktlig.receivables.records.sending_facts import terms_of
from punktlig.receivables.web.reminder_amounts import short_sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punktlig.ui.parts import SumRow

_AMOUNT = Decimal(10_000)
_DAYS_LATE, _DAYS_TO_PAY = 20, 30
_ABROAD = "NO"  # any country but Sweden


@dataclass(frozen=True)
class Example:
    """What one sort of customer would have to pay."""

    name: str
    rows: tuple[SumRow, ...]


@dataclass(frozen=True)
class Examples:
    """The examples, so many days after the due date; none when the law's rate of the day is not known."""

    days_late: int
    each: tuple[Example, ...]


def examples_of(answers: Mapping[str, object], *, today: date) -> Examples:
    """Return the examples for answers as the form has them, with or without those that are missing."""
    due = today - timedelta(days=_DAYS_LATE)
    while not bank_days.is_bank_day(due):
        due -= timedelta(days=1)
    issued = due - timedelta(days=_DAYS_TO_PAY)
    charge = str(answers.get("trader_charge", ""))
    # A new invoice comes after the terms, whichever day they began to apply.
    activation = Activation(
        reminder_fee_agreed_since=issued if answers.get("fee") == "yes" else None,
        due_date_agreed_since=issued if answers.get("due") == "yes" else None,
        invoices_warn_of_interest=answers.get("warns") == "yes",
        trader_charge=charge if charge in TraderCharge.values else TraderCharge.NOTHING,
        charges_consumers_abroad=answers.get("abroad") == "yes",
    )
    names = {
        (DebtorKind.CONSUMER, SWEDEN): _("En privatperson betalar"),
        (DebtorKind.TRADER, SWEDEN): _("Ett företag betalar"),
        (DebtorKind.CONSUMER, _ABROAD): _("En privatperson utomlands betalar"),
    }
    try:
        each = tuple(
            Example(name, short_sums(reminder, choosing=True)[1:])
            for whose, name in names.items()
            for reminder in [remind(_facts(whose, activation, issued, due, today), known_rates(today))]
        )
    except Refusal:
        each = ()
    return Examples((today - due).days, each)


def _facts(
    whose: tuple[DebtorKind, str], activation: Activation, issued: date, due: date, today: date
) -> ReminderFacts:
    kind, country = whose
    buyer = InvoiceParty(
        name="Exempel", address=PostalAddress(lines=("Gatan 1",), postcode="111 11", town="Orten", country=country)
    )
    return ReminderFacts(
        invoice=Invoice(
            number="1",
            kind=DocumentKind.INVOICE,
            currency="SEK",
            seller=InvoiceParty(name="Exempel"),
            buyer=buyer,
            issue_date=issued,
            due_date=due,
            payable=_AMOUNT,
            total=_AMOUNT,
            lines=(InvoiceLine(text="Exempel", amount=_AMOUNT),),
        ),
        today=today,
        terms=terms_of(issued, buyer, kind, activation, today=today),
        debtor_kind=kind,
    )
