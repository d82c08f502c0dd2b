"""The invented invoices: each has the outcome that the table beside them says, on 23 November 2026."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import Interest, PartPayment
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.reminder import NoInterest, refusals, remind
from punktlig.formats.safe_xml import UnreadableInvoice
from tests.formats.examples import FILES, FOLDER, IMPOSSIBLE_DATE, READABLE, read_example

TODAY = date(2026, 11, 23)
NOTHING_TOLD = Terms()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the creditor tells about a file, and what comes of it: an amount before interest and charge, or refusals."""

    owed: str = ""
    refused: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    terms: Terms = NOTHING_TOLD


FEE = Terms(reminder_fee_agreed_since=date(2024, 3, 1))
COMPENSATION = Terms(claims_compensation=True)

OUTCOMES = {
    "01-consumer-bankgiro.xml": Outcome(owed="5180.00", terms=FEE),
    "02-trader-bankgiro.xml": Outcome(owed="18750.00", terms=COMPENSATION),
    "03-public-body-bankgiro.xml": Outcome(owed="59450.00", terms=COMPENSATION),
    "04-trader-plusgiro.xml": Outcome(owed="9862.50"),
    "05-consumer-rot.xml": Outcome(owed="34665.00", told={"customer_share": Money(34_665_00)}),
    "06-consumer-rut.xml": Outcome(owed="3400.00", told={"customer_share": Money(3_400_00)}),
    "07-consumer-prepaid.xml": Outcome(owed="7500.00"),
    "08-trader-norway-iban.xml": Outcome(owed="22400.00"),
    "09-consumer-denmark.xml": Outcome(owed="14750.00", told={"debtor_kind": DebtorKind.CONSUMER}),
    "10-public-body-two-half-years.xml": Outcome(owed="49625.00"),
    "11-trader-rate-change.xml": Outcome(owed="34650.00"),
    "12-trader-cii.xml": Outcome(
        owed="29071.64", told={"payments": (PartPayment(date(2026, 10, 30), Money(19_178_36)),)}
    ),
    "13-sole-trader.xml": Outcome(owed="3625.00", told={"debtor_kind": DebtorKind.TRADER}),
    "14-name-like-markup.xml": Outcome(owed="2475.00"),
    "15-consumer-many-lines.xml": Outcome(owed="8541.00"),
    "21-refused-no-due-date.xml": Outcome(refused=["due_date_missing"]),
    "22-refused-euro.xml": Outcome(refused=["currency_is_not_sek"]),
    "23-refused-credit-note.xml": Outcome(refused=["invoice_is_credit_note", "due_date_missing"]),
    "24-refused-minor.xml": Outcome(refused=["debtor_is_a_minor"]),
    "25-refused-no-street.xml": Outcome(refused=["address_incomplete"]),
    "26-refused-not-overdue.xml": Outcome(refused=["not_overdue_yet"]),
    "27-refused-another-payee.xml": Outcome(refused=["payee_is_another"]),
    "28-refused-wrong-organisation-number.xml": Outcome(refused=["identity_number_unreadable"]),
    "29-refused-limitation.xml": Outcome(refused=["limitation_may_have_run"]),
    "30-refused-self-billed.xml": Outcome(refused=["invoice_is_self_billed"]),
    "31-refused-rot-share-changed.xml": Outcome(
        refused=["customer_share_changed"], told={"customer_share": Money(17_100_00)}
    ),
    "32-refused-negative.xml": Outcome(refused=["total_is_negative"]),
}


def facts_of(name: str, **changed: Any) -> ReminderFacts:
    outcome = OUTCOMES[name]
    told = {"terms": outcome.terms, "today": TODAY, **outcome.told, **changed}
    return ReminderFacts(invoice=read_example(name), **told)


def test_every_file_has_an_outcome_and_the_readme_says_the_same() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+\.xml)` (\|.*\|)$", readme, re.MULTILINE))
    assert sorted(rows) == FILES
    assert OUTCOMES.keys() == set(READABLE)
    for name, outcome in OUTCOMES.items():
        said = f"`{outcome.refused[0]}`" if outcome.refused else f"| {outcome.owed} |"
        assert said in rows[name], name
    assert "`field_is_unreadable`" in rows[IMPOSSIBLE_DATE]


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_first_of_all_that_it_is_invented(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert re.match(r'<\?xml version="1\.0" encoding="UTF-8"\?>\n<!-- Påhittad faktura .*\bInvented\b', text)


@pytest.mark.parametrize("name", READABLE)
def test_every_example_has_its_outcome(name: str) -> None:
    outcome, facts = OUTCOMES[name], facts_of(name)
    assert [refusal.code for refusal in refusals(facts)] == outcome.refused
    if not outcome.refused:
        assert str(remind(facts).unpaid) == outcome.owed


def test_the_impossible_date_is_refused_with_its_field_value_and_line() -> None:
    with pytest.raises(UnreadableInvoice, match=r"line 11: DueDate is '2026-02-30'.*no such day"):
        read_example(IMPOSSIBLE_DATE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("05-consumer-rot.xml", "customer_share_unknown"),
        ("06-consumer-rut.xml", "customer_share_unknown"),
        ("09-consumer-denmark.xml", "debtor_kind_unknown"),
        ("13-sole-trader.xml", "debtor_kind_unknown"),
    ],
)
def test_what_only_the_creditor_knows_is_asked_for_by_name(name: str, code: str) -> None:
    untold = facts_of(name, customer_share=None, debtor_kind=None)
    assert [refusal.code for refusal in refusals(untold)] == [code]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("21-refused-no-due-date.xml", {"terms": Terms(due_date=date(2026, 9, 18))}),
        ("26-refused-not-overdue.xml", {"today": date(2026, 11, 24)}),
    ],
)
def test_what_the_readme_says_helps_does_help(name: str, changed: dict[str, Any]) -> None:
    assert refusals(facts_of(name, **changed)) == ()


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "10-public-body-two-half-years.xml",
            [(date(2026, 5, 30), date(2026, 6, 30), 10), (date(2026, 7, 1), TODAY, 10)],
        ),
        (
            "11-trader-rate-change.xml",
            [
                (date(2025, 5, 31), date(2025, 6, 30), 11),
                (date(2025, 7, 1), date(2025, 12, 31), 10),
                (date(2026, 1, 1), date(2026, 6, 30), 10),
                (date(2026, 7, 1), TODAY, 10),
            ],
        ),
    ],
)
def test_interest_across_half_years_has_a_line_for_each(name: str, lines: list[tuple[date, date, int]]) -> None:
    interest = remind(facts_of(name)).interest
    assert isinstance(interest, Interest)
    assert [(line.first_day, line.last_day, line.percent) for line in interest.lines] == [
        (first, last, Decimal(percent)) for first, last, percent in lines
    ]


def test_a_consumer_abroad_is_asked_for_the_invoice_alone() -> None:
    reminder = remind(facts_of("09-consumer-denmark.xml"))
    assert reminder.interest is NoInterest.CONSUMER_ABROAD
    assert reminder.total == reminder.unpaid
