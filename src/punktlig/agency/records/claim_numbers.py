"""Claim numbers: eight random digits, so that a number tells nothing of the others, and nobody's but this claim's."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from psycopg import Error

from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import IntegrityError

    from punktlig.agency.records.claim import Claim
    from punktlig.tenancy.plain_reading import Statement

DIGITS = 8
_LEAST = 10 ** (DIGITS - 1)
_TAKEN = "SELECT number FROM agency_claim_number WHERE number = ANY(%s::text[])"
_KEYS = frozenset({"agency_claim_number_pkey", "claim_number_of_creditor"})


def is_whole(text: str) -> bool:
    """Say whether the text could be a claim's number, and not only how one begins."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def random_numbers(count: int) -> set[str]:
    """Return so many numbers, which somebody may have."""
    numbers: set[str] = set()
    while len(numbers) < count:
        numbers.add(f"{secrets.randbelow(9 * _LEAST) + _LEAST}")
    return numbers


def taken_numbers(offered: set[str]) -> Statement:
    """Return what to ask for those that somebody has."""
    return _TAKEN, [as_array(offered)]


def give_numbers(free: set[str], claims: Sequence[Claim]) -> None:
    """Give each claim a number of its own, one of those that were free when they were looked for."""
    while len(free) < len(claims):
        more = random_numbers(len(claims))
        (taken,) = run_together(taken_numbers(more))
        free |= more - {number for (number,) in taken.rows}
    for claim, number in zip(claims, free, strict=False):
        claim.number = number


def is_number_taken(error: IntegrityError) -> bool:
    """Say whether the error is that somebody took the number between the look and the writing."""
    cause = error.__cause__
    return isinstance(cause, Error) and cause.diag.constraint_name in _KEYS
