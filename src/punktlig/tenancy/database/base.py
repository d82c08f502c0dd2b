"""PostgreSQL for tables whose real key is (tenant, id).

Django sees a plain `id` as the primary key and would group by that alone; the database then refuses the other columns.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base, features
from psycopg.pq import TransactionStatus


class DatabaseFeatures(features.DatabaseFeatures):
    """All of PostgreSQL's, but every selected column is grouped by."""

    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with the features above."""

    features_class = DatabaseFeatures

    def is_usable(self) -> bool:
        """Say whether the server can still be spoken with, as asked once a request.

        A server that went away has closed the connection, and then there is something to read: its end. From one that
        waits for us there is nothing. So only what is not idle or not silent is asked by a message there and back.
        """
        connection = self.connection
        if connection is None or connection.closed or connection.info.transaction_status is not TransactionStatus.IDLE:
            return super().is_usable()
        silent = select.poll()
        silent.register(connection.fileno(), select.POLLIN)
        return not silent.poll(0) or super().is_usable()
