"""The widths read from the fonts are what the letter is drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.letters.typeface import sans
from punktlig.letters.window import WINDOW_RIGHT
from tests.letters.paper import glyphs
from tests.letters.stretched import addressed_to

if TYPE_CHECKING:
    from punktlig.letters.renderer import Renderer

_POINT = 25.4 / 72


@pytest.mark.parametrize(
    "line",
    [
        "Anna-Karin Lindqvist-Öberg",
        "WAVE TYPOGRAFI AVTAL",
        "1234567890 1111111111",
        "Жук Щукин",
        "Ωμέγα Ψυχή",
        "fi ffi fl ft",
    ],
)
def test_a_line_is_no_wider_than_the_glyphs_together(line: str, renderer: Renderer) -> None:
    expected = sans().width(line) / 1000 * 10.5 * _POINT
    address = [
        each
        for each in glyphs(renderer.pdf(addressed_to(line)))
        if each.left > WINDOW_RIGHT.address_x - 1 and each.top < 60
    ]
    drawn = max(each.right for each in address) - WINDOW_RIGHT.address_x
    assert 0.85 * expected < drawn <= expected


def test_figures_are_all_as_wide_so_that_amounts_stand_in_columns() -> None:
    assert len({sans().width(figure) for figure in "0123456789"}) == 1
