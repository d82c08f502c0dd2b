"""The databases of the two sites: who may do what in each, and their migrations.

A site's pages, API and jobs connect as `<site>_app`, which neither owns a table nor is a superuser, so that row-level
security binds it. `<site>_owner` migrates. `<site>_desk` cannot log in: the application takes its place inside a
transaction to read across tenants. The embedded server and an administrator's own get the same statements.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from punktlig.run.postgres import connect
from punktlig.run.refusals import DatabaseNotReached, DatabaseRoleIsTooMighty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

type Site = Literal["receivables", "agency"]
SITES: tuple[Site, ...] = ("receivables", "agency")

PREPARING = 20_261_124  # Any number, the same for everybody: the advisory lock of `prepare`.

# Swedish letters fold (lower('Å') = 'å') on every machine alike: the rules are PostgreSQL's own, not the system's.
LOCALE = "ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0"

ROLES = {"owner": "LOGIN", "app": "LOGIN", "desk": "NOLOGIN"}
HARMLESS = "NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"

# INHERIT FALSE: the desk's sight of every tenant comes only to a transaction that says SET LOCAL ROLE (PostgreSQL 16).
MEMBERSHIP = "GRANT {site}_desk TO {site}_app WITH INHERIT FALSE, SET TRUE"

# These two are about one database and are not copied with it.
CONNECTING = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    # TEMPORARY: mass work is copied into a temporary table, since COPY into a table with row-level security is refused.
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {site}_app",
)

COPYING = "CREATE DATABASE {database} TEMPLATE {site} OWNER {site}_owner STRATEGY FILE_COPY"

# Inside the database, before the first migration. An append-only table must REVOKE what it does not want from the
# application; functions are open to all by default, which is what the queue needs.
INSIDE = (
    "ALTER SCHEMA public OWNER TO {site}_owner",
    "GRANT USAGE ON SCHEMA public TO {site}_app, {site}_desk",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {site}_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {site}_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {site}_owner GRANT USAGE ON SEQUENCES TO {site}_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {site}_owner GRANT SELECT ON TABLES TO {site}_desk",
)


# Whom row-level security does not bind, or who could switch it off.
_IS_MIGHTY = """
SELECT current_user, rolsuper OR rolbypassrls OR pg_has_role(current_user, datdba, 'MEMBER')
FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()
"""


class MigrationFailed(Exception):
    """Django's `migrate` ended with an error; the text is what it said."""


def prepare(sockets: Path) -> None:
    """Make the roles and the empty databases of both sites on the embedded server. Running it again changes nothing."""
    with connect(sockets) as server:
        # Two programs may start on the same new server: the second waits, then finds everything there.
        server.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        for site in SITES:
            _prepare_site(server, sockets, site)


def _prepare_site(server: psycopg.Connection, sockets: Path, site: Site) -> None:
    for role, login in ROLES.items():
        name = f"{site}_{role}"
        if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).rowcount:
            server.execute(f"CREATE ROLE {name}")
        # Said every time: a role that was changed by hand comes back to what it should be.
        creates = "CREATEDB" if role == "owner" else "NOCREATEDB"
        server.execute(f"ALTER ROLE {name} {login} {creates} {HARMLESS}")
    server.execute(_filled(MEMBERSHIP, site))
    if not server.execute("SELECT FROM pg_database WHERE datname = %s", [site]).rowcount:
        server.execute(f"CREATE DATABASE {site} OWNER {site}_owner {LOCALE}")
    for statement in CONNECTING:
        server.execute(_filled(statement, site))
    with connect(sockets, database=site) as inside:
        for statement in INSIDE:
            inside.execute(_filled(statement, site))


def administrators_sql(site: Site) -> str:
    """Return what an administrator runs once, with psql, on a PostgreSQL 17 or later of their own.

    It needs no superuser: a role with CREATEROLE and CREATEDB is enough, as managed servers give. Unlike on the
    embedded server the owner may not create databases: that is for the tests' copies.
    """
    roles = [f"CREATE ROLE {site}_{role} {login} NOCREATEDB {HARMLESS}" for role, login in ROLES.items()]
    # PostgreSQL 16 and later: who creates a role may hand it out, but becomes it only when granted.
    borrow, give_back = f"GRANT {site}_owner TO CURRENT_USER", f"REVOKE {site}_owner FROM CURRENT_USER"
    create = f"CREATE DATABASE {site} OWNER {site}_owner {LOCALE}"
    outside = [*roles, MEMBERSHIP, borrow, create, *CONNECTING]
    inside = [*INSIDE, give_back]
    lines = [
        f"-- The {site} site's database, roles and grants. Run once: psql -v ON_ERROR_STOP=1 -f {site}.sql postgres",
        *(f"{_filled(statement, site)};" for statement in outside),
        f"\\connect {site}",
        *(f"{_filled(statement, site)};" for statement in inside),
        "-- Then give both roles that log in a password each, typed and not stored:",
        f"--   \\password {site}_owner",
        f"--   \\password {site}_app",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def copy_of_template(sockets: Path, site: Site, name: str) -> Iterator[None]:
    """Keep a database `name`, a copy of the site's own, for as long as the context lasts.

    For tests: a copy takes a tenth of a second, migrations take two. Nobody may be connected to the site's database.
    """
    with connect(sockets) as server:
        server.execute(_filled(COPYING, site, database=name))
        try:
            for statement in CONNECTING:
                server.execute(_filled(statement, site, database=name))
            yield
        finally:
            server.execute(_filled("DROP DATABASE {database} WITH (FORCE)", site, database=name))


def migrate(site: Site, env: Mapping[str, str]) -> str:
    """Migrate the site's database as its owner, in a process of its own, and return what Django said.

    `env` goes on top of ours and says where the database is (`PUNKTLIG_SOCKETS`, or the URL of the owner). A process of
    its own, since one process has one Django settings module and one role. Raises MigrationFailed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--no-color"],
        env={**os.environ, **env, "PUNKTLIG_ROLE": "owner", "DJANGO_SETTINGS_MODULE": f"punktlig.{site}.settings"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise MigrationFailed(f"{site}: {done.stderr.strip()[-4000:] or done.stdout.strip()[-4000:]}")
    return done.stdout


def refuse_unless_owner_gets_in(site: Site, env: Mapping[str, str]) -> None:
    """Raise DatabaseNotReached when `env` names a server by its URL that does not let the owner in.

    Asked before `migrate`, whose own error for it is Django's and many screens long. A server of ours has no password.
    """
    url = env.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL")
    if not url:
        return
    owner, password = f"{site}_owner", env.get(f"PUNKTLIG_{site.upper()}_OWNER_PASSWORD", "")
    name = conninfo_to_dict(url).get("dbname", site)
    try:
        psycopg.connect(make_conninfo(url, dbname=name, user=owner, password=password, connect_timeout=10)).close()
    except psycopg.OperationalError as error:
        raise DatabaseNotReached(site, owner, " ".join(str(error).split())) from None


def refuse_mighty_role(site: Site, env: Mapping[str, str]) -> None:
    """Raise DatabaseRoleIsTooMighty when `env` lets the site connect to a server as a superuser or as an owner.

    A server that does not answer is not waited for: the site starts, and says so itself until it does.
    """
    url = env.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL")
    if not url:
        return
    told = conninfo_to_dict(url)
    name, role = told.get("dbname", site), told.get("user", f"{site}_app")
    try:
        with psycopg.connect(make_conninfo(url, dbname=name, user=role, connect_timeout=10)) as connection:
            found = connection.execute(_IS_MIGHTY).fetchone()
    except psycopg.OperationalError:
        return
    if found is not None and found[1]:
        raise DatabaseRoleIsTooMighty(site, str(found[0]))


def is_migrated(site: Site, sockets: Path) -> bool:
    """Say whether every migration that is installed for the site has been applied to its database.

    It reads names only, without Django, in milliseconds: most starts have nothing to migrate. A migration that it
    cannot find in the database by its own name counts as missing, and `migrate` then decides.
    """
    with connect(sockets, database=site) as database:
        if not is_filled(sockets, site):
            return False
        applied = set(database.execute("SELECT app, name FROM django_migrations").fetchall())
    return set(_installed_migrations(site)) <= applied


def is_filled(sockets: Path, *sites: Site) -> bool:
    """Say whether each site's database has been migrated at some time."""
    for site in sites or SITES:
        with connect(sockets, database=site) as database:
            found = database.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        if found != (True,):
            return False
    return True


def _installed_migrations(site: Site) -> Iterator[tuple[str, str]]:
    from punktlig.tenancy.site_settings import apps_of  # noqa: PLC0415 - reads the environment when it is imported

    for app in apps_of(site):
        label = {f"punktlig.{site}.records": site, "procrastinate.contrib.django": "procrastinate"}.get(
            app, app.rpartition(".")[2]
        )
        found = importlib.util.find_spec(app)
        for place in (found.submodule_search_locations or ()) if found else ():
            for file in Path(place, "migrations").glob("[!_]*.py"):
                yield label, file.stem


def _filled(statement: str, site: Site, *, database: str = "") -> str:
    return statement.format(site=site, database=sql.Identifier(database or site).as_string())
