"""Text in a table that a person may open in a spreadsheet: what a stranger wrote never becomes a formula there."""

from __future__ import annotations

# As spreadsheets take it: the wide signs too, and white space that is passed over.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: str) -> str:
    """Return the text, after an apostrophe when a spreadsheet would calculate it; the apostrophe is not shown there."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def harmless_address(line: str) -> str:
    """Return the line of an address, after an apostrophe when a spreadsheet would do more with it than show an error.

    A machine reads it too and compares it with the letter's window, so "- lgh 1102", "+Plus AB" and "@Home AB" stay as
    they are: words after the sign call nothing and reach nowhere.
    """
    rest = line[1:]
    is_words = all(sign.isalnum() or sign in " .,/-" for sign in rest) and any(sign.isalpha() for sign in rest)
    return line if line.startswith(("+", "-", "@")) and is_words else harmless(line)
