"""What a finished letter looks like from outside: its text and where it stands, its structure, its payment code."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

_MILLIMETRES = 25.4 / 72
_SHEET = 297.0
_HYPHEN_AT_LINE_END = "\ufffe"  # as PDFium reads it


@dataclass(frozen=True)
class Glyph:
    """A drawn character, its place in the reading order, and the box around its ink, in millimetres from the page's
    upper left corner.
    """

    index: int
    character: str
    page: int
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Glyph) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return self.page == other.page and across > 0 and down > 0


def glyphs(pdf: bytes) -> tuple[Glyph, ...]:
    """Return every character that has ink, in reading order."""
    return tuple(Glyph(index, *drawn) for index, drawn in enumerate(_drawn(pdf)))


def _drawn(pdf: bytes) -> Iterator[tuple[str, int, float, float, float, float]]:
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                character = text.get_text_range(index, 1).replace(_HYPHEN_AT_LINE_END, "-")
                left, bottom, right, top = (edge * _MILLIMETRES for edge in text.get_charbox(index))
                if character.strip("\u200b \r\n") and right > left:
                    yield character, number, left, _SHEET - top, right, _SHEET - bottom


def words(pdf: bytes) -> str:
    """Return the text of all pages with one space between words, without the break opportunities in long ones."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\u200b", "").replace(_HYPHEN_AT_LINE_END, "-").split())


def without_spaces(text: str) -> str:
    """Return the text without white space, for what may be broken anywhere."""
    return "".join(text.replace("\u200b", "").split())


def page_count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def scanned(pages: tuple[bytes, ...]) -> list[str]:
    """Return the texts of the codes that a scanner finds on pictures of the pages."""
    return [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(BytesIO(page)))]
