"""Text in a table that a person may open in a spreadsheet: what a stranger wrote never becomes a formula there."""

from __future__ import annotations

# As spreadsheets take it: the wide signs too, and white space that is passed over.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: str) -> str:
    """Return the text, after an apostrophe when a spreadsheet would calculate it; the apostrophe is not shown there."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
