"""Single fields: what is read, and that every refusal names the field, the value and the line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from punktlig.formats.fields import (
    MAX_NOTE,
    MAX_TEXT,
    FieldIsMissing,
    FieldIsRepeated,
    FieldIsTooLong,
    FieldIsUnreadable,
    Part,
)
from punktlig.formats.safe_xml import UnreadableInvoice, parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable


def part(inside: str) -> Part:
    return Part(parse_xml(f'<Root xmlns="u" xmlns:p="u">\n{inside}\n</Root>'.encode()), {"p": "u"})


def test_a_text_is_on_one_line_and_a_note_keeps_its_own() -> None:
    root = part("<A>  Två\n  rader </A>")
    assert root.text("p:A") == "Två rader"
    assert root.notes("p:A") == ("Två\n  rader",)


def test_empty_texts_are_passed_over() -> None:
    root = part("<A/><A> </A><A>x</A><A>y</A>")
    assert (root.text("p:A"), root.texts("p:A"), root.text("p:B")) == ("x", ("x", "y"), "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1200.00", Decimal("1200.00")),
        (" 0 ", Decimal(0)),
        ("-5", Decimal(-5)),
        ("+.5", Decimal("0.5")),
        ("7.", Decimal(7)),
        ("999999999999999.9999999999", Decimal("999999999999999.9999999999")),
    ],
)
def test_a_number_is_read_exactly(written: str, number: Decimal) -> None:
    assert part(f"<A>{written}</A>").amount("p:A") == number


@pytest.mark.parametrize(
    "written",
    [
        "1 200.00",
        "1.200,00",
        "1200,00",
        "1e3",
        "NaN",
        "INF",
        "Infinity",
        "0x10",
        "1_000",
        "−5",
        "--5",
        "٣",
        "9" * 16,
        ".",
    ],
)
def test_what_is_no_number_is_refused_with_field_value_and_line(written: str) -> None:
    with pytest.raises(FieldIsUnreadable) as refused:
        part(f"<T>\n<A>{written}</A></T>").amount("p:T/p:A")
    problem = refused.value
    assert (problem.field, problem.value, problem.line) == ("T/A", written, 3)
    assert str(problem) == f"line 3: T/A is {written!r}; expected a number with a decimal point, such as 1200.00"


def test_no_number_is_none() -> None:
    assert part("<A/>").amount("p:A") is None
    assert part("").amount("p:A") is None


def test_a_number_inside_other_elements_is_refused() -> None:
    with pytest.raises(FieldIsUnreadable) as refused:
        part("<A>12<B/>00</A>").amount("p:A")
    assert (refused.value.value, refused.value.expected) == ("<B>", "a text without elements inside")


@pytest.mark.parametrize("place", [0, 1])
def test_an_amount_in_another_currency_than_the_invoices_is_refused(place: int) -> None:
    amounts = ['<A currencyID="SEK">100</A>', '<A currencyID="SEK">100</A>']
    amounts[place] = '<A currencyID="EUR">100</A>'
    with pytest.raises(FieldIsUnreadable) as refused:
        part("\n".join(amounts)).amount("p:A", currency="SEK")
    assert (refused.value.field, refused.value.value, refused.value.line) == ("A/@currencyID", "EUR", place + 2)


def test_the_same_value_twice_is_one_and_different_values_are_refused() -> None:
    assert part("<A>100</A><A> 100 </A>").amount("p:A") == 100
    with pytest.raises(FieldIsRepeated) as refused:
        part("<A>100</A>\n<A>200</A>\n<A>100</A>").amount("p:A")
    problem = refused.value
    assert (problem.field, problem.values, problem.line) == ("A", ("100", "200"), 3)
    assert str(problem) == "line 3: A is there with different values ('100', '200'); expected one"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        # The seller's day, whatever the zone.
        ("2026-10-01Z", date(2026, 10, 1)),
        ("2026-10-01+02:00", date(2026, 10, 1)),
        ("2026-10-01-11:00", date(2026, 10, 1)),
    ],
)
def test_a_date_is_read(written: str, day: date) -> None:
    assert part(f"<A>{written}</A>").day("p:A") == day


def test_a_compact_date_is_read() -> None:
    assert part("<A>20261001</A>").day("p:A", compact=True) == date(2026, 10, 1)
    assert part("<A> </A>").day("p:A") is None


@pytest.mark.parametrize(
    "written", ["20261001", "2026-1-1", "01-10-2026", "2026-10-01T10:00:00", "i dag", "２０２６-10-01"]
)
def test_what_is_no_date_is_refused_with_field_value_and_line(written: str) -> None:
    with pytest.raises(FieldIsUnreadable) as refused:
        part(f"<A>{written}</A>").day("p:A")
    problem = refused.value
    assert (problem.field, problem.value, problem.line) == ("A", written, 2)
    assert problem.expected == "a date, such as 2026-10-01"


@pytest.mark.parametrize("written", ["2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01"])
def test_a_day_that_the_calendar_does_not_have_is_refused(written: str) -> None:
    with pytest.raises(FieldIsUnreadable, match="the calendar has no such day"):
        part(f"<A>{written}</A>").day("p:A")
    with pytest.raises(FieldIsUnreadable, match="such as 20261001; the calendar has no such day"):
        part(f"<A>{written.replace('-', '')}</A>").day("p:A", compact=True)


@pytest.mark.parametrize("code", ["kr", "sek", "SEKR", "S K", "ＳＥＫ"])
def test_a_currency_is_three_capital_letters(code: str) -> None:
    assert part("<A>SEK</A>").currency("p:A") == "SEK"
    with pytest.raises(FieldIsUnreadable) as refused:
        part(f"<A>{code}</A>").currency("p:A")
    assert (refused.value.field, refused.value.value, refused.value.line) == ("A", code, 2)


REQUIRED: list[Callable[[Part], object]] = [
    lambda root: root.required_text("p:T/p:A"),
    lambda root: root.currency("p:T/p:A"),
    lambda root: root.required_part("p:T/p:A"),
]


@pytest.mark.parametrize("read", REQUIRED)
def test_a_missing_field_is_named_with_the_line_of_what_should_hold_it(read: Callable[[Part], object]) -> None:
    with pytest.raises(FieldIsMissing) as refused:
        read(part("<X/>"))
    assert (refused.value.field, refused.value.line) == ("T/A", 1)
    assert str(refused.value) == "line 1: T/A is missing or empty"


def test_a_missing_field_further_in_is_named_by_its_whole_path() -> None:
    inner = part("<T>\n</T>").required_part("p:T")
    with pytest.raises(FieldIsMissing) as refused:
        inner.required_text("p:A/p:B")
    assert (refused.value.field, refused.value.line) == ("T/A/B", 2)


def test_texts_have_a_length_that_fits_a_letter() -> None:
    assert len(part(f"<A>{'x' * MAX_TEXT}</A>").text("p:A")) == MAX_TEXT
    with pytest.raises(FieldIsTooLong) as refused:
        part(f"<A>{'x' * (MAX_TEXT + 1)}</A>").text("p:A")
    problem = refused.value
    assert (problem.field, problem.length, problem.limit, problem.line) == ("A", MAX_TEXT + 1, MAX_TEXT, 2)
    assert str(problem) == "line 2: A has 1001 characters; at most 1000 are read"


def test_notes_may_be_longer() -> None:
    assert len(part(f"<A>{'x' * MAX_NOTE}</A>").notes("p:A")[0]) == MAX_NOTE
    with pytest.raises(FieldIsTooLong):
        part(f"<A>{'x' * (MAX_NOTE + 1)}</A>").notes("p:A")


def test_a_long_value_is_shortened_in_the_words_and_kept_in_the_facts() -> None:
    written = "9" * 500
    with pytest.raises(FieldIsUnreadable) as refused:
        part(f"<A>{written}</A>").amount("p:A")
    assert refused.value.value == written
    assert len(str(refused.value)) < 200


def test_every_refusal_of_a_field_is_one_of_the_invoice() -> None:
    kinds = (FieldIsMissing, FieldIsRepeated, FieldIsTooLong, FieldIsUnreadable)
    assert all(issubclass(kind, UnreadableInvoice) for kind in kinds)
    assert [kind.code for kind in kinds] == [
        "field_is_missing",
        "field_is_repeated",
        "field_is_too_long",
        "field_is_unreadable",
    ]
