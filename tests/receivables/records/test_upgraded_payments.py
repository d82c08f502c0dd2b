"""A site that is upgraded with payments in it: they stand as before, and can then be taken back but not changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from punktlig.run.databases import migrate
from punktlig.run.postgres import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEFORE = "0017_find_claims_by_number"
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

PAYMENT = """
INSERT INTO receivables_payment (id, company_id, invoice_id, day, amount_ore, note, by_agency, recorded_at)
VALUES (%s, %s, %s, '2026-11-24', 20000, '', false, %s)
"""


def test_payments_stand_as_they_were(sockets: Path, migrate_to: Callable[[str], None]) -> None:
    migrate_to(BEFORE)
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
        # By nobody here, when the agency's own people have done it; by somebody only when it is taken back.
        with pytest.raises(psycopg.errors.CheckViolation), database.transaction():
            database.execute("UPDATE receivables_payment SET taken_back_by_id = %s", [uuid4()])
        database.execute("UPDATE receivables_payment SET taken_back_at = now()")
