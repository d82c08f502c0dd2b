"""Migration operations that make a table a tenant's, with its key and row-level security, or one only added to.

One of them holds rows to the row they belong to, all rows of a statement by one look: a foreign key looks up each row
by itself, which for what is added by the thousand is a third of what a row costs.

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
# A query of its own, so that PostgreSQL reads the setting once for a statement. Without it, the text is looked up and
# read as a UUID for each row that is added or looked for: a third of what adding a short row costs.
_TENANT = "(SELECT current_setting('punktlig.tenant')::uuid)"

# Another tenant's row is not seen under row-level security, nor has it the same tenant in its key. OFFSET 0 keeps
# PostgreSQL from joining the two tables: the plan is kept for as long as the connection lives, and one made for a
# thousand rows would go through the whole table for a single one. Tables go by their whole names, since the search path
# is empty while a dump is read.
_IS_HELD = """
CREATE FUNCTION "{table}_is_held"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{looks}
    RETURN NULL;
END $$;
CREATE TRIGGER "{table}_is_held" AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION "{table}_is_held"();
"""
_LOOK = """
    PERFORM FROM added WHERE NOT EXISTS (
        SELECT FROM public."{other}" AS held
        WHERE held."{tenant}" = added."{tenant}" AND held.id = added."{column}" OFFSET 0
    );
    IF FOUND THEN
        RAISE EXCEPTION 'a new row of {table} belongs to no row of {other}'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{constraint}', TABLE = '{table}';
    END IF;
"""
# What a foreign key holds after the rows are there. No row that others belong to is ever removed here, so none has to
# be locked while they are added, nor they looked for when it goes. UPDATE OF with WHEN: only a change of the key costs
# anything, though Django writes every column of a row that it saves.
_STAY = """
CREATE OR REPLACE FUNCTION stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % stay, and stay where they belong', TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;
"""
_KEY_STAYS = """
CREATE OR REPLACE TRIGGER "{table}_{name}" AFTER UPDATE OF {columns} ON "{table}" FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION stays_as_it_is();
"""
_ROW_STAYS = """
CREATE OR REPLACE TRIGGER "{table}_stays" AFTER DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION stays_as_it_is();
"""


class _OneWay(Operation):
    """What only the database knows of, and what is not taken back: these tables have money in them."""

    reversible = False
    reduces_to_sql = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: Django goes on seeing the models as they are declared."""

    def database_backwards(self, *_: object) -> None:
        """Refuse."""
        raise NotImplementedError


class BelongToTenant(_OneWay):
    """Give a new, empty table the key (tenant, id), foreign keys that include the tenant, and a forced policy.

    Foreign keys between tenant rows are those declared with `db_constraint=False`, but for the one to the tenant
    itself. With `append_only` the application may add and read rows but neither change nor remove them.
    """

    def __init__(self, model_name: str, tenant: str, *, append_only: bool = False) -> None:
        self.model_name = model_name
        self.tenant = tenant
        self.append_only = append_only

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
        column = _foreign_key(model, self.tenant).column
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
        run(f"CREATE POLICY tenant ON {quote(table)} USING ({quote(column)} = {_TENANT})")
        run(f"CREATE POLICY desk ON {quote(table)} FOR SELECT TO {quote(settings.PUNKTLIG_DESK_ROLE)} USING (true)")
        if self.append_only:
            run(f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {quote(settings.PUNKTLIG_APP_ROLE)}")

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return f"Make {self.model_name} belong to its {self.tenant}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how the operation is written in a migration."""
        return type(self).__name__, [self.model_name, self.tenant], {"append_only": self.append_only}


# The tenant comes first in every key.
_READ_TENANT_ONCE = f"""
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT held.relname, tenant.attname FROM pg_policy
        JOIN pg_class AS held ON held.oid = polrelid
        JOIN pg_index AS its_key ON its_key.indrelid = held.oid AND its_key.indisprimary
        JOIN pg_attribute AS tenant ON tenant.attrelid = held.oid AND tenant.attnum = its_key.indkey[0]
        WHERE polname = 'tenant' AND held.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format($policy$ALTER POLICY tenant ON %I USING (%I = {_TENANT})$policy$, one.relname, one.attname);
    END LOOP;
END $$
"""  # noqa: S608 - all text is ours


class ReadTenantOnce(_OneWay):
    """Give the tables made by an earlier `BelongToTenant` the policy that it makes now: the same, read once."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 - the signature is Django's
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Run the statement."""
        # No parameters, so that a per cent sign is itself.
        schema_editor.execute(_READ_TENANT_ONCE, None)

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return "Read whose rows these are once a statement"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how the operation is written in a migration."""
        return type(self).__name__, [], {}


class HoldByStatement(_OneWay):
    """Replace foreign keys of `BelongToTenant`, by their fields, by one look for all rows that a statement adds.

    The rows they refer to must be there before the statement ends, while such a key waits for the end of the
    transaction; then neither they nor the reference may be changed or removed, by anybody. So it is for rows that are
    only ever added. The error is a foreign key's, with the same constraint's name.
    """

    def __init__(self, model_name: str, tenant: str, *fields: str) -> None:
        self.model_name = model_name
        self.tenant = tenant
        self.fields = fields

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - the signature is Django's
        to_state: ProjectState,
    ) -> None:
        """Run the statements."""
        model = to_state.apps.get_model(app_label, self.model_name)
        table, tenant = model._meta.db_table, _foreign_key(model, self.tenant).column  # noqa: SLF001 - documented API
        looks = ""
        # No parameters, so that a per cent sign is itself.
        schema_editor.execute(_STAY, None)
        for name in self.fields:
            field = _foreign_key(model, name)
            other = field.remote_field.model._meta.db_table  # noqa: SLF001
            constraint = f"{table}_{name}_of_tenant"
            looks += _LOOK.format(
                table=table, tenant=tenant, column=field.column, other=other, constraint=constraint[:63]
            )
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"', None)
            schema_editor.execute(_key_stays(table, f"{name}_stays", tenant, field.column), None)
            schema_editor.execute(_key_stays(other, "key_stays", tenant, "id"), None)
            schema_editor.execute(_ROW_STAYS.format(table=other), None)
        schema_editor.execute(_IS_HELD.format(table=table, looks=looks), None)

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return f"Hold {self.model_name} to its {' and '.join(self.fields)} by the statement"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how the operation is written in a migration."""
        return type(self).__name__, [self.model_name, self.tenant, *self.fields], {}


def _key_stays(table: str, name: str, *columns: str) -> str:
    """Return the trigger that refuses a change of these columns."""
    old, new = (", ".join(f'{which}."{column}"' for column in columns) for which in ("OLD", "NEW"))
    return _KEY_STAYS.format(
        table=table, name=name, columns=", ".join(f'"{column}"' for column in columns), old=old, new=new
    )


def _foreign_key(model: type[models.Model], name: str) -> models.ForeignKey[Any, Any]:
    field = model._meta.get_field(name)  # noqa: SLF001 - Django's documented model API
    assert isinstance(field, models.ForeignKey)  # noqa: S101 - a broken promise of our own migration
    return field


class OnlyAddTo(_OneWay):
    """Let the application add and read rows of a table, and change nothing but some columns.

    `may_fill_in` are fields that are written later; what they may become is the table's own constraints and triggers.
    """

    def __init__(self, model_name: str, *, may_fill_in: tuple[str, ...] = ()) -> None:
        self.model_name = model_name
        self.may_fill_in = may_fill_in

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
