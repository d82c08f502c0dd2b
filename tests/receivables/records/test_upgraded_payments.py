"""A site that is upgraded with payments in it: they stand as before, and can then be taken back but not changed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from punktlig.run.databases import migrate, prepare
from punktlig.run.postgres import Postgres, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE = "0017_find_claims_by_number"
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

PAYMENT = """
INSERT INTO receivables_payment (id, company_id, invoice_id, day, amount_ore, note, by_agency, recorded_at)
VALUES (%s, %s, %s, '2026-11-24', 20000, '', false, %s)
"""


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with Postgres(tmp_path_factory.mktemp("older") / "data", durable=False) as server:
        prepare(server.sockets)
        yield server.sockets


def test_payments_stand_as_they_were(sockets: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "receivables", BEFORE, "--no-input"],
        env={
            **os.environ,
            "PUNKTLIG_SOCKETS": str(sockets),
            "PUNKTLIG_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "punktlig.receivables.settings",
        },
        check=True,
        capture_output=True,
    )
    payment = uuid4()
    with connect(sockets, database="receivables") as database:
        # The rows that these belong to are of no interest here.
        database.execute("SET session_replication_role = replica")
        database.execute(PAYMENT, [payment, uuid4(), uuid4(), AT])
    migrate("receivables", {"PUNKTLIG_SOCKETS": str(sockets)})
    with connect(sockets, database="receivables") as database:
        kept = database.execute("SELECT id, amount_ore, taken_back_at, taken_back_by_id FROM receivables_payment")
        assert kept.fetchall() == [(payment, 20_000, None, None)]
        database.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.CheckViolation):
            database.execute("UPDATE receivables_payment SET taken_back_at = now()")
