"""Read stored JSON back into frozen dataclasses, strictly: a letter that has been sent is evidence.

Every field must be there and nothing else, of exactly the declared type. A field that is missing, unknown or of another
type means that the text was made by another version or was damaged, and guessing would print another letter than the
one that was sent.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from punktlig.core.formatting import Language


class NotTheStoredForm(ValueError):
    """The text is not the stored form; `where` is the path of the field, `reason` what is wrong with it."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = reason
        super().__init__(f"{where}: {reason}")


def read_stored[T](kind: type[T], text: str) -> T:
    """Return the dataclass that the JSON text holds.

    Raises:
        NotTheStoredForm: broken JSON, a missing, unknown or repeated field, or a value of another type.
    """
    try:
        data = json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as problem:
        raise NotTheStoredForm(kind.__name__, f"not JSON: {problem}") from problem
    content: T = _dataclass(kind, data, kind.__name__)
    return content


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise NotTheStoredForm(repeated, "the field stands there twice")
    return found


@lru_cache
def _field_types(kind: Any) -> dict[str, object]:
    # The names that a module imports for its annotations alone are not there when the program runs.
    hints = get_type_hints(kind, localns={"date": date, "Language": Language})
    return {field.name: hints[field.name] for field in fields(kind)}


def _dataclass(kind: Any, data: object, where: str) -> Any:
    if not isinstance(data, dict):
        raise NotTheStoredForm(where, "not an object")
    types = _field_types(kind)
    for name in types:
        if name not in data:
            raise NotTheStoredForm(f"{where}.{name}", "the field is missing")
    for name in data:
        if name not in types:
            raise NotTheStoredForm(f"{where}.{name}", "the field is unknown")
    return kind(**{name: _value(hint, data[name], f"{where}.{name}") for name, hint in types.items()})


def _value(hint: object, data: object, where: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _one_of(get_args(hint), data, where)
    if origin is Literal:
        if data not in get_args(hint):
            raise NotTheStoredForm(where, f"{data!r} is none of {', '.join(map(str, get_args(hint)))}")
        return data
    if origin is tuple:
        return _tuple(get_args(hint), data, where)
    if hint is date:
        return _date(data, where)
    if hint in (str, int, bool):
        # An exact type: True is an int for isinstance.
        if type(data) is not hint:
            raise NotTheStoredForm(where, f"{data!r} is not of type {getattr(hint, '__name__', hint)}")
        return data
    return _dataclass(hint, data, where)


def _one_of(hints: tuple[object, ...], data: object, where: str) -> object:
    if data is None:
        if NoneType in hints:
            return None
        raise NotTheStoredForm(where, "nothing stands there")
    (hint,) = (hint for hint in hints if hint is not NoneType)
    return _value(hint, data, where)


def _tuple(hints: tuple[object, ...], data: object, where: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise NotTheStoredForm(where, "not a list")
    each = (hints[0],) * len(data) if hints[-1] is Ellipsis else hints
    if len(each) != len(data):
        raise NotTheStoredForm(where, f"{len(data)} values and not {len(each)}")
    return tuple(_value(hint, item, f"{where}[{n}]") for n, (hint, item) in enumerate(zip(each, data, strict=True)))


def _date(data: object, where: str) -> date:
    try:
        day = date.fromisoformat(data) if isinstance(data, str) else None
    except ValueError:
        day = None
    # fromisoformat reads 20261123 too, which would be stored again as something else.
    if day is None or day.isoformat() != data:
        raise NotTheStoredForm(where, f"{data!r} is not a date as 2026-11-23")
    return day
