"""Amounts, days, moments and numbers as the pages write them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.template import Context, Template
from django.utils import translation

from punktlig import clock
from punktlig.core.money import Money
from punktlig.ui import writing
from punktlig.ui.parts import Tab

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))
    with translation.override("sv"):
        yield


def written(template: str, value: object) -> str:
    return Template(template).render(Context({"value": value})).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("template", "value", "swedish", "english"),
    [
        ("{{ value|amount }}", 128_452, "1 284,52", "1,284.52"),
        ("{{ value|amount }}", Money(-5), "−0,05", "−0.05"),
        ("{{ value|amount }}", 0, "0,00", "0.00"),
        ("{{ value|amount }}", None, "", ""),
        ("{{ value|kr }}", 128_452, "1 284,52 kr", "SEK 1,284.52"),
        ("{% large_sum value %}", 128_452, "1 284,52 <small>kr</small>", "<small>SEK</small> 1,284.52"),
        ('{% large_sum value "EUR" %}', 128_452, "1 284,52 <small>EUR</small>", "<small>EUR</small> 1,284.52"),
        ("{% large_sum value %}", Money(-5), "−0,05 <small>kr</small>", "<small>SEK</small> −0.05"),
        ("{{ value|signed }}", 6_000, "+60,00", "+60.00"),
        ("{{ value|signed }}", -2_000_000, "−20 000,00", "−20,000.00"),
        ("{{ value|signed }}", 0, "0,00", "0.00"),
        ("{{ value|day }}", date(2026, 11, 9), "9 november 2026", "9 November 2026"),
        ("{{ value|day_and_month }}", date(2026, 11, 9), "9 november", "9 November"),
        ("{{ value|day_and_month }}", date(2025, 12, 31), "31 december 2025", "31 December 2025"),
        ("{{ value|short_day }}", date(2026, 11, 9), "9 nov", "9 Nov"),
        ("{{ value|short_day }}", date(2027, 1, 7), "7 jan 2027", "7 Jan 2027"),
        ("{{ value|short_day }}", date(2026, 5, 2), "2 maj", "2 May"),
        ("{{ value|iso_day }}", date(2026, 11, 9), "2026-11-09", "2026-11-09"),
        (
            "{{ value|moment }}",
            datetime(2026, 10, 30, 17, 5, tzinfo=UTC),
            "30 oktober kl. 18.05",
            "30 October at 18:05",
        ),
        ("{{ value|percent }}", Decimal(10), "10,00 %", "10.00%"),
        ("{{ value|month }}", date(2026, 11, 9), "nov", "Nov"),
    ],
)
def test_a_value_is_written_as_people_write_it(template: str, value: object, swedish: str, english: str) -> None:
    assert written(template, value) == swedish
    with translation.override("en"):
        assert written(template, value) == english


def test_a_moment_late_in_the_evening_is_the_next_day_in_stockholm() -> None:
    assert written("{{ value|day }}", datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == "1 november 2026"


def test_a_time_of_day_is_that_of_stockholm() -> None:
    evening = datetime(2026, 11, 9, 17, 5, tzinfo=UTC)
    assert writing.clock_time(evening) == "18.05"
    with translation.override("en"):
        assert writing.clock_time(evening) == "18:05"


def test_summer_time_is_two_hours_ahead() -> None:
    assert written("{{ value|moment }}", datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "1 juli kl. 14.00"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("5599443172", "559944-3172"),
        ("559944-3172", "559944-3172"),
        ("198001019876", "19800101-****"),
        ("19800101-9876", "19800101-****"),
        ("800101-9876", "800101-****"),
        ("198001619876", "19800161-****"),
        ("DE123456789", "DE123456789"),
        ("", ""),
    ],
)
def test_a_personal_number_shows_the_birth_only(number: str, shown: str) -> None:
    assert written("{{ value|identity }}", number) == shown


def test_a_time_can_be_read_by_programs_too() -> None:
    moment = datetime(2026, 10, 30, 17, 5, tzinfo=UTC)
    assert written('{% time value "moment" %}', moment) == (
        '<time datetime="2026-10-30T18:05+01:00">30 oktober kl. 18.05</time>'
    )
    assert written('{% time value "short_day" %}', date(2026, 11, 9)) == '<time datetime="2026-11-09">9 nov</time>'


def test_a_status_is_a_word_a_shape_and_an_ink() -> None:
    drawn = written("{% status value %}", "reminder_sent")
    assert drawn.strip() == (
        '<span class="status status--agency"><svg aria-hidden="true"><use href="#s-reminder"/></svg>'
        "Påminnelse skickad</span>"
    )
    assert "<b>" not in written('{% status "paid" value %}', "<b>")


def test_a_status_that_nobody_has_drawn_is_a_fault() -> None:
    with pytest.raises(KeyError):
        written("{% status value %}", "unheard_of")


@pytest.mark.parametrize(("language", "words"), [("sv", "11 712"), ("en", "11,712")])
def test_a_whole_number_has_its_thousands_apart(language: str, words: str) -> None:
    with translation.override(language):
        assert writing.whole(11_712).replace("\u00a0", " ") == words
        assert writing.whole(0) == "0"
        tab = Tab(url="/", name="Alla", count=11_712, ore=None, what="")
        for part in ("tabs", "kinds"):
            assert f">{words}<" in written(f'{{% include "ui/parts/{part}.html" with tabs=value %}}', [tab])
