"""A worker whose database is away says so in a line and ends, so that a supervisor starts it again."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import OperationalError

from punktlig.run.databases import migrate, prepare
from punktlig.run.postgres import Postgres, connect
from punktlig.run.site_processes import environment_of, worker
from punktlig.run.work_process import OneLineWhenDatabaseIsGone, lost_connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def chained(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


def test_only_a_lost_connection_is_one() -> None:
    for gone in (psycopg.OperationalError("refused"), psycopg.errors.AdminShutdown("bye"),
                 psycopg.errors.CannotConnectNow("starting"), psycopg.errors.ConnectionFailure("cut")):  # fmt: skip
        assert lost_connection(gone) is gone
        assert lost_connection(chained(OperationalError("wrapped"), gone)) is gone
    for other in (psycopg.errors.DeadlockDetected("two"), psycopg.errors.DiskFull("full"), ValueError("ours"), None):
        assert lost_connection(other) is None


def record(name: str, message: str, error: Exception | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord(name, logging.ERROR if told else logging.WARNING, __file__, 1, message, (), told)


def test_a_database_that_is_gone_is_told_once_and_other_faults_as_they_are() -> None:
    quiet = OneLineWhenDatabaseIsGone()
    gone = chained(OperationalError("wrapped"), psycopg.OperationalError("no\n\tway"))
    fault = record("procrastinate.worker", "job failed", ValueError("ours"))
    deadlock = record("procrastinate.worker", "job failed", psycopg.errors.DeadlockDetected("two"))
    first = record("procrastinate.worker", "job failed", gone)
    assert quiet.filter(first)
    assert (first.levelname, first.getMessage(), first.exc_info) == (
        "WARNING", "no connection to the database: no way", None,
    )  # fmt: skip
    assert not quiet.filter(record("psycopg.pool", "error connecting"))
    assert not quiet.filter(record("psycopg", "query cancellation interrupted"))
    assert not quiet.filter(record("procrastinate.utils", "listener error", gone))
    for other in (fault, deadlock, record("punktlig.agency.jobs", "something else")):
        assert quiet.filter(other)
    assert fault.exc_info is not None
    assert fault.getMessage() == deadlock.getMessage() == "job failed"


@contextmanager
def working(log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as written, subprocess.Popen(worker(), env=environment, stdout=written, stderr=written) as it:
        try:
            yield it
        finally:
            it.kill()


def wait_for_worker(sockets: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connect(sockets, database="agency") as database:
            if database.execute("SELECT FROM procrastinate_workers").rowcount:
                return
        time.sleep(0.1)
    pytest.fail("no worker has begun")


def test_a_database_taken_away_and_given_back(tmp_path: Path) -> None:
    server, log = Postgres(tmp_path / "data", durable=False), tmp_path / "log"
    environment = environment_of("agency", PUNKTLIG_SOCKETS=str(server.sockets), PUNKTLIG_TESTS="1")
    environment.pop("PUNKTLIG_AGENCY_DATABASE_URL", None)

    def ends_in_one_line(worker: subprocess.Popen[bytes]) -> None:
        assert worker.wait(30) == 2
        told = log.read_text("utf-8")
        assert "Traceback" not in told
        lines = told.splitlines()
        assert lines[-1].startswith("punktlig: database_not_reached: The database of agency does not let agency_app in")
        assert lines[-1].endswith("address and password are set as docs/deployment.md shows.")
        assert len(lines) <= 2, told

    with working(log, environment) as early:
        ends_in_one_line(early)
    with server:
        prepare(server.sockets)
        migrate("agency", {"PUNKTLIG_SOCKETS": str(server.sockets), "PUNKTLIG_TESTS": "1"})
        with working(log, environment) as begun:
            wait_for_worker(server.sockets)
            server.stop()
            ends_in_one_line(begun)
        server.start()
        with connect(server.sockets, database="agency") as database:
            database.execute("DELETE FROM procrastinate_workers")
        with working(log, environment) as again:
            wait_for_worker(server.sockets)
            os.kill(again.pid, signal.SIGTERM)
            assert again.wait(30) == 0
        assert log.read_text("utf-8") == ""
