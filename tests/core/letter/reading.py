"""Letters to look at, and how a reader takes in their amounts and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.letter.compose import compose
from punktlig.core.money import Money
from punktlig.core.reminder import Reminder, remind
from tests.core.letter.cases import AGENCY, CONSUMER, TRADER, invoice

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.invoice import InvoiceLine, InvoiceParty
    from punktlig.core.letter.content import Details, LetterContent

languages: st.SearchStrategy[Language] = st.sampled_from(("sv", "en"))


def letter(reminder: Reminder, language: Language = "sv", debt_text: str = "") -> LetterContent:
    """Return the letter of the reminder from the agency of the cases."""
    return compose(
        reminder,
        AGENCY,
        case_number="48213907",
        payment_reference="4821390707",
        debt_text=debt_text,
        language=language,
    )


def consumer_reminder(**more: object) -> Reminder:
    """Return a consumer's reminder with a fee; `more` are further fields of `ReminderFacts`."""
    plain = ReminderFacts(
        invoice=invoice("20418", CONSUMER, "4860.00", date(2025, 4, 30), date(2025, 5, 30)),
        today=date(2025, 8, 18),
        terms=Terms(reminder_fee_agreed_since=date(2024, 1, 1)),
    )
    return remind(replace(plain, **more))  # type: ignore[arg-type] # the fields are named by the caller


def trader_facts() -> ReminderFacts:
    """Return the facts of a trader's reminder without a charge."""
    return ReminderFacts(
        invoice=invoice("2026-0917", TRADER, "18750.00", date(2026, 9, 15), date(2026, 10, 15)),
        today=date(2026, 11, 23),
    )


def sold_by(seller: InvoiceParty, number: str = "20418") -> Reminder:
    """Return a consumer's reminder of another seller's invoice."""
    reminder = consumer_reminder()
    changed = replace(reminder.facts.invoice, seller=seller, number=number)
    return replace(reminder, facts=replace(reminder.facts, invoice=changed))


def with_lines(reminder: Reminder, *lines: InvoiceLine) -> Reminder:
    """Return the same reminder of an invoice with these lines."""
    return replace(reminder, facts=replace(reminder.facts, invoice=replace(reminder.facts.invoice, lines=lines)))


def amount(written: str) -> Money:
    """Return the amount as a reader of the letter understands it."""
    plain = re.sub(r"[ \u00a0]|SEK|kr", "", written)
    plain = plain.replace(",", "") if re.search(r"\.\d\d$", plain) else plain.replace(",", ".")
    return Money.parse(plain)


def named(content: LetterContent, *titles: str) -> Details | None:
    """Return the table with one of the titles, or None when the letter has none."""
    return next((details for details in content.details if details.title in titles), None)
