"""Letters for a printer: a zip with one PDF a letter and `index.csv`, the same bytes whenever it is made.

The index is UTF-8 with semicolons and has a row a letter: letter id; file; SHA-256 of the file; sheets; duplex; colour;
service; address lines 1 to 6; postcode; town; country; return address. Print shops read such an index by their own
rules, so it says plainly what each file is and asks for nothing else. People open it in spreadsheets too, so a line
that would be a formula there has an apostrophe before it; the letter itself has the line as it is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.formats.spreadsheet import harmless_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

INDEX = "index.csv"
ADDRESS_LINES = 6
HEADER = (
    "letter_id", "file", "sha256", "sheets", "duplex", "colour", "service",
    *(f"address_{number}" for number in range(1, ADDRESS_LINES + 1)),
    "postcode", "town", "country", "return_address",
)  # fmt: skip

# A zip keeps a time for each file; the earliest it can hold is the same on every machine.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLetter:
    """A letter as its PDF, with the address as it stands in the envelope's window, `country` as a two-letter code."""

    letter_id: UUID
    pdf: bytes
    sha256: str
    sheets: int
    recipient: tuple[str, ...]
    postcode: str
    town: str
    country: str


def print_batch(letters: Sequence[PrintedLetter], *, return_address: str) -> bytes:
    """Return the zip, letters in the order given."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(INDEX), _index(letters, return_address))
        for letter in letters:
            archive.writestr(_entry(file_name(letter)), letter.pdf)
    return made.getvalue()


def file_name(letter: PrintedLetter) -> str:
    """Return the letter's name in the zip; it says nothing about the debtor."""
    return f"{letter.letter_id}.pdf"


def _index(letters: Sequence[PrintedLetter], return_address: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for letter in letters:
        row = (letter.letter_id, file_name(letter), letter.sha256, letter.sheets, "yes", "no", "standard")
        address = (*_address_lines(letter), letter.postcode, letter.town, letter.country)
        writer.writerow((*row, *map(harmless_address, (*address, return_address))))
    return text.getvalue().encode()


def _address_lines(letter: PrintedLetter) -> list[str]:
    """Return exactly six lines: those of the window; what is more than six goes on in the last."""
    lines = [*letter.recipient[: ADDRESS_LINES - 1], ", ".join(letter.recipient[ADDRESS_LINES - 1 :])]
    return [*lines, *[""] * ADDRESS_LINES][:ADDRESS_LINES]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.external_attr = _READABLE_BY_ALL
    entry.create_system = 3
    return entry
