"""Ids of rows that are written many at once: each later than the one before, so that an index takes them side by side.

Random ids lie all over every index that has them, and each page of it is then split and logged for a few of them.
"""

from __future__ import annotations

import secrets
import struct
from typing import TYPE_CHECKING
from uuid import UUID, SafeUUID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def ids_in_order(count: int, *, at: datetime) -> Iterator[UUID]:
    """Yield so many ids that tell the moment and then their order (UUID version 7), and cannot be guessed."""
    # RFC 9562 section 5.7: milliseconds, version, then a counter that takes the place of the 12 random bits and the
    # first 14 of the next 62; what is left is random, asked for once.
    head = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    start, random = secrets.randbits(24), secrets.token_bytes(6 * count)
    for number, (high, low) in enumerate(struct.iter_unpack(">HI", random), start):
        yield _id_of(head | (number >> 14) << 64 | (number & 0x3FFF) << 48 | high << 32 | low)


def _id_of(number: int) -> UUID:
    # Past the constructor, which takes three times as long to find out what it was given: a claim needs six ids.
    made = object.__new__(UUID)
    _set_int(made, number)
    _set_is_safe(made, SafeUUID.unknown)
    return made


_set_int, _set_is_safe = UUID.__dict__["int"].__set__, UUID.__dict__["is_safe"].__set__
