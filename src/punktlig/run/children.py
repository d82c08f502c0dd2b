"""Child processes that live and die together: when one ends, all are ended; when the parent is killed, so are they."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PATIENCE_SECONDS = 15


class ChildEnded(Exception):
    """A child ended by itself; `name` says which, `status` how, `log` where it wrote."""

    def __init__(self, name: str, status: int, log: Path) -> None:
        self.name, self.status, self.log = name, status, log
        super().__init__(f"{name} ended by itself with status {status}; it wrote to {log}")


@dataclass
class Children:
    """The processes that were started, in order. Each writes to a file of its own in `logs`.

    Start them from a thread that lives as long as they do: on Linux they are told to end with that thread.
    """

    logs: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Be ready to start anew after a stop."""
        self._stopping.clear()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches only the parent, who ends it in order."""
        setpriv = shutil.which("setpriv")
        prefix = [setpriv, "--pdeathsig=TERM"] if setpriv else []
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - the commands are our own
                [*prefix, *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise ChildEnded when one of them has ended."""
        for name, process in self._running.items():
            status = process.poll()
            if status is not None and not self._stopping.is_set():
                raise ChildEnded(name, status, self.logs / f"{name}.log")

    def wait(self, stop: threading.Event) -> None:
        """Wait until told to stop.

        Raises:
            ChildEnded: a child ended first.
        """
        while not stop.wait(0.5):
            self.check()

    def stop(self) -> None:
        """End them all: politely first, the whole process group by force after fifteen seconds."""
        self._stopping.set()
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()


def stop_on_signals() -> threading.Event:
    """Return an event that Ctrl-C or a termination signal sets."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
