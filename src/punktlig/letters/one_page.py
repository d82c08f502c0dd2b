"""Whether a letter stays on one page when what is between its parts gives way a little.

A page less is cheaper to print and easier to read, and a page costs typst about as much as a table. Asking typst for
heights would mean laying the letter out twice, so they are reckoned here from the measures in `reminder.typ`, to about
half a millimetre. An error is no fault: the letter is then as it would be without this, or a little closer than needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from punktlig.letters.typeface import sans

_POINT = 25.4 / 72  # millimetres
_CAPITALS = 0.66  # of the type size: as high as a single line counts

_HEAD = 85.0
_BOX_FROM = 151.5
_END = 277.5
_MESSAGE = 35.3  # headings, gaps, the head and total of the sums
_SUM_ROW = 5.6
_BOX = 40.0
_OTHER_WAYS = 30.0  # gaps, headings, contact, up to the details
_HEAD_AND_GAP = 6.8  # of the table and before the notes
_DETAILS_ROW = 4.3

_GIVES_ABOVE_BOX = 5.8  # and each row of the sums
_SUM_ROW_GIVES = 0.35
_GIVES_BELOW_BOX = 5.9
_UNSURE = 0.6

_LEAD = (150.0, 11.5, 0.56)  # the room in millimetres, the size in points, the leading in em
_HELP = (51.3, 9.5, 0.5)
_OTHERWISE = (168.0, 9.5, 0.5)
_NOTE_SIZE_AND_LEADING = (8.5, 0.46)
_COLUMNS = 3
_KERNING = 1.01  # so much more goes into a line than the glyphs alone are wide


def must_be_close(content: dict[str, Any]) -> bool:
    """Say whether the letter, as `fitted` has it, takes a second page unless it is set closer, and then takes none."""
    if len(content["details"]) != 1 or len(content["help"]) > _COLUMNS:
        return False  # without details there is room, and two tables are more than can give way
    (details,) = content["details"]
    sums = len(content["sums"]["rows"])
    lead = "".join(run["text"] for runs in content["lead"] for run in runs)
    above = _HEAD + _MESSAGE + _height(lead, *_LEAD) + _SUM_ROW * sums
    rows = len(details["rows"]) + len(details["before_total"]) + (details["total"] is not None)
    below = (
        _BOX
        + _OTHER_WAYS
        + max(_height(each["value"], *_HELP) for each in content["help"])
        + _height(content["otherwise"], *_OTHERWISE)
        + _HEAD_AND_GAP
        + _DETAILS_ROW * rows
        + sum(map(_notes_height, details["note_rows"]))
    )
    room = _END - below
    closest = max(_BOX_FROM, above - _GIVES_ABOVE_BOX - _SUM_ROW_GIVES * sums) - _GIVES_BELOW_BOX
    return closest < room + _UNSURE and max(_BOX_FROM, above) > room - _UNSURE


def _notes_height(notes: list[dict[str, Any]]) -> float:
    return max(_height(f"{note['label']} {note['value']}", note["width_mm"], *_NOTE_SIZE_AND_LEADING) for note in notes)


@lru_cache(maxsize=1024)  # most texts but the lead stand in the next letter too
def _height(text: str, room: float, size: float, leading: float) -> float:
    """Return how high a paragraph is, in millimetres, from the top of its capitals to its last baseline."""
    return (
        (_CAPITALS + (_lines(text, room * _KERNING / _POINT / size * 1000) - 1) * (_CAPITALS + leading)) * size * _POINT
    )


def _lines(text: str, room: float) -> int:
    """Return how many lines a text takes when each is filled before the next, the room in thousandths of its size."""
    width = sans().word_width
    space = width(" ")
    lines, filled = 0, room
    for word in text.split(" "):
        wide = width(word)
        filled += space + wide
        if filled > room:
            lines, filled = lines + 1, wide
    return lines
