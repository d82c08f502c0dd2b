"""Decides which bytes are safe to read as XML: size, depth, no DOCTYPE, nothing fetched, nothing expanded.

An invoice comes from a stranger. The same bytes are read by the creditor's accounting system and by us, so a file that
two readers could understand differently is refused instead of repaired.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from punktlig.core.refusal import Refusal

MAX_BYTES = 10_000_000
"""Ten million bytes: room for an invoice with a scanned attachment, and read in well under a second."""

MAX_DEPTH = 60
"""Elements inside elements. The deepest path of UBL or CII is about ten; libxml2 itself stops at 256."""

MAX_ELEMENTS = 250_000
"""An invoice of several thousand lines. Ten million bytes of `<a/>` would otherwise take gigabytes of memory."""

_SHOWN_BYTES = 2_000
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


class UnreadableInvoice(Refusal, ValueError):
    """The file cannot be read as an invoice. `code` names the reason for programs, the text is for those who help."""


@dataclass(eq=False)
class FileIsEmpty(UnreadableInvoice):
    """The file has no bytes, or only white space."""

    def __str__(self) -> str:
        return "the file is empty"


@dataclass(eq=False)
class FileIsTooLarge(UnreadableInvoice):
    """The file is larger than `limit` bytes and was not looked into."""

    size: int
    limit: int

    def __str__(self) -> str:
        return f"the file has {self.size} bytes; an invoice may have at most {self.limit}"


@dataclass(eq=False)
class FileIsPdf(UnreadableInvoice):
    """The file is a PDF, which is a picture of an invoice and is not read."""

    def __str__(self) -> str:
        return (
            "the file is a PDF; export the invoice as Peppol BIS Billing 3 (UBL) XML instead, or save the XML "
            "attachment of a Factur-X or ZUGFeRD PDF (factur-x.xml) and read that"
        )


@dataclass(eq=False)
class NotAnInvoiceFile(UnreadableInvoice):
    """The file is something else than a UBL or CII invoice; `found` says what it looks like."""

    found: str

    def __str__(self) -> str:
        return f"the file is {self.found}; expected an XML invoice in UBL 2.1 (Peppol) or UN/CEFACT CII"


@dataclass(eq=False)
class XmlIsBroken(UnreadableInvoice):
    """The file is not well-formed XML; `line` and `column` count from 1 and tell where reading stopped."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"the XML is broken at line {self.line}, column {self.column}: {self.reason}"


@dataclass(eq=False)
class XmlHasDoctype(UnreadableInvoice):
    """The file has a document type declaration, which can define or fetch text that is not in the file."""

    name: str

    def __str__(self) -> str:
        return f"the XML has a DOCTYPE ({self.name!r}), which no invoice needs; remove it and try again"


@dataclass(eq=False)
class XmlIsTooDeep(UnreadableInvoice):
    """The file has more than `limit` elements inside each other."""

    limit: int

    def __str__(self) -> str:
        return f"the XML has more than {self.limit} elements inside each other, which no invoice has"


@dataclass(eq=False)
class XmlHasTooManyElements(UnreadableInvoice):
    """The file has more than `limit` elements."""

    limit: int

    def __str__(self) -> str:
        return f"the XML has more than {self.limit} elements; send large collections as one file per invoice"


def parse_xml(content: bytes) -> etree._Element:
    """Return the root element of a file from a stranger; comments and processing instructions are left out.

    Raises:
        FileIsEmpty: no bytes or only white space.
        FileIsTooLarge: more than `MAX_BYTES`; nothing is parsed.
        FileIsPdf: a PDF.
        NotAnInvoiceFile: another kind of file than XML, or a web page.
        XmlHasDoctype: a DOCTYPE of any kind, also an empty one.
        XmlIsTooDeep: more than `MAX_DEPTH` elements inside each other.
        XmlHasTooManyElements: more than `MAX_ELEMENTS`.
        XmlIsBroken: not well-formed, or bytes that are not in the declared character encoding.
    """
    _refuse_other_files(content)
    try:
        # The first reading builds nothing, so that a hostile file is stopped before it costs memory.
        etree.fromstring(content, _parser(target=_Guard()))
        return etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise XmlIsBroken(line, column, _reason(error)) from error


class _Guard:
    """Sees every element go by and stops at the first sign of a file that is not an invoice."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0

    def doctype(self, name: str | None, public_id: str | None, system_url: str | None) -> None:
        """Refuse; called before the declarations inside the DOCTYPE are read."""
        raise XmlHasDoctype(name or system_url or public_id or "")

    def start(self, _tag: str, _attributes: object) -> None:
        """Count one element in."""
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise XmlIsTooDeep(MAX_DEPTH)
        if self.elements > MAX_ELEMENTS:
            raise XmlHasTooManyElements(MAX_ELEMENTS)

    def end(self, _tag: str) -> None:
        """Count one element out."""
        self.depth -= 1

    def close(self) -> None:
        """Build nothing."""


def _parser(target: Any = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        # A comment inside a number would otherwise split its text in two, and a reader would see only the first half.
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_other_files(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise FileIsTooLarge(len(content), MAX_BYTES)
    text = content
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    text = text.lstrip()
    if not text:
        raise FileIsEmpty
    # UTF-16 puts a zero byte beside every ASCII letter; without them the tests below read both kinds of file.
    beginning = text[:_SHOWN_BYTES].replace(b"\0", b"").lstrip()
    if not beginning:
        raise NotAnInvoiceFile("not text")
    if beginning.startswith(b"%PDF"):
        raise FileIsPdf
    if _WEB_PAGE.search(beginning):
        raise NotAnInvoiceFile("a web page (HTML)")
    if not beginning.startswith(b"<"):
        raise NotAnInvoiceFile(_kind_of(beginning))


def _kind_of(beginning: bytes) -> str:
    if beginning[:1] in b"{[":
        return "a JSON file"
    if beginning.startswith(b"PK\x03\x04"):
        return "a ZIP archive or an Excel or Word document"
    if beginning.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return "a picture"
    return "not XML"


def _reason(error: etree.XMLSyntaxError) -> str:
    """Return libxml2's own words without the position, which the refusal states once."""
    return re.sub(r"(?:, line \d+, column \d+)?(?: \([^()]*, line \d+\))?$", "", str(error)) or "not well-formed"
