"""The demo's past: weeks of invoices sent, reminders issued and payments booked, by way of the sites' own doors."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from punktlig.clock import set_days
from punktlig.run.site_processes import wait_until_answering, web_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from punktlig.run.children import Children
    from punktlig.run.databases import Site
    from punktlig.run.demo import Demo


@dataclass(frozen=True, slots=True)
class _Sending:
    """So many days ago, so many invoices were sent; some of their customers paid at once, or after the letter."""

    ago: int
    count: int
    paid_before_letter: int = 0
    paid_after_letter: int = 0
    closed_as_paid: int = 0
    withdrawn: int = 0
    returned: int = 0
    by_email: bool = False


_SENT = (
    _Sending(47, 9, paid_before_letter=1, paid_after_letter=4, closed_as_paid=3, withdrawn=1),
    _Sending(33, 8, paid_after_letter=4, closed_as_paid=2),
    _Sending(19, 7, paid_before_letter=1, paid_after_letter=1, returned=1),
    _Sending(8, 6, paid_before_letter=1, by_email=True),
    _Sending(2, 5),
    # Received, and reminded of on the next bank day.
    _Sending(0, 4),
)
_READY_SECONDS = 60


class Filler:
    """A process of a site that does one thing after another."""

    def __init__(self, site: Site, environment: dict[str, str]) -> None:
        self.site = site
        self._environment = environment

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "punktlig.run.demo_data", self.site],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, *words: str) -> None:
        """Have one thing done, and return when it is.

        Raises:
            RuntimeError: it could not be done; the text is what the process said.
        """
        assert self._process.stdin is not None  # noqa: S101 - opened with pipes
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps(words) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if answer != "done\n":
            _, said = self._process.communicate()
            raise RuntimeError(f"{self.site} {' '.join(words)}:\n{said}")


def fill(it: Demo, sockets: Path, children: Children, address: str) -> None:
    """Make the invented company and its past."""
    set_days(it.clock, 0)
    it.secrets.unlink(missing_ok=True)
    with ExitStack() as opened:
        agency = opened.enter_context(Filler("agency", it.environment("agency", sockets)))
        agency.do("platform", f"{it.url('receivables')}/hooks/agency", str(it.secrets))
        server = web_server("agency", host=address, port=it.ports["agency"])
        children.start("agency-web", server, it.environment("agency", sockets))
        receivables = opened.enter_context(Filler("receivables", it.environment("receivables", sockets)))
        with ThreadPoolExecutor(1) as beside:
            company = beside.submit(receivables.do, "company")
            wait_until_answering(f"{it.url('agency')}/accounts/login/", seconds=_READY_SECONDS, check=children.check)
            company.result()
        _pass_time(receivables.do, agency.do, it.clock)
    children.stop()


def _pass_time(receivables: Callable[..., None], agency: Callable[..., None], clock: Path) -> None:
    set_days(clock, -_SENT[0].ago - 1)
    receivables("activate")
    agency("people")
    for sending, until in zip(_SENT, (*(later.ago for later in _SENT[1:]), 0), strict=True):
        set_days(clock, -sending.ago)
        if sending.by_email:
            agency("email")
        receivables("send", str(sending.count))
        receivables("pay", "reminder_planned", str(sending.paid_before_letter))
        agency("days", *(str(-day) for day in range(sending.ago - 1, until, -1)))
        receivables("hear")
        receivables("pay", "reminder_sent", str(sending.paid_after_letter))
        agency("close", str(sending.closed_as_paid), str(sending.withdrawn))
        agency("return", str(sending.returned))
        receivables("hear")
    set_days(clock, 0)
    receivables("hear")
