"""Asking for many ids at once: as one array, since a placeholder for each of a thousand costs more than the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import ForeignKey, UUIDField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

from punktlig.tenancy.plain_reading import as_array

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

# Below this nothing is won, and a list of placeholders lets the database see each value.
_FEW = 10


def register() -> None:
    """Let `id__in` and `invoice__in` ask for many UUIDs as one array, on every model."""
    UUIDField.register_lookup(_InArray)
    ForeignKey.register_lookup(_RelatedInArray)


class _AsArray(In):
    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition; whatever is not a list of UUIDs is written as Django does."""
        ids = self.rhs if self.rhs_is_direct_value() else ()
        if len(ids) < _FEW or not all(isinstance(one, UUID) for one in ids):
            sql, params = self.as_sql(compiler, connection)
            return sql, tuple(params)
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::uuid[])", (*params, as_array(ids))


class _InArray(_AsArray):
    lookup_name = "in"


class _RelatedInArray(_AsArray, RelatedIn):
    lookup_name = "in"
