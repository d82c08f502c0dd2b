"""A door between the two sites: it passes requests on as they are, writes them down, and misbehaves when asked to.

Both ways between the sites lead through one: the API calls of the receivables site, and the webhooks of the agency.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Headers that are about one connection and not about the message.
_OF_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
_SECONDS = 60


@dataclass(frozen=True)
class Passed:
    """A request that came to the door; `status` is what was answered, 0 for none."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass
class Fault:
    """What the next request on a path meets, once.

    `passes` says whether the other side gets the request before the answer is spoilt. `status` is answered instead of
    the real answer; without one the connection is cut. A fault that `holds` waits, before it answers, until `release`.
    """

    path: str
    passes: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    met: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)


class Door:
    """Listens on a port of its own and passes on to another."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self.to = port, to
        self.passed: list[Passed] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; who is held gets no answer."""
        self.forget_faults()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def meets(self, fault: Fault) -> Fault:
        """Let the next request on the fault's path meet it."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def forget_faults(self) -> None:
        """Take away faults that nothing has met, and let go of what is held."""
        with self._lock:
            for fault in self._faults:
                fault.release.set()
            self._faults.clear()

    def fault_for(self, path: str) -> Fault | None:
        """Return the fault that this request meets, and forget it."""
        with self._lock:
            for fault in self._faults:
                if path.startswith(fault.path):
                    self._faults.remove(fault)
                    return fault
        return None

    def seen(self, path: str) -> list[Passed]:
        """Return the requests that came on this path, in their order."""
        return [one for one in list(self.passed) if one.path.startswith(path)]


def _handler_of(door: Door) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _SECONDS

        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            fault = door.fault_for(self.path)
            try:
                answer = (
                    _ask(door.to, self.command, self.path, dict(self.headers.items()), body)
                    if (fault is None or fault.passes)
                    else None
                )
            except OSError:
                answer = None  # nobody is at home: the connection is refused or breaks, and so does this one
            if fault is not None:
                fault.met.set()
                if fault.holds:
                    fault.release.wait(_SECONDS)
                answer = (fault.status, list(fault.headers.items()), b"") if fault.status else None
            door.passed.append(
                Passed(self.command, self.path, dict(self.headers.items()), body, answer[0] if answer else 0)
            )
            if answer is None:
                self._cut()
                return
            status, headers, content = answer
            with suppress(OSError):  # who asked may have been killed meanwhile
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in _OF_A_CONNECTION:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_any  # noqa: N815 - the names are http.server's

        def _cut(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: Any) -> None:
            """Say nothing; what passed is in `passed`."""

    return Handler


def _ask(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        passed_on = {name: value for name, value in headers.items() if name.lower() != "connection"}
        connection.request(method, path, body=body or None, headers=passed_on | {"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
