"""A small company runs both sites with one command: it survives what machines do, and stops when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from punktlig.run.own_machine import OwnMachine
from punktlig.run.postgres import connect
from tests.journeys.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import LiteralString

PASSWORD = "hyvelspån-i-solsken"  # noqa: S105 - of nobody
_SECONDS = 90
# Jobs that are done are deleted, so what moves on is the number that the next one gets.
_DONE: LiteralString = "SELECT last_value FROM procrastinate_jobs_id_seq"


class Machine:
    """The command as somebody runs it: its folder, its ports, and the process while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.it = OwnMachine(folder, {"receivables": free_port(), "agency": free_port()}, {})
        self.ports = [
            "--receivables-port", str(self.it.ports["receivables"]), "--agency-port", str(self.it.ports["agency"])
        ]  # fmt: skip
        self.said = folder.parent / f"{folder.name}.out"

    def punktlig(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from punktlig.run.command import main; main()", *map(str, arguments)],
            env=environment() | more, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run it until the context ends; it may have been killed by then."""
        with self.said.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-c", "from punktlig.run.command import main; main()", "run", "--data",
                 str(self.folder), *self.ports],
                env=environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip
        try:
            self.wait(lambda: "Agency  " in self.said.read_text() or process.poll() is not None, "it has started")
            assert process.poll() is None, self.said.read_text()
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def wait(self, is_so: Callable[[], object], what: str) -> None:
        until = time.monotonic() + _SECONDS
        while not is_so():
            assert time.monotonic() < until, f"not in time: {what}\n{self.said.read_text()}"
            time.sleep(0.1)

    def port(self, site: str) -> int:
        return self.it.ports["agency" if site == "agency" else "receivables"]

    def answers(self, site: str) -> bool:
        try:
            url = f"http://localhost:{self.port(site)}/accounts/login/"
            return httpx.get(url, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def rows(self, site: str, query: LiteralString) -> list[tuple[object, ...]]:
        with connect(self.it.postgres.sockets, database=site) as connection:
            return connection.execute(query).fetchall()


def environment() -> dict[str, str]:
    """Return ours without what makes a test or a site of us."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PUNKTLIG_", "DJANGO_"))}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a machine whose folder says who the agency is; the first start only asks for that."""
    machine = Machine(tmp_path_factory.mktemp("own") / "data")
    asked = machine.punktlig("run", "--data", machine.folder, *machine.ports)
    assert asked.returncode == 2
    assert "agency_is_not_described" in asked.stderr
    refused = machine.punktlig("run", "--data", machine.folder, *machine.ports)
    assert refused.returncode == 2
    assert "invented agency" in refused.stderr
    file = machine.it.agency_file
    file.write_text(
        file.read_text("utf-8").replace("559870-2149", "556012-5790").replace("Ekviken Ombud", "Norrsken Ombud"),
        "utf-8",
    )
    return machine


def descendants(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return its own children that live: the database, two web servers and two workers."""
    return [one for one in psutil.Process(process.pid).children() if one.status() != psutil.STATUS_ZOMBIE]


def test_one_command_runs_both_sites_for_real_and_keeps_them_running(machine: Machine) -> None:
    with machine.running() as process:
        machine.wait(lambda: machine.said.read_text().count("Nobody may log in yet") == 2, "it has said who is missing")
        assert "Letters on paper are put into" in machine.said.read_text()
        assert machine.rows("agency", "SHOW fsync") == [("on",)]
        assert machine.rows("agency", "SHOW synchronous_commit") == [("on",)]
        assert stat.S_IMODE(machine.it.secrets_file.stat().st_mode) == 0o600
        for site, *options in (
            (
                "receivables", "--role", "owner",
                "--company", "Lillsjöns Snickeri AB", "--organisation-number", "559833-4174",
            ),
            ("agency", "--role", "agency_admin"),
        ):  # fmt: skip
            added = machine.punktlig(
                "person", site, "--data", machine.folder, "--email", "maja@example.se", "--name", "Maja Lind",
                *options, PUNKTLIG_PASSWORD=PASSWORD,
            )  # fmt: skip
            assert added.returncode == 0, added.stderr
            assert_log_in(f"http://localhost:{machine.port(site)}")
        again = machine.punktlig("run", "--data", machine.folder, *machine.ports)
        assert (again.returncode, "runs_already" in again.stderr) == (2, True)

        # Each process that dies is started again, and so is the database.
        victims = children(process)
        assert len(victims) == 5
        for victim in victims:
            victim.kill()
        machine.wait(lambda: machine.said.read_text().count("is started again") >= 5, "all have been found dead")
        machine.wait(lambda: machine.answers("agency") and machine.answers("receivables"), "both answer again")
        machine.wait(lambda: len(children(process)) == 5, "all five run again")
        made = machine.rows("agency", _DONE)
        machine.wait(lambda: machine.rows("agency", _DONE) > made, "jobs are done again")
        started = descendants(process)
        process.terminate()
        assert process.wait(60) == 0
        assert [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def test_after_a_kill_the_next_start_goes_on_with_the_same_secrets_and_one_platform(machine: Machine) -> None:
    with machine.running() as process:
        before = machine.it.secrets_file.read_text()
        platforms = machine.rows("agency", "SELECT id FROM agency_platform")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with machine.running():
        assert machine.it.secrets_file.read_text() == before
        assert machine.rows("agency", "SELECT id FROM agency_platform") == platforms
        assert len(machine.rows("agency", "SELECT FROM agency_api_key")) == 1
        assert machine.rows("receivables", "SELECT email FROM tenancy_user") == [("maja@example.se",)]
        key = json.loads(before)["api_key"]
        events = httpx.get(
            f"http://localhost:{machine.it.ports['agency']}/api/v1/events", headers={"Authorization": f"Bearer {key}"}
        )
        assert events.status_code == 200


def test_a_backup_made_while_it_runs_becomes_a_machine_of_its_own(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar"
    with machine.running():
        done = machine.punktlig("backup", "--data", machine.folder, file)
        assert done.returncode == 0, done.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert machine.punktlig("backup", "--data", machine.folder, file).returncode == 2
    assert machine.punktlig("restore", "--data", machine.folder, file).returncode == 2
    other = Machine(tmp_path / "restored")
    done = other.punktlig("restore", "--data", other.folder, file)
    assert done.returncode == 0, done.stderr
    with other.running():
        assert_log_in(f"http://localhost:{other.it.ports['agency']}")
        assert "Nobody may log in yet" not in other.said.read_text()
        # The port is another one here, so the platform there is told the new address, and gets a new key.
        hooks = other.rows("agency", "SELECT webhook_url FROM agency_platform")
        assert hooks == [(f"http://127.0.0.1:{other.it.ports['receivables']}/hooks/agency",)]
        assert len(other.rows("agency", "SELECT FROM agency_api_key WHERE revoked_at IS NULL")) == 1
        forced = "SELECT count(*) FROM pg_class WHERE relforcerowsecurity"
        assert other.rows("agency", forced) != [(0,)]
        owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        assert other.rows("agency", owners) == [("agency_owner",)]
        assert "before-" not in " ".join(path.name for path in (other.folder / "backups").iterdir())


def assert_log_in(url: str) -> None:
    with httpx.Client(base_url=url, follow_redirects=True) as client:
        page = client.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "login": "maja@example.se", "password": PASSWORD}
        page = client.post("/accounts/login/", data=form, headers={"Referer": f"{url}/accounts/login/"})
        assert page.status_code == 200
        assert "/accounts/login/" not in str(page.url)
