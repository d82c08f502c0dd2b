"""Where the invented invoices are, and how to read one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from punktlig.formats.reader import read_invoice

if TYPE_CHECKING:
    from punktlig.core.invoice import Invoice

FOLDER = Path(__file__).parents[2] / "examples" / "invoices"
FILES = sorted(path.name for path in FOLDER.glob("*.xml"))
UBL_FILES = [name for name in FILES if name != "12-trader-cii.xml"]

IMPOSSIBLE_DATE = "33-refused-impossible-date.xml"
WRONG_CHECK_DIGIT = "28-refused-wrong-organisation-number.xml"
READABLE = [name for name in FILES if name != IMPOSSIBLE_DATE]


def read_example(name: str) -> Invoice:
    """Return the invoice in the example with this file name."""
    return read_invoice((FOLDER / name).read_bytes())


def root_of(name: str) -> etree._Element:
    """Return the root element of the example, read without our own code."""
    return etree.fromstring((FOLDER / name).read_bytes())
