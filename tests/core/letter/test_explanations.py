"""How interest, charges and the invoice itself are explained in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from punktlig.core.charges import Charge
from punktlig.core.due import Start
from punktlig.core.facts import Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import InvoiceLine, InvoiceParty
from punktlig.core.late_rate import LateRate
from punktlig.core.money import Money
from punktlig.core.reminder import Reminder, remind
from tests.core.letter.cases import (
    CASES,
    CONSUMER,
    PUBLIC_BODY,
    TRADER,
    TRADER_ABROAD,
    invoice,
)
from tests.core.letter.generated import reminders
from tests.core.letter.readable import readable
from tests.core.letter.reading import (
    amount,
    consumer_reminder,
    languages,
    letter,
    named,
    sold_by,
    trader_facts,
    with_lines,
)

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.letter.content import LetterContent


def interest_note(content: LetterContent) -> str:
    return content.details[0].notes[0].value.replace("\u00a0", " ")


def test_the_letter_says_what_each_later_day_adds() -> None:
    assert "växer den från den 19 augusti med 1,33 kr om dagen" in interest_note(letter(consumer_reminder()))


def test_a_rate_not_known_for_tomorrow_is_said_to_be_that_day_s_rate() -> None:
    content = CASES["public-body-on-the-last-known-day"].content()
    assert "räknas den vidare från den 1 januari med den räntesats som gäller då" in interest_note(content)
    # The fixed rate of a contract goes on without a reference rate.
    facts = replace(trader_facts(), today=date(2026, 12, 31), terms=Terms(agreed_rate=LateRate.fixed(Decimal("18.25"))))
    note = interest_note(letter(remind(facts)))
    assert note.startswith("Avtalad ränta: 18,25 %, från dagen efter förfallodagen")
    assert "(räntelagen 3 §)" in note
    assert "växer den från den 1 januari med 9,38 kr om dagen." in note


def test_growth_below_one_ore_is_said_in_words() -> None:
    written = invoice("1", CONSUMER, "0.10", date(2025, 4, 30), date(2025, 5, 30))
    assert "med mindre än ett öre om dagen" in interest_note(letter(consumer_reminder(invoice=written)))


def test_an_agreed_rate_of_nothing_is_not_spoken_of() -> None:
    terms = Terms(agreed_rate=LateRate.fixed(Decimal(0)))
    for language in ("sv", "en"):
        content = letter(consumer_reminder(terms=terms), language)
        assert not re.search("ränta|interest", readable(content), re.IGNORECASE)


def test_a_consumer_who_was_not_warned_reads_nothing_about_interest() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2025, 4, 30))
    content = letter(consumer_reminder(terms=terms))
    assert "ränta" not in readable(content).lower()
    assert content.details == ()


def test_a_moved_due_date_is_explained() -> None:
    written = invoice("1", CONSUMER, "500.00", date(2026, 4, 1), date(2026, 5, 1))
    note = interest_note(letter(consumer_reminder(invoice=written, today=date(2026, 6, 1))))
    assert "Fredag 1 maj 2026 var ingen bankdag, så betalning till och med den 4 maj var i tid." in note


def test_a_leap_year_among_the_days_is_named() -> None:
    written = invoice("1", TRADER, "500.00", date(2023, 11, 1), date(2023, 12, 1))
    facts = replace(trader_facts(), invoice=written, today=date(2025, 3, 3))
    assert "dag för dag på 365 eller 366 dagar" in interest_note(letter(remind(facts)))


def test_interest_after_a_demand_that_gave_longer_names_the_day_on_the_invoice() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 8, 3), due_date=date(2026, 10, 15))
    content = letter(
        remind(
            replace(trader_facts(), invoice=replace(trader_facts().invoice, issue_date=date(2026, 8, 3)), terms=terms)
        )
    )
    assert "fakturan gav mer än lagens 30 dagar, därför från dagen efter den betalningsdag" in interest_note(content)
    assert "(räntelagen 2, 4 och 6 §§)" in interest_note(content)
    assert content.facts[-1].value.replace("\u00a0", " ") == "16 oktober 2026"


def test_thirty_days_that_end_on_a_saturday_say_how_long_payment_was_in_time() -> None:
    # Sent on Thursday 6 August with 30 days to pay: Saturday 5 September, moved to Monday.
    written = replace(trader_facts().invoice, issue_date=date(2026, 8, 6))
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 8, 6), due_date=date(2026, 9, 5))
    content = letter(remind(replace(trader_facts(), invoice=written, terms=terms)))
    note = interest_note(content).replace("\u00a0", " ")
    assert "Lördag 5 september 2026 var ingen bankdag, så betalning till och med den 7 september var i tid." in note
    assert content.facts[-1].value.replace("\u00a0", " ") == "8 september 2026"


def test_a_demand_sent_later_is_not_called_the_sending_of_the_invoice() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 21))
    content = letter(remind(replace(trader_facts(), terms=terms)))
    assert [fact.label for fact in content.facts[-3:]] == ["Fakturadatum", "Betalning begärd", "Ränta räknas från"]
    assert "sedan betalning begärdes" in interest_note(content)


def test_a_credit_note_stands_in_the_letter_as_one() -> None:
    paid = PartPayment(date(2026, 10, 12), Money.parse("400.00"))
    credited = PartPayment(date(2026, 10, 20), Money.parse("150.00"), is_credit_note=True)
    one = letter(remind(replace(trader_facts(), payments=(credited,))))
    assert "Kreditfaktura 20 oktober 2026" in [row.text.replace("\u00a0", " ") for row in one.sums.rows]
    both = letter(remind(replace(trader_facts(), payments=(paid, credited))))
    assert "Delbetalningar och kreditfakturor" in [row.text for row in both.sums.rows]
    table = both.details[1]
    assert table.title == "Betalt och krediterat före det här brevet"
    assert [row[0].replace("\u00a0", " ") for row in table.rows] == [
        "12 oktober 2026",
        "20 oktober 2026, kreditfaktura",
    ]


def test_forty_periods_of_interest_are_forty_rows() -> None:
    written = invoice("1", TRADER, "100000.00", date(2017, 3, 1), date(2017, 3, 31))
    payments = tuple(
        PartPayment(date(2017, 4, 10) + timedelta(days=91 * number), Money.parse("100.00")) for number in range(25)
    )
    facts = replace(trader_facts(), invoice=written, today=date(2026, 11, 23), payments=payments)
    details = letter(remind(facts)).details
    assert len(details[0].rows) >= 40
    assert len(details[1].rows) == 25


@pytest.mark.parametrize(
    ("buyer", "language", "written"),
    [
        (TRADER, "sv", "450 kr mellan näringsidkare (lag 1981:739, 4 a §)"),
        (PUBLIC_BODY, "sv", "450 kr när ett offentligt organ betalar en näringsidkare sent (lag 1981:739, 4 a §)"),
        (TRADER_ABROAD, "en", "SEK 450 for late payment between businesses, instead of a reminder fee"),
        (PUBLIC_BODY, "en", "SEK 450 for late payment by a public body to a business"),
    ],
)
def test_compensation_says_between_whom_and_by_which_statute(
    buyer: InvoiceParty, language: Language, written: str
) -> None:
    facts = replace(
        trader_facts(), invoice=replace(trader_facts().invoice, buyer=buyer), terms=Terms(claims_compensation=True)
    )
    note = letter(remind(facts), language).details[0].notes[1].value.replace("\u00a0", " ")
    assert note.startswith(written)


@given(reminders(), languages)
def test_a_fee_is_explained_exactly_when_it_is_asked_for(reminder: Reminder, language: Language) -> None:
    labels = [note.label for details in letter(reminder, language).details for note in details.notes]
    explained = {"Påminnelseavgift.", "Förseningsersättning.", "Reminder fee.", "Compensation."} & set(labels)
    assert len(explained) == isinstance(reminder.charge, Charge)


def test_the_fee_is_said_to_fall_away_when_the_money_came_before_the_letter() -> None:
    paid = letter(consumer_reminder()).help[0].value.replace("\u00a0", " ")
    assert "Kom pengarna fram före den 18 augusti ska du inte heller betala påminnelseavgiften." in paid


def test_what_was_paid_in_advance_is_shown_when_the_invoice_adds_up() -> None:
    rows = CASES["prepaid-agreed-rate-sole-trader"].content().sums.rows
    assert [row.text for row in rows[:4]] == [
        "Faktura 88",
        "Betalt i förskott",
        "Öresavrundning",
        "Fakturan att betala",
    ]


def test_an_invoice_whose_numbers_do_not_add_up_shows_what_it_asks_for_alone() -> None:
    written = replace(CASES["prepaid-agreed-rate-sole-trader"].facts.invoice, buyer=CONSUMER, total=Decimal("13300.00"))
    rows = letter(consumer_reminder(invoice=written, today=date(2026, 10, 31))).sums.rows
    assert (rows[0].text, amount(rows[0].amount)) == ("Faktura 88", Money.parse("7300.00"))


def test_short_lines_stand_on_the_invoice_s_row_and_long_ones_in_a_table() -> None:
    reminder = consumer_reminder()

    def told(*texts: str) -> LetterContent:
        return letter(with_lines(reminder, *(InvoiceLine(text=text) for text in texts)))

    short = told("Byte av däck", "Lagning", "Lagning")
    assert short.sums.rows[0].text == "Faktura 20418, Byte av däck; Lagning"
    assert named(short, "Vad fakturan gäller") is None
    long = told("Byte av däck på cykel med navmotor, fram och bak", "Justering av växlar och bromsar")
    table = named(long, "Vad fakturan gäller")
    assert table is not None
    assert [row[0] for row in table.rows] == [
        "Byte av däck på cykel med navmotor, fram och bak",
        "Justering av växlar och bromsar",
    ]
    assert table.total is None
    assert named(told(), "Vad fakturan gäller") is None
    assert named(told("", "\u200b"), "Vad fakturan gäller") is None


def test_a_delivery_over_several_days_is_a_period() -> None:
    reminder = consumer_reminder()
    lines = tuple(
        InvoiceLine(text=text * 8, period_start=start, period_end=end)
        for text, start, end in (
            ("Hyra ", date(2025, 4, 1), date(2025, 4, 30)),
            ("Frakt ", date(2025, 4, 2), None),
            ("Städning ", None, None),
        )
    )
    table = named(letter(with_lines(reminder, *lines)), "Vad fakturan gäller")
    assert table is not None
    assert [row[0] for row in table.rows] == ["2025-04-01 – 2025-04-30", "2025-04-02", ""]


def test_the_debt_text_takes_the_place_of_the_lines() -> None:
    lines = tuple(InvoiceLine(text="Rad " * 10) for _ in range(3))
    reminder = consumer_reminder()
    content = letter(with_lines(reminder, *lines), debt_text=" byte av\nhängrännor. ")
    assert "är fakturan för byte av hängrännor inte betald" in content.lead[0][0].text
    assert content.sums.rows[0].text == "Faktura 20418, byte av hängrännor"
    assert named(content, "Vad fakturan gäller") is None


def test_a_name_that_looks_like_markup_is_text() -> None:
    content = letter(sold_by(InvoiceParty(name="#set text(red) *Ek* <b>& \\ $x$")))
    assert content.heading[1] == "från #set text(red) *Ek* <b>& \\ $x$"
