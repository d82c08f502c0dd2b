"""What the shipped fonts can draw, and how wide it becomes: read from the fonts themselves.

Two tables of a font answer that: `cmap` (which character has which glyph) and `hmtx` (how far each glyph advances).
Reading them takes these few lines and some milliseconds once per process, and cannot disagree with the files that
print; a font library would be a dependency for two arrays, and a generated table would have to be kept in step.
Format: OpenType 1.9, chapters `cmap` (subtable format 12), `head`, `hhea`, `hmtx`.
"""

from __future__ import annotations

import struct
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FONTS = Path(__file__).parent / "fonts"

_UNICODE_FULL = (3, 10)  # platform Windows, encoding Unicode full repertoire
_SEGMENTED_COVERAGE = 12

_REMEMBERED = 8192


class Typeface:
    """The characters of one or more fonts and their widths in thousandths of the type size."""

    def __init__(self, widths: Mapping[str, int]) -> None:
        self._widths = _Widths(widths)
        self.widest = max(widths.values())
        # Most words of a letter stand in the next one too: remembered, they cost a tenth.
        self.word_width = lru_cache(maxsize=_REMEMBERED)(self.width)

    def __contains__(self, character: str) -> bool:
        return character in self._widths

    def __iter__(self) -> Iterator[str]:
        return iter(self._widths)

    def width(self, text: str) -> int:
        """Return the width of a line in thousandths of the type size, kerning left out.

        A character that is drawn from its decomposition counts as wide as the widest glyph.
        """
        return sum(map(self._widths.__getitem__, text))


class _Widths(dict[str, int]):
    """Widths by character; asked for every character of every letter, so the lookup is the dictionary's own."""

    def __init__(self, widths: Mapping[str, int]) -> None:
        super().__init__(widths)
        self._widest = max(widths.values())

    def __missing__(self, character: str) -> int:
        return self._widest


def _advances(path: Path) -> dict[str, int]:
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables))
    at = {tag.decode("ascii"): offset for tag, _, offset, _ in records}
    (units,) = struct.unpack_from(">H", data, at["head"] + 18)
    (long_metrics,) = struct.unpack_from(">H", data, at["hhea"] + 34)
    advances = struct.unpack_from(f">{2 * long_metrics}H", data, at["hmtx"])[::2]
    # Glyphs beyond the long metrics all advance as far as the last of them.
    return {
        chr(code): round(advances[min(glyph, long_metrics - 1)] * 1000 / units)
        for code, glyph in _glyphs(data, at["cmap"]).items()
    }


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    for n in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        (form,) = struct.unpack_from(">H", data, cmap + offset)
        if (platform, encoding) == _UNICODE_FULL and form == _SEGMENTED_COVERAGE:
            (groups,) = struct.unpack_from(">I", data, cmap + offset + 12)
            starts = (struct.unpack_from(">III", data, cmap + offset + 16 + 12 * g) for g in range(groups))
            return {code: glyph + code - first for first, last, glyph in starts for code in range(first, last + 1)}
    raise ValueError("the font has no cmap subtable of format 12")


@cache
def sans() -> Typeface:
    """Return the body face: what both weights have, each character as wide as in its wider weight."""
    regular = _advances(FONTS / "punktlig-sans" / "PunktligSans-Regular.ttf")
    semibold = _advances(FONTS / "punktlig-sans" / "PunktligSans-Semibold.ttf")
    return Typeface({each: max(regular[each], semibold[each]) for each in regular.keys() & semibold.keys()})


@cache
def serif() -> Typeface:
    """Return the heading face: the serif, and the sans where the serif has no such character."""
    body = sans()
    heading = _advances(FONTS / "punktlig-serif" / "PunktligSerif-Semibold.ttf")
    return Typeface({each: heading.get(each, body.width(each)) for each in body})
