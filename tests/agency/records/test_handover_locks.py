"""Who waits for whom: the same handover or invoice, and a chunk of a creditor's; nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction

from punktlig.agency.records.handover_locks import handover_lock, lock_handovers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)

CREDITOR, OTHER_CREDITOR = uuid4(), uuid4()
ONE, OTHER = UUID(int=1), UUID(int=2)
CHUNK = [UUID(int=number) for number in range(1_000, 3_000)]


@pytest.fixture
def somebody() -> Iterator[BaseDatabaseWrapper]:
    """Yield another connection, with a transaction open in it."""
    found = connection.copy()
    found.set_autocommit(False)
    yield found
    found.rollback()
    found.close()


def waits(holder: BaseDatabaseWrapper, held: Sequence[UUID], wanted: Sequence[UUID], of: UUID = CREDITOR) -> bool:
    """Tell whether one who wants these has to wait while the holder has those."""
    query, values = handover_lock(CREDITOR, held)
    with holder.cursor() as cursor:
        cursor.execute(query, values)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            lock_handovers(of, wanted)
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return True
    return False


@pytest.mark.parametrize("wanted", [[ONE], [ONE, OTHER], [OTHER, ONE]])
def test_the_same_id_is_waited_for(somebody: BaseDatabaseWrapper, wanted: list[UUID]) -> None:
    assert waits(somebody, [ONE], wanted)


def test_single_ones_of_other_ids_do_not_wait(somebody: BaseDatabaseWrapper) -> None:
    assert not waits(somebody, [ONE], [OTHER])
    # As many as a group of single claims has, all beside as many others.
    assert not waits(somebody, CHUNK[:100], CHUNK[100:200])


def test_a_chunk_and_a_single_one_wait_for_each_other(somebody: BaseDatabaseWrapper) -> None:
    assert waits(somebody, CHUNK, [ONE])


def test_a_chunk_waits_for_what_is_being_done(somebody: BaseDatabaseWrapper) -> None:
    assert waits(somebody, [ONE], CHUNK)


def test_another_creditors_are_not_waited_for(somebody: BaseDatabaseWrapper) -> None:
    assert not waits(somebody, CHUNK, [*CHUNK], of=OTHER_CREDITOR)


def test_a_chunk_takes_one_lock_however_many_it_has(somebody: BaseDatabaseWrapper) -> None:
    query, values = handover_lock(CREDITOR, CHUNK)
    with somebody.cursor() as cursor:
        cursor.execute(query, values)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,)
