"""PostgreSQL for tables whose real key is (tenant, id).

Django sees a plain `id` as the primary key and would group by that alone; the database then refuses the other columns.
"""

from __future__ import annotations

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """All of PostgreSQL's, but every selected column is grouped by."""

    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with the features above."""

    features_class = DatabaseFeatures
