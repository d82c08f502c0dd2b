"""Whether an invoice speaks of a deduction, in the words that Swedish invoices use and in words that only look so."""

from __future__ import annotations

import unicodedata

import pytest

from punktlig.core.invoice import DeductionKind
from punktlig.formats.deductions import deduction_in

ROT, RUT, GREEN = DeductionKind.ROT, DeductionKind.RUT, DeductionKind.GREEN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Rotavdrag 30 %", ROT),
        ("ROT-avdrag: 8 835 kr", ROT),
        ("rot avdrag", ROT),
        ("ROT‑avdrag med hårt bindestreck", ROT),
        ("Avgår rotarbete", ROT),
        ("Rot- och rutavdrag", ROT),
        ("rot-/rut-avdrag", ROT),
        ("Avgår ROT 30 %", ROT),
        ("Skattereduktion ROT", ROT),
        ("RUT-avdrag 50 %", RUT),
        ("rutavdrag", RUT),
        ("Ruttjänst: städning", RUT),
        ("Begärs av Skatteverket: RUT", RUT),
        ("Hushållsnära tjänster", RUT),
        ("Skattereduktion för hushållsarbete", ROT),
        ("Avdrag för grön teknik", GREEN),
        ("Skattereduktion grön teknik 15 %", GREEN),
        ("Grönt teknikavdrag", GREEN),
        ("gröna tekniken", GREEN),
        ("Preliminär skattereduktion 3 100 kr", ROT),
        ("Husarbete", ROT),
        ("Husavdrag enligt överenskommelse", ROT),
        ("Inget rotavdrag har gjorts", ROT),
    ],
)
def test_the_words_of_a_deduction_raise_the_question(text: str, kind: DeductionKind) -> None:
    assert deduction_in([text]) is kind
    assert deduction_in([unicodedata.normalize("NFD", text)]) is kind


@pytest.mark.parametrize(
    "text",
    [
        "STUHL ROT",
        "Rotfrukter och rutiga dukar",
        "Rotation av däck",
        "Rutnät, trut, protokoll",
        "Gröna växter, teknikkonsult",
        "Grön el",
        "Avdrag för retur",
        "rot på träd, bortforsling",
        "Ett rött avdragsställ",
        "",
    ],
)
def test_words_that_only_look_so_do_not(text: str) -> None:
    assert deduction_in([text]) is None


def test_no_text_at_all_speaks_of_none() -> None:
    assert deduction_in([]) is None


def test_capitals_on_one_line_and_tax_in_another_text_belong_together() -> None:
    assert deduction_in(["Arbete, 38 tim, ROT", "Material"]) is None
    assert deduction_in(["Arbete, 38 tim, ROT", "Material", "Begäran skickas till Skatteverket."]) is ROT


def test_a_named_deduction_counts_before_the_words_that_all_share() -> None:
    assert deduction_in(["Skattereduktion", "RUT-avdrag"]) is RUT
    assert deduction_in(["Skattereduktion", "grön teknik"]) is GREEN
    assert deduction_in(["grön teknik", "rutavdrag", "rotavdrag"]) is ROT
