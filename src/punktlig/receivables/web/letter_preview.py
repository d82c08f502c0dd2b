"""The letter as it will look, before anything has been handed over: the same composer and the same paper.

What only the agency can give stays open: the claim's number and its OCR. A code to scan is left out too, so that
nobody can pay by a picture of a letter that was never sent.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING

from punktlig.core.agency import Agency
from punktlig.core.letter.compose import compose
from punktlig.core.refusal import Refusal
from punktlig.letters.renderer import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from punktlig.core.letter.content import LetterContent
    from punktlig.core.reminder import Reminder
    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.sending_facts import Prepared

NOT_GIVEN = "– – – –"
_POINTS_PER_INCH = 132

# A renderer belongs to one thread and has a compiler with fonts: this process keeps one, and letters wait in line.
_drawing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letter-preview")


def agency_of(activation: Activation | None) -> Agency | None:
    """Return who the agency is as its letters say it, or None before it has told."""
    told: Mapping[str, object] = (activation.letterhead if activation else None) or {}
    names = {field.name for field in fields(Agency)}
    known = {name: value for name, value in told.items() if name in names}
    try:
        return Agency(**known)  # type: ignore[arg-type]  # strict when it was received; a missing part is a TypeError
    except TypeError:
        return None


def letter_of(prepared: Prepared, reminder: Reminder, agency: Agency) -> LetterContent:
    """Return what the letter will say.

    Raises:
        Refusal: no letter can be composed (`core.letter.compose`).
    """
    content = compose(
        reminder,
        agency,
        case_number=NOT_GIVEN,
        payment_reference=NOT_GIVEN,
        debt_text=prepared.debt_text,
        language=prepared.language,
    )
    return replace(content, payment=replace(content.payment, qr=None, qr_caption=""))


def refusal_of_letter(prepared: Prepared, reminder: Reminder, agency: Agency) -> Refusal | None:
    """Return why no letter can be made, such as an address too large for the window; it takes drawing."""
    try:
        pdf_of(letter_of(prepared, reminder, agency))
    except Refusal as refusal:
        return refusal
    return None


def pdf_of(content: LetterContent) -> bytes:
    """Return the letter as PDF. Raises the refusals of `letters.renderer`."""
    return _drawn(lambda renderer: bytes(renderer.pdf(content)))


def pictures_of(content: LetterContent) -> tuple[bytes, ...]:
    """Return a picture of each page. Raises the refusals of `letters.renderer`."""
    return _drawn(lambda renderer: renderer.png(content, ppi=_POINTS_PER_INCH))


def _drawn[Result](draw: Callable[[Renderer], Result]) -> Result:
    return _drawing.submit(lambda: draw(_renderer())).result()


@cache
def _renderer() -> Renderer:
    return Renderer()
