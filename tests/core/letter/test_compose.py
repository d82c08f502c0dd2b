"""What a letter says and never says, over letters of every sort."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punktlig.core.addressee import AddressIncomplete, postal_lines
from punktlig.core.charges import Charge
from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import Interest, PartPayment
from punktlig.core.invoice import InvoiceLine, InvoiceParty
from punktlig.core.late_rate import LateRate
from punktlig.core.letter.compose import LetterFactMissing, compose
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.reminder import Reminder, remind
from tests.core.letter.cases import (
    AGENCY,
    ANOTHER_PERSONAL_NUMBER,
    CASES,
    CONSUMER,
    PERSONAL_NUMBER,
    PUBLIC_BODY,
    TRADER,
    TRADER_ABROAD,
    invoice,
)
from tests.core.letter.generated import reminders
from tests.core.letter.readable import readable

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.letter.content import Details

languages: st.SearchStrategy[Language] = st.sampled_from(("sv", "en"))


def letter(reminder: Reminder, language: Language = "sv", debt_text: str = "") -> LetterContent:
    return compose(
        reminder,
        AGENCY,
        case_number="48213907",
        payment_reference="4821390707",
        debt_text=debt_text,
        language=language,
    )


def amount(written: str) -> Money:
    """Return the amount as a reader of the letter understands it."""
    plain = re.sub(r"[ \u00a0]|SEK|kr", "", written)
    plain = plain.replace(",", "") if re.search(r"\.\d\d$", plain) else plain.replace(",", ".")
    return Money.parse(plain)


def named(content: LetterContent, *titles: str) -> Details | None:
    return next((details for details in content.details if details.title in titles), None)


# ---- Sums ------------------------------------------------------------------------------------------------------------


@given(reminders(), languages)
def test_the_printed_rows_add_up_to_the_printed_total(reminder: Reminder, language: Language) -> None:
    sums = letter(reminder, language).sums
    running = Money(0)
    for row in sums.rows:
        if row.subtotal:
            assert amount(row.amount) == running
        else:
            running += amount(row.amount)
    assert amount(sums.total.amount) == running == reminder.total


@given(reminders(), languages)
def test_the_box_the_lead_and_the_code_ask_for_the_total_by_the_last_day(
    reminder: Reminder, language: Language
) -> None:
    content = letter(reminder, language)
    box = content.payment
    assert amount(box.amount.value) == reminder.total
    strong = next(run.text for run in content.lead[0] if run.strong)
    assert box.amount.value in strong
    assert box.last_day.value in strong
    assert (box.qr is None) is reminder.debtor.is_abroad
    if box.qr is not None:
        assert (box.qr.amount, box.qr.due_date) == (str(reminder.total), reminder.last_day_to_pay)
        assert box.qr.account in [field.value for field in box.fields]


@given(reminders(), languages)
def test_every_period_of_interest_is_printed_and_they_add_up(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    details = named(content, "Så är räntan beräknad", "How interest is calculated")
    interest = reminder.interest
    if not isinstance(interest, Interest) or not (interest.debt.rate.units or interest.debt.rate.above_reference):
        assert details is None
        return
    assert details is not None
    assert [amount(row[1]) for row in details.rows] == [line.capital for line in interest.lines]
    assert [int(row[3]) for row in details.rows] == [line.days for line in interest.lines]
    assert Money.total(amount(row[4]) for row in details.rows) == reminder.interest_amount
    if details.total is not None:
        assert amount(details.total[4]) == reminder.interest_amount
        assert int(details.total[3]) == interest.days


@given(reminders(), languages)
def test_part_payments_are_printed_in_order_and_end_at_what_is_unpaid(reminder: Reminder, language: Language) -> None:
    details = named(
        letter(reminder, language), "Delbetalningar före det här brevet", "Part payments before this letter"
    )
    payments = reminder.facts.payments
    assert (details is not None) is bool(payments)
    if details is not None:
        assert Money.total(amount(row[1]) for row in details.rows) == reminder.facts.paid
        assert amount(details.rows[-1][2]) == reminder.unpaid


@given(reminders(), languages)
def test_the_table_of_lines_ends_in_the_amount_that_the_sums_begin_with(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    details = named(content, "Vad fakturan gäller", "What the invoice is for")
    if details is None or details.total is None:
        return
    assert details.total[-1] == content.sums.rows[0].amount
    lines, *rest = details.before_total
    assert Money.total(amount(row[-1]) for row in details.rows) == amount(lines[-1])
    assert amount(lines[-1]) + Money.total(amount(row[-1]) for row in rest) == amount(details.total[-1])


@given(reminders(), languages)
def test_every_row_of_every_table_has_a_cell_for_every_column(reminder: Reminder, language: Language) -> None:
    for details in letter(reminder, language).details:
        assert details.rows
        rows = (*details.rows, *details.before_total, *((details.total,) if details.total else ()))
        assert {len(row) for row in rows} == {len(details.columns)}
        assert sum(column.width_mm is None for column in details.columns) == 1


@given(reminders(), languages)
def test_a_letter_is_read_back_as_it_was_stored(reminder: Reminder, language: Language) -> None:
    content = letter(reminder, language)
    assert LetterContent.from_json(content.to_json()) == content


# ---- What a reminder may not say -------------------------------------------------------------------------------------

# Debt Recovery Act (1974:182) s. 1: anything that presses makes the letter a collection demand.
_PRESSING = re.compile(
    r"kronofog|betalningsanmärkning|domstol|rättslig|stämning|föreläggande|utmätning|kreditupplys|sista chans|"
    r"ytterligare kostnad|avbryt|enforcement|court|legal|lawsuit|default|credit rating|seiz|sue\b|final notice|warning",
    re.IGNORECASE,
)


@given(reminders(), languages)
@settings(max_examples=50)
def test_nothing_presses_but_a_day_to_pay_and_that_the_claim_may_be_handed_on(
    reminder: Reminder, language: Language
) -> None:
    # The lines are the creditor's words; the letter's own are looked at.
    content = letter(_without_lines(reminder), language)
    text = readable(content)
    assert not _PRESSING.search(text)
    collection = re.findall(r"inkasso|collection", text, re.IGNORECASE)
    assert len(collection) == 1
    assert collection[0] in content.otherwise


def _without_lines(reminder: Reminder) -> Reminder:
    return replace(reminder, facts=replace(reminder.facts, invoice=replace(reminder.facts.invoice, lines=())))


@given(reminders(), languages)
def test_no_personal_identity_number_is_in_a_letter(reminder: Reminder, language: Language) -> None:
    number = PERSONAL_NUMBER.removeprefix("19")
    written = (
        f"{number} tak",
        f"ROT {PERSONAL_NUMBER.replace('-', '')}",
        f"för {number.replace('-', ' ')}.",
        f"({ANOTHER_PERSONAL_NUMBER})",
    )
    source = reminder.facts.invoice
    hostile = replace(
        source,
        lines=tuple(InvoiceLine(text=text) for text in written),
        seller=InvoiceParty(name=f"Ek {number}", identity_number=ANOTHER_PERSONAL_NUMBER),
        buyer=replace(source.buyer, name=f"{source.buyer.name} {PERSONAL_NUMBER}"),
    )
    changed = replace(reminder, facts=replace(reminder.facts, invoice=hostile))
    for debt_text in ("", f"arbete hos {number}"):
        digits = re.sub(r"\D", "", letter(changed, language, debt_text).to_json())
        assert number.replace("-", "") not in digits
        assert ANOTHER_PERSONAL_NUMBER[2:] not in digits


# ---- The envelope's window -------------------------------------------------------------------------------------------


@given(reminders(), languages)
def test_the_window_holds_the_postal_address_and_nothing_else(reminder: Reminder, language: Language) -> None:
    recipient = letter(reminder, language).recipient
    address = postal_lines(reminder.facts.invoice.buyer)
    country = {"sv": {"DE": "TYSKLAND", "DK": "DANMARK"}, "en": {"DE": "GERMANY", "DK": "DENMARK"}}[language]
    if reminder.debtor.is_abroad:
        assert recipient == (*address, country[reminder.debtor.country])
    else:
        assert recipient == address


def _consumer_reminder(**more: object) -> Reminder:
    terms = Terms(reminder_fee_agreed_since=date(2024, 1, 1))
    plain = ReminderFacts(
        invoice=invoice("20418", CONSUMER, "4860.00", date(2025, 4, 30), date(2025, 5, 30)),
        today=date(2025, 8, 18),
        terms=terms,
    )
    return remind(replace(plain, **more))  # type: ignore[arg-type] # the fields are named by the caller


def _from(seller: InvoiceParty, number: str = "20418") -> Reminder:
    reminder = _consumer_reminder()
    changed = replace(reminder.facts.invoice, seller=seller, number=number)
    return replace(reminder, facts=replace(reminder.facts, invoice=changed))


def test_a_name_of_invisible_signs_alone_is_refused() -> None:
    reminder = _consumer_reminder()
    nameless = replace(reminder.facts.invoice.buyer, name="\u200b\u2060")
    with pytest.raises(AddressIncomplete) as refusal:
        letter(
            replace(reminder, facts=replace(reminder.facts, invoice=replace(reminder.facts.invoice, buyer=nameless)))
        )
    assert refusal.value.missing == ("name",)


def test_a_creditor_or_a_number_of_invisible_signs_alone_is_refused() -> None:
    with pytest.raises(LetterFactMissing) as refusal:
        letter(_from(InvoiceParty(name="\u202e"), number="\x00"))
    assert refusal.value.missing == ("creditor_name", "invoice_number")


# ---- The creditor ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seller", "written"),
    [
        (InvoiceParty(name="Ek AB", identity_number="5592134703"), "Ek AB\nOrg.nr 559213-4703"),
        (InvoiceParty(name="Ek AB", vat_number="SE559213470301"), "Ek AB\nOrg.nr 559213-4703"),
        # A sole trader's registration number is a personal identity number.
        (InvoiceParty(name="Sixten Rask", identity_number=ANOTHER_PERSONAL_NUMBER), "Sixten Rask"),
        (InvoiceParty(name="Sixten Rask", vat_number=f"SE{ANOTHER_PERSONAL_NUMBER[2:]}01"), "Sixten Rask"),
        (InvoiceParty(name="Ek AB", identity_number="559213-4704"), "Ek AB"),
        (InvoiceParty(name="Ek AB"), "Ek AB"),
    ],
)
def test_the_creditor_stands_with_its_organisation_number_but_never_with_a_personal_one(
    seller: InvoiceParty, written: str
) -> None:
    assert written in [fact.value for fact in letter(_from(seller)).facts]


def test_a_very_long_creditor_name_is_printed_whole_wherever_it_stands() -> None:
    name = "Föreningen " + "Södra Västergötlands Snickerimästare och " * 6 + "Söner ekonomisk förening"
    content = letter(_from(InvoiceParty(name=name)))
    assert content.heading[1] == f"från {name}"
    assert name in content.lead[0][0].text
    assert name in content.facts[2].value


# ---- Forms of address ------------------------------------------------------------------------------------------------

_DU = re.compile(r"\b(?:du|dig|din|ditt)\b", re.IGNORECASE)
_NI = re.compile(r"\b(?:ni|er|ert)\b", re.IGNORECASE)


@given(reminders())
def test_a_consumer_is_du_and_everybody_else_is_ni(reminder: Reminder) -> None:
    text = readable(letter(_without_lines(reminder)))
    theirs, not_theirs = (_DU, _NI) if reminder.debtor.kind is DebtorKind.CONSUMER else (_NI, _DU)
    assert theirs.search(text)
    assert not not_theirs.search(text)


# ---- Interest and charges in words -----------------------------------------------------------------------------------


def interest_note(content: LetterContent) -> str:
    return content.details[0].notes[0].value.replace("\u00a0", " ")


def test_the_letter_says_what_each_later_day_adds() -> None:
    assert "växer den från den 19 augusti med 1,33 kr om dagen" in interest_note(letter(_consumer_reminder()))


def test_a_rate_not_known_for_tomorrow_is_said_to_be_that_day_s_rate() -> None:
    content = CASES["public-body-on-the-last-known-day"].content()
    assert "räknas den vidare från den 1 januari med den räntesats som gäller då" in interest_note(content)
    # The fixed rate of a contract goes on without a reference rate.
    facts = replace(_trader(), today=date(2026, 12, 31), terms=Terms(agreed_rate=LateRate.fixed(Decimal("18.25"))))
    note = interest_note(letter(remind(facts)))
    assert note.startswith("Avtalad ränta: 18,25 %, från dagen efter förfallodagen")
    assert "(räntelagen 3 §)" in note
    assert "växer den från den 1 januari med 9,38 kr om dagen." in note


def _trader() -> ReminderFacts:
    return ReminderFacts(
        invoice=invoice("2026-0917", TRADER, "18750.00", date(2026, 9, 15), date(2026, 10, 15)),
        today=date(2026, 11, 23),
    )


def test_growth_below_one_ore_is_said_in_words() -> None:
    written = invoice("1", CONSUMER, "0.10", date(2025, 4, 30), date(2025, 5, 30))
    assert "med mindre än ett öre om dagen" in interest_note(letter(_consumer_reminder(invoice=written)))


def test_an_agreed_rate_of_nothing_is_not_spoken_of() -> None:
    terms = Terms(agreed_rate=LateRate.fixed(Decimal(0)))
    for language in ("sv", "en"):
        content = letter(_consumer_reminder(terms=terms), language)
        assert not re.search("ränta|interest", readable(content), re.IGNORECASE)


def test_a_consumer_who_was_not_warned_reads_nothing_about_interest() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2025, 4, 30))
    content = letter(_consumer_reminder(terms=terms))
    assert "ränta" not in readable(content).lower()
    assert content.details == ()


def test_a_moved_due_date_is_explained() -> None:
    written = invoice("1", CONSUMER, "500.00", date(2026, 4, 1), date(2026, 5, 1))
    note = interest_note(letter(_consumer_reminder(invoice=written, today=date(2026, 6, 1))))
    assert "Fredag 1 maj 2026 var ingen bankdag, så betalning till och med den 4 maj var i tid." in note


def test_a_leap_year_among_the_days_is_named() -> None:
    written = invoice("1", TRADER, "500.00", date(2023, 11, 1), date(2023, 12, 1))
    facts = replace(_trader(), invoice=written, today=date(2025, 3, 3))
    assert "dag för dag på 365 eller 366 dagar" in interest_note(letter(remind(facts)))


def test_interest_after_a_demand_that_gave_longer_names_the_day_on_the_invoice() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 8, 3), due_date=date(2026, 10, 15))
    content = letter(
        remind(replace(_trader(), invoice=replace(_trader().invoice, issue_date=date(2026, 8, 3)), terms=terms))
    )
    assert "fakturan gav mer än lagens 30 dagar, därför från dagen efter den betalningsdag" in interest_note(content)
    assert "(räntelagen 2, 4 och 6 §§)" in interest_note(content)
    assert content.facts[-1].value.replace("\u00a0", " ") == "16 oktober 2026"


def test_a_demand_sent_later_is_not_called_the_sending_of_the_invoice() -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 21))
    content = letter(remind(replace(_trader(), terms=terms)))
    assert [fact.label for fact in content.facts[-3:]] == ["Fakturadatum", "Betalning begärd", "Ränta räknas från"]
    assert "sedan betalning begärdes" in interest_note(content)


def test_forty_periods_of_interest_are_forty_rows() -> None:
    written = invoice("1", TRADER, "100000.00", date(2017, 3, 1), date(2017, 3, 31))
    payments = tuple(
        PartPayment(date(2017, 4, 10) + timedelta(days=91 * number), Money.parse("100.00")) for number in range(25)
    )
    facts = replace(_trader(), invoice=written, today=date(2026, 11, 23), payments=payments)
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
    facts = replace(_trader(), invoice=replace(_trader().invoice, buyer=buyer), terms=Terms(claims_compensation=True))
    note = letter(remind(facts), language).details[0].notes[1].value.replace("\u00a0", " ")
    assert note.startswith(written)


@given(reminders(), languages)
def test_a_fee_is_explained_exactly_when_it_is_asked_for(reminder: Reminder, language: Language) -> None:
    labels = [note.label for details in letter(reminder, language).details for note in details.notes]
    explained = {"Påminnelseavgift.", "Förseningsersättning.", "Reminder fee.", "Compensation."} & set(labels)
    assert len(explained) == isinstance(reminder.charge, Charge)


def test_the_fee_is_said_to_fall_away_when_the_money_came_before_the_letter() -> None:
    paid = letter(_consumer_reminder()).help[0].value.replace("\u00a0", " ")
    assert "Kom pengarna fram före den 18 augusti ska du inte heller betala påminnelseavgiften." in paid


# ---- The invoice -----------------------------------------------------------------------------------------------------


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
    rows = letter(_consumer_reminder(invoice=written, today=date(2026, 10, 31))).sums.rows
    assert (rows[0].text, amount(rows[0].amount)) == ("Faktura 88", Money.parse("7300.00"))


def test_short_lines_stand_on_the_invoice_s_row_and_long_ones_in_a_table() -> None:
    reminder = _consumer_reminder()

    def with_lines(*texts: str) -> LetterContent:
        lines = tuple(InvoiceLine(text=text) for text in texts)
        changed = replace(reminder.facts, invoice=replace(reminder.facts.invoice, lines=lines))
        return letter(replace(reminder, facts=changed))

    short = with_lines("Byte av däck", "Lagning", "Lagning")
    assert short.sums.rows[0].text == "Faktura 20418, Byte av däck; Lagning"
    assert named(short, "Vad fakturan gäller") is None
    long = with_lines("Byte av däck på cykel med navmotor, fram och bak", "Justering av växlar och bromsar")
    table = named(long, "Vad fakturan gäller")
    assert table is not None
    assert [row[0] for row in table.rows] == [
        "Byte av däck på cykel med navmotor, fram och bak",
        "Justering av växlar och bromsar",
    ]
    assert table.total is None
    assert named(with_lines(), "Vad fakturan gäller") is None
    assert named(with_lines("", "\u200b"), "Vad fakturan gäller") is None


def test_a_delivery_over_several_days_is_a_period() -> None:
    reminder = _consumer_reminder()
    lines = tuple(
        InvoiceLine(text=text * 8, period_start=start, period_end=end)
        for text, start, end in (
            ("Hyra ", date(2025, 4, 1), date(2025, 4, 30)),
            ("Frakt ", date(2025, 4, 2), None),
            ("Städning ", None, None),
        )
    )
    changed = replace(reminder.facts, invoice=replace(reminder.facts.invoice, lines=lines))
    table = named(letter(replace(reminder, facts=changed)), "Vad fakturan gäller")
    assert table is not None
    assert [row[0] for row in table.rows] == ["2025-04-01 – 2025-04-30", "2025-04-02", ""]


def test_the_debt_text_takes_the_place_of_the_lines() -> None:
    lines = tuple(InvoiceLine(text="Rad " * 10) for _ in range(3))
    reminder = _consumer_reminder()
    changed = replace(reminder.facts, invoice=replace(reminder.facts.invoice, lines=lines))
    content = letter(replace(reminder, facts=changed), debt_text=" byte av\nhängrännor. ")
    assert "är fakturan för byte av hängrännor inte betald" in content.lead[0][0].text
    assert content.sums.rows[0].text == "Faktura 20418, byte av hängrännor"
    assert named(content, "Vad fakturan gäller") is None


def test_a_name_that_looks_like_markup_is_text() -> None:
    content = letter(_from(InvoiceParty(name="#set text(red) *Ek* <b>& \\ $x$")))
    assert content.heading[1] == "från #set text(red) *Ek* <b>& \\ $x$"


# ---- Abroad ----------------------------------------------------------------------------------------------------------


def test_a_debtor_abroad_pays_by_iban_and_one_at_home_by_bankgiro() -> None:
    abroad = CASES["trader-abroad-english"].content().payment
    assert [(field.label, field.value) for field in abroad.fields] == [
        ("IBAN", "SE45 5000 0000 0583 9825 7466"),
        ("BIC", "ESSESESS"),
        ("Reference", "4821390707"),
    ]
    assert (abroad.qr, abroad.qr_caption) == (None, "")
    home = letter(_consumer_reminder(), "en").payment
    assert [field.label for field in home.fields] == ["Bankgiro", "Payment reference (OCR)"]
    assert home.qr is not None


def test_the_footer_names_the_agency_its_number_its_seat_and_its_permit() -> None:
    agency = replace(AGENCY, permit="Tillstånd från Finansinspektionen", website="ekviken.example")
    content = compose(_consumer_reminder(), agency, case_number="1", payment_reference="2")
    text = " ".join(" ".join(column) for column in content.footer)
    for said in ("Ekviken Ombud AB", "559870-2149", "Östersund", agency.permit, agency.website, agency.email):
        assert said in text
