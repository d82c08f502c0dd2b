"""A mail server that answers what it is told to, one connection after the other, and keeps what it was sent."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedRWPair

HANG_UP = "hang up"


@dataclass
class MailServer:
    """`said` holds answers by command (`MAIL`, `RCPT`, `DATA`, `.`); RCPT may be answered by recipient.

    A list is of answers that are given in turn, over all connections; what comes after them is well.
    """

    port: int
    said: Mapping[str, str | list[str]]
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0

    def answer(self, command: str, line: str = "") -> str:
        recipient = line.partition("<")[2].partition(">")[0]
        told = self.said.get(f"{command} {recipient}") or self.said.get(command) or "250 ok"
        return told.pop(0) if isinstance(told, list) else told


@contextmanager
def mail_server(**said: str | list[str]) -> Iterator[MailServer]:
    told = {{"end": "."}.get(name, name.replace("_at_", " ").upper()): answer for name, answer in said.items()}
    with socket.create_server(("localhost", 0)) as listening:
        server = MailServer(listening.getsockname()[1], told)
        thread = threading.Thread(target=_serve, args=[listening, server], daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def _serve(listening: socket.socket, server: MailServer) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        server.connections += 1
        with connection, connection.makefile("rwb") as stream:
            _talk(stream, server)


def _talk(stream: BufferedRWPair, server: MailServer) -> None:
    def say(text: str) -> bool:
        if text == HANG_UP:
            return False
        stream.write(f"{text}\r\n".encode())
        stream.flush()
        return True

    say("220 mail.example")
    for raw in stream:
        line = raw.decode().strip()
        command = line.partition(" ")[0].upper()
        if command == "QUIT":
            say("221 bye")
            return
        if command == "DATA" and server.said.get("DATA") is None:
            say("354 go on")
            message = bytearray()
            for part in stream:
                if part == b".\r\n":
                    break
                message += part
            server.messages.append(bytes(message))
            if not say(server.answer(".")):
                return
            continue
        if not say(server.answer(command, line)):
            return
