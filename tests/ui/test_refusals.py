"""Every no of the program has words in both languages, and the words are filled in with the facts of the case."""

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date
from types import ModuleType

import pytest
from lxml import etree

from punktlig.core.due import DueDateMissing, NotOverdueYet
from punktlig.core.eligibility import InvoiceIsCreditNote, NothingLeftToPay
from punktlig.core.formatting import Language
from punktlig.core.identity import NotAnIdentityNumber, read_identity_number
from punktlig.core.invoice import DeductionKind
from punktlig.core.late_rate import RateUnknown
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKindContradicted, DebtorKindUnknown, IdentityNumberUnreadable
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.fees import ChargeKind
from punktlig.formats.fields import FieldIsUnreadable, Part
from punktlig.ui.refusals import TABLES, codes, explain_refusal
from tests.ui import refusal_kinds
from tests.ui.refusal_kinds import LANGUAGES

KINDS = refusal_kinds.kinds_beside_sites()
PAIRS = list(zip(TABLES["sv"], TABLES["en"], strict=True))


def test_the_refusals_of_rules_formats_letters_command_and_sites_are_found() -> None:
    assert {
        "not_overdue_yet",
        "xml_is_broken",
        "not_a_bankgiro_number",
        "character_not_covered",
        "port_is_taken",
        "preview_is_outdated",
        "claim_has_ended",
    } <= set(refusal_kinds.codes())


def test_every_code_is_used_by_one_refusal() -> None:
    assert [code for code, count in Counter(refusal_kinds.codes()).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_text_and_no_text_is_left_of_one_that_is_gone(language: Language) -> None:
    assert codes(language) == set(refusal_kinds.codes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_has_its_text_in_one_table(language: Language) -> None:
    # The tables are joined: of two texts for one code, one would never be read.
    for one, other in itertools.combinations(TABLES[language], 2):
        assert one.TEXTS.keys() & other.TEXTS.keys() == set()


@pytest.mark.parametrize(("swedish", "english"), PAIRS, ids=[table.__name__ for table, _ in PAIRS])
def test_both_languages_keep_a_text_in_the_same_table_and_in_the_same_order(
    swedish: ModuleType, english: ModuleType
) -> None:
    assert list(swedish.TEXTS) == list(english.TEXTS)


@pytest.mark.parametrize(("swedish", "english"), PAIRS, ids=[table.__name__ for table, _ in PAIRS])
def test_every_word_has_swedish(swedish: ModuleType, english: ModuleType) -> None:
    # A reason that is English already needs no English word.
    assert english.WORDS.keys() - swedish.WORDS.keys() == set()


def test_every_value_of_an_enumerated_fact_is_a_word_in_both_languages() -> None:
    assert {ChargeKind, DeductionKind} <= refusal_kinds.enumerations(KINDS)
    assert refusal_kinds.words_missing(KINDS) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_refusal_says_what_is_wrong_and_what_to_do(kind: type[Refusal], language: Language) -> None:
    refusal_kinds.assert_it_says_what_is_wrong_and_what_to_do(kind, language)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_both_languages_tell_the_same_facts(kind: type[Refusal]) -> None:
    refusal_kinds.assert_both_languages_tell_the_same_facts(kind)


def test_dates_and_amounts_are_written_as_the_language_writes_them() -> None:
    refusal = NotOverdueYet(date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29))

    assert "24 december 2026".replace(" ", "\u00a0") in explain_refusal(refusal, "sv").what
    assert "29 December 2026".replace(" ", "\u00a0") in explain_refusal(refusal, "en").todo

    paid = NothingLeftToPay(Money(1_284_52), Money(1_284_52))
    assert "1\u00a0284,52\u00a0kr" in explain_refusal(paid, "sv").what
    assert "SEK\u00a01,284.52" in explain_refusal(paid, "en").what


def test_a_part_that_was_not_told_is_left_out() -> None:
    assert explain_refusal(DueDateMissing(""), "en").what == "The invoice has no due date."
    assert "“30 dagar netto”" in explain_refusal(DueDateMissing("30 dagar netto"), "en").what
    assert explain_refusal(InvoiceIsCreditNote("K1", ""), "en").what.startswith("Document K1 is a credit note. ")


def test_a_customers_brackets_and_braces_are_only_text() -> None:
    refusal = DebtorKindUnknown("[Bygg] {name} & Co", "")

    assert "[Bygg] {name} & Co" in explain_refusal(refusal, "sv").what


def test_the_last_digits_of_a_person_are_told_nobody_who_need_not_see_them() -> None:
    for language in LANGUAGES:
        text = explain_refusal(DebtorKindUnknown("Sixten Rask", "20010512-2394"), language).what
        assert "20010512-****" in text
        assert "2394" not in text


def test_a_kind_of_debtor_is_a_word_of_the_language() -> None:
    refusal = DebtorKindContradicted("Al AB", "consumer", "trader")

    assert "Al AB kan inte vara en konsument: numret tillhör en näringsidkare." in explain_refusal(refusal, "sv").what


@pytest.mark.parametrize("number", ["123", "556677-8890", "19556677-8899", "991331-0006", "20991231-0006"])
def test_every_reason_against_an_identity_number_is_in_swedish_too(number: str) -> None:
    with pytest.raises(NotAnIdentityNumber) as caught:
        read_identity_number(number, today=date(2026, 11, 23))
    refusal = IdentityNumberUnreadable("Al AB", number, caught.value.reason)

    assert caught.value.reason in explain_refusal(refusal, "en").what
    assert caught.value.reason not in explain_refusal(refusal, "sv").what


@pytest.mark.parametrize(
    ("element", "read"),
    [
        ("<Day><Part/></Day>", lambda part: part.content()),
        ("<Day>many</Day>", lambda part: part.number()),
        ("<Day><Part>2026-2-1</Part></Day>", lambda part: part.day("Part")),
        ("<Day><Part>2026-02-30</Part></Day>", lambda part: part.day("Part")),
        ("<Day><Part>2026-02-01</Part></Day>", lambda part: part.day("Part", compact=True)),
        ("<Day><Part>20260230</Part></Day>", lambda part: part.day("Part", compact=True)),
        ("<Day><Part>kr</Part></Day>", lambda part: part.currency("Part")),
        ('<Day><Part currencyID="EUR">1.00</Part></Day>', lambda part: part.amount("Part", currency="SEK")),
    ],
)
def test_what_a_field_should_hold_is_in_swedish_too(element: str, read: Callable[[Part], object]) -> None:
    with pytest.raises(FieldIsUnreadable) as caught:
        read(Part(etree.fromstring(element), {}))

    assert caught.value.expected in explain_refusal(caught.value, "en").what
    assert " a " not in explain_refusal(caught.value, "sv").what
    assert "the " not in explain_refusal(caught.value, "sv").what


def test_a_very_long_value_is_cut() -> None:
    assert len(explain_refusal(DueDateMissing("x" * 20_000), "sv").what) < 400


def test_an_unknown_rate_names_the_day_and_what_is_known() -> None:
    text = explain_refusal(RateUnknown(date(2031, 1, 1), date(2002, 7, 1), date(2026, 12, 31)), "en").what

    assert "1 January 2031" in text.replace("\u00a0", " ")
    assert "31 December 2026" in text.replace("\u00a0", " ")
