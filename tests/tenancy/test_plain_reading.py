"""Reading by a query of our own gives the records that the models would give."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from punktlig.tenancy.models import User
from punktlig.tenancy.plain_reading import as_array, read_rows, run_together

pytestmark = pytest.mark.django_db


def test_records_are_those_of_the_model_whatever_the_order_of_columns() -> None:
    user = User.objects.create_user("asa@example.test", name="Åsa")
    (found,) = read_rows(User, "SELECT name, id, email FROM tenancy_user WHERE id = %s", [user.id])
    assert (found.id, found.email, found.name) == (user.id, "asa@example.test", "Åsa")
    assert found == user
    assert "joined_at" in found.get_deferred_fields()
    assert found.joined_at == User.objects.get(id=user.id).joined_at


def test_nothing_found_is_an_empty_list() -> None:
    assert read_rows(Session, "SELECT session_key FROM django_session WHERE session_key = %s", ["none"]) == []


def test_a_column_that_is_not_of_the_model_is_a_fault() -> None:
    User.objects.create_user("asa@example.test", name="Åsa")
    with pytest.raises(AssertionError):
        read_rows(User, "SELECT id, 1 AS other FROM tenancy_user", [])


def test_values_are_converted_as_the_model_converts_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
            ["k", "d", datetime(2026, 11, 23, tzinfo=UTC)],
        )
    (found,) = read_rows(Session, "SELECT expire_date, session_key FROM django_session", [])
    assert found.expire_date == Session.objects.get().expire_date


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["", "null", "NULL", 'a "b"', "c\\d", "{e,f}", " g\n", None, "å😀"]),
        ("text", ["", "null", "NULL", "{e,f}", "g, h", " i ", None, "å😀\x7f"]),
        ("int", [1, -2, None]),
        ("date", [date(2026, 11, 23), None]),
        ("timestamptz", [datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=UTC)]),
        ("uuid", [UUID(int=7), None]),
        ("text", []),
    ],
)
def test_an_array_as_text_is_read_as_the_values(kind: str, values: list[object]) -> None:
    query = f"SELECT value FROM unnest(%s::{kind}[]) AS value"  # noqa: S608 - one of the kinds above
    (found,) = run_together((query, [as_array(values)]))
    assert [value for (value,) in found.rows] == values
