"""A QR code's modules, fast: segno draws the empty code of each version once, and here only the bits are put in.

Made from scratch by segno, a code takes a fifth of the time of its letter, and most of the letter's time where segno
chooses the mask. What stays the same between
codes of one version (finders, timing, alignment, format, and where each bit goes) is therefore asked of segno and kept;
what is left is the bit stream, the error correction and the mask of ISO/IEC 18004:2015, 7.4 to 7.8. The tests hold full
codes of every version against segno's own, module by module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

import segno
from segno import consts

# By version at level M: the error correction codewords of a block, then (number of blocks, data codewords of each);
# ISO/IEC 18004:2015 table 9. Beyond version 14 the modules would be smaller than 0.4 mm in the 32 mm that the letter
# has, which cheap printers and cameras no longer keep apart.
_BLOCKS = {
    1: (10, ((1, 16),)),
    2: (16, ((1, 28),)),
    3: (26, ((1, 44),)),
    4: (18, ((2, 32),)),
    5: (24, ((2, 43),)),
    6: (16, ((4, 27),)),
    7: (18, ((4, 31),)),
    8: (22, ((2, 38), (2, 39))),
    9: (22, ((3, 36), (2, 37))),
    10: (26, ((4, 43), (1, 44))),
    11: (30, ((1, 50), (4, 51))),
    12: (22, ((6, 36), (2, 37))),
    13: (22, ((8, 37), (1, 38))),
    14: (24, ((4, 40), (5, 41))),
}
_LONG_COUNT_FROM = 10  # from this version on, the length takes two bytes

# Any of the eight masks reads alike: the code names its mask. Choosing the most even of them costs more time than all
# the rest of the letter, so the chessboard is always taken; it keeps dark and light areas small in texts like ours.
_CHESSBOARD = 0


class TooLongForACode(ValueError):
    """The text does not fit in the largest version that is printed here."""


def qr_code(data: bytes) -> tuple[bytes, ...]:
    """Return the rows of a QR code for these bytes at level M, a byte for each module, 1 for a dark one, no border.

    Raises:
        TooLongForACode: more than version 14 holds, which is 362 bytes.
    """
    version = next((version for version in _BLOCKS if len(data) <= _room(version)), None)
    if version is None:
        raise TooLongForACode(len(data))
    empty = _empty_code(version)
    codewords = _with_correction(_data_codewords(data, version), version)
    bits = int.from_bytes(codewords) << empty.remainder ^ empty.mask
    modules = bytearray(empty.modules)
    for place, bit in zip(empty.places, f"{bits:0{len(empty.places)}b}", strict=True):
        modules[place] = bit == "1"
    return tuple(bytes(modules[start : start + empty.size]) for start in range(0, len(modules), empty.size))


def _room(version: int) -> int:
    return _capacity(version) - (3 if version >= _LONG_COUNT_FROM else 2)


def _capacity(version: int) -> int:
    return sum(blocks * size for blocks, size in _BLOCKS[version][1])


def _data_codewords(data: bytes, version: int) -> bytes:
    """Return the bit stream: byte mode (0100), length, data, terminator, and the two pad codewords in turn."""
    count_bits = 16 if version >= _LONG_COUNT_FROM else 8
    stream = ((0b0100 << count_bits | len(data)) << 8 * len(data) | int.from_bytes(data)) << 4
    written = stream.to_bytes((4 + count_bits + 8 * len(data) + 4) // 8)
    return written + (b"\xec\x11" * _capacity(version))[: _capacity(version) - len(written)]


def _with_correction(data: bytes, version: int) -> bytes:
    """Return the codewords in the order they are drawn: a byte of each block in turn, then of each correction."""
    correction_size, groups = _BLOCKS[version]
    blocks, start = [], 0
    for size in chain.from_iterable([size] * count for count, size in groups):
        blocks.append(data[start : start + size])
        start += size
    corrections = [_correction(block, correction_size) for block in blocks]
    in_turn = chain(chain.from_iterable(zip_longest(*blocks)), chain.from_iterable(zip(*corrections, strict=True)))
    return bytes(byte for byte in in_turn if byte is not None)


def _correction(block: bytes, size: int) -> bytes:
    """Return the remainder of the block by the generator polynomial, over GF(256)."""
    multiples = _generator_multiples(size)
    remainder, top, keep = 0, 8 * (size - 1), (1 << 8 * size) - 1
    for byte in block:
        remainder = (remainder << 8 & keep) ^ multiples[byte ^ remainder >> top]
    return remainder.to_bytes(size)


@cache
def _generator_multiples(size: int) -> tuple[int, ...]:
    """Return each multiple of the generator polynomial of this degree, its coefficients as the bytes of a number."""
    generator = [1]
    root = 1
    for _ in range(size):
        longer = [*generator, 0]
        for n, coefficient in enumerate(generator):
            longer[n + 1] ^= _times(coefficient, root)
        generator, root = longer, _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(factor, each) for each in generator[1:])) for factor in range(256))


def _times(one: int, other: int) -> int:
    """Multiply in GF(256) with the polynomial x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = one << 1 ^ (0x11D if one & 0x80 else 0), other >> 1
    return product


@dataclass(frozen=True, slots=True)
class _EmptyCode:
    """A version without its bits: every module row by row, where the bits go and what the mask adds to each.

    `remainder` is how many modules are left over when every codeword has its eight.
    """

    size: int
    modules: bytes
    places: tuple[int, ...]
    mask: int
    remainder: int


@cache
def _empty_code(version: int) -> _EmptyCode:
    drawn = segno.make(b"", version=version, error="m", mode="byte", mask=_CHESSBOARD, boost_error=False, micro=False)
    kinds = [list(row) for row in drawn.matrix_iter(border=0, verbose=True)]
    size = len(kinds)
    # The module beside the format information is a bit of data, though segno counts it to the format.
    kinds[8][size - 9] = consts.TYPE_DATA_LIGHT
    places = [
        row * size + column
        for row, column in _zigzag(size)
        if kinds[row][column] in (consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT)
    ]
    chessboard = "".join("01"[(place // size + place % size) % 2 == 0] for place in places)
    return _EmptyCode(
        size=size,
        modules=bytes(chain.from_iterable(drawn.matrix)),
        places=tuple(places),
        mask=int(chessboard, 2),
        remainder=len(places) % 8,
    )


def _zigzag(size: int) -> list[tuple[int, int]]:
    """Return rows and columns in the order of the bits: up and down in pairs of columns from the right (7.7.3)."""
    timing = 6  # the column of the vertical timing pattern is no part of any pair
    rights = [column for column in range(size - 1, 0, -2) if column > timing] + [5, 3, 1]
    upwards = range(size - 1, -1, -1)
    return [
        (row, column)
        for n, right in enumerate(rights)
        for row in (upwards if n % 2 == 0 else reversed(upwards))
        for column in (right, right - 1)
    ]
