"""A stored letter as its PDF, or why it cannot be drawn: the same whether a job draws it or a person fetches it."""

from __future__ import annotations

import hashlib
import logging
import re
from typing import TYPE_CHECKING

from punktlig.agency.records.handing_over import Answer, DrawnLetter, Verdict
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import NotTheStoredForm, read_stored
from punktlig.core.refusal import Refusal
from punktlig.letters.renderer import render_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from punktlig.agency.records.handing_over import DueLetter

log = logging.getLogger(__name__)

_PAGE = re.compile(rb"/Type\s*/Page\b")

CONTENT_UNREADABLE = "letter_content_unreadable"
# A fault of ours: the letter has not left, and is tried again until its schedule ends.
DRAWING_FAILED = "letter_drawing_failed"


def draw_content(content: str) -> tuple[bytes, str]:
    """Return the PDF of a letter's stored content, or the code that says why there is none."""
    try:
        return render_letter(read_stored(LetterContent, content)), ""
    except Refusal as refusal:
        return b"", refusal.code
    except NotTheStoredForm:
        return b"", CONTENT_UNREADABLE
    except Exception:
        log.exception("a letter could not be drawn")
        return b"", DRAWING_FAILED


def drawn_or_not(letter: DueLetter, pdf: bytes, code: str) -> DrawnLetter | Answer:
    """Return the letter with what `draw_content` made of it: drawn, refused for good, or not yet."""
    if code:
        verdict = Verdict.NOT_YET if code == DRAWING_FAILED else Verdict.REFUSED
        return Answer(delivery_id=letter.delivery_id, verdict=verdict, code=code, for_good=verdict is Verdict.REFUSED)
    return DrawnLetter(due=letter, pdf=pdf, pages=len(_PAGE.findall(pdf)), sha256=hashlib.sha256(pdf).hexdigest())


def sorted_out(found: Iterable[DrawnLetter | Answer]) -> tuple[list[DrawnLetter], list[Answer]]:
    """Return the letters that were drawn, in their order, and the answers for those that were not."""
    drawn: list[DrawnLetter] = []
    answers: list[Answer] = []
    for each in found:
        if isinstance(each, DrawnLetter):
            drawn.append(each)
        else:
            answers.append(each)
    return drawn, answers
