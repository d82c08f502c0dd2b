"""A site's worker, as a process of its own: `python -m punktlig.run.work_process`; the environment says which site.

It ends when the database is gone, in one line that says what to do, for a supervisor to start it again: procrastinate's
own command would say so in many screens, and after half a minute.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from typing import TYPE_CHECKING

import django
import psycopg

from punktlig.run.console import DONE, REFUSED
from punktlig.run.refusals import DatabaseNotReached
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from procrastinate.psycopg_connector import PsycopgConnector

CONCURRENCY = 4
# In the time that a supervisor waits after its signal.
_GRACE_SECONDS = 10
# How long a job waits for one of the connections it shares with others, before the database counts as gone.
_CONNECTION_SECONDS = 5
_QUIET_SECONDS = 60
# admin_shutdown, crash_shutdown and cannot_connect_now; connection exceptions are a class of their own.
_GONE = ("57P01", "57P02", "57P03", "08")


def main() -> int:
    """Work until told to stop; return the exit status."""
    django.setup()
    quiet = OneLineWhenDatabaseIsGone()
    for handler in logging.getLogger().handlers:
        handler.addFilter(quiet)
    try:
        _connect()
        _work()
    except Exception as error:
        lost = lost_connection(error)
        if lost is None:
            raise
        sys.stderr.write(f"{_told(lost)}\n")
        return REFUSED
    return DONE


def lost_connection(error: BaseException | None) -> psycopg.OperationalError | None:
    """Return the error in its chain that says that the database is not there, or None when it is about something else.

    A deadlock, a full disk and a cancelled statement are operational errors too, and none of those.
    """
    while error is not None:
        if isinstance(error, psycopg.OperationalError) and (error.sqlstate is None or error.sqlstate.startswith(_GONE)):
            return error
        error = error.__cause__ or error.__context__
    return None


class OneLineWhenDatabaseIsGone(logging.Filter):
    """Lets a database that is gone be told once a minute, in a line: each job and each connection would tell it."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at = -float(_QUIET_SECONDS)

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is written; one about the connection is cut down to what the driver said."""
        said = _what_is_said(record)
        if said is None:
            return True
        if time.monotonic() - self._told_at < _QUIET_SECONDS:
            return False
        self._told_at = time.monotonic()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "no connection to the database: %s", (said,)
        record.exc_info = record.exc_text = None
        return True


def _what_is_said(record: logging.LogRecord) -> str | None:
    if record.name in ("psycopg", "psycopg.pool") and record.levelno == logging.WARNING:
        return _in_a_line(record.getMessage())
    lost = lost_connection(record.exc_info[1]) if record.exc_info else None
    return _in_a_line(str(lost)) if lost is not None else None


def _work() -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415 - after django.setup

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=CONCURRENCY, shutdown_graceful_timeout=_GRACE_SECONDS, delete_jobs="successful"
            )

    with app.replace_connector(_connector()):
        asyncio.run(work())


def _connector() -> PsycopgConnector:
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415 - as above
    from procrastinate.psycopg_connector import PsycopgConnector  # noqa: PLC0415

    return PsycopgConnector(kwargs=connector_params(), timeout=_CONNECTION_SECONDS)


def _connect() -> None:
    """Raise what the driver says when the database cannot be reached now: the pool would tell only that it waited."""
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415 - as above

    psycopg.connect(**connector_params()).close()


def _told(lost: psycopg.OperationalError) -> str:
    from django.db import connection  # noqa: PLC0415 - as above

    try:
        _connect()
    except psycopg.OperationalError as error:
        lost = error
    site = os.environ["DJANGO_SETTINGS_MODULE"].split(".")[1]
    refusal = DatabaseNotReached(site, connection.settings_dict["USER"], _in_a_line(str(lost)))
    text = explain_refusal(refusal, "en")
    return f"punktlig: {refusal.code}: {text.what} {text.todo}"


def _in_a_line(said: str) -> str:
    return " ".join(said.split())


if __name__ == "__main__":
    sys.exit(main())
