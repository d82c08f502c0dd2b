"""Every no of the program has words in both languages, and the words are filled in with the facts of the case."""

import dataclasses
import importlib
import pkgutil
import re
import typing
from datetime import date
from decimal import Decimal
from enum import Enum
from string import Formatter

import pytest

import punktlig
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
from punktlig.ui import refusal_texts_en, refusal_texts_sv
from punktlig.ui.refusals import codes, explain_refusal

LANGUAGES: tuple[Language, Language] = ("sv", "en")


def every_refusal() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(punktlig.__path__, "punktlig."):
        importlib.import_module(module.name)
    found: list[type[Refusal]] = []
    waiting = Refusal.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        # Other test modules may define refusals of their own; only the program's need words.
        if kind.__module__.startswith("punktlig."):
            found.append(kind)
    return sorted(set(found), key=lambda kind: kind.code)


REFUSALS = every_refusal()


def example(kind: type[Refusal]) -> Refusal:
    """Return a refusal of the kind with a recognisable value of the right type in every field."""
    return kind(*(sample(hint) for hint in field_types(kind).values()))


def field_types(kind: type[Refusal]) -> dict[str, object]:
    hints = typing.get_type_hints(kind, vars(importlib.import_module(kind.__module__)) | NAMES)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def is_enumeration(hint: object) -> typing.TypeGuard[type[Enum]]:
    return isinstance(hint, type) and issubclass(hint, Enum)


NAMES = {"date": date, "Decimal": Decimal, "Money": Money, "ClassVar": typing.ClassVar, "DeductionKind": DeductionKind}


def sample(hint: object) -> object:
    if typing.get_origin(hint) is tuple:
        return ("alpha", "beta")
    if is_enumeration(hint):
        return next(iter(hint))
    return {
        str: "gamma",
        int: 7,
        date: date(2026, 11, 23),
        Decimal: Decimal("12.5"),
        Money: Money(1_234_56),
    }[hint]  # type: ignore[index]  # an unknown type is a KeyError that names it


def test_the_walk_finds_the_refusals_of_rules_formats_and_command() -> None:
    found = {kind.code for kind in REFUSALS}

    assert {"not_overdue_yet", "debtor_is_a_minor", "xml_is_broken", "not_a_bankgiro_number"} <= found


def test_every_value_of_an_enumerated_fact_is_a_word_in_both_languages() -> None:
    kinds = {hint for kind in REFUSALS for hint in field_types(kind).values() if is_enumeration(hint)}

    assert {ChargeKind, DeductionKind} <= kinds
    for member in (member for kind in kinds for member in kind):
        assert member.value in refusal_texts_sv.WORDS
        assert member.value in refusal_texts_en.WORDS


def test_every_code_is_used_by_one_refusal() -> None:
    found = [kind.code for kind in REFUSALS]

    assert len(found) == len(set(found))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_every_refusal_says_what_is_wrong_and_what_to_do(kind: type[Refusal], language: Language) -> None:
    text = explain_refusal(example(kind), language)

    assert len(text.what) > 10
    assert len(text.todo) > 10
    assert text.what.endswith(".")
    assert text.todo.endswith(".")
    assert not re.search(r"[{}\[\]]", text.what + text.todo)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_of_a_refusal_that_is_gone(language: Language) -> None:
    assert codes(language) == {kind.code for kind in REFUSALS}


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_both_languages_tell_the_same_facts(kind: type[Refusal]) -> None:
    def told(texts: dict[str, tuple[str, str]]) -> set[str]:
        plain = "".join(texts[kind.code]).replace("[", "").replace("]", "")
        return {name for _, name, _, _ in Formatter().parse(plain) if name}

    assert told(refusal_texts_sv.TEXTS) == told(refusal_texts_en.TEXTS)


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


def test_a_very_long_value_is_cut() -> None:
    assert len(explain_refusal(DueDateMissing("x" * 20_000), "sv").what) < 400


def test_an_unknown_rate_names_the_day_and_what_is_known() -> None:
    text = explain_refusal(RateUnknown(date(2031, 1, 1), date(2002, 7, 1), date(2026, 12, 31)), "en").what

    assert "1 January 2031" in text.replace("\u00a0", " ")
    assert "31 December 2026" in text.replace("\u00a0", " ")
