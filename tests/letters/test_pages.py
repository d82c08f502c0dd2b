"""What is on the paper, and where: nothing falls off, nothing overlaps, and the window shows the address alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from punktlig.core.letter.content import Labelled
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.letters.renderer import Renderer
from punktlig.letters.window import WINDOW_LEFT, WINDOW_RIGHT, Window
from tests.core.letter.cases import CASES
from tests.letters.paper import Glyph, glyphs, page_count, without_spaces, words
from tests.letters.stretched import (
    LARGEST,
    LONG_OCR,
    ORDINARY,
    STRETCHED,
    UNBROKEN,
    addressed_to,
    for_debt,
    with_amount,
    with_help,
    with_periods,
    with_reference,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.core.letter.content import LetterContent

CONTENTS = {name: case.content for name, case in CASES.items()} | STRETCHED


def texts(content: LetterContent) -> Iterator[str]:
    """Yield everything a person must be able to read, line by line."""
    yield from content.recipient
    yield from content.heading
    yield "".join(run.text for runs in content.lead for run in runs)
    for row in (*content.sums.rows, content.sums.total):
        yield from (row.text, row.amount)
    payment = content.payment
    labelled = [*content.facts, payment.amount, payment.last_day, *payment.fields, *content.help, *content.contact]
    for table in content.details:
        yield table.title
        for cells in (*table.rows, *table.before_total, table.total or ()):
            yield from cells
        labelled += table.notes
    for each in labelled:
        yield each.label
        yield from each.value.split("\n")
    yield from (payment.hint, content.otherwise, content.wordmark)
    for two in content.footer:
        yield from two


@pytest.mark.parametrize("name", [name for name in CONTENTS if name != "eight rows of many lines"])
def test_every_word_and_amount_can_be_read_from_the_file(name: str, renderer: Renderer) -> None:
    content = CONTENTS[name]()
    read = without_spaces(words(renderer.pdf(content)))
    assert [text for text in texts(content) if without_spaces(text) not in read] == []


def in_window(each: Glyph, window: Window) -> bool:
    """Say whether any part of a character may show in the window, however the sheet slides."""
    return (
        each.page == 1
        and each.right > window.x - window.shift
        and each.left < window.x + window.width + window.shift
        and each.bottom > window.y - window.shift
        and each.top < window.y + window.height + window.shift
    )


@pytest.mark.parametrize("name", CONTENTS)
def test_nothing_stands_outside_the_text_area(name: str, renderer: Renderer) -> None:
    content = CONTENTS[name]()
    right_of_address = WINDOW_RIGHT.address_x + WINDOW_RIGHT.address_room
    for each in glyphs(renderer.pdf(content)):
        right = right_of_address if in_window(each, WINDOW_RIGHT) else 190
        assert each.left > 21.5, each
        assert each.right < right + 0.5, each
        assert each.top > 10, each
        assert each.bottom < 290, each


@pytest.mark.parametrize("name", CONTENTS)
def test_no_two_characters_overlap(name: str, renderer: Renderer) -> None:
    drawn = glyphs(renderer.pdf(CONTENTS[name]()))
    # A character may reach into the next one's box: that is kerning.
    assert [pair for pair in meeting(drawn) if abs(pair[0].index - pair[1].index) > 1] == []


def meeting(drawn: tuple[Glyph, ...]) -> Iterator[tuple[Glyph, Glyph]]:
    by_height = sorted(drawn, key=lambda each: (each.page, each.top))
    for n, one in enumerate(by_height):
        for other in by_height[n + 1 :]:
            if other.page != one.page or other.top >= one.bottom:
                break
            if one.overlaps(other):
                yield one, other


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("window", [WINDOW_RIGHT, WINDOW_LEFT], ids=["right", "left"])
def test_the_window_shows_the_address_and_nothing_else(name: str, window: Window) -> None:
    content = CONTENTS[name]()
    seen = [each for each in glyphs(Renderer(window).pdf(content)) if in_window(each, window)]
    assert without_spaces("".join(each.character for each in seen)) == without_spaces("".join(content.recipient))
    # And all of it, though the sheet slides as far as it can.
    assert min(each.left for each in seen) > window.x + window.shift
    assert max(each.right for each in seen) < window.x + window.width - window.shift + 0.5
    assert min(each.top for each in seen) > window.y + window.shift
    assert max(each.bottom for each in seen) < window.y + window.height - window.shift


@pytest.mark.parametrize("name", CASES)
def test_the_payment_box_never_lies_across_the_fold(name: str, renderer: Renderer) -> None:
    content = CASES[name].content()
    drawn = glyphs(renderer.pdf(content))
    title = "".join(content.payment.title.split())
    text = "".join(each.character for each in drawn)
    assert drawn[text.index(title)].top > WINDOW_RIGHT.folds[0] + 3


def test_a_sheet_folded_in_three_has_the_box_below_its_second_fold() -> None:
    thirds = replace(WINDOW_RIGHT, folds=(99, 198))
    content = replace(ORDINARY, sums=replace(ORDINARY.sums, rows=ORDINARY.sums.rows * 3))
    drawn = [each for each in glyphs(Renderer(thirds).pdf(content)) if each.page == 1]
    text = "".join(each.character for each in drawn)
    start = text.index(without_spaces(content.payment.title))
    end = text.index(without_spaces(content.payment.hint)) + len(without_spaces(content.payment.hint))
    assert min(each.top for each in drawn[start:end]) > 198


@pytest.mark.parametrize(
    ("content", "pages"),
    [
        (ORDINARY, 1),
        (with_periods(3), 1),
        (with_periods(40), 2),
        (with_periods(120), 4),
        (with_amount(LARGEST), 1),
        (with_reference(LONG_OCR), 1),
        (with_help(9), 2),
        (for_debt("snickeri"), 1),
    ],
    ids=["ordinary", "3 periods", "40 periods", "120 periods", "largest", "long OCR", "much help", "debt"],
)
def test_a_letter_takes_another_page_only_when_it_must(content: LetterContent, pages: int, renderer: Renderer) -> None:
    assert page_count(renderer.pdf(content)) == pages


@pytest.mark.parametrize("name", [name for name in CASES if name != "trader-lines-and-part-payments"])
def test_an_ordinary_letter_is_one_page(name: str, renderer: Renderer) -> None:
    assert page_count(renderer.pdf(CASES[name].content())) == 1


def test_page_one_says_where_the_details_are_only_when_they_are_elsewhere(renderer: Renderer) -> None:
    before, after = ORDINARY.see_details
    assert f"{before}2{after}" in words(renderer.pdf(with_periods(40)))
    assert before.strip() not in words(renderer.pdf(ORDINARY))
    # The help has moved to page 2 with the details under it.
    assert before.strip() not in words(renderer.pdf(with_help(9)))


def test_the_heads_of_a_long_table_stand_on_each_of_its_pages(renderer: Renderer) -> None:
    content = with_periods(120)
    read = words(renderer.pdf(content))
    assert read.count(content.details[0].title) == 4
    assert read.count(content.running) == 3
    assert [f"Sida {n} av 4" in read for n in range(1, 5)] == [True] * 4


def test_rows_that_are_together_higher_than_a_page_flow_on_word_by_word(renderer: Renderer) -> None:
    content = STRETCHED["eight rows of many lines"]()
    read = Counter(words(renderer.pdf(content)).split())
    # A row may part between two lines, so its words are counted instead of read in a stretch.
    said = Counter(word for row in content.details[0].rows for cell in row for word in cell.split())
    assert [word for word, count in said.items() if read[word] < count] == []


def test_a_reference_is_never_broken_over_lines(renderer: Renderer) -> None:
    assert LONG_OCR in words(renderer.pdf(with_reference(LONG_OCR)))


def test_a_large_address_is_set_smaller_and_one_too_large_is_refused(renderer: Renderer) -> None:
    def height(content: LetterContent) -> float:
        return next(each.bottom - each.top for each in glyphs(renderer.pdf(content)) if in_window(each, WINDOW_RIGHT))

    assert height(addressed_to(*["Anna Ek"] * 8)) < height(addressed_to(*["Anna Ek"] * 3))
    too_large = addressed_to(*[UNBROKEN] * 6)
    with pytest.raises(AddressDoesNotFit) as refused:
        renderer.pdf(too_large)
    assert refused.value.recipient == too_large.recipient


def test_words_stay_whole_where_they_fit_and_break_at_their_hyphens_first(renderer: Renderer) -> None:
    hyphened = "Aktiebolaget-Lillsjöns-Snickeri-och-Grannar-i-Ekviken"
    content = replace(ORDINARY, contact=(Labelled("Firma", hyphened), *ORDINARY.contact[1:]))
    drawn = [each for each in glyphs(renderer.pdf(content)) if each.page == 1]
    start = "".join(each.character for each in drawn).index(hyphened)
    line_ends = [
        one.character for one, following in pairwise(drawn[start : start + len(hyphened)]) if following.left < one.left
    ]
    assert line_ends == ["-"]
