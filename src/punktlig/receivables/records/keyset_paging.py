"""Pages of a long list by where the last page ended, so that page 1,000 costs what page 1 costs.

A list is one order, or several one after the other (what is not sent first, then the rest). Within an order rows are
sorted by one column that is never empty there, and by id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS_ON_A_PAGE = 50
_SALT = "punktlig.receivables.page"


@dataclass(frozen=True)
class Stretch:
    """One order of rows: those that `only` lets through, by `column`, then by id in the same direction."""

    column: str
    descending: bool = False
    only: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Page[Row: Model]:
    """Some rows, and the marks of the pages after and before; an empty mark when there is none."""

    rows: list[Row]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class _Place:
    """Beyond which row a page begins, and whether it lies before that row."""

    backwards: bool
    stretch: int
    value: Any
    id: UUID


def page_of[Row: Model](
    rows: QuerySet[Row, Row], stretches: Sequence[Stretch], mark: str = "", size: int = ROWS_ON_A_PAGE
) -> Page[Row]:
    """Return the page that the mark names. No mark, or one of another list, is the first page."""
    place = _read(mark, rows.model, stretches)
    backwards = place is not None and place.backwards
    found: list[tuple[int, Row]] = []
    numbered = list(enumerate(stretches))
    for number, stretch in reversed(numbered) if backwards else numbered:
        if place is not None and (number > place.stretch if backwards else number < place.stretch):
            continue
        descending = stretch.descending != backwards
        signs = [f"-{name}" if descending else name for name in (stretch.column, "id")]
        chosen = rows.filter(stretch.only).order_by(*signs)
        if place is not None and number == place.stretch:
            beyond = TupleLessThan if descending else TupleGreaterThan
            chosen = chosen.filter(beyond((F(stretch.column), F("id")), (place.value, place.id)))
        found += [(number, row) for row in chosen[: size + 1 - len(found)]]
        if len(found) > size:
            break
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (found != [], more) if backwards else (more, place is not None and found != [])
    return Page(
        rows=[row for _, row in found],
        next=_mark(found[-1], stretches, backwards=False) if has_next else "",
        previous=_mark(found[0], stretches, backwards=True) if has_previous else "",
    )


def _mark(at: tuple[int, Model], stretches: Sequence[Stretch], *, backwards: bool) -> str:
    number, row = at
    return signing.dumps(
        [backwards, number, str(getattr(row, stretches[number].column)), str(row.pk)], salt=_SALT, compress=True
    )


def _read(mark: str, model: type[Model], stretches: Sequence[Stretch]) -> _Place | None:
    if not mark:
        return None
    try:
        backwards, number, value, row = signing.loads(mark, salt=_SALT)
        kept: Any = model._meta.get_field(stretches[number].column)  # noqa: SLF001 - Django's documented model API
        # Signed by us, so the value is one the column once held; of another order it may be of another type.
        return _Place(backwards, number, getattr(kept, "output_field", kept).to_python(value), UUID(row))
    except (signing.BadSignature, IndexError, ValidationError):
        return None
