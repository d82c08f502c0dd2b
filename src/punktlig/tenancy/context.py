"""For whom the database acts. Without a tenant every row of a tenant is an error, never everything.

The setting is local to a transaction, so that no connection carries it to the next user. It is made with the statement
SET LOCAL, which a cluster of databases sends on to its members; `set_config()` is not said to be.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = UUID(int=0)
"""The tenant that owns no row."""


@contextmanager
def acting_for(tenant: UUID) -> Iterator[None]:
    """Run a transaction in which the rows of this tenant, and no others, exist."""
    before = _present() if connection.in_atomic_block else None
    with transaction.atomic():
        _set(tenant)
        yield  # an error rolls the setting back with everything else
        if before is not None:
            # A released savepoint would keep our setting for the rest of the outer transaction.
            _set(before)


@contextmanager
def acting_for_everyone() -> Iterator[None]:
    """Run a transaction that may read the rows of every tenant and write none.

    The caller has checked that the person or job may see across tenants.
    """
    before = _present() if connection.in_atomic_block else None
    with transaction.atomic():
        _set(NOBODY)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(settings.PUNKTLIG_DESK_ROLE)}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
        if before is not None:
            _set(before)


def _present() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('punktlig.tenant', true), '')")
        row: tuple[str] = cursor.fetchone()
        return row[0]


def _set(tenant: UUID | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL punktlig.tenant = %s", [str(tenant)])
