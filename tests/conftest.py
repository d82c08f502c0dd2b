"""One PostgreSQL for the whole run, migrated once; each process copies the template and connects as the application.

A process tests one site: pytest is started once for `tests/receivables` and once for `tests/agency`, with that site's
settings. Tests of the rules run without Django (`-p no:django`) and see nothing of this.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_opened = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    settings = os.environ.get("DJANGO_SETTINGS_MODULE") or config.getoption("ds", None)
    if not settings or hasattr(config, "workerinput"):
        return
    from punktlig.run import databases, postgres  # noqa: PLC0415 - the rules are tested without a database

    site: databases.Site = "agency" if settings.startswith("punktlig.agency") else "receivables"
    opened = config.stash[_opened] = ExitStack()
    folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="punktlig-tests-"))
    server = opened.enter_context(postgres.Postgres(Path(folder) / "data", durable=False))
    os.environ["PUNKTLIG_SOCKETS"] = str(server.sockets)
    os.environ["PUNKTLIG_TESTS"] = "1"
    databases.prepare(server.sockets)
    databases.migrate(site, os.environ)
    with postgres.connect(server.sockets, database=site) as connection:
        # Tests that commit are cleaned up by TRUNCATE, which the application may never do outside of tests.
        connection.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {site}_app")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _opened in config.stash:
        config.stash[_opened].close()


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> Iterator[None]:
    """Copy the template for this process, in place of pytest-django's own, which would make the application owner."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from punktlig.run import databases  # noqa: PLC0415

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    site: databases.Site = "agency" if settings.SITE == "agency" else "receivables"
    sockets = Path(os.environ["PUNKTLIG_SOCKETS"])
    name = f"test_{site}_{worker}_{os.getpid()}"
    with databases.copy_of_template(sockets, site, name):
        connections["default"].close()
        # Changed in place: connections of other threads share this dictionary.
        connections["default"].settings_dict |= {"HOST": str(sockets), "NAME": name}
        yield
        connections["default"].close()
