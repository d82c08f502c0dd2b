"""A reminder's explained specification as JSON: where every amount comes from. docs/command.md describes the shapes.

Money and rates are text (SEK, per cent), days are numbers, dates are ISO 8601, and what does not apply is null.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.charges import Charge
from punktlig.core.interest import Interest

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.due import Due
    from punktlig.core.explanation import Explained
    from punktlig.core.interest import InterestLine
    from punktlig.core.money import Money
    from punktlig.core.reminder import Reminder

_HUNDREDTH = Decimal("0.01")


def interest_shape(interest: Interest) -> dict[str, object]:
    """Return the interest: its total, the days that bore it, and the lines that add up to it."""
    return {
        "total": str(interest.total),
        "days": interest.days,
        "lines": [_line_shape(line) for line in interest.lines],
    }


def reminder_shape(reminder: Reminder, *, case_number: str, payment_reference: str) -> dict[str, object]:
    """Return everything a letter rests on: who, when, how much, and the statute of each amount."""
    facts, invoice = reminder.facts, reminder.facts.invoice
    interest, charge = reminder.interest, reminder.charge
    return {
        "case_number": case_number,
        "payment_reference": payment_reference,
        "letter_date": facts.today.isoformat(),
        "last_day_to_pay": reminder.last_day_to_pay.isoformat(),
        "total": str(reminder.total),
        "growth_per_day": _money(reminder.growth),
        "invoice": {
            "number": invoice.number,
            "issue_date": _day(invoice.issue_date),
            "sha256": invoice.source.sha256 if invoice.source else None,
        },
        "creditor": {
            "name": invoice.seller.name,
            "identity_number": invoice.seller.identity_number or None,
        },
        "debtor": {
            "name": reminder.debtor.name,
            "kind": reminder.debtor.kind.value,
            "country": reminder.debtor.country,
        },
        "due": _due_shape(reminder.due),
        "payable": str(reminder.payable),
        "owed": str(reminder.owed),
        "unpaid": str(reminder.unpaid),
        "payments": [{"date": payment.day.isoformat(), "amount": str(payment.amount)} for payment in facts.payments],
        "interest": interest_shape(interest) if isinstance(interest, Interest) else None,
        "no_interest_because": None if isinstance(interest, Interest) else interest.value,
        "charge": (
            {"kind": charge.kind.value, "amount": str(charge.amount), "statute": charge.fee.section}
            if isinstance(charge, Charge)
            else None
        ),
        "no_charge_because": None if isinstance(charge, Charge) else charge.value,
        "lines": [explained_shape(line) for line in reminder.explain()],
    }


def explained_shape(line: Explained) -> dict[str, object]:
    """Return one explained amount; the amounts of a reminder's lines add up to its total."""
    return {
        "what": line.what.value,
        "amount": str(line.amount),
        "statute": line.statute or None,
        "basis": _money(line.basis),
        "from": _day(line.first_day),
        "to": _day(line.last_day),
        "rate": None if line.percent is None else rate_text(line.percent),
        "days": line.days,
        "year_days": line.year_days,
        "condition": _day(line.condition),
    }


def rate_text(percent: Decimal) -> str:
    """Return a rate with a point and at least two decimals, as in `12.00` or `9.125`."""
    return f"{percent:.2f}" if percent == percent.quantize(_HUNDREDTH) else f"{percent.normalize():f}"


def _line_shape(line: InterestLine) -> dict[str, object]:
    return {
        "from": line.first_day.isoformat(),
        "to": line.last_day.isoformat(),
        "capital": str(line.capital),
        "rate": rate_text(line.percent),
        "reference_rate": None if line.reference_percent is None else rate_text(line.reference_percent),
        "days": line.days,
        "year_days": line.year_days,
        "amount": str(line.amount),
    }


def _due_shape(due: Due) -> dict[str, object]:
    return {
        "start": due.start.value,
        "written_date": due.written_date.isoformat(),
        "effective_date": due.effective_date.isoformat(),
        "first_interest_day": _day(due.first_interest_day),
        "demand_sent": _day(due.demand_sent),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)
