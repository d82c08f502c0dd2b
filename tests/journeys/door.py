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
from typing import Any

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


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Fault:
    """What the next request on a path meets, once, or every one while it `lasts`.

    `passes` says whether the other side gets the request before the answer is spoilt. `status` is answered instead of
    the real answer; without one the connection is cut. A fault that `holds` waits, before it answers, until `release`.
    """

    path: str
    passes: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    lasts: bool = False
    met: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)


class Door:
    """Listens on a port of its own and passes on to another."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self.to = port, to
        self.passed: list[Passed] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; who is held gets no answer."""
        self.forget_faults()
        self._server.shutdown()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()  # and waits for those who were talking
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
        """Return the fault that this request meets, and forget it unless it lasts."""
        with self._lock:
            for fault in self._faults:
                if path.startswith(fault.path):
                    if not fault.lasts:
                        self._faults.remove(fault)
                    return fault
        return None

    def comes(self, connection: socket.socket) -> None:
        """Keep who is at the door."""
        with self._lock:
            self._connections.add(connection)

    def goes(self, connection: socket.socket) -> None:
        """Forget who was at the door."""
        with self._lock:
            self._connections.discard(connection)

    def seen(self, path: str) -> list[Passed]:
        """Return the requests that came on this path, in their order."""
        return [one for one in list(self.passed) if one.path.startswith(path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, door: Door) -> None:
        self.door = door
        super().__init__(("127.0.0.1", door.port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS
    server: _Server

    @property
    def door(self) -> Door:
        return self.server.door

    def setup(self) -> None:
        super().setup()
        self.door.comes(self.connection)

    def finish(self) -> None:
        self.door.goes(self.connection)
        super().finish()

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = dict(self.headers.items())
        fault = self.door.fault_for(self.path)
        answer = None
        if fault is None or fault.passes:
            # When nobody is at home the connection is refused or breaks, and so does this one.
            with suppress(OSError):
                answer = _ask(self.door.to, self.command, self.path, headers, body)
        if fault is not None:
            answer = _spoilt(fault)
        self.door.passed.append(Passed(self.command, self.path, headers, body, answer.status if answer else 0))
        if answer is None:
            self._cut()
        else:
            self._give(answer)

    do_GET = do_POST = do_PUT = do_any  # noqa: N815 - the names are http.server's

    def _give(self, answer: _Answer) -> None:
        with suppress(OSError):  # who asked may have been killed meanwhile
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() not in _OF_A_CONNECTION:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """Say nothing; what passed is in `passed`."""


def _spoilt(fault: Fault) -> _Answer | None:
    """Return the answer in the place of the real one, when it is time for it; None is a connection that is cut."""
    fault.met.set()
    if fault.holds:
        fault.release.wait(_SECONDS)
    return _Answer(fault.status, list(fault.headers.items()), b"") if fault.status else None


def _ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> _Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        passed_on = {name: value for name, value in headers.items() if name.lower() != "connection"}
        connection.request(method, path, body=body or None, headers=passed_on | {"Connection": "close"})
        with connection.getresponse() as answer:
            return _Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()
