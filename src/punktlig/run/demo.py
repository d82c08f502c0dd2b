"""`punktlig demo`: both sites on this machine, with a believable company in them, ready to click.

The first start makes the databases and the company and lets a few weeks pass, through the sites' own doors; later
starts find everything as it was left. Nothing needs to be installed, and Ctrl-C stops all of it.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punktlig.clock import CLOCK_FILE, set_days
from punktlig.run import databases
from punktlig.run.children import Children, stop_on_signals
from punktlig.run.demo_data.people import ALI, DEMO_PASSWORD, JONAS, MAJA, SARA, SIV
from punktlig.run.demo_filling import fill
from punktlig.run.postgres import AlreadyRunning, Postgres
from punktlig.run.refusals import DemoIsNotThere, DemoIsRunning
from punktlig.run.site_processes import (
    DEFAULT_PORTS,
    environment_of,
    refuse_taken_port,
    wait_until_answering,
    web_server,
    worker,
)

if TYPE_CHECKING:
    from punktlig.run.console import Console
    from punktlig.run.databases import Site

_HOST = "localhost"
# The servers listen on this machine alone; granian takes an address, not a name.
_ADDRESS = "127.0.0.1"
_READY_SECONDS = 60
_MADE = ("filled", "clock", "clock.new", "platform.json", "printed", "mail", "logs", "database")


@dataclass
class Demo:
    """Where the demo lies and on which ports it answers."""

    folder: Path
    ports: dict[Site, int]

    def url(self, site: Site) -> str:
        """Return the address of a site. It says localhost, since passkeys need a name."""
        return f"http://{_HOST}:{self.ports[site]}"

    @property
    def clock(self) -> Path:
        """The file with the number of days that the demo's clock is ahead."""
        return self.folder / "clock"

    @property
    def secrets(self) -> Path:
        """The file with the platform's API key and webhook secret."""
        return self.folder / "platform.json"

    @cached_property
    def _platform(self) -> dict[str, str]:
        return dict(json.loads(self.secrets.read_text()))

    def environment(self, site: Site, sockets: Path, **more: str) -> dict[str, str]:
        """Return the environment of a process of the site."""
        platform = self._platform if self.secrets.exists() else {"api_key": "", "webhook_secret": ""}
        return environment_of(
            site,
            PUNKTLIG_DEMO="1",
            PUNKTLIG_SOCKETS=str(sockets),
            PUNKTLIG_RECEIVABLES_MAIL_FOLDER=str(self.folder / "mail"),
            PUNKTLIG_AGENCY_MAIL_FOLDER=str(self.folder / "mail"),
            PUNKTLIG_RECEIVABLES_URL=self.url("receivables"),
            PUNKTLIG_RECEIVABLES_AGENCY_URL=self.url("agency"),
            PUNKTLIG_RECEIVABLES_AGENCY_API_KEY=platform["api_key"],
            PUNKTLIG_RECEIVABLES_AGENCY_WEBHOOK_SECRET=platform["webhook_secret"],
            PUNKTLIG_AGENCY_URL=self.url("agency"),
            PUNKTLIG_AGENCY_PRINT_FOLDER=str(self.folder / "printed"),
            **{CLOCK_FILE: str(self.clock)},
            **more,
        )


_FOLDER = click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".punktlig/demo"),
    show_default=True,
    envvar="PUNKTLIG_DEMO_DATA",
    show_envvar=True,
    help="Where the demo keeps its databases, letters and logs.",
)


@click.command()
@_FOLDER
@click.option(
    "--receivables-port", type=click.IntRange(1, 65535), default=DEFAULT_PORTS["receivables"], show_default=True
)
@click.option("--agency-port", type=click.IntRange(1, 65535), default=DEFAULT_PORTS["agency"], show_default=True)
@click.pass_obj
def demo(console: Console, folder: Path, receivables_port: int, agency_port: int) -> None:
    """Start both sites with an invented company in them. Ctrl-C stops everything; the data stays."""
    it = Demo(folder.resolve(), {"receivables": receivables_port, "agency": agency_port})
    for port in it.ports.values():
        refuse_taken_port(_ADDRESS, port)
    it.folder.mkdir(parents=True, exist_ok=True)
    (it.folder / "printed").mkdir(exist_ok=True)
    stop = stop_on_signals()
    with ExitStack() as opened:
        try:
            server = opened.enter_context(Postgres(it.folder / "database"))
        except AlreadyRunning:
            raise DemoIsRunning(str(it.folder)) from None
        databases.prepare(server.sockets)
        late = [site for site in databases.SITES if not databases.is_migrated(site, server.sockets)]
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda site: databases.migrate(site, it.environment(site, server.sockets)), late))
        children = Children(it.folder / "logs")
        opened.callback(children.stop)
        if not (it.folder / "filled").exists():
            console.tell(
                en="Making an invented company and letting a few weeks pass; this happens once.",
                sv="Skapar ett påhittat företag och låter några veckor gå; det görs en gång.",
            )
            fill(it, server.sockets, children, _ADDRESS)
            (it.folder / "filled").touch()
        _start(it, server.sockets, children)
        _tell(console, it)
        children.keep(stop, beside=lambda: server.keep(console.note), tell=console.note)
        console.tell(en="Stopping.", sv="Stänger.")


@click.command("demo-reset")
@_FOLDER
@click.pass_obj
def demo_reset(console: Console, folder: Path) -> None:
    """Throw the demo's data away; the next start makes it anew."""
    refuse_running(folder)
    if folder.exists() and not (folder / "database").is_dir():
        raise DemoIsNotThere(str(folder.resolve()))
    # Only what the demo made: the folder may have been somebody's before.
    for name in _MADE:
        made = folder / name
        shutil.rmtree(made) if made.is_dir() else made.unlink(missing_ok=True)
    console.tell(en="The demo starts over at its next start.", sv="Demon börjar om vid nästa start.")


@click.command("demo-day")
@_FOLDER
@click.option("--days", type=click.IntRange(1, 60), default=1, show_default=True, help="How many days pass.")
@click.pass_obj
def demo_day(console: Console, folder: Path, days: int) -> None:
    """Let a day pass in the demo, so that one can watch a claim live. The sites notice within a minute."""
    clock = folder / "clock"
    if not clock.exists():
        raise DemoIsNotThere(str(folder.resolve()))
    ahead = int(clock.read_text()) + days
    set_days(clock, ahead)
    days_en, days_sv = ("1 day", "1 dag") if ahead == 1 else (f"{ahead} days", f"{ahead} dagar")
    console.tell(
        en=f"The demo is now {days_en} ahead of the calendar. The next round runs within a minute.",
        sv=f"Demon ligger nu {days_sv} före kalendern. Nästa runda går inom en minut.",
    )


def refuse_running(folder: Path) -> None:
    """Raise DemoIsRunning when the demo in the folder has a database that runs."""
    try:
        Postgres(folder / "database").refuse_a_second_server()
    except AlreadyRunning:
        raise DemoIsRunning(str(folder.resolve())) from None


def _start(it: Demo, sockets: Path, children: Children) -> None:
    children.begin()
    for site in databases.SITES:
        environment = it.environment(site, sockets)
        children.start(f"{site}-web", web_server(site, host=_ADDRESS, port=it.ports[site]), environment)
        children.start(f"{site}-work", worker(), environment)
    for site in databases.SITES:
        wait_until_answering(f"{it.url(site)}/accounts/login/", seconds=_READY_SECONDS, check=children.check)


def _tell(console: Console, it: Demo) -> None:
    console.say(f"Receivables  {it.url('receivables')}")
    console.say(f"             {MAJA[0]} (owner), {JONAS[0]} (sales), {SIV[0]} (reader)")
    console.say(f"Agency       {it.url('agency')}")
    console.say(f"             {ALI[0]} (case handler), {SARA[0]} (administrator), {MAJA[0]} (creditor)")
    console.say(f"Password     {DEMO_PASSWORD}")
    console.tell(
        en=f"Letters on paper: {it.folder / 'printed'}. E-mail about accounts: {it.folder / 'mail'}.",
        sv=f"Brev på papper ligger i {it.folder / 'printed'}, e-post om konton i {it.folder / 'mail'}.",
    )
    console.tell(
        en="`make demo-day` lets a day pass. Ctrl-C stops everything.",
        sv="`make demo-day` låter en dag gå. Ctrl-C stänger allt.",
    )
