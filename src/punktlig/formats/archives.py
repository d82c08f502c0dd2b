"""Takes the files out of a ZIP archive from a stranger, without ever holding more of them than was agreed."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass

from punktlig.core.refusal import Refusal

_SIGNATURE = b"PK\x03\x04"
_OFFICE_DOCUMENT = "[Content_Types].xml"
_ENCRYPTED = 0x1
_MEGABYTE = 1_000_000
# What zipfile and its packings raise of bytes that are no whole archive: of names that are no UTF-8 (ValueError), of
# versions and packings it does not know (NotImplementedError), of keys it lacks (RuntimeError), and of an LZMA file
# that asks for more memory than there is, at one go and up to 4 GB (MemoryError).
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError, ValueError,
    RuntimeError, IndexError, MemoryError,
)  # fmt: skip


@dataclass(eq=False)
class ArchiveIsBroken(Refusal):
    """The archive is damaged or packed in a way that is not read."""

    name: str


@dataclass(eq=False)
class ArchiveIsLocked(Refusal):
    """The archive asks for a password."""

    name: str


@dataclass(eq=False)
class ArchiveIsTooLarge(Refusal):
    """The archive has more files, or more bytes when unpacked, than are taken."""

    name: str
    most_files: int
    most_megabytes: int


@dataclass(eq=False)
class ArchiveHasNoInvoices(Refusal):
    """There is no file in the archive."""

    name: str


def is_archive(content: bytes) -> bool:
    """Tell whether the bytes are a ZIP archive of files, which an Excel or Word document is not to its owner."""
    if not content.startswith(_SIGNATURE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _OFFICE_DOCUMENT not in archive.namelist()
    except _BROKEN:
        return True


def files_in(name: str, content: bytes, *, most_files: int, most_bytes: int) -> list[tuple[str, bytes]]:
    """Return the files of the archive with their names; what systems hide in archives is left out.

    What the archive says of its sizes is not trusted: reading stops where the agreed size does.

    Raises:
        ArchiveIsBroken, ArchiveIsLocked, ArchiveIsTooLarge or ArchiveHasNoInvoices.
    """
    too_large = ArchiveIsTooLarge(name, most_files, most_bytes // _MEGABYTE)
    found: list[tuple[str, bytes]] = []
    left = most_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _is_a_file(entry)]
            if len(entries) > most_files or sum(entry.file_size for entry in entries) > most_bytes:
                raise too_large
            for entry in entries:
                if entry.flag_bits & _ENCRYPTED:
                    raise ArchiveIsLocked(name)
                with archive.open(entry) as opened:
                    unpacked = opened.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise too_large
                found.append((entry.filename.rsplit("/", 1)[-1], unpacked))
    except _BROKEN as problem:
        raise ArchiveIsBroken(name) from problem
    if not found:
        raise ArchiveHasNoInvoices(name)
    return found


def _is_a_file(entry: zipfile.ZipInfo) -> bool:
    steps = entry.filename.split("/")
    return not entry.is_dir() and steps[0] != "__MACOSX" and not steps[-1].startswith(".")
