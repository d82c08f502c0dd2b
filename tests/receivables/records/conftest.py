"""A site as an older version left it, to be upgraded with what is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from punktlig.run.databases import prepare
from punktlig.run.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server of its own with both databases, which have no tables yet."""
    with Postgres(tmp_path_factory.mktemp("older") / "data", durable=False) as server:
        prepare(server.sockets)
        yield server.sockets


@pytest.fixture(scope="module")
def migrate_to(sockets: Path) -> Callable[[str], None]:
    """Brings the site's tables to the migration of this name."""

    def migrate_to(name: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "receivables", name, "--no-input"],
            env={
                **os.environ,
                "PUNKTLIG_SOCKETS": str(sockets),
                "PUNKTLIG_ROLE": "owner",
                "DJANGO_SETTINGS_MODULE": "punktlig.receivables.settings",
            },
            check=True,
            capture_output=True,
        )

    return migrate_to
