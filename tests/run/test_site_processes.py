"""A site's processes: the port is asked for before, an answer is waited for after; the environment says the rest."""

from __future__ import annotations

import http.server
import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from punktlig.run.refusals import ChildEnded, PortIsTaken, SiteDoesNotAnswer
from punktlig.run.site_processes import environment_of, refuse_taken_port, wait_until_answering
from tests.run.running import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def answering(*statuses: int) -> Iterator[tuple[str, list[int]]]:
    """Yield the address of a server that answers with these statuses, one after another, and what it has answered."""
    answered: list[int] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answered.append(statuses[min(len(answered), len(statuses) - 1)])
            self.send_response(answered[-1])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", answered
        finally:
            server.shutdown()
            thread.join()


def nothing() -> None:
    """Stand for a check that finds every process alive."""


def test_a_site_that_stumbles_at_first_is_waited_for() -> None:
    with answering(503, 500, 200) as (url, answered):
        wait_until_answering(url, seconds=10, check=nothing)
    assert answered == [503, 500, 200]


def test_a_page_that_is_not_found_is_an_answer() -> None:
    with answering(404) as (url, _):
        wait_until_answering(url, seconds=10, check=nothing)


def test_a_site_that_does_not_answer_is_told_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SiteDoesNotAnswer) as caught:
        wait_until_answering(f"http://127.0.0.1:{port}/", seconds=0.3, check=nothing)
    assert caught.value.url == f"http://127.0.0.1:{port}/"


def test_nobody_waits_for_a_process_that_has_ended(tmp_path: Path) -> None:
    def check() -> None:
        raise ChildEnded("agency-web", 1, str(tmp_path / "agency-web.log"))

    with answering(503) as (url, answered), pytest.raises(ChildEnded):
        wait_until_answering(url, seconds=60, check=check)
    assert answered == []


def test_a_port_where_somebody_listens_is_refused_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortIsTaken):
            refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_a_port_with_connections_that_were_closed_a_moment_ago_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            called, _ = server.accept()
            # The one who closes first is the one who waits, as a site does that is stopped under an open page.
            called.close()
            assert caller.recv(1) == b""
    refuse_taken_port("127.0.0.1", port)


def test_a_process_gets_ours_and_its_sites_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNKTLIG_LOG", "INFO")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "of.another")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = environment_of("agency", PUNKTLIG_DEMO="1")
    assert environment["DJANGO_SETTINGS_MODULE"] == "punktlig.agency.settings"
    assert (environment["PUNKTLIG_LOG"], environment["PUNKTLIG_DEMO"]) == ("INFO", "1")
    # What Python has compiled may be kept, or each start would compile it anew.
    assert "PYTHONDONTWRITEBYTECODE" not in environment


@pytest.mark.parametrize("site", ["receivables", "agency"])
@pytest.mark.parametrize("command", [("serve",), ("work",), ("migrate",), ("person", "--email", "a@b.example")])
def test_without_a_database_nothing_starts(
    command: tuple[str, ...], site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUNKTLIG_SOCKETS", raising=False)
    monkeypatch.delenv(f"PUNKTLIG_{site.upper()}_DATABASE_URL", raising=False)
    monkeypatch.setenv("PUNKTLIG_PASSWORD", "en lång lösenfras")
    name, *options = command
    more = ("--name", "Anna Ek", "--role", "owner") if name == "person" else ()
    ran = run(name, site, *options, *more)
    assert ran.status == 2
    assert "database_not_named" in ran.err
    assert site in ran.err


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Return what the process would have become, instead of becoming it."""
    found: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _path, command, env: found.append((command, env)))
    monkeypatch.setenv("PUNKTLIG_SOCKETS", "/nowhere")
    monkeypatch.setenv("PUNKTLIG_DEMO", "1")
    return found


def test_serve_becomes_the_web_server_of_its_site(became: list[tuple[list[str], dict[str, str]]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert run("serve", "agency", "--port", port, "--processes", "3").status == 0
    ((command, environment),) = became
    assert "punktlig.agency.wsgi:application" in command
    assert command[command.index("--port") + 1] == str(port)
    assert command[command.index("--workers") + 1] == "3"
    assert environment["DJANGO_SETTINGS_MODULE"] == "punktlig.agency.settings"


def test_serve_refuses_a_taken_port(became: list[tuple[list[str], dict[str, str]]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = run("serve", "agency", "--port", other.getsockname()[1])
    assert ran.status == 2
    assert "port_is_taken" in ran.err
    assert became == []


def test_work_becomes_the_worker_of_its_site(
    became: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUNKTLIG_AGENCY_PRINT_FOLDER", raising=False)
    ran = run("work", "agency")
    assert ran.status == 0
    assert "wait at the desk" in ran.err
    ((command, environment),) = became
    assert command[1:] == ["-m", "punktlig.run.work_process"]
    assert environment["DJANGO_SETTINGS_MODULE"] == "punktlig.agency.settings"
    assert environment["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize("site", ["receivables", "agency"])
def test_the_administrators_statements_need_no_database(site: str) -> None:
    ran = run("database-sql", site)
    assert ran.status == 0
    assert f"CREATE DATABASE {site} OWNER {site}_owner" in ran.out
    assert ran.out.rstrip().endswith(rf"\password {site}_app")
