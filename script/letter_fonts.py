#!/usr/bin/env python3
"""Make the letters' fonts from Adobe's: `python script/letter_fonts.py FOLDER`, with their TTF files in FOLDER.

FOLDER has SourceSans3-Regular.ttf and SourceSans3-Semibold.ttf of release 3.052, and SourceSerif4Subhead-Semibold.ttf
of release 4.005. Every character stays, and stands where it stood. What goes: hints for coarse screens, which were a
sixth of a letter's bytes; features that letters do not use; and the many tables of kerning, which typst looked through
one after another for every two letters: one table says the same, and a letter takes 6 % less time. What is new: a glyph
for the no-break space, since a file must say apart at each place which of two characters a shared glyph stands for, as
it had to fifty times in a letter; and the order of the glyphs, those with kerning first, so that typst finds a pair by
counting instead of searching (2 %).

Changed fonts may not bear the reserved name "Source" (SIL Open Font License), so they have names of their own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fontTools import subset
from fontTools.otlLib.builder import buildPairPosClassesSubtable, buildValue
from fontTools.ttLib import TTFont
from fontTools.ttLib.reorderGlyphs import reorderGlyphs

if TYPE_CHECKING:
    from collections.abc import Iterator

_FONTS = Path(__file__).parents[1] / "src" / "punktlig" / "letters" / "fonts"
_MADE = {
    "SourceSans3-Regular.ttf": "punktlig-sans/PunktligSans-Regular.ttf",
    "SourceSans3-Semibold.ttf": "punktlig-sans/PunktligSans-Semibold.ttf",
    "SourceSerif4Subhead-Semibold.ttf": "punktlig-serif/PunktligSerif-Semibold.ttf",
}
_NEW_NAMES = (
    ("Source Sans 3", "Punktlig Sans"),
    ("SourceSans3", "PunktligSans"),
    ("Source Serif 4 Subhead", "Punktlig Serif"),
    ("SourceSerif4Subhead", "PunktligSerif"),
)
# In the name table: how a font is called, and what its licence asks to be kept (0 copyright, 8 to 14 makers, licence).
_CALLED = (1, 2, 3, 4, 5, 6, 16, 17)
_KEPT = (0, 8, 9, 11, 13, 14)
_FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "mkmk")
_PAIRS, _EXTENSION, _BY_CLASSES = 2, 9, 2
_NO_BREAK_SPACE = "uni00A0"

type Kerning = dict[str, dict[str, int]]


def make(source: Path, target: Path) -> None:
    """Write the font of a letter."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        hinting=False, layout_features=list(_FEATURES), name_IDs=[*_CALLED, *_KEPT], notdef_outline=True
    )
    options.drop_tables += ["DSIG", "BASE"]
    every = subset.Subsetter(options)
    every.populate(unicodes=list(font.getBestCmap()))
    every.subset(font)
    for record in font["name"].names:
        if record.nameID in _CALLED:
            name = record.toUnicode()
            for old, new in _NEW_NAMES:
                name = name.replace(old, new)
            record.string = name
    _part_spaces(font)
    kerned = {font.getGlyphID(glyph) for glyph in _kerned(_merge_kerning(font))}
    target.parent.mkdir(exist_ok=True)
    font.save(target)
    # From the file, since a font in memory names the parts of its glyphs by number; the file names glyphs otherwise.
    with TTFont(target, recalcTimestamp=False) as made:
        missing, *others = made.getGlyphOrder()
        reorderGlyphs(made, [missing, *sorted(others, key=lambda glyph: made.getGlyphID(glyph) not in kerned)])
        made.save(target)


def _part_spaces(font: TTFont) -> None:
    """Give the no-break space a glyph of its own, as wide and as empty as the space."""
    font.setGlyphOrder([*font.getGlyphOrder(), _NO_BREAK_SPACE])
    font["glyf"][_NO_BREAK_SPACE] = font["glyf"]["space"]
    font["hmtx"][_NO_BREAK_SPACE] = font["hmtx"]["space"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xA0] = _NO_BREAK_SPACE


def _merge_kerning(font: TTFont) -> Kerning:
    """Write all kerning of a font as one table, and return it."""
    positions = font["GPOS"].table
    numbers = {
        number
        for record in positions.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for number in record.Feature.LookupListIndex
    }
    (lookup,) = [
        each
        for each in (positions.LookupList.Lookup[number] for number in numbers)
        if next(_subtables(each)).LookupType == _PAIRS
    ]
    kerning = _kerning(lookup)
    for row in kerning.values():
        row[_NO_BREAK_SPACE] = row.get("space", 0)
    kerning[_NO_BREAK_SPACE] = kerning.get("space", {})
    lookup.LookupType, lookup.SubTable = _PAIRS, [_one_table(kerning, font)]
    return kerning


def _kerned(kerning: Kerning) -> set[str]:
    """Return the glyphs that move, or that move another."""
    moves = {first for first, row in kerning.items() if any(row.values())}
    return moves | {second for row in kerning.values() for second, by in row.items() if by}


def _subtables(lookup: Any) -> Iterator[Any]:
    for each in lookup.SubTable:
        yield each.ExtSubTable if lookup.LookupType == _EXTENSION else each


def _kerning(lookup: Any) -> Kerning:
    """Return for each first glyph how far each second one moves, in units of the font.

    The first table that has a pair decides; one that goes by classes has every pair of its first glyphs.
    """
    found: Kerning = {}
    decided: set[str] = set()
    for table in _subtables(lookup):
        for n, first in enumerate(table.Coverage.glyphs):
            if first in decided:
                continue
            row = found.setdefault(first, {})
            if table.Format == _BY_CLASSES:
                by_class = [
                    _moved(record.Value1)
                    for record in table.Class1Record[table.ClassDef1.classDefs.get(first, 0)].Class2Record
                ]
                if by_class[0]:
                    raise ValueError(f"{first} moves whatever follows")
                for second, number in table.ClassDef2.classDefs.items():
                    row.setdefault(second, by_class[number])
                decided.add(first)
            else:
                for record in table.PairSet[n].PairValueRecord:
                    row.setdefault(record.SecondGlyph, _moved(record.Value1))
    return found


def _moved(value: Any) -> int:
    return value.XAdvance if value else 0


def _one_table(kerning: Kerning, font: TTFont) -> Any:
    """Return the same kerning by classes: glyphs with equal rows are one class, and so are those with equal columns."""
    rows = {first: {second: by for second, by in row.items() if by} for first, row in kerning.items()}
    columns: Kerning = {}
    for first, row in rows.items():
        for second, by in row.items():
            columns.setdefault(second, {})[first] = by
    values = {
        (firsts, seconds): (buildValue({"XAdvance": rows[firsts[0]][seconds[0]]}), None)
        for firsts in _alike(rows)
        for seconds in _alike(columns)
        if seconds[0] in rows[firsts[0]]
    }
    return buildPairPosClassesSubtable(values, font.getReverseGlyphMap())


def _alike(lines: Kerning) -> list[tuple[str, ...]]:
    classes: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for glyph, line in lines.items():
        classes.setdefault(tuple(sorted(line.items())), []).append(glyph)
    return [tuple(glyphs) for glyphs in classes.values()]


if __name__ == "__main__":
    for name, path in _MADE.items():
        make(Path(sys.argv[1]) / name, _FONTS / path)
