"""PostgreSQL for tables whose real key is (tenant, id).

Django sees a plain `id` as the primary key and would group by that alone; the database then refuses the other columns.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """All of PostgreSQL's, but every selected column is grouped by."""

    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with the features above."""

    features_class = DatabaseFeatures

    def is_usable(self) -> bool:
        """Say whether the server can still be spoken with, as asked once a request.

        A server that went away has closed the connection, and then there is something to read: its end. From one that
        waits for us there is nothing, so only what is not silent is asked the question that takes a message and back.
        """
        if self.connection is None or self.connection.closed:
            return False
        silent = select.poll()
        silent.register(self.connection.fileno(), select.POLLIN)
        return not silent.poll(0) or super().is_usable()
