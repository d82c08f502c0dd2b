"""A letter is set closer where that saves it a page, and only there."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest

from punktlig.core.letter.content import SumRow
from punktlig.letters.fitting import fitted
from punktlig.letters.printable import printable
from punktlig.letters.window import WINDOW_RIGHT
from tests.letters.paper import glyphs, page_count
from tests.letters.stretched import ORDINARY, with_help, with_periods

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.core.letter.content import LetterContent
    from punktlig.letters.renderer import Renderer


def part_paid(periods: int) -> LetterContent:
    """Return a letter with a part payment: two more rows of sums, and so many periods of interest."""
    content = with_periods(periods)
    first, *others = content.sums.rows
    rows = (first, SumRow("Delbetalning 7 april 2026", "−2 563,61"), SumRow("Återstår", "1,00"), *others)
    return replace(content, sums=replace(content.sums, rows=rows))


def is_close(content: LetterContent) -> bool:
    return bool(fitted(printable(asdict(content)), WINDOW_RIGHT, with_code=True)["close"])


@pytest.mark.parametrize(
    ("content", "close", "pages"),
    [
        (ORDINARY, False, 1),
        (with_periods(1), False, 1),
        (with_periods(4), True, 1),
        (part_paid(1), True, 1),
        (part_paid(4), True, 1),
        (part_paid(9), False, 2),
        (with_periods(40), False, 2),
        (with_help(9), False, 2),
    ],
    ids=["ordinary", "1", "4", "part paid, 1", "part paid, 4", "part paid, 9", "40", "much help"],
)
def test_a_letter_is_closer_where_that_saves_a_page(
    content: LetterContent, close: bool, pages: int, renderer: Renderer
) -> None:
    assert (is_close(content), page_count(renderer.pdf(content))) == (close, pages)


@pytest.mark.parametrize("periods", range(1, 10))
@pytest.mark.parametrize("letter", [with_periods, part_paid])
def test_a_letter_that_is_closer_is_one_page_and_has_its_box_below_the_fold(
    letter: Callable[[int], LetterContent], periods: int, renderer: Renderer
) -> None:
    content = letter(periods)
    if is_close(content):
        pdf = renderer.pdf(content)
        assert page_count(pdf) == 1
        drawn = glyphs(pdf)
        title = "".join(each.character for each in drawn).index("".join(content.payment.title.split()))
        assert drawn[title].top > WINDOW_RIGHT.folds[0] + 3
