"""Both sites as they really run: PostgreSQL, web servers, workers, and a door on each way between them.

The journeys look at it from outside: pages and API over HTTP, the databases with psycopg as somebody who sees all.
"""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier

from punktlig.clock import CLOCK_FILE, STOCKHOLM, set_days
from punktlig.run import databases
from punktlig.run.postgres import Postgres, connect
from punktlig.run.site_processes import environment_of, wait_until_answering, web_server, worker
from tests.journeys.door import Door
from tests.journeys.processes import Processes, Seeding, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import LiteralString

    import psycopg

    from punktlig.run.databases import Site

# A Wednesday, with a bank day after it. Every journey begins on it.
FIRST_DAY = date(2026, 11, 25)

PASSWORD = "hyvelspån-i-solsken"  # noqa: S105 - of people who do not exist


@dataclass(frozen=True)
class Person:
    """Somebody who logs in to one of the sites or both."""

    email: str
    name: str


OWNER = Person("maja@lillsjons.example", "Maja Lind")
SALES = Person("jonas@lillsjons.example", "Jonas Ek")
READER = Person("siv@lillsjons.example", "Siv Norberg")
HANDLER = Person("ali@ekviken.example", "Ali Berg")
ADMIN = Person("sara@ekviken.example", "Sara Lund")

_READY_SECONDS = 60
_SOON_SECONDS = 30
# How often somebody who waits wakes the workers, which else look by themselves every few seconds.
_NUDGE_SECONDS = 0.4

# A job that a killed worker has left is at work for ever, so to speak.
_AT_WORK_SECONDS = 1
_AT_WORK: LiteralString = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"

# What is still on its way, and the task that takes it further. Of `agency` nothing waits for a person or a day here.
_ON_ITS_WAY: dict[Site, tuple[tuple[str, LiteralString], ...]] = {
    "receivables": (
        ("send_handovers", "SELECT count(*) FROM receivables_handover WHERE state = 'queued'"),
        ("send_activations", "SELECT count(*) FROM receivables_activation WHERE state = 'activating'"),
        ("send_commands", "SELECT count(*) FROM receivables_command WHERE state = 'requested'"),
        ("read_imports", "SELECT count(*) FROM receivables_import_run WHERE finished_at IS NULL"),
        ("apply_events_set_aside", "SELECT count(*) FROM receivables_event_set_aside"),
        (
            "continue_sending_runs",
            "SELECT count(*) FROM receivables_sending_run WHERE state = 'sending'",
        ),
    ),
    "agency": (
        ("deliver_letters", "SELECT count(*) FROM agency_delivery WHERE state = 'queued'"),
        ("deliver_letters", "SELECT count(*) FROM agency_print_batch WHERE handed_over_at IS NULL"),
        ("publish_feed", "SELECT count(*) FROM agency_feed_entry WHERE position IS NULL"),
        ("send_webhooks", "SELECT count(*) FROM agency_webhook_delivery WHERE next_try_at IS NOT NULL"),
    ),
}


class BothSites:
    """The whole system on this machine. `start()` once, `stop()` once; in between its parts may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.printed = folder / "printed"
        self.ports: dict[Site, int] = {site: free_port() for site in databases.SITES}
        self.postgres = Postgres(folder / "database", durable=False)
        self.processes = Processes(folder / "logs")
        self.api_door = Door(free_port(), to=self.ports["agency"])
        self.hook_door = Door(free_port(), to=self.ports["receivables"])
        self.seeding: dict[Site, Seeding] = {}
        self._latest = FIRST_DAY
        self._secrets = {"api_key": "", "webhook_secret": ""}
        self._connections: dict[Site, psycopg.Connection] = {}

    def start(self) -> None:
        """Make the databases and start everything; return when both sites answer."""
        self.printed.mkdir()
        self.at(FIRST_DAY)
        self.postgres.start()
        databases.prepare(self.postgres.sockets)
        with connect(self.postgres.sockets) as server:
            for site in databases.SITES:
                # The server is careless, for speed; but what has been committed must outlive its `kill -9`.
                server.execute(f"ALTER ROLE {site}_app SET synchronous_commit = on")
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda site: databases.migrate(site, self.environment(site)), databases.SITES))
        agency = self.seeding["agency"] = self._seeding("agency")
        self._secrets = agency.do("platform", webhook_url=f"http://localhost:{self.hook_door.port}/hooks/agency")
        agency.do("people", handler=[HANDLER.email, HANDLER.name], admin=[ADMIN.email, ADMIN.name], password=PASSWORD)
        self.seeding["receivables"] = self._seeding("receivables")
        for site in databases.SITES:
            self.start_web(site)
            self.start_work(site)
        for site in databases.SITES:
            self.wait_for_web(site)

    def stop(self) -> None:
        """End everything that was started."""
        for connection in self._connections.values():
            connection.close()
        for seeding in self.seeding.values():
            seeding.close()
        self.api_door.close()
        self.hook_door.close()
        self.processes.stop_all()
        self.postgres.stop()

    def environment(self, site: Site) -> dict[str, str]:
        """Return the environment of a process of the site."""
        return environment_of(
            site,
            PUNKTLIG_DEMO="1",
            PUNKTLIG_SOCKETS=str(self.postgres.sockets),
            PUNKTLIG_RECEIVABLES_URL=self.url("receivables"),
            PUNKTLIG_RECEIVABLES_AGENCY_URL=f"http://localhost:{self.api_door.port}",
            PUNKTLIG_RECEIVABLES_AGENCY_API_KEY=self._secrets["api_key"],
            PUNKTLIG_RECEIVABLES_AGENCY_WEBHOOK_SECRET=self._secrets["webhook_secret"],
            PUNKTLIG_AGENCY_URL=self.url("agency"),
            PUNKTLIG_AGENCY_PRINT_FOLDER=str(self.printed),
            # Many processes start the same program: where the machine forbids to keep what Python has compiled, each
            # would compile it anew, for seconds.
            PYTHONDONTWRITEBYTECODE="",
            **{CLOCK_FILE: str(self.clock)},
        )

    def url(self, site: Site, path: str = "") -> str:
        """Return an address of the site."""
        return f"http://localhost:{self.ports[site]}{path}"

    def _seeding(self, site: Site) -> Seeding:
        return Seeding(site, self.environment(site), self.folder / "logs" / f"{site}-seeding.log")

    # ---- Its processes

    def start_web(self, site: Site) -> None:
        """Start the site's web server."""
        command = web_server(site, host="127.0.0.1", port=self.ports[site])
        self.processes.start(f"{site}-web", command, self.environment(site))

    def wait_for_web(self, site: Site) -> None:
        """Return when the site answers."""
        wait_until_answering(self.url(site, "/accounts/login/"), seconds=_READY_SECONDS, check=lambda: None)

    def start_work(self, site: Site) -> None:
        """Start the site's worker."""
        self.processes.start(f"{site}-work", worker(), self.environment(site))

    def start_what_has_ended(self) -> None:
        """Start every process that does not run, as a supervisor does, and return when both sites answer."""
        for site in databases.SITES:
            if not self.processes.is_running(f"{site}-web"):
                self.start_web(site)
            if not self.processes.is_running(f"{site}-work"):
                self.start_work(site)
        for site in databases.SITES:
            self.wait_for_web(site)

    # ---- Its clock

    def begin(self) -> None:
        """Let it be the first day, with nothing under way.

        A round of a later day may have begun just before. What it has left for its own day is done on that day.
        """
        latest = self._latest
        self.at(FIRST_DAY)
        self.start_what_has_ended()
        until = time.monotonic() + _AT_WORK_SECONDS
        while self.value("agency", _AT_WORK) and time.monotonic() < until:
            time.sleep(0.05)
        while self.on_its_way():
            self.at(latest)
            self.wait_until_quiet()
            self.at(FIRST_DAY)
        self._latest = FIRST_DAY

    def at(self, day: date) -> None:
        """Let it be this day, in both sites at once."""
        self._latest = max(self._latest, day)
        set_days(self.clock, (day - datetime.now(UTC).astimezone(STOCKHOLM).date()).days)

    @property
    def today(self) -> date:
        """The day it is there."""
        return datetime.now(UTC).astimezone(STOCKHOLM).date() + timedelta(days=int(self.clock.read_text()))

    # ---- Looking and waiting

    def rows(self, site: Site, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Return rows of the site's database, seen across all tenants."""
        connection = self._connections.get(site)
        if connection is None:
            connection = self._connections[site] = connect(self.postgres.sockets, database=site)
        return connection.execute(query, values).fetchall()

    @contextmanager
    def nobody_writes(self, site: Site, table: str) -> Iterator[None]:
        """Let everybody who writes in the table wait, until the context ends: a moment that can be struck in."""
        with connect(self.postgres.sockets, database=site) as connection, connection.transaction(force_rollback=True):
            connection.execute(SQL("LOCK TABLE {} IN SHARE MODE").format(Identifier(table)))
            yield

    def wait_for_a_writer(self, site: Site, table: str) -> None:
        """Return when somebody waits to write in the table, in the middle of a transaction."""
        waiting: LiteralString = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        self.wait_until(lambda: self.value(site, waiting, table), f"somebody writes in {table}")

    def kill_postgres(self) -> None:
        """Kill the database server of both sites as `kill -9` does, and start it again."""
        os.kill(self.postgres.pid, signal.SIGKILL)
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()
        self.wait_until(lambda: not self.postgres.is_running, "PostgreSQL is dead")
        self.postgres.start()

    def value(self, site: Site, query: LiteralString, *values: object) -> Any:
        """Return the only value that the query has."""
        ((found,),) = self.rows(site, query, *values)
        return found

    def nudge(self, site: Site, task: str) -> int:
        """Wake the site's worker for a task that it else does by itself every few seconds, or every minute."""
        return int(self.seeding[site].do("nudge", task=task))

    def wait_until(self, is_so: Callable[[], object], what: str, *, seconds: float = _SOON_SECONDS) -> None:
        """Return when it is so; fail with what was waited for."""
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} seconds: {what}\n{self.last_words()}")
            time.sleep(0.05)

    def wait_until_quiet(self, *, seconds: float = _SOON_SECONDS) -> None:
        """Return when nothing is on its way between the sites or out of them; wake who is slow."""
        until, nudged = time.monotonic() + seconds, 0.0
        while waiting := self.on_its_way():
            if time.monotonic() > until:
                raise AssertionError(f"still on its way after {seconds} seconds: {waiting}\n{self.last_words()}")
            if time.monotonic() > nudged + _NUDGE_SECONDS:
                nudged = time.monotonic()
                for site, task in waiting:
                    self.nudge(site, task)
            time.sleep(0.05)

    def on_its_way(self) -> set[tuple[Site, str]]:
        """Return the tasks that have something to do, `read_feed` when an event has not been heard of."""
        waiting: set[tuple[Site, str]] = {
            (site, task) for site, asked in _ON_ITS_WAY.items() for task, query in asked if self.value(site, query)
        }
        told = self.value("agency", "SELECT count(*) FROM agency_claim_event")
        heard = self.value("receivables", "SELECT count(sequence) FROM receivables_history_line")
        return waiting | ({("receivables", "read_feed")} if told != heard else set())

    def round(self, day: date | None = None) -> None:
        """Let the agency's worker do its daily round, on this day or today, and return when all is quiet."""
        if day is not None:
            self.at(day)
        self.do("agency", "daily_round")
        self.wait_until_quiet()

    def do(self, site: Site, task: str) -> None:
        """Let the site's worker do a task now, and return when it has."""
        job = self.nudge(site, task)

        def has_ended() -> bool:
            states = self.rows(site, "SELECT status::text FROM procrastinate_jobs WHERE id = %s", job)
            assert states != [("failed",)], f"{task} failed\n{self.last_words()}"
            return not states  # the worker deletes what has succeeded

        self.wait_until(has_ended, f"{task} has been done")

    def last_words(self) -> str:
        """Return the end of what each process has written, for a failure's report."""
        names = [f"{site}-{part}" for site in databases.SITES for part in ("web", "work")]
        return "\n".join(f"--- {name}: {self.processes.said(name)[-1500:]}" for name in names)
