"""OCR references, by the worked examples of their sources and by what every reference must keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.formats.ocr import (
    MAX_DIGITS,
    NotAnOcrReference,
    OcrCheckDigitIsWrong,
    OcrLengthDigitIsWrong,
    OcrLengthIsWrong,
    OcrLevel,
    check_ocr,
    ocr_reference,
)

BASES = st.text("0123456789", min_size=1, max_size=MAX_DIGITS - 2)
BOTH_DIGITS = (OcrLevel.CHECK_DIGIT, OcrLevel.LENGTH_DIGIT)


@pytest.mark.parametrize(
    ("base", "with_length", "reference"),
    [
        ("12345", False, "123455"),
        ("12345", True, "1234574"),
        ("123", False, "1230"),
        ("123", True, "12351"),
        # Ten digits in all: the length digit is the length modulo 10.
        ("48213907", True, "4821390707"),
    ],
)
def test_a_reference_is_the_base_with_its_control_digits(base: str, *, with_length: bool, reference: str) -> None:
    assert ocr_reference(base, with_length=with_length) == reference


def test_the_reference_that_a_guide_misprints_is_refused() -> None:
    with pytest.raises(OcrCheckDigitIsWrong) as refused:
        check_ocr("123451")
    assert refused.value.expected == "5"
    assert refused.value.code == "ocr_check_digit_is_wrong"


def test_spaces_of_any_width_between_the_digits_are_dropped() -> None:
    assert check_ocr(" 1234 574\u00a0", BOTH_DIGITS) == "1234574"
    assert check_ocr("12\u202f345\u00a074") == "1234574"


def test_a_wrong_length_digit_is_refused_only_where_the_agreement_has_one() -> None:
    assert check_ocr("123455") == "123455"
    with pytest.raises(OcrLengthDigitIsWrong) as refused:
        check_ocr("123455", BOTH_DIGITS)
    assert refused.value.expected == "6"


def test_a_wrong_check_digit_passes_where_the_bank_checks_only_the_length() -> None:
    assert check_ocr("123451", [OcrLevel.FIXED_LENGTH], lengths=[6, 8]) == "123451"
    with pytest.raises(OcrLengthIsWrong, match="allows 7 or 9 digits") as refused:
        check_ocr("123455", [OcrLevel.FIXED_LENGTH], lengths=[9, 7])
    assert refused.value.lengths == (7, 9)


@pytest.mark.parametrize("text", ["", "1", "1" * 26, "12345A", "12-34", "١٢٣٤٥", "1.5", "-12"])
def test_what_is_not_2_to_25_digits_is_no_reference(text: str) -> None:
    with pytest.raises(NotAnOcrReference, match="2 to 25 digits"):
        check_ocr(text)


@pytest.mark.parametrize("base", ["", "F-1", "12 3", "٣"])
def test_a_base_is_digits_only(base: str) -> None:
    with pytest.raises(NotAnOcrReference, match="digits only"):
        ocr_reference(base)


def test_a_reference_has_at_most_25_digits() -> None:
    assert len(ocr_reference("1" * 23)) == 25
    assert len(ocr_reference("1" * 24, with_length=False)) == 25
    with pytest.raises(NotAnOcrReference, match="more than 25"):
        ocr_reference("1" * 24)
    with pytest.raises(NotAnOcrReference, match="more than 25"):
        ocr_reference("1" * 25, with_length=False)


@given(BASES)
def test_every_reference_passes_its_own_check_and_begins_with_its_base(base: str) -> None:
    reference = ocr_reference(base)
    assert reference[:-2] == base
    assert check_ocr(reference, BOTH_DIGITS) == reference
    assert check_ocr(ocr_reference(base, with_length=False)) == ocr_reference(base, with_length=False)


@given(BASES, st.data())
def test_one_mistyped_digit_is_always_caught(base: str, data: st.DataObject) -> None:
    reference = ocr_reference(base)
    place = data.draw(st.integers(0, len(reference) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != reference[place]]))
    with pytest.raises(OcrCheckDigitIsWrong):
        check_ocr(reference[:place] + other + reference[place + 1 :])
