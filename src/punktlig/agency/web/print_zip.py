"""A print batch as the zip that a person downloads: the same bytes whenever it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.agency.records.identity import agency
from punktlig.agency.records.letter_drawing import draw_content, drawn_or_not, sorted_out
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored
from punktlig.formats.print_batch import PrintedLetter, print_batch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punktlig.agency.records.handing_over import DrawnLetter, DueLetter


def zip_of(letters: Sequence[DueLetter]) -> bytes:
    """Return the zip of the letters of a fetched batch, in their order; each was drawn when the batch was fetched.

    Raises:
        LetterCannotBeDrawnAgain: one of them cannot be drawn now.
    """
    us = agency()
    drawn, answers = sorted_out(drawn_or_not(letter, *draw_content(letter.content)) for letter in letters)
    if answers:
        # It may not be left out: whoever says that the batch was handed over says it of every letter in it.
        raise LetterCannotBeDrawnAgain(answers[0].code)
    return_address = f"{us.name}, {us.address}, {us.postcode} {us.town}"
    return print_batch([_printed(letter) for letter in drawn], return_address=return_address)


class LetterCannotBeDrawnAgain(Exception):
    """A letter that could be drawn when its batch was fetched cannot be drawn any more: a fault of ours."""


def _printed(letter: DrawnLetter) -> PrintedLetter:
    due = letter.due
    recipient = read_stored(LetterContent, due.content).recipient
    return PrintedLetter(
        letter_id=due.letter_id,
        pdf=letter.pdf,
        sha256=letter.sha256,
        sheets=letter.sheets,
        # The last line of the window is postcode and town, which the index has apart; abroad the country comes after.
        recipient=recipient[: -1 if due.country == "SE" else -2],
        postcode=due.postcode,
        town=due.town,
        country=due.country,
    )
