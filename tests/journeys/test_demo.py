"""The demo as a newcomer starts it: what is in it, that a day passes in it, and that nothing is left when it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import psutil
from stdnum import luhn

from punktlig.run.postgres import Postgres, connect
from tests.journeys.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import LiteralString

_SECONDS = 240
_PAID_BEFORE_THE_LETTER: LiteralString = """
SELECT number FROM agency_claim AS claim WHERE status = 'paid'
AND NOT EXISTS (SELECT FROM agency_letter AS letter WHERE letter.claim_id = claim.id)
"""
_TEST_BIRTH_NUMBERS = {"238", "239"}  # Skatteverket keeps them for tests.


@dataclass
class TheDemo:
    """A demo in a folder of its own, and what it says."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {"receivables": free_port(), "agency": free_port()})

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-c", "from punktlig.run.command import main; main()", name, "--data", str(self.folder)]

    @contextmanager
    def running(self) -> Iterator[psutil.Process]:
        """Start it, and stop it as Ctrl-C does."""
        said = self.folder.parent / "said"
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PUNKTLIG_", "DJANGO"))
        }
        ports = [word for site, port in self.ports.items() for word in (f"--{site}-port", str(port))]
        with said.open("wb") as file:
            started = subprocess.Popen(
                [*self.command("demo"), *ports], env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        try:
            wait(lambda: "Ctrl-C" in said.read_text() or started.poll() is not None, "the demo has started")
            assert started.poll() is None, said.read_text()
            for site, port in self.ports.items():
                assert f"{site.capitalize():<11}  http://localhost:{port}" in said.read_text()
            assert "Password     snickeri-i-lillsjon" in said.read_text()
            family = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
            yield family[0]
            started.send_signal(signal.SIGINT)
            assert started.wait(60) == 0
            left = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
            assert left == []
            assert not Postgres(self.folder / "database").sockets.exists()
        finally:
            started.kill()
            started.wait()

    def rows(self, site: str, query: LiteralString) -> list[tuple[str, ...]]:
        with connect(Postgres(self.folder / "database").sockets, database=site) as connection:
            return connection.execute(query).fetchall()

    def states(self) -> Counter[str]:
        """Count the invoices that have been sent, by where they stand."""
        return Counter(
            state for (state,) in self.rows("receivables", "SELECT agency_state FROM receivables_invoice") if state
        )


def wait(is_so: Callable[[], object], what: str) -> None:
    until = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < until, f"not in time: {what}"
        time.sleep(0.1)


def test_the_demo_is_a_believable_company_that_one_can_watch_live(tmp_path: Path) -> None:
    demo = TheDemo(tmp_path / "demo")
    with demo.running():
        _look_at_its_customers(demo)
        _look_at_its_invoices(demo)
        before = demo.states()
        assert before.keys() == {"reminder_planned", "reminder_sent", "paid", "closed", "needs_action"}
        # Some were paid before their letter, which then never left.
        assert demo.rows("agency", _PAID_BEFORE_THE_LETTER) != []
        for site, port in demo.ports.items():
            assert httpx.get(f"http://localhost:{port}/accounts/login/").status_code == httpx.codes.OK, site
        # On the next bank day, at most after Christmas or Easter, what was planned has left.
        done = subprocess.run([*demo.command("demo-day"), "--days", "5"], capture_output=True, text=True, check=True)
        assert "5 days ahead" in done.stderr
        wait(lambda: not demo.states()["reminder_planned"], "the letters have left and the invoices say so")
        after = demo.states()
        assert after["reminder_sent"] >= before["reminder_planned"]

    with demo.running():
        assert demo.states() == after
    assert subprocess.run(demo.command("demo-reset"), capture_output=True, check=False).returncode == 0
    assert list(demo.folder.iterdir()) == []


def _look_at_its_customers(demo: TheDemo) -> None:
    customers = demo.rows(
        "receivables", "SELECT identity_number, country, street, email, language FROM receivables_customer"
    )
    assert len(customers) == 400
    numbers = [number.replace("-", "") for number, *_ in customers if number]
    people = [number for number in numbers if len(number) == 12]
    assert len(people) > 100
    assert {number[8:11] for number in people} == _TEST_BIRTH_NUMBERS
    assert [number for number in numbers if not luhn.is_valid(number[-10:])] == []
    assert {country for _, country, *_ in customers} > {"SE", "NO"}
    assert {language for *_, language in customers} == {"sv", "en"}
    assert {email.rpartition(".")[2] for *_, email, _ in customers if email} == {"example"}
    assert any(street == "" for _, _, street, *_ in customers)


def _look_at_its_invoices(demo: TheDemo) -> None:
    invoices = demo.rows(
        "receivables",
        "SELECT deduction, payment_reference, CASE WHEN remaining_ore <= 0 THEN 'paid' WHEN due_date >= current_date "
        "THEN 'not due' WHEN due_date > current_date - 30 THEN 'new' ELSE 'old' END, credited_ore > 0 "
        "FROM receivables_invoice",
    )
    assert len(invoices) == 2000
    assert {deduction for deduction, *_ in invoices} == {"", "rot", "rut", "green"}
    assert [reference for _, reference, *_ in invoices if not luhn.is_valid(reference)] == []
    assert {age for *_, age, _ in invoices} == {"paid", "not due", "new", "old"}
    assert any(credited for *_, credited in invoices)
