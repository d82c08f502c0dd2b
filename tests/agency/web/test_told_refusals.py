"""A refusal that was stored as a code and texts is told in the same words as the refusal itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from punktlig.agency.actions.claims import _text
from punktlig.ui import reason_words
from punktlig.ui.refusals import explain_refusal
from punktlig.ui.told_refusals import explain_told
from tests.agency.api.test_documentation import REFUSED
from tests.ui import refusal_kinds
from tests.ui.refusal_kinds import LANGUAGES

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.refusal import Refusal

KINDS = [kind for kind in refusal_kinds.kinds_beside_sites() if kind.code in REFUSED]


def test_every_refusal_of_a_claim_has_a_reason_in_few_words() -> None:
    assert set(REFUSED) <= reason_words.codes()
    assert reason_words.codes() <= set(refusal_kinds.codes())


def test_every_refusal_of_a_claim_is_among_them() -> None:
    assert {kind.code for kind in KINDS} == set(REFUSED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_stored_refusal_is_told_as_it_would_have_been_at_once(kind: type[Refusal], language: Language) -> None:
    refusal = refusal_kinds.example(kind)
    with override(language):
        told = explain_told(refusal.code, {name: _text(fact) for name, fact in refusal.facts().items()})
    assert told == explain_refusal(refusal, language)
