"""Days and amounts as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from punktlig import clock
from punktlig.core.money import Money
from punktlig.ui.forms import AmountField, DayField, NotADay, PageForm, read_day

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("20261125", date(2026, 11, 25)),
        (" 25/11 2026 ", date(2026, 11, 25)),
        ("25/11-2026", date(2026, 11, 25)),
        ("25/11/2026", date(2026, 11, 25)),
        ("25.11.2026", date(2026, 11, 25)),
        ("25/11", date(2026, 11, 25)),
        ("25 november", date(2026, 11, 25)),
        ("den 25 november 2026", date(2026, 11, 25)),
        ("25 nov", date(2026, 11, 25)),
        ("25 NOV. 2025", date(2025, 11, 25)),
        ("1\u00a0maj 2026", date(2026, 5, 1)),
        ("25 November 2026", date(2026, 11, 25)),
        ("7 january", date(2027, 1, 7)),
        ("29 februari 2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date) -> None:
    assert read_day(text, today=TODAY) == day


def test_a_day_without_a_year_is_the_nearest() -> None:
    assert read_day("7/1", today=date(2026, 11, 23)) == date(2027, 1, 7)
    assert read_day("28/12", today=date(2027, 1, 4)) == date(2026, 12, 28)
    assert read_day("29/2", today=date(2027, 12, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "11/25/2026",
        "25/13",
        "31/4",
        "30 februari",
        "29/2 2026",
        "25 nonsens",
        "25",
        "2026-11",
        "på tisdag",
        "25/11 26",
        "0226-11-20",
        "9999-12-31",
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        read_day(text, today=TODAY)


def test_a_day_that_is_refused_says_how_to_write_one() -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean("snart")
    assert refused.value.messages == ["Skriv dagen som 2026-11-23, eller 25 november."]


def test_a_day_is_held_to_its_bounds() -> None:
    field = DayField(not_before=lambda: date(2026, 11, 1), not_after=lambda: TODAY)
    assert field.clean("2026-11-01") == date(2026, 11, 1)
    with pytest.raises(ValidationError) as late:
        field.clean("2026-11-24")
    assert late.value.messages == ["Välj 23\u00a0november\u00a02026 eller en tidigare dag."]
    with pytest.raises(ValidationError) as early:
        field.clean("2026-10-31")
    assert early.value.messages == ["Välj 1\u00a0november\u00a02026 eller en senare dag."]


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 234,50", 123_450),
        ("1234.50", 123_450),
        ("1234,5", 123_450),
        ("1\u00a0234,50 kr", 123_450),
        ("1\u202f234,50", 123_450),
        ("1,234.50", 123_450),
        ("SEK\u00a01,234.50", 123_450),
        ("−1.234,50 kr", -123_450),
        ("12 34", 123_400),
        ("60", 6_000),
        ("60:-", 6_000),
        ("SEK 60", 6_000),
        ("−20,00", -2_000),
        ("- 20,00", -2_000),
        ("–20", -2_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, ore: int) -> None:
    assert AmountField().clean(text) == Money(ore)


@pytest.mark.parametrize("text", ["1.234", "1,234", "1.234.567", "1,234.5", "12.345,6"])
def test_an_amount_that_two_people_would_read_differently_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(text)
    assert refused.value.error_list[0].code == "ambiguous"


@pytest.mark.parametrize("text", ["mycket", "1,2345", "12,345,6", "1e5", "½", "NaN", "12 kr 50"])
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(text)
    assert refused.value.messages == ["Skriv ett belopp i kronor med högst två decimaler, till exempel 1 234,50."]


@pytest.mark.parametrize("text", ["1" * 14, "1 000 000 000 000 000,00", "-123456789012345.5"])
def test_an_amount_that_is_too_large_is_not_told_about_decimals(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(text)
    assert refused.value.messages == ["Beloppet har för många siffror."]
    assert AmountField().clean("1" * 13) == Money(int("1" * 13) * 100)


def test_an_amount_is_held_to_its_bounds() -> None:
    field = AmountField(least=Money(1), most=Money(100_000))
    assert field.clean("1000") == Money(100_000)
    for text, words in (("0", "minst 0,01 kr"), ("-5", "minst 0,01 kr"), ("1000,01", "högst 1 000,00 kr")):
        with pytest.raises(ValidationError) as refused:
            field.clean(text)
        assert words in refused.value.messages[0].replace("\u00a0", " ")


class Payment(PageForm):
    paid_on = DayField(label="Betaldag", help_text="Den dag pengarna kom in.")
    amount = AmountField(label="Belopp")
    note = forms.CharField(label="Anteckning", required=False)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_a_form_shows_it_also_reads(language: str) -> None:
    with translation.override(language):
        form = Payment(initial={"paid_on": date(2026, 11, 9), "amount": Money(123_450)})
        shown = {name: form[name].value() for name in ("paid_on", "amount")}
        again = Payment(shown)
        assert again.is_valid(), again.errors
        assert again.cleaned_data["paid_on"] == date(2026, 11, 9)
        assert again.cleaned_data["amount"] == Money(123_450)


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    drawn = str(Payment({"paid_on": "snart", "amount": "60"}))
    assert '<label for="id_paid_on">Betaldag</label>' in drawn
    assert 'id="id_paid_on_helptext"' in drawn
    assert 'id="id_paid_on_error"' in drawn
    assert 'aria-describedby="id_paid_on_helptext id_paid_on_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "(valfritt)" in drawn.split("Anteckning")[1]
    assert 'value="snart"' in drawn


def test_a_refused_form_begins_with_a_summary_that_leads_to_each_fault() -> None:
    drawn = str(Payment({"paid_on": "snart", "amount": ""}))
    summary = drawn[drawn.index("error-summary") : drawn.index("</ul>")]
    assert "2 uppgifter behöver rättas" in summary
    assert '<a href="#id_paid_on">Betaldag: Skriv dagen som 2026-11-23, eller 25 november.</a>' in summary
    assert '<a href="#id_amount">Belopp: Fyll i det här.</a>' in summary


def test_what_somebody_wrote_is_never_taken_for_html() -> None:
    assert "<script>" not in str(Payment({"paid_on": "<script>", "amount": '"><script>'}))
