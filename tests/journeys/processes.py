"""The processes of a system under test: started, ended, and killed one by one, always by their own id."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PATIENCE_SECONDS = 20


class Processes:
    """Named processes, each in a session of its own; what they say goes to a file of their own in `logs`."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one. It ends when we do, however that happens."""
        assert not self.is_running(name), f"{name} runs already"
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [*_ends_with_us(), *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_running(self, name: str) -> bool:
        """Say whether it has been started and lives."""
        return name in self._running and self._running[name].poll() is None

    def said(self, name: str) -> str:
        """Return what it has written."""
        return (self.logs / f"{name}.log").read_text("utf-8", errors="replace")

    def kill(self, name: str) -> None:
        """Kill it and its own children as `kill -9` does: no time to tidy anything up."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name: str) -> None:
        """Ask it to end, and insist when it does not."""
        process = self._running.pop(name)
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End them all, side by side."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        for name in list(self._running):
            self.stop(name)


class Seeding:
    """A process of a site that makes what a journey starts from; see `tests.journeys.seeding`."""

    def __init__(self, site: str, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*_ends_with_us(), sys.executable, "-m", "tests.journeys.seeding", site],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def do(self, verb: str, **arguments: Any) -> Any:
        """Let the site's process do it, and return what it told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([verb, arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"problem": "the seeding process has ended"}')
        if "problem" in answer:
            raise SeedingFailed(f"{verb}: {answer['problem']}")
        return answer["told"]

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate(timeout=_PATIENCE_SECONDS)


class SeedingFailed(Exception):
    """The site could not make what the journey starts from; the text is its traceback."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on just now, and never the demo's."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in (8000, 8001):
            return port


def _ends_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig=TERM"] if setpriv else []
