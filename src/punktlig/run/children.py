"""Child processes that end with their parent, and that are started again when they end by themselves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from punktlig.run.refusals import ChildEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_PATIENCE_SECONDS = 15
_LOG_BYTES = 10_000_000
# A child that ends sooner than this after its start has probably not ended by chance.
_SOON_SECONDS = 10


@dataclass
class Children:
    """The processes that were started, in order. Each writes to a file of its own in `logs`.

    Start them from a thread that lives as long as they do: on Linux they are told to end with that thread.
    """

    logs: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _told: dict[str, tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)
    _delay: dict[str, float] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)

    def begin(self) -> None:
        """Be ready to start anew after a stop."""
        self._stopping.clear()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches only the parent, who ends it in order.

        A long log is put aside, over the one put aside before.
        """
        setpriv = shutil.which("setpriv")
        prefix = [setpriv, "--pdeathsig=TERM"] if setpriv else []
        self._told[name], self._started[name] = (command, environment), time.monotonic()
        self.logs.mkdir(parents=True, exist_ok=True)
        log_file = self.logs / f"{name}.log"
        if log_file.exists() and log_file.stat().st_size > _LOG_BYTES:
            log_file.replace(log_file.with_suffix(".log.1"))
        with log_file.open("ab") as log:
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
                raise ChildEnded(name, status, str(self.logs / f"{name}.log"))

    def keep(
        self, stop: threading.Event, *, beside: Callable[[], None] = lambda: None, tell: Callable[[str], None]
    ) -> None:
        """Start each that ends by itself again, until told to stop; `beside` is done every half second too.

        One that ends soon after its start is given more time each time, up to a minute.
        """
        while not stop.wait(0.5):
            beside()
            for name, process in list(self._running.items()):
                status = process.poll()
                if status is None:
                    continue
                due = self._due.get(name)
                if due is None:
                    lived = time.monotonic() - self._started[name]
                    self._delay[name] = min(2 * self._delay.get(name, 0.5), 60) if lived < _SOON_SECONDS else 1
                    self._due[name] = time.monotonic() + self._delay[name]
                    tell(f"{name} ended by itself with status {status} and is started again; see {self.logs}")
                elif time.monotonic() >= due:
                    del self._due[name]
                    self.start(name, *self._told[name])

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
