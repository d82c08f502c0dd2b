"""The floor of anything that stores rows: PostgreSQL taking the same rows by COPY into tables without anything else.

No index, no constraint, no policy, no log: the tables are unlogged and empty. Only what the database must do to take
the bytes is left.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    import psycopg


def seconds_to_copy(database: psycopg.Connection, tables: Mapping[str, str], owner: UUID) -> tuple[float, int]:
    """Return the seconds that COPY takes for the rows of one owner, and the number of rows.

    `tables` are names of tables with the column that says whose a row is.
    """
    seconds, rows = 0.0, 0
    for table, column in tables.items():
        name, floor = sql.Identifier(table), sql.Identifier(f"floor_of_{table}")
        held = _rows_of(database, name, sql.Identifier(column), owner)
        rows += held.count(b"\n")
        database.execute(sql.SQL("CREATE UNLOGGED TABLE {} AS SELECT * FROM {} WITH NO DATA").format(floor, name))
        try:
            started = perf_counter()
            with database.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(floor)) as copy:
                copy.write(held)
            seconds += perf_counter() - started
        finally:
            database.execute(sql.SQL("DROP TABLE {}").format(floor))
    return seconds, rows


def _rows_of(database: psycopg.Connection, table: sql.Identifier, column: sql.Identifier, owner: UUID) -> bytes:
    query = sql.SQL("COPY (SELECT * FROM {} WHERE {} = {}) TO STDOUT").format(table, column, sql.Literal(owner))
    with database.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(piece) for piece in copy)
