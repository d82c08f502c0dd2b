"""Whole letters, word by word, against the text that a person has read and approved.

After a change that is meant: `PUNKTLIG_APPROVE=1 pytest tests/core/letter/test_approved_letters.py` writes the texts
anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.core.letter.cases import CASES
from tests.core.letter.readable import readable

APPROVED = Path(__file__).parent / "approved"


@pytest.mark.parametrize("name", CASES)
def test_the_letter_says_word_by_word_what_was_approved(name: str) -> None:
    path = APPROVED / f"{name}.txt"
    written = readable(CASES[name].content())
    if os.environ.get("PUNKTLIG_APPROVE") == "1":
        path.write_text(written, encoding="utf-8", newline="\n")
        pytest.skip("written anew, to be read by a person")
    assert path.read_text(encoding="utf-8") == written


def test_no_approved_text_is_without_its_letter() -> None:
    assert {path.stem for path in APPROVED.glob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_total_is_that_of_a_second_calculation(name: str) -> None:
    assert str(CASES[name].reminder().total) == CASES[name].total
