"""Stored letters become PDFs, in worker processes when there are many.

A worker process imports no Django: it gets a letter's stored content and gives back bytes or the name of a refusal.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from punktlig.agency.records.letter_drawing import draw_content, drawn_or_not, sorted_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from punktlig.agency.records.handing_over import Answer, DrawnLetter, DueLetter

# Starting processes costs about as much as drawing this many letters.
_FEW = 40
_AT_A_TIME = 8


def draw_letters(letters: Sequence[DueLetter]) -> tuple[list[DrawnLetter], list[Answer]]:
    """Return the letters drawn, in their order, and an answer for each that cannot be drawn."""
    made = _draw_all([letter.content for letter in letters])
    return sorted_out(drawn_or_not(letter, pdf, code) for letter, (pdf, code) in zip(letters, made, strict=True))


def _draw_all(contents: Sequence[str]) -> Iterable[tuple[bytes, str]]:
    workers = os.process_cpu_count() or 1 if hasattr(os, "process_cpu_count") else os.cpu_count() or 1
    if len(contents) < _FEW or workers == 1:
        return [draw_content(content) for content in contents]
    # Not forked: the compiler has threads, and a fork would copy their locks in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_signals) as pool:
        return list(pool.map(draw_content, contents, chunksize=_AT_A_TIME))


def _leave_signals() -> None:
    # Ctrl-C reaches every process of the group; the worker in charge decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
