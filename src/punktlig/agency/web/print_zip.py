"""A print batch as the zip that a person downloads: the same bytes whenever it is asked for."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from punktlig.agency.records.identity import agency
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored
from punktlig.formats.print_batch import PrintedLetter, print_batch
from punktlig.letters.renderer import render_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punktlig.agency.records.handing_over import DueLetter

_PAGE = re.compile(rb"/Type\s*/Page\b")


def zip_of(letters: Sequence[DueLetter]) -> bytes:
    """Return the zip of the letters, in their order. Raises as `render_letter` when one cannot be drawn."""
    us = agency()
    return_address = f"{us.name}, {us.address}, {us.postcode} {us.town}"
    return print_batch([_printed(letter) for letter in letters], return_address=return_address)


def _printed(letter: DueLetter) -> PrintedLetter:
    content = read_stored(LetterContent, letter.content)
    pdf = render_letter(content)
    # The last line of the window is postcode and town, which the index has apart; abroad the country comes after it.
    own_lines = content.recipient[: -1 if letter.country == "SE" else -2]
    return PrintedLetter(
        letter_id=letter.letter_id,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        # Printed on both sides.
        sheets=-(-len(_PAGE.findall(pdf)) // 2),
        recipient=own_lines,
        postcode=letter.postcode,
        town=letter.town,
        country=letter.country,
    )
