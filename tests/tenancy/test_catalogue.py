"""What the database itself holds, asked of its catalogue: no table of a tenant without its key and its policy."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

pytestmark = pytest.mark.django_db

TENANT_COLUMN = {"receivables": "company_id", "agency": "creditor_id"}[settings.SITE]

# Needed before the tenant is known, or of no tenant: people and log-ins, memberships, the tenants themselves, what the
# installation as a whole has, the queue. Each by name, so that a new table has to be thought about.
OUTSIDE = {
    "receivables": {
        "receivables_company",
        "receivables_member",
        "receivables_terms_version",
        "receivables_feed_cursor",
        "receivables_heard_rate",
    },
    "agency": {
        "agency_creditor",
        "agency_member",
        "agency_platform",
        "agency_api_key",
        "agency_claim_number",
        "agency_feed_entry",
        "agency_webhook_delivery",
        "agency_print_batch",
        "agency_added_rate",
    },
}[settings.SITE]

APPEND_ONLY = {
    "receivables": {"receivables_history_line", "receivables_heard_rate"},
    "agency": {
        "agency_refused_handover",
        "agency_claim_step",
        "agency_claim_event",
        "agency_journal_entry",
        "agency_posting",
        "agency_caught_mail",
        "agency_debtor_address",
    },
}[settings.SITE]


# References that a trigger holds for all rows of a statement at once, each with the table it refers to: what they hold
# is tried by `test_held_rows.py` of each site.
HELD_BY_STATEMENT = {
    "receivables": {
        "receivables_handover_invoice_of_tenant": "receivables_invoice",
        "receivables_history_line_invoice_of_tenant": "receivables_invoice",
    },
    "agency": {
        "agency_claim_event_claim_of_tenant": "agency_claim",
        "agency_journal_entry_claim_of_tenant": "agency_claim",
        "agency_claim_step_claim_of_tenant": "agency_claim",
        "agency_letter_claim_of_tenant": "agency_claim",
        "agency_letter_step_of_tenant": "agency_claim_step",
        "agency_delivery_letter_of_tenant": "agency_letter",
    },
}[settings.SITE]
# The same, by a trigger of their own: see `tests/agency/records/test_journal.py`.
HELD_BY_THE_JOURNAL = {
    "receivables": set[str](),
    "agency": {"agency_posting_entry_of_tenant", "agency_posting_claim_of_tenant"},
}[settings.SITE]


def _rows(query: str, *arguments: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())


def _own_tables() -> set[str]:
    return {
        str(name)
        for (name,) in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if str(name).startswith(f"{settings.SITE}_")
    }


def test_every_own_table_is_of_a_tenant_or_named_as_outside() -> None:
    protected = {
        str(name)
        for (name,) in _rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        )
    }
    assert _own_tables() - protected == OUTSIDE
    assert protected & OUTSIDE == set()


def test_every_policy_reads_the_tenant_once_a_statement() -> None:
    policies = dict(_rows("SELECT tablename, qual FROM pg_policies WHERE policyname = 'tenant' AND with_check IS NULL"))
    assert policies.keys() == _own_tables() - OUTSIDE
    of_the_statement = "( SELECT (current_setting('punktlig.tenant'::text))::uuid AS current_setting)"
    assert set(policies.values()) == {f"({TENANT_COLUMN} = {of_the_statement})"}


def test_the_tenant_comes_first_in_every_key() -> None:
    keys: dict[str, str] = dict(
        _rows(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indisprimary"
        )
    )
    for table in _own_tables() - OUTSIDE:
        assert keys[table] == TENANT_COLUMN, table


def test_foreign_keys_between_rows_of_a_tenant_include_the_tenant() -> None:
    alone = _rows(
        "SELECT k.conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid "
        "JOIN pg_class b ON b.oid = k.confrelid "
        "WHERE k.contype = 'f' AND a.relforcerowsecurity AND b.relforcerowsecurity AND cardinality(k.conkey) < 2"
    )
    assert alone == []


def test_every_reference_to_a_row_of_a_tenant_is_a_foreign_key_in_the_database() -> None:
    declared = {
        f"{model._meta.db_table}_{field.name}_of_tenant"
        for model in apps.get_app_config(settings.SITE).get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and f"{field.name}_id" != TENANT_COLUMN
        and not getattr(field, "db_constraint", True)
    }
    held = {str(name) for (name,) in _rows("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    by_statement = HELD_BY_STATEMENT.keys() | HELD_BY_THE_JOURNAL
    # PostgreSQL cuts names at 63 characters.
    assert {name[:63] for name in declared - by_statement} <= held
    assert declared - by_statement
    assert declared >= by_statement


def test_what_a_statement_holds_is_looked_at_and_stays() -> None:
    enabled = {
        (str(table), str(name)): str(body)
        for table, name, body in _rows(
            "SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'O' AND NOT t.tgisinternal"
        )
    }
    for reference, other in HELD_BY_STATEMENT.items():
        (table,) = (table for (table, name), body in enabled.items() if f"'{reference}'" in body)
        field = reference.removeprefix(f"{table}_").removesuffix("_of_tenant")
        assert f'public."{other}"' in enabled[table, f"{table}_is_held"]
        for one, name in ((table, f"{field}_stays"), (other, "stays"), (other, "key_stays")):
            assert (one, f"{one}_{name}") in enabled, (one, name)


def test_every_row_of_a_tenant_is_held_to_one_that_exists_by_itself_or_by_a_row_it_always_belongs_to() -> None:
    to_tenants = {
        str(table)
        for (table,) in _rows(
            "SELECT a.relname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_attribute c "
            "ON c.attrelid = a.oid AND c.attnum = k.conkey[1] "
            "WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND c.attname = %s",
            TENANT_COLUMN,
        )
    }

    def is_held(model: type[models.Model]) -> bool:
        return model._meta.db_table in to_tenants or any(
            isinstance(field, models.ForeignKey)
            and not field.null
            and not getattr(field, "db_constraint", True)
            and f"{field.name}_id" != TENANT_COLUMN
            and is_held(field.remote_field.model)
            for field in model._meta.local_fields
        )

    for model in apps.get_app_config(settings.SITE).get_models():
        if model._meta.db_table not in OUTSIDE:
            assert is_held(model), model


def test_the_application_may_not_change_what_is_only_added_to() -> None:
    for table in sorted(APPEND_ONLY):
        rights = _rows(
            "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = %s AND grantee = %s",
            table,
            settings.PUNKTLIG_APP_ROLE,
        )
        # TRUNCATE is granted in tests only.
        assert {right for (right,) in rights} - {"TRUNCATE"} == {"SELECT", "INSERT"}, table


def test_the_application_owns_nothing_and_cannot_pass_by_the_policies() -> None:
    ((owner,),) = _rows("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    ((passes,),) = _rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert (owner, passes) == (0, False)
