"""Both languages say everything that a letter may need."""

from __future__ import annotations

import inspect
from datetime import date
from typing import TYPE_CHECKING

import pytest

from punktlig.core.interest import PartPayment
from punktlig.core.letter.english import English
from punktlig.core.letter.swedish import Swedish
from punktlig.core.letter.words import Words
from punktlig.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED_FOR = set(Words.__annotations__) | {name for name in vars(Words) if not name.startswith("_")}
PAID = PartPayment(date(2026, 11, 2), Money(500_00))
CREDITED = PartPayment(date(2026, 11, 3), Money(200_00), is_credit_note=True)
VOICES: tuple[Words, ...] = (Swedish(plural=False), Swedish(plural=True), English())


def _texts(words: Words) -> Iterator[tuple[str, str]]:
    for name in sorted(ASKED_FOR):
        value = getattr(words, name)
        if isinstance(value, str):
            yield name, value


@pytest.mark.parametrize("words", VOICES)
def test_a_language_has_all_the_words_and_none_that_nobody_asks_for(words: Words) -> None:
    own = {name for name, _ in inspect.getmembers(words) if not name.startswith("_")}
    # The Swedish forms of address are its own affair.
    assert own - {"you", "you_object", "your", "yours"} == ASKED_FOR


@pytest.mark.parametrize("words", VOICES)
def test_no_word_is_empty_or_ends_in_a_blank(words: Words) -> None:
    for name, text in _texts(words):
        assert text, name
        assert text == text.strip(), name


def test_the_languages_differ_in_every_word_but_those_that_are_names() -> None:
    swedish, english = (dict(_texts(words)) for words in (VOICES[0], VOICES[2]))
    assert {name for name, text in swedish.items() if english[name] == text} == {"bankgiro"}


@pytest.mark.parametrize("words", VOICES)
def test_units_have_words_in_both_languages_or_in_none(words: Words) -> None:
    for code in ("C62", "HUR", "KGM", "MTK", "XPK"):
        assert words.unit(code)
    assert words.unit("ZZ") is None


@pytest.mark.parametrize(
    ("count", "written"),
    [(3, "Tre delbetalningar"), (12, "Tolv delbetalningar"), (13, "13 delbetalningar")],
)
def test_payments_are_counted_in_words_up_to_twelve(count: int, written: str) -> None:
    assert VOICES[0].payments_row([PAID] * count) == written


def test_a_credit_note_is_never_called_a_payment() -> None:
    swedish, english = VOICES[0], VOICES[2]
    assert swedish.payment_row(CREDITED).replace("\u00a0", " ") == "Kreditfaktura 3 november 2026"
    assert english.payment_row(CREDITED).replace("\u00a0", " ") == "Credit note of 3 November 2026"
    assert swedish.payments_row([CREDITED] * 2) == "Två kreditfakturor"
    assert english.payments_row([CREDITED] * 2) == "Two credit notes"
    assert swedish.payments_row([PAID, CREDITED]) == "Delbetalningar och kreditfakturor"
    assert english.payments_row([PAID, CREDITED]) == "Part payments and credit notes"
