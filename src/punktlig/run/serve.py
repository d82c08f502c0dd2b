"""`punktlig serve`, `work` and `migrate`: one site's processes, for real use under a supervisor such as systemd."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import click

from punktlig.run import databases
from punktlig.run.refusals import DatabaseNotNamed
from punktlig.run.site_processes import DEFAULT_PORTS, environment_of, refuse_taken_port, web_server, worker
from punktlig.tenancy.real_use import refuse_demo_defaults

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    refuse_demo_defaults(site)
    databases.refuse_mighty_role(chosen, os.environ)
    number = port or DEFAULT_PORTS[chosen]
    refuse_taken_port(host, number)
    _become(web_server(chosen, host=host, port=number, workers=processes), chosen)


@click.command()
@click.argument("site", type=SITE)
@click.pass_obj
def work(console: Console, site: str) -> None:
    """Do a site's work in the background: send, receive, make letters. Run at least one for each site."""
    chosen = named_site(site)
    refuse_demo_defaults(site)
    databases.refuse_mighty_role(chosen, os.environ)
    if chosen == "agency":
        tell_where_letters_wait(console, os.environ)
    _become(worker(), chosen)


@click.command()
@click.argument("site", type=SITE)
@click.pass_obj
def migrate(console: Console, site: str) -> None:
    """Bring a site's database to this version, as the role that owns it."""
    chosen = named_site(site)
    databases.refuse_unless_owner_gets_in(chosen, os.environ)
    console.say(databases.migrate(chosen, os.environ).strip())


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


def tell_where_letters_wait(console: Console, environment: Mapping[str, str]) -> None:
    """Say how letters leave the agency, so that nobody believes they go by themselves when they wait for a person."""
    folder = environment.get("PUNKTLIG_AGENCY_PRINT_FOLDER", "")
    desk = f"{environment.get('PUNKTLIG_AGENCY_URL', '')}/desk/letters/"
    if folder:
        console.tell(
            en=f"Letters on paper are put into {folder}, for the printer to fetch.",
            sv=f"Brev på papper läggs i {folder}, där tryckeriet hämtar dem.",
        )
    else:
        console.tell(
            en=f"Letters on paper wait at the desk until somebody fetches and prints them: {desk}",
            sv=f"Brev på papper väntar vid skrivbordet tills någon hämtar och trycker dem: {desk}",
        )
    if environment.get("PUNKTLIG_AGENCY_EMAIL_GATEWAY") != "smtp":
        console.tell(
            en="No letter goes by e-mail: all go on paper.", sv="Inga brev går med e-post: alla går på papper."
        )


def _become(command: list[str], site: Site) -> None:
    """Take the place of this process, so that a supervisor's signals reach the one that serves."""
    os.execve(command[0], command, environment_of(site))  # noqa: S606 - our own interpreter with our own arguments
