"""What the command says, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from punktlig.core.money import Money
from punktlig.run.option_hints import OPTION_HINTS
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from punktlig.core.formatting import Language
    from punktlig.core.refusal import Refusal

DONE = 0
OUR_FAULT = 1
REFUSED = 2

# A shell reports a program that a signal ended as 128 and the number of the signal; we do as the shell does.
INTERRUPTED = 128 + 2
NOBODY_READS = 128 + 13

# Control characters could steer the reader's terminal, bidirectional ones could turn a name round, and both come from
# files of strangers.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(slots=True)
class Console:
    """How this run of the command speaks: in which language, and whether to programs."""

    language: Language = "en"
    debug: bool = False
    as_json: bool = False

    def say(self, text: str = "") -> None:
        """Write a line of the result."""
        click.echo(printable(text))

    def document(self, shape: object) -> None:
        """Write the result as one JSON document in UTF-8, whatever the terminal's encoding is."""
        click.echo(_json(shape))

    def note(self, text: str) -> None:
        """Write a line about the work, or a warning."""
        click.echo(printable(text), err=True)

    def tell(self, *, en: str, sv: str) -> None:
        """Write a line about the work in the language of the command."""
        self.note(sv if self.language == "sv" else en)

    def refuse(self, refusal: Refusal, *, about: str = "") -> None:
        """Write why not and what to do; for programs as one JSON object."""
        if self.as_json:
            click.echo(_json({"refusal": self.refusal_shape(refusal)}), err=True)
            return
        text = explain_refusal(refusal, self.language)
        self.note(f"{about or 'punktlig'}: {refusal.code}: {text.what}")
        self.note(f"  → {self._todo(refusal, text.todo)}")

    def refusal_shape(self, refusal: Refusal) -> dict[str, object]:
        """Return the refusal as JSON: its code, the words for people and the facts of the case."""
        text = explain_refusal(refusal, self.language)
        return {
            "code": refusal.code,
            "what": text.what,
            "todo": self._todo(refusal, text.todo),
            "facts": {name: fact_shape(value) for name, value in refusal.facts().items()},
        }

    def _todo(self, refusal: Refusal, todo: str) -> str:
        hint = OPTION_HINTS.get(refusal.code)
        return f"{todo} ({hint})" if hint else todo


def printable(text: str) -> str:
    """Return the text with every character that is no letter, mark or space written as an escape; lines stay lines."""
    return "".join(
        f"\\u{ord(sign):04x}" if sign != "\n" and unicodedata.category(sign) in _UNPRINTABLE else sign for sign in text
    )


def table(rows: Iterable[Sequence[str]], right: Sequence[bool], *, gap: str = "  ") -> list[str]:
    """Return the rows as lines with aligned columns; `right` tells which columns are numbers."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max((_width(row[column]) for row in cells), default=0) for column in range(len(right))]
    return [
        gap.join(
            " " * (width - _width(cell)) + cell if is_right else cell + " " * (width - _width(cell))
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


def fact_shape(value: object) -> object:
    """Return a fact of a refusal as JSON: money and rates as text, dates in ISO 8601, lists as lists."""
    match value:
        case bool() | int() | None:
            return value
        case Money():
            return str(value)
        case tuple():
            return [fact_shape(item) for item in value]
        case _:
            return str(value)


def tolerate_any_encoding() -> None:
    """Let a character that the terminal cannot show be written as an escape instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _json(shape: object) -> bytes:
    # A file name may hold bytes that are no text. They come out as \udcXX, which is a JSON escape for just that.
    return json.dumps(shape, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
