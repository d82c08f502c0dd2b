"""How the agency's own facts are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.letter.cases import AGENCY


@pytest.mark.parametrize(
    ("telephone", "abroad"),
    [
        ("08-465 004 10", "+46 8 465 004 10"),
        ("0770-45 06 02", "+46 770 45 06 02"),
        ("+46 8 465 004 10", "+46 8 465 004 10"),
    ],
)
def test_a_telephone_number_loses_its_zero_abroad(telephone: str, abroad: str) -> None:
    assert replace(AGENCY, telephone=telephone).telephone_abroad == abroad
