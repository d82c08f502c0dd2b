"""A letter's content in, its PDF out: the same bytes on every machine, in every time zone, for ever.

A stored letter is its content and the name of its template. A template file is never changed so that an old letter
would read otherwise; a new look is a new file with a new name, and the old ones stay here as long as letters name them.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import typst

from punktlig.core.refusal import Refusal
from punktlig.letters.fitting import AddressDoesNotFit, fitted
from punktlig.letters.payment_code import payment_code
from punktlig.letters.printable import is_plain, printable
from punktlig.letters.typeface import FONTS
from punktlig.letters.window import WINDOW_RIGHT, Window

if TYPE_CHECKING:
    from punktlig.core.letter.content import LetterContent

TEMPLATES = {"reminder-1": "reminder.typ"}

# Archival with a structure for screen readers, and accessible: typst refuses to write a file that breaks either.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

_ADDRESS_TOO_LARGE = "the address is too large for the window"


@dataclass(eq=False)
class TemplateIsUnknown(Refusal):
    """The letter was written for a template that this version does not have."""

    template: str


class ForkedAfterALetter(RuntimeError):
    """A process that had drawn letters was forked, and its child may draw none."""

    def __init__(self) -> None:
        super().__init__("start processes that draw letters with spawn or forkserver, not with fork")


class Renderer:
    """Draws letters with one compiler that is kept: fonts are read once, and recurring text is laid out once.

    Not to be shared between threads. Workers are started with `spawn` or `forkserver`, or forked before the first
    letter: typst's own threads do not survive a fork, and a letter in such a process would wait for them for ever.
    """

    _process: ClassVar[int | None] = None

    def __init__(self, window: Window = WINDOW_RIGHT) -> None:
        self._window = window
        self._compiler = typst.Compiler(
            root=Path(__file__).parent,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
            ignore_system_fonts=True,
        )

    def pdf(self, content: LetterContent) -> bytes:
        """Return the letter as tagged PDF/A-2a and PDF/UA-1. Its only moment is the letter's date, at midnight UTC.

        Raises:
            TemplateIsUnknown: the content names another template.
            CharacterNotCovered: no shipped font can draw some character.
            AddressDoesNotFit: the address is too large for the window.
        """
        moment = datetime.combine(content.date, time(), UTC)
        (file,) = self._compile(content, format="pdf", pdf_standards=_STANDARDS, timestamp=moment)
        return file

    def png(self, content: LetterContent, *, ppi: int = 144) -> tuple[bytes, ...]:
        """Return a picture of each page. Raises as `pdf` does."""
        return self._compile(content, format="png", ppi=ppi)

    def test_page(self, content: LetterContent, *, ppi: int = 144) -> tuple[bytes, ...]:
        """Return the pages with the envelope's window, its tolerance and the folds drawn in. Raises as `pdf` does."""
        return self._compile(content, guides=True, format="png", ppi=ppi)

    def _compile(self, content: LetterContent, *, guides: bool = False, **output: Any) -> tuple[bytes, ...]:
        if Renderer._process is None:
            Renderer._process = os.getpid()
        elif Renderer._process != os.getpid():
            raise ForkedAfterALetter
        template = TEMPLATES.get(content.template)
        if template is None:
            raise TemplateIsUnknown(content.template)
        code = payment_code(content.payment.qr)
        letter = {
            "content": fitted(printable(asdict(content)), self._window, with_code=code != ""),
            "qr": code,
            "window": asdict(self._window),
            "guides": guides,
        }
        try:
            made = self._compiler.compile(_source(template, letter), **output)
        except typst.TypstError as error:
            if _ADDRESS_TOO_LARGE in str(error):
                raise AddressDoesNotFit(content.recipient) from None
            raise
        if isinstance(made, list):
            return tuple(made)
        assert made is not None, "typst returns the file when it is given no path to write to"  # noqa: S101 - own promise
        return (made,)


def _source(template: str, letter: dict[str, Any]) -> bytes:
    """Return the document that hands the letter to its template.

    `sys.inputs` would be the plainer way, but they are part of typst's world: a letter there makes typst forget all it
    has laid out before, and costs twice the time. So the data is a literal of raw text, which typst takes as it stands
    (a string it would read sign by sign, for 2 % of the time). JSON in ASCII has one character that means something
    there, the backquote that ends it, and only inside strings, which have another way to write it.
    """
    data = json.dumps(letter, ensure_ascii=True, separators=(",", ":"), default=str)
    raw, plain = data.replace("`", r"\u0060"), str(is_plain(data)).lower()
    return f'#import "{template}": letter\n#letter(plain: {plain}, ..json(bytes(`{raw}`.text)))\n'.encode("ascii")


_own = threading.local()


def render_letter(content: LetterContent) -> bytes:
    """Return the letter as PDF for the usual window, drawn by this thread's own renderer. Raises as `Renderer.pdf`."""
    renderer = getattr(_own, "renderer", None)
    if renderer is None:
        renderer = _own.renderer = Renderer()
    return bytes(renderer.pdf(content))
