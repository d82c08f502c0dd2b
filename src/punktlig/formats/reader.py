"""Reads an invoice file of any format we know; the only door that the rest of the program uses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from punktlig.core.invoice import SourceFile
from punktlig.formats import cii, ubl
from punktlig.formats.safe_xml import NotAnInvoiceFile, UnreadableInvoice, parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from punktlig.core.invoice import Invoice

_READERS: dict[str, tuple[str, Callable[[etree._Element], Invoice]]] = {
    f"{{{ubl.INVOICE_NAMESPACE}}}Invoice": ("ubl", ubl.read_ubl),
    f"{{{ubl.CREDIT_NOTE_NAMESPACE}}}CreditNote": ("ubl", ubl.read_ubl),
    f"{{{cii.NAMESPACE}}}CrossIndustryInvoice": ("cii", cii.read_cii),
}

# A Peppol access point wraps the document in an envelope with the addresses it was routed by.
_ENVELOPE = "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}StandardBusinessDocument"
_SVEFAKTURA = "{urn:sfti:documents:BasicInvoice:1:0}*"
_SHOWN_CHARACTERS = 120


@dataclass(eq=False)
class SvefakturaIsNotRead(UnreadableInvoice):
    """The file is a Svefaktura 1.0, which its publisher no longer supports and we do not read."""

    def __str__(self) -> str:
        return "the file is a Svefaktura 1.0; export the invoice as Peppol BIS Billing 3 (UBL) instead"


@dataclass(eq=False)
class FileHasSeveralInvoices(UnreadableInvoice):
    """The envelope holds more than one invoice; `count` of them."""

    count: int

    def __str__(self) -> str:
        return f"the file holds {self.count} invoices; save each one as a file of its own"


def read_invoice(content: bytes) -> Invoice:
    """Return the invoice or credit note in a file, with the bytes and their SHA-256 as `source`.

    Every refusal is an `UnreadableInvoice` with a `code`, whatever the bytes are.

    Raises:
        UnreadableInvoice: see `safe_xml.parse_xml` for files that are not safe or not XML, and `ubl.read_ubl` and
            `cii.read_cii` for fields that are missing or cannot be understood.
        NotAnInvoiceFile: XML of another kind.
        SvefakturaIsNotRead: a Svefaktura 1.0.
        FileHasSeveralInvoices: an envelope with more than one.
    """
    root = _document(parse_xml(content))
    known = _READERS.get(str(root.tag))
    if known is None:
        # It comes alone, in an envelope, or in an envelope inside an object envelope with attachments.
        if next(root.iter(_SVEFAKTURA), None) is not None:
            raise SvefakturaIsNotRead
        raise NotAnInvoiceFile(f"XML with the root element {str(root.tag)[:_SHOWN_CHARACTERS]}")
    name, read = known
    source = SourceFile(content=content, sha256=hashlib.sha256(content).hexdigest(), format=name)
    return replace(read(root), source=source)


def _document(root: etree._Element) -> etree._Element:
    if root.tag != _ENVELOPE:
        return root
    documents = [child for child in root if child.tag in _READERS]
    if len(documents) > 1:
        raise FileHasSeveralInvoices(len(documents))
    return documents[0] if documents else root
