"""Both sites as real processes on a PostgreSQL of their own that is as durable as in production; gone afterwards.

The clock of both stands on a day that the reference rates are known for, so that a run of next year measures the same.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import psutil

from punktlig import clock
from punktlig.clock import CLOCK_FILE
from punktlig.run import databases
from punktlig.run.children import Children
from punktlig.run.postgres import Postgres, connect
from punktlig.run.site_processes import environment_of, wait_until_answering, web_server

if TYPE_CHECKING:
    from datetime import date

    import psycopg

    from punktlig.run.databases import Site

_ADDRESS = "127.0.0.1"
_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call returned, and what it took in the process that did it: seconds, and those of the processor."""

    returned: Any
    seconds: float
    processor_seconds: float


class SiteProcess:
    """A process of a site in which functions of `bench.on_receivables` or `bench.on_agency` are called."""

    def __init__(self, site: Site, environment: dict[str, str]) -> None:
        self.site = site
        self._environment = environment

    def __enter__(self) -> Self:
        """Start it; it is ready at the first answer."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.site_process", self.site],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def call(self, name: str, *arguments: object) -> Answer:
        """Have the function called and wait for it; what it writes to its standard error goes to ours.

        Raises:
            RuntimeError: the process has ended instead.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps([name, *arguments]) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"{name} failed at the {self.site} site; what it said stands above")
        return Answer(**json.loads(line))


class Sites:
    """A PostgreSQL server with both databases, the agency's web server, and a process of each site."""

    def __init__(self, *, day: date, **environment: str) -> None:
        self._day = day
        self._more = environment
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        """Start everything; whatever fails, what was started is ended."""
        with ExitStack() as opened:
            self._folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="punktlig-bench-")))
            self._server = opened.enter_context(Postgres(self._folder / "database"))
            self.sockets = self._server.sockets
            databases.prepare(self.sockets)
            self.agency_url = f"http://localhost:{_free_port()}"
            self.set_day(self._day)
            with ThreadPoolExecutor(2) as both:
                list(both.map(self._migrate, databases.SITES))
            self.agency = opened.enter_context(SiteProcess("agency", self.environment("agency")))
            self.api_key = str(self.agency.call("make_platform_key").returned)
            self.receivables = opened.enter_context(SiteProcess("receivables", self.environment("receivables")))
            # More of each, for what the sites do side by side.
            self.second_agency = opened.enter_context(SiteProcess("agency", self.environment("agency")))
            self.receivables_workers = [
                opened.enter_context(SiteProcess("receivables", self.environment("receivables"))) for _ in range(2)
            ]
            self._children = Children(self._folder / "logs")
            opened.callback(self._children.stop)
            self._start_web()
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything and remove the folder."""
        self._opened.close()

    def set_day(self, day: date) -> None:
        """Move the clock of all processes to the day."""
        self.day = day
        clock.set_days(self._folder / "clock", (day - clock.today()).days)

    def environment(self, site: Site) -> dict[str, str]:
        """Return the environment of a process of the site."""
        return environment_of(
            site,
            PUNKTLIG_TESTS="1",
            PUNKTLIG_SOCKETS=str(self.sockets),
            PUNKTLIG_AGENCY_URL=self.agency_url,
            PUNKTLIG_RECEIVABLES_AGENCY_URL=self.agency_url,
            PUNKTLIG_RECEIVABLES_AGENCY_API_KEY=getattr(self, "api_key", ""),
            **{CLOCK_FILE: str(self._folder / "clock")},
            **self._more,
        )

    def new_company(self, name: str) -> UUID:
        """Return a company of the receivables site that has switched reminder handling on, with no invoices yet."""
        return UUID(self.receivables.call("make_company", name).returned)

    def connect(self, site: Site) -> psycopg.Connection:
        """Return a connection as the superuser, whom row-level security does not bind: to fill and to look."""
        return connect(self.sockets, database=site)

    def processor_seconds(self) -> float:
        """Return what all of them have used of the processor so far, ended sessions of PostgreSQL included."""
        workers = (self.agency, self.second_agency, self.receivables, *self.receivables_workers)
        return sum(map(tree_seconds, (*(worker.pid for worker in workers), self._web_pid, self._server.pid)))

    def serving_seconds(self) -> float:
        """Return what the agency's web server and the database have used of the processor so far."""
        return tree_seconds(self._web_pid) + tree_seconds(self._server.pid)

    def _migrate(self, site: Site) -> None:
        databases.migrate(site, self.environment(site))

    def _start_web(self) -> None:
        port = int(self.agency_url.rpartition(":")[2])
        self._children.start("agency-web", web_server("agency", host=_ADDRESS, port=port), self.environment("agency"))
        wait_until_answering(f"{self.agency_url}/accounts/login/", seconds=_READY_SECONDS, check=self._children.check)
        (self._web_pid,) = (
            process.pid for process in psutil.Process().children() if "granian" in " ".join(process.cmdline())
        )


def tree_seconds(pid: int) -> float:
    """Return the processor time of a process and of all below it, also of those that have ended."""
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended in this moment, and now counts with its parent
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port
