"""QR codes against segno's, module by module, and against a scanner."""

from __future__ import annotations

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from punktlig.letters.qr_code import TooLongForACode, qr_code

# ISO/IEC 18004:2015 table 7: how many bytes a code at level M holds, version by version.
_BYTES_AT_LEVEL_M = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362)


def read(modules: tuple[bytes, ...]) -> list[bytes]:
    """Return what a scanner reads from a picture of the modules."""
    size = len(modules) + 8
    picture = Image.new("L", (size, size), 255)
    for y, row in enumerate(modules, 4):
        for x, dark in enumerate(row, 4):
            picture.putpixel((x, y), 0 if dark else 255)
    return [
        code.bytes for code in zxingcpp.read_barcodes(picture.resize((size * 4, size * 4), Image.Resampling.NEAREST))
    ]


@pytest.mark.parametrize(("version", "room"), [*enumerate(_BYTES_AT_LEVEL_M, 1)])
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_a_full_code_is_the_one_that_segno_makes(version: int, room: int, data: st.DataObject) -> None:
    # Only full ones: segno 1.6 pads with a codeword of zeros more than the standard does.
    content = data.draw(st.binary(min_size=room, max_size=room))
    by_segno = segno.make(content, error="m", mode="byte", mask=0, boost_error=False, micro=False)
    assert by_segno.version == version
    assert qr_code(content) == tuple(map(bytes, by_segno.matrix))


@given(st.binary(min_size=1, max_size=362))
@settings(max_examples=60, deadline=None)
def test_a_scanner_reads_the_bytes_of_a_code_of_any_length(content: bytes) -> None:
    assert read(qr_code(content)) == [content]


@pytest.mark.parametrize("room", _BYTES_AT_LEVEL_M)
def test_a_scanner_reads_codes_that_are_one_byte_short_of_full(room: int) -> None:
    content = bytes(range(1, 129)) * 3
    assert read(qr_code(content[: room - 1])) == [content[: room - 1]]


def test_a_text_that_is_too_long_to_print_is_refused() -> None:
    qr_code(b"x" * 362)
    with pytest.raises(TooLongForACode):
        qr_code(b"x" * 363)
