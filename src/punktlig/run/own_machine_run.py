"""`punktlig run`: both sites, their workers and their database on one machine, for real, by one command.

Everything lies in one folder. The database is durable; the secrets are made once; what ends by itself is started again;
Ctrl-C or a termination signal stops all of it, and after `kill -9` or a power cut the next start goes on from there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from punktlig import clock
from punktlig.run import databases
from punktlig.run.backup import write_backup
from punktlig.run.children import Children, stop_on_signals
from punktlig.run.own_machine import PLATFORM, OwnMachine
from punktlig.run.parameters import data_folder
from punktlig.run.postgres import AlreadyRunning
from punktlig.run.refusals import PortIsTaken, RunsAlready
from punktlig.run.serve import tell_where_letters_wait
from punktlig.run.site_processes import (
    DEFAULT_PORTS,
    refuse_taken_port,
    wait_until_answering,
    web_server,
    worker,
)

if TYPE_CHECKING:
    from pathlib import Path

    from punktlig.run.console import Console
    from punktlig.run.databases import Site

_READY_SECONDS = 120
# How long the processes of a start that was killed may take to end.
_SECONDS_AFTER_A_CRASH = 20
_PORT = click.IntRange(1, 65535)

DATA = data_folder("The folder that everything lies in.", required=True)


@click.command()
@DATA
@click.option("--host", default="127.0.0.1", show_default=True, help="The address both sites listen on.")
@click.option("--receivables-port", type=_PORT, default=DEFAULT_PORTS["receivables"], show_default=True)
@click.option("--agency-port", type=_PORT, default=DEFAULT_PORTS["agency"], show_default=True)
@click.option(
    "--receivables-url",
    default="",
    envvar="PUNKTLIG_RECEIVABLES_URL",
    help="The address people use, https:// and a proxy in front.",
)
@click.option("--agency-url", default="", envvar="PUNKTLIG_AGENCY_URL", help="The same for the agency.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes of a site.")
@click.pass_obj
def run(
    console: Console,
    folder: Path,
    *,
    host: str,
    receivables_port: int,
    agency_port: int,
    receivables_url: str,
    agency_url: str,
    processes: int,
) -> None:
    """Run both sites for real on this machine, with a database of their own. Ctrl-C stops everything."""
    it = OwnMachine(
        folder,
        ports={"receivables": receivables_port, "agency": agency_port},
        urls={"receivables": receivables_url.rstrip("/"), "agency": agency_url.rstrip("/")},
        host=host,
    )
    it.make()
    it.refuse_demo_defaults()
    stop = stop_on_signals()
    with ExitStack() as opened:
        try:
            opened.enter_context(it.postgres)
        except AlreadyRunning:
            raise RunsAlready(str(it.folder)) from None
        # Only now: what a killed start has left is then ours, and whoever has the port else is refused.
        for port in it.ports.values():
            _take_port(host, port, crashed=(it.folder / "running").exists())
        (it.folder / "running").touch()
        _bring_up_to_date(console, it)
        _connect(it)
        children = Children(it.logs)
        opened.callback(children.stop)
        children.begin()
        for site in databases.SITES:
            command = web_server(site, host=host, port=it.ports[site], workers=processes)
            children.start(f"{site}-web", command, it.environment(site))
            children.start(f"{site}-work", worker(), it.environment(site))
        for site in databases.SITES:
            wait_until_answering(f"{it.at_home(site)}/accounts/login/", seconds=_READY_SECONDS, check=children.check)
        _tell(console, it)
        children.keep(stop, beside=lambda: it.postgres.keep(console.note), tell=console.note)
        console.tell(en="Stopping.", sv="Stänger.")
    (it.folder / "running").unlink(missing_ok=True)


def _take_port(host: str, port: int, *, crashed: bool) -> None:
    """Refuse a port that somebody has; after a crash the processes that are about to end may have it for a while."""
    until = time.monotonic() + (_SECONDS_AFTER_A_CRASH if crashed else 0)
    while True:
        try:
            refuse_taken_port(host, port)
        except PortIsTaken:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _bring_up_to_date(console: Console, it: OwnMachine) -> None:
    """Make or migrate the databases. What was there before is kept in a backup first."""
    databases.prepare(it.postgres.sockets)
    late = [site for site in databases.SITES if not databases.is_migrated(site, it.postgres.sockets)]
    if not late:
        return
    if databases.is_filled(it.postgres.sockets):
        kept = it.folder / "backups" / f"before-{clock.now():%Y%m%dT%H%M%SZ}.tar"
        console.tell(
            en=f"This version changes the databases; they are kept as they were in {kept}.",
            sv=f"Den här versionen ändrar databaserna; de sparas som de var i {kept}.",
        )
        write_backup(it, kept)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda site: databases.migrate(site, it.environment(site)), late))


def _connect(it: OwnMachine) -> None:
    """Make the receivables site a platform of the agency, unless it is one with the key that we keep."""
    if it.is_connected():
        return
    made = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "punktlig.run.connect_sites", PLATFORM, it.hook],
        env=it.environment("agency"), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise RuntimeError(f"the agency could not be told of the receivables site: {made.stderr.strip()[-2000:]}")
    it.keep({**it.secrets, **json.loads(made.stdout)})


def _tell(console: Console, it: OwnMachine) -> None:
    console.say(f"Receivables  {it.url('receivables')}")
    console.say(f"Agency       {it.url('agency')}")
    environment = it.environment("agency")
    tell_where_letters_wait(console, environment)
    if environment.get("PUNKTLIG_AGENCY_MAIL_FOLDER"):
        console.tell(
            en=f"Nobody gets e-mail: messages about accounts, such as links to passwords, lie in {it.folder / 'mail'}.",
            sv=f"Ingen får e-post: meddelanden om konton, som länkar till lösenord, ligger i {it.folder / 'mail'}.",
        )
    first: dict[Site, str] = {
        "receivables": '--role owner --company "…" --organisation-number …',
        "agency": "--role agency_admin",
    }
    for site, options in first.items():
        if not it.has_people(site):
            words = f'punktlig person {site} --data {it.folder} --email … --name "…" {options}'
            console.tell(en=f"Nobody may log in yet: {words}", sv=f"Ingen får logga in än: {words}")
