"""Adding many rows at once, as fast as the database takes them and past nobody's row-level security.

Columns are the database's own names and values are plain: text, numbers, bytes, UUIDs, dates, moments; JSON is text.
"""

from __future__ import annotations

import re
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
# Where a statement says that it reads the rows.
_ROWS = "{rows}"
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
    """Add the rows of several tables in their order, as `insert_rows` does; tables with few go in one message."""
    few: list[NewRows] = []
    for new in tables:
        if len(new.rows) < _FEW:
            few += [new] if new.rows else []
            continue
        _insert_few(few)
        few = []
        _copy(new)
    _insert_few(few)


def _insert_few(tables: Sequence[NewRows]) -> None:
    if tables:
        run_together(*map(_insert, tables))


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
        filled = (_with_values(shared, statement) for statement in statements)
    else:
        _copy_to_temporary(shared.types, shared.rows)
        filled = (
            (query.replace(_ROWS, "mass_rows"), own) for query, own in (*statements, ("DROP TABLE mass_rows", ()))
        )
    return [found.changed for found in run_together(*filled)][: len(statements)]


def _with_values(shared: SharedRows, statement: Statement) -> Statement:
    """Return the statement with the rows written into it: of each the values that it may mean, as by their names."""
    query, own = statement
    filled, before, places = _values_query(query, tuple(shared.types.items()), len(shared.rows))
    return filled, [*own[:before], *(row[place] for row in shared.rows for place in places), *own[before:]]


@lru_cache(maxsize=256)
def _values_query(query: str, types: tuple[tuple[str, str], ...], count: int) -> tuple[str, int, tuple[int, ...]]:
    """Return the query with room for the rows, how many of its own values come first, and the columns that it names."""
    words = set(re.findall(r"\w+", query))
    places = tuple(place for place, (name, _) in enumerate(types) if name in words)
    row = f"({', '.join(f'%s::{types[place][1]}' for place in places)})"
    names = _names([types[place][0] for place in places])
    before = query.partition(_ROWS)[0].count("%s")
    return query.replace(_ROWS, f"(VALUES {', '.join([row] * count)}) AS mass_rows ({names})"), before, places


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
