"""Whether an address fits the envelope's window is known before there is a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.addressee import countries
from punktlig.core.formatting import formatting
from punktlig.letters.fitting import AddressDoesNotFit, refuse_too_large
from punktlig.letters.typeface import sans
from punktlig.letters.window import WINDOW_LEFT, WINDOW_RIGHT
from tests.letters.stretched import UNBROKEN, addressed_to

if TYPE_CHECKING:
    from punktlig.letters.renderer import Renderer

WORDS = st.text("aeilmnorstvåäöWM-/", min_size=1, max_size=14) | st.just("W" * 90)
ADDRESSES = st.lists(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), min_size=3, max_size=8)


def passes(*lines: str, is_abroad: bool = False) -> bool:
    try:
        refuse_too_large(lines, is_abroad=is_abroad)
    except AddressDoesNotFit:
        return False
    return True


def is_set(renderer: Renderer, *lines: str) -> bool:
    try:
        renderer.png(addressed_to(*lines), ppi=20)
    except AddressDoesNotFit:
        return False
    return True


@given(ADDRESSES)
def test_what_passes_is_set(renderer: Renderer, lines: list[str]) -> None:
    assert is_set(renderer, *lines) or not passes(*lines)


def test_hardly_anything_is_refused_that_could_be_set(renderer: Renderer) -> None:
    of_words = {words: [" ".join(["snickeriarbeten"] * words)] * 5 for words in range(1, 12)}
    passing = [words for words, lines in of_words.items() if passes(*lines)]
    could_be = [words for words, lines in of_words.items() if is_set(renderer, *lines)]
    assert passing in (could_be, could_be[:-1])
    assert could_be != list(of_words)


@pytest.mark.parametrize(("lines", "fits"), [(9, True), (10, False)])
def test_as_many_short_lines_pass_as_the_window_holds(renderer: Renderer, lines: int, *, fits: bool) -> None:
    assert passes(*["Anna Ek"] * lines) == is_set(renderer, *["Anna Ek"] * lines) == fits


def test_a_line_is_kept_for_the_country() -> None:
    assert passes(*["Anna Ek"] * 8, is_abroad=True)
    assert not passes(*["Anna Ek"] * 9, is_abroad=True)


def test_every_countrys_name_has_room_on_one_line() -> None:
    room = min(WINDOW_LEFT.address_room, WINDOW_RIGHT.address_room) / 7 / 25.4 * 72 * 1000
    names = {formatting(language).country(country).upper() for language in ("sv", "en") for country in countries()}
    assert [name for name in names if sans().width(name) > room] == []


@pytest.mark.parametrize("lines", [[UNBROKEN] * 6, ["Anna Ek", "W" * 400, "123 45 Ekviken"]], ids=["six", "one"])
def test_words_wider_than_the_window_take_the_lines_they_break_into(renderer: Renderer, lines: list[str]) -> None:
    assert not passes(*lines)
    assert not is_set(renderer, *lines)


def test_what_is_not_looked_at_closer_is_never_wide() -> None:
    face = sans()
    assert max(face.width(each) / len(each.encode()) for each in face) <= 1_100
