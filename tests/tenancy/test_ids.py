"""Ids of rows that are written many at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pickle import dumps, loads
from uuid import UUID

from punktlig.tenancy.ids import ids_in_order

AT = datetime(2026, 11, 23, 9, 30, 0, 250_000, tzinfo=UTC)


def test_ids_are_of_version_7_and_each_is_later_than_the_one_before() -> None:
    ids = list(ids_in_order(3_000, at=AT))
    assert len(set(ids)) == len(ids) == 3_000
    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert {one.int >> 80 for one in ids} == {int(AT.timestamp() * 1000)}


def test_an_id_is_like_any_other_uuid() -> None:
    (one,) = ids_in_order(1, at=AT)
    read = UUID(str(one))
    assert (one, hash(one), repr(one), one.is_safe) == (read, hash(read), repr(read), read.is_safe)
    assert loads(dumps(one)) == one  # noqa: S301 - written the line above


def test_none_are_none() -> None:
    assert list(ids_in_order(0, at=AT)) == []
