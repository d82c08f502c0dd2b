"""Opens the invoice files named on the command line: strangers' files, possibly huge, missing or no files at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core.refusal import Refusal
from punktlig.formats.reader import read_invoice
from punktlig.formats.safe_xml import MAX_BYTES, FileIsTooLarge

if TYPE_CHECKING:
    from pathlib import Path

    from punktlig.core.invoice import Invoice


@dataclass(eq=False)
class InvoiceFileMissing(Refusal):
    """There is no such file."""

    file: str


@dataclass(eq=False)
class InvoiceFileIsAFolder(Refusal):
    """The name is a folder's."""

    file: str


@dataclass(eq=False)
class InvoiceFileCannotBeRead(Refusal):
    """The operating system does not let the file be read; `reason` is in its words."""

    file: str
    reason: str


def read_invoice_file(path: Path) -> Invoice:
    """Return the invoice in the file, of which no more is read than an invoice may have.

    Raises:
        InvoiceFileMissing, InvoiceFileIsAFolder or InvoiceFileCannotBeRead: it cannot be opened.
        UnreadableInvoice: it can, and is no invoice we read.
    """
    return read_invoice(_content(path))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        size = max(path.stat().st_size, len(content))
    except FileNotFoundError:
        raise InvoiceFileMissing(str(path)) from None
    except IsADirectoryError:
        raise InvoiceFileIsAFolder(str(path)) from None
    except OSError as problem:
        raise InvoiceFileCannotBeRead(str(path), problem.strerror or str(problem)) from None
    if len(content) > MAX_BYTES:
        raise FileIsTooLarge(size, MAX_BYTES)
    return content
