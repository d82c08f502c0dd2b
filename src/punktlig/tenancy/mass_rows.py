"""Adding many rows at once, as fast as the database takes them and past nobody's row-level security.

Columns are the database's own names and values are plain: text, numbers, bytes, UUIDs, dates, moments; JSON is text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection

from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from punktlig.tenancy.plain_reading import Statement

# Making a temporary table costs about as much as sending this many rows in a statement.
_FEW = 60
# The largest that PostgreSQL allows for a table with pages of 8 kB.
_MOST_OF_A_PAGE = 8160


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows of one table, each with a value for each column."""

    model: type[Model]
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Add the rows, in the transaction that is open; every row is checked by the database as always.

    Many are copied into a temporary table first, since COPY into a table with row-level security is refused. All rows
    come in one statement, so that a trigger of the statement sees them together.
    """
    insert_all(NewRows(model, columns, rows))


def insert_all(*tables: NewRows) -> None:
    """Add the rows of several tables, as `insert_rows` does; those of tables with few go in one message."""
    few = [new for new in tables if 0 < len(new.rows) < _FEW]
    if few:
        run_together(*map(_insert, few))
    for new in tables:
        if len(new.rows) >= _FEW:
            _copy(new)


@dataclass(frozen=True, slots=True)
class SharedRows:
    """Rows that several statements read, each with a value for each column; `types` are the columns' own, by name."""

    types: Mapping[str, str]
    rows: Sequence[Sequence[object]]


def run_over(shared: SharedRows, *statements: Statement) -> list[int]:
    """Run the statements in their order, each with the rows where it says `{rows}`; return how many rows each changed.

    What goes into several tables, or is the same in every row, is sent once: half of the time of a copy for each table.
    """
    if len(shared.rows) < _FEW:
        row = f"({', '.join(f'%s::{kind}' for kind in shared.types.values())})"
        given = f"(VALUES {', '.join([row] * len(shared.rows))}) AS mass_rows ({_names(tuple(shared.types))})"
        values = [value for row in shared.rows for value in row]
        return _run_over(given, values, statements)
    _copy_to_temporary(shared.types, shared.rows)
    return _run_over("mass_rows", [], (*statements, ("DROP TABLE mass_rows", [])))[:-1]


def _run_over(given: str, values: Sequence[object], statements: Sequence[Statement]) -> list[int]:
    filled = []
    for query, parameters in statements:
        # The values of the rows stand among the statement's own, where it says so.
        before, found, after = query.partition("{rows}")
        own = before.count("%s")
        filled.append(
            (f"{before}{given}{after}", [*parameters[:own], *values, *parameters[own:]])
            if found
            else (query, parameters)
        )
    return [found.changed for found in run_together(*filled)]


def _insert(new: NewRows) -> Statement:
    query = _insert_query(new.model, tuple(new.columns), len(new.rows))
    return query, [value for values in new.rows for value in values]


@lru_cache(maxsize=256)
def _insert_query(model: type[Model], columns: tuple[str, ...], count: int) -> str:
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {_quoted(model)} ({_names(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 - names are ours


def _copy(new: NewRows) -> None:
    names, types = _names(new.columns), _column_types(new.model, tuple(new.columns))
    # JSON travels as text: its binary form has a byte in front, which psycopg sets only before what it has encoded.
    plain = ("text" if kind == "jsonb" else kind for kind in types)
    _copy_to_temporary(dict(zip(new.columns, plain, strict=True)), new.rows)
    quote = connection.ops.quote_name
    read = ", ".join(f"{quote(column)}::{kind}" for column, kind in zip(new.columns, types, strict=True))
    run_together(
        (f"INSERT INTO {_quoted(new.model)} ({names}) SELECT {read} FROM mass_rows", []),  # noqa: S608 - names are ours
        ("DROP TABLE mass_rows", []),
    )


def _copy_to_temporary(types: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
    """Make the temporary table `mass_rows` with the rows."""
    given = ", ".join(f"{connection.ops.quote_name(column)} {kind}" for column, kind in types.items())
    with connection.cursor() as cursor:
        # A page takes the row of a letter as it is. Without the target, PostgreSQL would compress its text here, at the
        # cost of all the rest, and pass on what was compressed.
        cursor.execute(
            f"CREATE TEMPORARY TABLE mass_rows ({given}) WITH (toast_tuple_target = {_MOST_OF_A_PAGE}) ON COMMIT DROP"
        )
        # In the binary form, a value takes a fifth of the time that it takes as text.
        with cursor.copy(f"COPY mass_rows ({_names(tuple(types))}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(list(types.values()))
            for values in rows:
                copy.write_row(values)


def _quoted(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's documented model API


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


@lru_cache(maxsize=64)
def _column_types(model: type[Model], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the type of each column, without lengths: those the table itself checks."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}  # noqa: SLF001
    return tuple(str(fields[column].db_type(connection)).partition("(")[0] for column in columns)
