"""An archive from a stranger is read, or refused in words, whatever its bytes are."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punktlig.core.refusal import Refusal
from punktlig.formats.archives import ArchiveIsBroken, files_in, is_archive

PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
INVOICES = {"mars/å.xml": b"<a/>" * 50, "../../etc/b.xml": b"<b/>" * 50, "c.xml": bytes(range(256))}


def archive(packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as written:
        for name, content in INVOICES.items():
            written.writestr(name, content)
    return made.getvalue()


def files_of(content: bytes) -> list[tuple[str, bytes]]:
    return files_in("a.zip", content, most_files=10, most_bytes=100_000) if is_archive(content) else []


@pytest.mark.parametrize("packing", PACKINGS)
def test_files_come_out_by_the_last_of_their_names(packing: int) -> None:
    assert [name for name, _ in files_of(archive(packing))] == ["å.xml", "b.xml", "c.xml"]
    assert [content for _, content in files_of(archive(packing))] == list(INVOICES.values())


def test_a_name_that_is_no_text_is_a_broken_archive() -> None:
    with pytest.raises(ArchiveIsBroken):
        files_of(archive().replace("å".encode(), b"\xff\xff"))


def test_an_unknown_packing_is_a_broken_archive() -> None:
    content = bytearray(archive(zipfile.ZIP_LZMA))
    # The packing's own settings, after the first file's header and name and four bytes of the packing's version.
    content[30 + len("mars/å.xml".encode()) + 4] = 0xFF
    with pytest.raises(ArchiveIsBroken):
        files_of(bytes(content))


# In a process of its own, since the bound on memory is a process's.
_IN_A_GIGABYTE = """
import resource, sys
from punktlig.formats.archives import ArchiveIsBroken, files_in
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
try:
    files_in("a.zip", sys.stdin.buffer.read(), most_files=10, most_bytes=100_000)
except ArchiveIsBroken:
    print("refused")
"""


def test_an_archive_that_asks_for_more_memory_than_there_is_is_a_broken_archive() -> None:
    content = bytearray(archive(zipfile.ZIP_LZMA))
    # How far back the packing looks: the four bytes after its version and its own settings.
    start = 30 + len("mars/å.xml".encode()) + 5
    content[start : start + 4] = b"\xff\xff\xff\xff"
    done = subprocess.run([sys.executable, "-c", _IN_A_GIGABYTE], input=bytes(content), capture_output=True, check=True)
    assert done.stdout.split() == [b"refused"]


@given(
    packing=st.sampled_from(PACKINGS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=5),
)
@settings(max_examples=500)
def test_whatever_is_changed_on_the_way_is_read_or_refused(packing: int, changes: list[tuple[float, int]]) -> None:
    content = bytearray(archive(packing))
    for place, byte in changes:
        content[4 + int(place * (len(content) - 4))] = byte
    with suppress(Refusal):
        files_of(bytes(content))
