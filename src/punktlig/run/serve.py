"""`punktlig serve`, `work` and `migrate`: one site's processes, for real use under a supervisor such as systemd."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import click

from punktlig.run import databases
from punktlig.run.refusals import DatabaseNotNamed
from punktlig.run.site_processes import DEFAULT_PORTS, environment_of, refuse_taken_port, web_server, worker

if TYPE_CHECKING:
    from punktlig.run.console import Console
    from punktlig.run.databases import Site

SITE = click.Choice(databases.SITES)


@click.command()
@click.argument("site", type=SITE)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; 8000 for receivables and 8001 for the agency.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
def serve(site: str, host: str, port: int | None, processes: int) -> None:
    """Serve a site's pages and API.

    The environment says which database and which secrets: docs/deployment.md lists them. TLS is for a proxy in front.
    """
    chosen = named_site(site)
    number = port or DEFAULT_PORTS[chosen]
    refuse_taken_port(host, number)
    _become(web_server(chosen, host=host, port=number, workers=processes), chosen)


@click.command()
@click.argument("site", type=SITE)
def work(site: str) -> None:
    """Do a site's work in the background: send, receive, make letters. Run at least one for each site."""
    _become(worker(), named_site(site))


@click.command()
@click.argument("site", type=SITE)
@click.pass_obj
def migrate(console: Console, site: str) -> None:
    """Bring a site's database to this version, as the role that owns it."""
    console.say(databases.migrate(named_site(site), os.environ).strip())


@click.command("database-sql")
@click.argument("site", type=SITE)
@click.pass_obj
def database_sql(console: Console, site: str) -> None:
    """Print what an administrator runs once on a PostgreSQL server for a site: its database, roles and rights."""
    console.say(databases.administrators_sql(cast("Site", site)))


def named_site(site: str) -> Site:
    """Return the site when the environment names its database; raises DatabaseNotNamed."""
    chosen = cast("Site", site)
    if not os.environ.get("PUNKTLIG_SOCKETS") and not os.environ.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL"):
        raise DatabaseNotNamed(site)
    return chosen


def _become(command: list[str], site: Site) -> None:
    """Take the place of this process, so that a supervisor's signals reach the one that serves."""
    os.execve(command[0], command, environment_of(site))  # noqa: S606 - our own interpreter with our own arguments
