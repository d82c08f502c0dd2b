"""Stored letters become PDFs, in worker processes when there are many.

A worker process imports no Django: it gets a letter's stored content and gives back bytes or the name of a refusal.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import signal
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from punktlig.agency.records.handing_over import Answer, DrawnLetter, Verdict
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import NotTheStoredForm, read_stored
from punktlig.core.refusal import Refusal
from punktlig.letters.renderer import render_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from punktlig.agency.records.handing_over import DueLetter

# Starting processes costs about as much as drawing this many letters.
_FEW = 40
_AT_A_TIME = 8
_PAGE = re.compile(rb"/Type\s*/Page\b")

CONTENT_UNREADABLE = "letter_content_unreadable"


def draw_letters(letters: Sequence[DueLetter]) -> tuple[list[DrawnLetter], list[Answer]]:
    """Return the letters drawn, in their order, and a refusal for good of each that cannot be drawn."""
    drawn: list[DrawnLetter] = []
    refused: list[Answer] = []
    for letter, (pdf, code) in zip(letters, _draw_all([letter.content for letter in letters]), strict=True):
        if code:
            refused.append(Answer(delivery_id=letter.delivery_id, verdict=Verdict.REFUSED, code=code, for_good=True))
            continue
        pages = len(_PAGE.findall(pdf))
        sha256 = hashlib.sha256(pdf).hexdigest()
        drawn.append(DrawnLetter(due=letter, pdf=pdf, sheets=-(-pages // 2), sha256=sha256))
    return drawn, refused


def _draw_all(contents: Sequence[str]) -> Iterable[tuple[bytes, str]]:
    workers = os.process_cpu_count() or 1 if hasattr(os, "process_cpu_count") else os.cpu_count() or 1
    if len(contents) < _FEW or workers == 1:
        return [_draw(content) for content in contents]
    # Not forked: the compiler has threads, and a fork would copy their locks in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_signals) as pool:
        return list(pool.map(_draw, contents, chunksize=_AT_A_TIME))


def _draw(content: str) -> tuple[bytes, str]:
    try:
        return render_letter(read_stored(LetterContent, content)), ""
    except Refusal as refusal:
        return b"", refusal.code
    except NotTheStoredForm:
        return b"", CONTENT_UNREADABLE


def _leave_signals() -> None:
    # Ctrl-C reaches every process of the group; the worker in charge decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
