"""The processes of a site: its web server and its worker, and how each is started."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from typing import TYPE_CHECKING

import httpx

from punktlig.run.refusals import PortIsTaken, SiteDoesNotAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.run.databases import Site

DEFAULT_PORTS: dict[Site, int] = {"receivables": 8000, "agency": 8001}


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortIsTaken when something listens there: granian would share the port with it and never say so."""
    for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # What a site closed itself a minute ago waits in the system still, and is nobody who listens.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as problem:
                if problem.errno == errno.EADDRINUSE:
                    raise PortIsTaken(host, port) from problem
                if problem.errno != errno.EADDRNOTAVAIL:
                    raise


# Calls one by one share transactions, so that many at once cost less than a few; a page is worth no more than a thread
# for each processor. Each thread keeps a connection to the database.
_THREADS: dict[Site, int] = {"agency": 16, "receivables": 4}


def web_server(site: Site, *, host: str, port: int, workers: int = 1) -> list[str]:
    """Return the command of the site's web server."""
    return [
        sys.executable, "-m", "granian", f"punktlig.{site}.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(_THREADS[site]), "--backlog", "512", "--no-ws", "--workers-kill-timeout", "10",
        "--log-level", "warning",
    ]  # fmt: skip


def worker() -> list[str]:
    """Return the command of a site's worker; which site is told by the environment."""
    return [sys.executable, "-m", "punktlig.run.work_process"]


def environment_of(site: Site, **settings: str) -> dict[str, str]:
    """Return this process's environment with the site's settings module and what is given.

    Our processes may keep what Python has compiled, whatever ours may: each start would else compile it all anew.
    """
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**ours, "DJANGO_SETTINGS_MODULE": f"punktlig.{site}.settings", **settings}


def wait_until_answering(url: str, *, seconds: float, check: Callable[[], None]) -> None:
    """Return when the address answers; `check` raises when a process has ended meanwhile.

    Raises:
        SiteDoesNotAnswer: it did not within the time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        check()
        try:
            if httpx.get(url, timeout=5).status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SiteDoesNotAnswer(url, int(seconds))
