"""Migration operations that make a table a tenant's, with its key and row-level security, or one only added to.

An operation gets everything as arguments or from the model's fields, since migrations know no class attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

_NOBODY = "SET LOCAL punktlig.tenant = '00000000-0000-0000-0000-000000000000'"


class BelongToTenant(Operation):
    """Give a new, empty table the key (tenant, id), foreign keys that include the tenant, and a forced policy.

    Foreign keys between tenant rows are those declared with `db_constraint=False`, but for the one to the tenant
    itself. With `append_only` the application may add and read rows but neither change nor remove them.
    """

    reversible = False
    reduces_to_sql = False

    def __init__(self, model_name: str, tenant: str, *, append_only: bool = False) -> None:
        self.model_name = model_name
        self.tenant = tenant
        self.append_only = append_only

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: Django goes on seeing `id` as the key."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - the signature is Django's
        to_state: ProjectState,
    ) -> None:
        """Run the statements."""
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table  # noqa: SLF001 - Django's documented model API
        column = self._column(model, self.tenant)
        quote = schema_editor.connection.ops.quote_name
        run = schema_editor.execute
        # Foreign keys that Django made in this migration are still waiting; the key may not change under them.
        run(_NOBODY)
        run(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(f'{table}_pkey')} CASCADE")
        run(f"ALTER TABLE {quote(table)} ADD PRIMARY KEY ({quote(column)}, id)")
        for field in model._meta.local_fields:  # noqa: SLF001
            if (
                isinstance(field, models.ForeignKey)
                and field.name != self.tenant
                and not getattr(field, "db_constraint", True)
            ):
                other = field.remote_field.model._meta.db_table  # noqa: SLF001
                run(
                    f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(f'{table}_{field.name}_of_tenant')} "
                    f"FOREIGN KEY ({quote(column)}, {quote(field.column)}) REFERENCES {quote(other)} "
                    f"({quote(column)}, id) DEFERRABLE INITIALLY DEFERRED"
                )
        run(f"ALTER TABLE {quote(table)} ENABLE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {quote(table)} FORCE ROW LEVEL SECURITY")
        run(
            f"CREATE POLICY tenant ON {quote(table)} USING ({quote(column)} = current_setting('punktlig.tenant')::uuid)"
        )
        run(f"CREATE POLICY desk ON {quote(table)} FOR SELECT TO {quote(settings.PUNKTLIG_DESK_ROLE)} USING (true)")
        if self.append_only:
            run(f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {quote(settings.PUNKTLIG_APP_ROLE)}")

    def database_backwards(self, *_: object) -> None:
        """Refuse: tables with money in them are not taken back."""
        raise NotImplementedError

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return f"Make {self.model_name} belong to its {self.tenant}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how the operation is written in a migration."""
        return type(self).__name__, [self.model_name, self.tenant], {"append_only": self.append_only}

    @staticmethod
    def _column(model: type[models.Model], name: str) -> str:
        field = model._meta.get_field(name)  # noqa: SLF001
        assert isinstance(field, models.ForeignKey)  # noqa: S101 - a broken promise of our own migration
        return field.column


class OnlyAddTo(Operation):
    """Let the application add and read rows of a table that belongs to no tenant, and change nothing but some columns.

    `may_fill_in` are fields that are written later; what they may become is the table's own constraints and triggers.
    """

    reversible = False
    reduces_to_sql = False

    def __init__(self, model_name: str, *, may_fill_in: tuple[str, ...] = ()) -> None:
        self.model_name = model_name
        self.may_fill_in = may_fill_in

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: Django knows no grants."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - the signature is Django's
        to_state: ProjectState,
    ) -> None:
        """Run the statements."""
        model = to_state.apps.get_model(app_label, self.model_name)
        quote = schema_editor.connection.ops.quote_name
        table, role = quote(model._meta.db_table), quote(settings.PUNKTLIG_APP_ROLE)  # noqa: SLF001
        schema_editor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {role}")
        if self.may_fill_in:
            fields = (model._meta.get_field(name) for name in self.may_fill_in)  # noqa: SLF001
            columns = ", ".join(quote(field.column or "") for field in fields if isinstance(field, models.Field))
            schema_editor.execute(f"GRANT UPDATE ({columns}) ON {table} TO {role}")

    def database_backwards(self, *_: object) -> None:
        """Refuse: what is only added to is not taken back."""
        raise NotImplementedError

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return f"Let {self.model_name} only be added to"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how the operation is written in a migration."""
        return type(self).__name__, [self.model_name], {"may_fill_in": self.may_fill_in}


def with_every_row(tables: list[str], *operations: Operation) -> list[Operation]:
    """Return the operations between lifting and restoring the force of row-level security for the owner.

    Needed by later migrations that fill or change rows of every tenant: FORCE binds the migrating owner too, so without
    this a backfill sees nothing and a foreign key cannot be checked.
    """
    from django.db.migrations import RunSQL  # noqa: PLC0415 - django.db.migrations imports this package's neighbours

    return [
        *(RunSQL(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY', RunSQL.noop) for table in tables),
        *operations,
        RunSQL("SET CONSTRAINTS ALL IMMEDIATE", RunSQL.noop),
        *(RunSQL(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY', RunSQL.noop) for table in tables),
    ]
