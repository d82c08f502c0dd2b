"""Reading rows by queries of our own where it happens at every call: written once, not built each time.

Every message to the server and back costs about as much as a small query itself, so several statements go in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.base import ModelState
from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import Model

type _Converter = Callable[[Any], Any]
type Statement = tuple[str, Sequence[Any]]
"""SQL with a `%s` for each of its parameters."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that a statement returned, with the names of their columns; nothing of a statement that returns none.

    `changed` is how many rows it returned or changed.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    changed: int = 0

    def records[Record: Model](self, model: type[Record]) -> list[Record]:
        """Return the rows as records, like `objects.raw`, at a third of its time; columns not selected are deferred.

        Every column is one of the model, by its name in the database.
        """
        if not self.rows:
            return []
        named, converters = _shape(model, self.columns)
        records = []
        for row in self.rows:
            values = {name: row[place] for name, place in named}
            for name, convert in converters:
                values[name] = convert(values[name])
            records.append(record_with(model, values))
        return records


def record_with[Record: Model](model: type[Record], values: dict[str, Any]) -> Record:
    """Return a stored row as a record that keeps these attributes, as `Model.from_db` does; all others are deferred.

    Past the constructor, which sets each attribute through its descriptor and takes ten times as long.
    """
    record = model.__new__(model)
    state = values["_state"] = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    record.__dict__ = values
    return record


def run_together(*statements: Statement) -> list[Found]:
    """Run the statements in their order, sent in one message, and return what each found.

    Each sees what was committed before it began itself, as if it had been sent alone.
    """
    found = []
    with connection.cursor() as cursor:
        # Put together one by one: psycopg remembers how a short query is read, and reads a long one anew each time.
        cursor.execute(";\n".join(cursor.mogrify(query, values) for query, values in statements))
        answered = cursor.cursor  # psycopg's own: past Django's wrapper, which looks after every step of it
        for _ in statements:
            # Nothing is fetched of a statement that returns no rows, nor named when there are none.
            rows = answered.fetchall() if answered.pgresult.nfields else []
            columns = tuple(column.name for column in answered.description) if rows else ()
            found.append(Found(columns, rows, answered.rowcount))
            answered.nextset()
    return found


def as_array(values: Iterable[object]) -> str:
    """Return ids, numbers, days or texts as the text of an array for a `%s::type[]`; None is NULL.

    The driver looks at each value of a list for the type of all, and takes ten times as long. JSON is written at once,
    and has another form only for its brackets and what it writes with a backslash.
    """
    told = list(values)
    written = to_json(told).decode()
    return f"{{{written[1:-1] if '\\' not in written else ','.join(map(_element, told))}}}"


def _element(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "NULL" if value is None else str(value)


def read_rows[Record: Model](model: type[Record], query: str, parameters: Sequence[Any]) -> list[Record]:
    """Return the records of one query; see `Found.records`."""
    (found,) = run_together((query, parameters))
    return found.records(model)


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Return the model's columns as the database names them."""
    fields: Any = model._meta.concrete_fields  # noqa: SLF001 - Django's documented model API
    return tuple(field.column for field in fields)


@lru_cache(maxsize=64)
def _shape(
    model: type[Model], columns: tuple[str, ...]
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, _Converter], ...]]:
    """Return the attributes in the model's order, each with its place in a row, and how some are read."""
    place_of = {column: place for place, column in enumerate(columns)}
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.column in place_of]  # noqa: SLF001 - Django's documented model API
    assert len(fields) == len(columns), f"{columns} are not all columns of {model}"  # noqa: S101 - a fault of ours
    return (
        tuple((field.attname, place_of[field.column]) for field in fields),
        tuple(
            (field.attname, partial(convert, expression=field.get_col(model._meta.db_table), connection=connection))  # noqa: SLF001
            for field in fields
            for convert in field.get_db_converters(connection)
        ),
    )
