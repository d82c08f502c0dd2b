"""Whether a connection can still be used, told without a message to the server."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db(transaction=True)


def own_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
        return pid


def test_a_connection_that_waits_for_us_is_usable_and_is_not_asked() -> None:
    own_process()
    with CaptureQueriesContext(connection) as queries:
        assert connection.is_usable()
    assert len(queries) == 0


def test_one_that_the_server_has_closed_is_not_usable() -> None:
    pid = own_process()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert not connection.is_usable()
    finally:
        other.close()
        connection.close()
    assert own_process() != pid


def test_one_that_was_closed_here_is_not_usable() -> None:
    own_process()
    connection.close()
    assert not connection.is_usable()
