"""What typst would otherwise have to measure: which words must break, and what surely stands on one line.

Layout is the cost of a letter, and measuring lays out twice. Here a text is as wide as its glyphs together in the wider
weight, which kerning only narrows; the rooms are those of `reminder.typ`, whose opening comment has the measurements.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, batched
from typing import Any

from punktlig.core.letter.plain_text import plain_text
from punktlig.core.refusal import Refusal
from punktlig.letters.one_page import must_be_close
from punktlig.letters.typeface import Typeface, sans, serif
from punktlig.letters.window import WINDOW_RIGHT, Window

_POINT = 25.4 / 72  # millimetres
_MAY_BREAK = "\u200b"  # zero-width space
_UNBROKEN = re.compile(r"[^ \n]+")
_AFTER_HYPHEN = re.compile(r"(?<=[-–/])(?=[^\W\d_])")

_WIDTH = 168.0
_THIRD = 51.3
_TWO_THIRDS = 109.6
_HALF = 80.5
_LEAD = 150.0
_FACT_NAMES = 27.0
_SUM_TEXT = 134.0
_RUNNING_HEAD = 105.0
_HINT = 120.0
_SENDER = 55.0
_PAY_WITH_CODE = (48.0, 76.0)
_PAY_WITHOUT_CODE = (70.0, 30.0, 54.0)
_PAY_GAP = 2.0
_DETAILS_GUTTER = 3.0
_GAP = 7.0
_FOOTER = 146.0

_REMEMBERED = 4096  # most words of a letter stand in the next one too

_MUCH_MORE = 1.4  # so much longer that with two columns of three it is no higher than the other with one

_ADDRESS_LINES = 5  # at 10.5 pt they are 20.5 mm high, of the window's 22.5
_SMALLEST_ADDRESS = 7.0
_SMALLEST_LINES = 9  # that many at 7 pt are as high as the window allows
# Bytes that take less than half of a line in the smallest type, whatever they write: a character is at most as wide as
# 1.1 times its size for each of its bytes. So words, of which any two lines hold more than one, take no more lines.
_SURELY_A_LINE = 12


@dataclass(eq=False)
class AddressDoesNotFit(Refusal):
    """The address is too large for the envelope's window even in the smallest type that may be used."""

    recipient: tuple[str, ...]


def refuse_too_large(lines: tuple[str, ...], *, is_abroad: bool) -> None:
    """Refuse an address, of lines as `postal_lines` writes them, that the window could not show.

    It is reckoned a little larger than it is set, so what passes here fits; abroad, the country's name has a line too.

    Raises:
        AddressDoesNotFit.
    """
    most = _SMALLEST_LINES - is_abroad
    if sum([1 + len(line.encode()) // _SURELY_A_LINE for line in lines]) <= most:
        return
    room = WINDOW_RIGHT.address_room / _SMALLEST_ADDRESS / _POINT * 1000
    if sum(_lines_taken(plain_text(line), room) for line in lines) > most:
        raise AddressDoesNotFit(lines)


def _lines_taken(text: str, room: float) -> int:
    """Return how many lines a text takes at most, its words set as they come; `room` in thousandths of its size."""
    face = sans()
    space, lines, at = face.width(" "), 1, 0.0
    for word in text.split():
        wide = face.word_width(word)
        if wide > room:
            # It begins anew and may break anywhere, so that less than the widest character is left empty of a line.
            whole = -(-wide // (room - face.widest))
            lines, at = lines + int(whole) - (at == 0), room
        elif at and at + space + wide > room:
            lines, at = lines + 1, wide
        else:
            at += wide + (space if at else 0)
    return lines


def fitted(content: dict[str, Any], window: Window, *, with_code: bool) -> dict[str, Any]:
    """Return the letter's fields with break opportunities in words too wide for their place, and with sizes chosen.

    Added are `sizes` (`sender`, `running_sender`, `footer` and `payment`, in points), `one_line` on the rows of sums
    and on the tables of details (a flag for each row; `one_line_head` and `one_line_totals` for their other rows),
    `ordinary_address`, and `close` on a letter that stays on one page by smaller gaps.
    """
    room = window.address_room
    recipient = content["recipient"]
    details = [_details(each) for each in content["details"]]
    sums = content["sums"]
    payment, payment_size = _payment(content["payment"], with_code=with_code)
    footer, footer_size = _footer(content["footer"])
    facts_room = window.facts_room - _FACT_NAMES
    letter = content | {
        "recipient": [_broken(line, room, 10.5) for line in recipient],
        "ordinary_address": len(recipient) <= _ADDRESS_LINES and all(_fits(line, room, 10.5) for line in recipient),
        "facts": _labelled(content["facts"], (_FACT_NAMES, 9.5), (facts_room, 9.5)),
        "heading": [_broken(line, _WIDTH, 14.0 if n else 18.0, serif()) for n, line in enumerate(content["heading"])],
        "lead": [[run | {"text": _broken(run["text"], _LEAD, 11.5)} for run in runs] for runs in content["lead"]],
        "sums": sums
        | {
            "rows": [
                row | {"text": _broken(row["text"], _SUM_TEXT, 10.5), "one_line": _fits(row["text"], _SUM_TEXT, 10.5)}
                for row in sums["rows"]
            ],
            "total": sums["total"] | {"text": _broken(sums["total"]["text"], _SUM_TEXT, 11.5)},
        },
        "payment": payment,
        "help": _labelled(content["help"], (_THIRD, 10.0), (_THIRD, 9.5)),
        "contact": _labelled(content["contact"], (_THIRD, 8.5), (_THIRD, 9.5)),
        "otherwise": _broken(content["otherwise"], _WIDTH, 9.5),
        "details": details,
        "footer": footer,
        "running": _broken(content["running"], _RUNNING_HEAD, 8.5),
        "sizes": {
            "sender": _size(content["wordmark"], _SENDER, 20.0, 11.0, serif()),
            "running_sender": _size(content["wordmark"], _SENDER, 13.0, 11.0, serif()),
            "footer": footer_size,
            "payment": payment_size,
        },
    }
    return letter | {"close": must_be_close(letter)}


def _width(text: str, size: float, face: Typeface | None = None) -> float:
    """Return how wide a line is, in millimetres, at a size in points."""
    return (face or sans()).width(text) / 1000 * size * _POINT


@lru_cache(maxsize=_REMEMBERED)
def _fits(text: str, room: float, size: float) -> bool:
    return "\n" not in text and _width(text, size) <= room


def _size(text: str, room: float, largest: float, smallest: float, face: Typeface | None = None) -> float:
    """Return the largest size, in points and to a tenth, at which a line fits, but not less than the smallest."""
    wide = _width(text, largest, face)
    return largest if wide <= room else max(smallest, int(largest * room / wide * 10) / 10)


@lru_cache(maxsize=_REMEMBERED)
def _broken(text: str, room: float, size: float, face: Typeface | None = None) -> str:
    """Return the text with places to break in words that are wider than their room; all other words stay whole."""
    most = room / size / _POINT * 1000
    wide = (face or sans()).word_width
    if all(wide(word) <= most for word in _UNBROKEN.findall(text)):
        return text

    def part(word: str) -> str:
        # Not before a mark: it belongs to the letter before it.
        if wide(word) <= most:
            return word
        return "".join(each if unicodedata.combining(each) else _MAY_BREAK + each for each in word)

    return _UNBROKEN.sub(lambda word: "".join(map(part, _AFTER_HYPHEN.split(word[0]))), text)


def _labelled(
    items: list[dict[str, str]], label: tuple[float, float], value: tuple[float, float]
) -> list[dict[str, str]]:
    return [{"label": _broken(each["label"], *label), "value": _broken(each["value"], *value)} for each in items]


def _payment(payment: dict[str, Any], *, with_code: bool) -> tuple[dict[str, Any], float]:
    rooms = _PAY_WITH_CODE if with_code else _PAY_WITHOUT_CODE
    rest = sum(rooms[1:]) + _PAY_GAP * (len(rooms) - 2)
    amount, last_day = payment["amount"], payment["last_day"]
    # The longest days ("Wednesday 30 September 2026") step down a size rather than onto a second line.
    size = min(_size(amount["value"], rooms[0], 16.0, 13.0), _size(last_day["value"], rest, 16.0, 13.0))
    fields = [
        one
        for n, each in enumerate(payment["fields"])
        for one in _labelled([each], (rooms[n % len(rooms)], 8.5), (rooms[n % len(rooms)], 11.5))
    ]
    broken = {
        "amount": _labelled([amount], (rooms[0], 8.5), (rooms[0], size))[0],
        "last_day": _labelled([last_day], (rest, 8.5), (rest, size))[0],
        "fields": fields,
        "hint": _broken(payment["hint"], _HINT, 9.0),
    }
    return payment | broken, size


def _details(table: dict[str, Any]) -> dict[str, Any]:
    columns = table["columns"]
    fixed = sum(column["width_mm"] or 0 for column in columns)
    shared = (_WIDTH - fixed) / max(1, sum(column["width_mm"] is None for column in columns))
    rooms = [(column["width_mm"] or shared) - _DETAILS_GUTTER for column in columns]

    def row(cells: list[str]) -> list[str]:
        return [_broken(cell, room, 9.0) for cell, room in zip(cells, rooms, strict=True)]

    def one_line(cells: list[str]) -> bool:
        return all(_fits(cell, room, 9.0) for cell, room in zip(cells, rooms, strict=True))

    titles = [column["title"] for column in columns]
    beside_title = zip(titles, rooms, strict=True)
    title_fits = _fits(table["title"], _WIDTH, 10.5)
    if table["title_in_header"]:
        next(beside_title)
        title_fits = _fits(table["title"], rooms[0], 10.5)
    totals = [*table["before_total"], *([] if table["total"] is None else [table["total"]])]
    return table | {
        "columns": [
            column | {"title": _broken(column["title"], room, 8.5), "width_mm": room + _DETAILS_GUTTER}
            for column, room in zip(columns, rooms, strict=True)
        ],
        "one_line": [one_line(cells) for cells in table["rows"]],
        "one_line_head": title_fits and all(_fits(title, room, 8.5) for title, room in beside_title),
        "one_line_totals": all(one_line(cells) for cells in totals),
        "rows": [row(cells) for cells in table["rows"]],
        "before_total": [row(cells) for cells in table["before_total"]],
        "total": row(table["total"]) if table["total"] is not None else None,
        "note_rows": [_note_row(list(pair)) for pair in batched(table["notes"], 2)],
    }


def _note_row(notes: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return one or two notes with their widths: halves, or two columns of three for the one that says much more."""
    wide = [_width(f"{note['label']} {note['value']}", 8.5) for note in notes]
    if len(notes) == 1:
        rooms = [_TWO_THIRDS]
    elif max(wide) < _MUCH_MORE * min(wide):
        rooms = [_HALF, _HALF]
    else:
        rooms = [_TWO_THIRDS if each == max(wide) else _THIRD for each in wide]
    return [
        {"width_mm": room} | _labelled([note], (room, 8.5), (room, 8.5))[0]
        for note, room in zip(notes, rooms, strict=True)
    ]


def _footer(columns: list[list[str]]) -> tuple[list[dict[str, Any]], float]:
    """Return the columns with their places, and the size that lets all of them stand beside the page number."""
    wide = [max(_width(line, 8.0) for line in lines) for lines in columns]
    room = _FOOTER - _GAP * (len(columns) - 1)
    size = 8.0 if sum(wide) <= room else max(6.0, int(8.0 * room / sum(wide) * 10) / 10)
    places = accumulate((each * size / 8.0 + _GAP for each in wide), initial=0.0)
    return [{"x_mm": round(x, 2), "lines": lines} for x, lines in zip(places, columns, strict=False)], size
