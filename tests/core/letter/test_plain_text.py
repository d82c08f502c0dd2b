"""What strangers wrote becomes one line of visible text; letters of every script stay."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.letter.plain_text import plain_text, without_personal_numbers

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Åsa Öberg & Söner", "Åsa Öberg & Söner"),
        ("A\u030asa", "Åsa"),
        ("  Ek\tAB\r\nBox 1 \u00a0 x\u2003y\u2028z", "Ek AB Box 1 x y z"),
        ("Ek\x00 \x1b[31mAB\x7f", "Ek [31mAB"),
        ("\ufeffEk\u200b \u2060AB\u00ad", "Ek AB"),
        ("\u202eBA kE\u202c \u2066x\u2069 \u200f", "BA kE x"),
        ("Ek\ufe0f \U000e0041\u3164\u2800AB", "Ek AB"),
        ("Ωμέγα Студия 東京 שלום مرحبا", "Ωμέγα Студия 東京 שלום مرحبا"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("\u0600123", "\u0600123"),
        ("half \ud83d", "half \ufffd"),
        ("e" + "\u0316" * 40 + "x", "e" + "\u0316" * 3 + "x"),
        ("\u200b\u202e", ""),
        ("", ""),
        (" x", "x"),
        ("x  y", "x y"),
    ],
)
def test_a_text_is_one_line_of_what_can_be_seen(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@given(st.text())
def test_a_plain_text_can_be_stored_and_is_plain_already(written: str) -> None:
    plain = plain_text(written)
    plain.encode("utf-8")
    assert plain_text(plain) == plain
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in plain)
    assert plain == plain.strip()


@given(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), max_size=30))
def test_letters_and_digits_of_every_script_stay(written: str) -> None:
    invisible = {"\u115f", "\u1160", "\u3164", "\uffa0"}
    expected = "".join(sign for sign in unicodedata.normalize("NFC", written) if sign not in invisible)
    assert plain_text(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "850709-9805",
        "19850709-9805",
        "198507099805",
        "8507099805",
        "850709 9805",
        "850709–9805",
        "850709 - 9805",
        "850709+9805",
        # A coordination number: the day plus 60.
        "701063-2391",
    ],
)
def test_a_personal_number_is_taken_out_however_it_is_written(written: str) -> None:
    assert without_personal_numbers(f"ROT, {written}.", today=TODAY) == "ROT, …."
    assert without_personal_numbers(f"ROT {written}", today=TODAY, instead="") == "ROT "


@pytest.mark.parametrize(
    "written",
    [
        "Org.nr 559213-4703",  # an organisation number
        "850709-9806",  # a wrong check digit is nobody's number
        "1850709-98050",  # a longer number
        "Art. 8513319805",  # no such month
        "Order 4821390707",
        "Tel. 08-465 004 10",
        "2026-11-23",
    ],
)
def test_other_numbers_stay(written: str) -> None:
    assert without_personal_numbers(written, today=TODAY) == written
