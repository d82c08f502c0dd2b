"""Every no of the agency site has words in both languages. What needs no Django: tests/ui/test_refusals.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui import refusal_kinds
from tests.ui.refusal_kinds import LANGUAGES

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.refusal import Refusal

KINDS = refusal_kinds.kinds_of("agency")


def test_the_site_has_refusals() -> None:
    assert KINDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_refusal_of_the_site_says_what_is_wrong_and_what_to_do(kind: type[Refusal], language: Language) -> None:
    refusal_kinds.assert_it_says_what_is_wrong_and_what_to_do(kind, language)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_both_languages_tell_the_same_facts(kind: type[Refusal]) -> None:
    refusal_kinds.assert_both_languages_tell_the_same_facts(kind)


def test_every_value_of_an_enumerated_fact_is_a_word_in_both_languages() -> None:
    assert refusal_kinds.words_missing(KINDS) == set()
