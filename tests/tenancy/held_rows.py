"""Trying what the database holds of a row that belongs to another: copies of stored rows with other values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import Error
from psycopg.errors import ForeignKeyViolation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


def copy_of(table: str, column: str, values: Sequence[UUID], **others: object) -> tuple[str, list[Any]]:
    """Return the statement that adds a copy of a stored row for each value, with an id of its own and the others."""
    added = (
        f"jsonb_populate_record(NULL::{table}, to_jsonb(stored) || %s || "
        "jsonb_build_object('id', gen_random_uuid(), %s, value))"
    )
    return (
        f"INSERT INTO {table} SELECT ({added}).* FROM (SELECT * FROM {table} LIMIT 1) AS stored, unnest(%s) AS value",  # noqa: S608
        [json.dumps(others), column, list(values)],
    )


def run(statement: str, parameters: Sequence[Any]) -> int:
    """Run the statement and return how many rows it changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        changed: int = cursor.rowcount
    return changed


def refusing(statement: str, parameters: Sequence[Any]) -> str:
    """Return the name of what refuses the statement at once, as a foreign key would."""
    with pytest.raises(IntegrityError) as caught:
        run(statement, parameters)
    error = caught.value.__cause__
    assert isinstance(error, Error)
    assert error.sqlstate == ForeignKeyViolation.sqlstate
    return str(error.diag.constraint_name)
