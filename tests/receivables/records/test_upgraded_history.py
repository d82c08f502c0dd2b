"""A site that is upgraded after the agency has told much: every event is still there, once, under its own id."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from punktlig.run.databases import migrate
from punktlig.run.postgres import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEFORE = "0015_hold_rows_by_statement"
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, 0, 7, tzinfo=UTC)

INVOICE = """
INSERT INTO receivables_invoice (id, company_id, customer_id, number, currency, total_ore, prepaid_ore, payable_ore,
    deduction, share_is_confirmed, payment_reference, buyer_reference, notes, source_format, source_sha256, created_at,
    paid_ore, credited_ore, remaining_ore, agency_state, claim_number, claim_url, claim_sequence, next_event,
    refusal_code, refusal_facts)
VALUES (%s, %s, %s, '1', 'SEK', 100, 0, 100, '', false, '', '', '', '', '', now(), 0, 0, 100, '', '', '',
    0, '', '', '{}')
"""
LINE = """
INSERT INTO receivables_history_line (id, company_id, invoice_id, at, actor, by_agency, code, facts)
VALUES (%s, %s, %s, %s, 'Ekviken Ombud', %s, %s, %s)
"""
EVENT = """
INSERT INTO receivables_received_event (id, company_id, invoice_id, kind, at, sequence, content, received_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
KEPT = """
SELECT id, at, actor, by_agency, code, facts, sequence, as_told, received_at FROM receivables_history_line
ORDER BY sequence NULLS FIRST
"""


def test_events_become_the_lines_that_told_them(sockets: Path, migrate_to: Callable[[str], None]) -> None:
    migrate_to(BEFORE)
    company, invoice, ours, told, untold = (uuid4() for _ in range(5))
    content = {"actor": "Ekviken Ombud", "claim_number": "48123456", "facts": {"channel": "print"}}
    facts = {"channel": "print", "claim_number": "48123456"}
    with connect(sockets, database="receivables") as database:
        # The rows that these belong to are of no interest here.
        database.execute("SET session_replication_role = replica")
        database.execute(INVOICE, [invoice, company, uuid4()])
        database.execute(LINE, [ours, company, invoice, AT, False, "invoice_sent", "{}"])
        database.execute(LINE, [told, company, invoice, AT, True, "claim_received", json.dumps(facts)])
        for one, kind, sequence in ((told, "claim_received", 1), (untold, "reminder_sent", 2)):
            database.execute(EVENT, [one, company, invoice, kind, AT, sequence, json.dumps(content), LATER])
    migrate("receivables", {"PUNKTLIG_SOCKETS": str(sockets)})
    with connect(sockets, database="receivables") as database:
        kept = database.execute(KEPT).fetchall()
    by_id = {one: (*rest, json.loads(as_told) if as_told else None, at) for one, *rest, as_told, at in kept}
    assert by_id == {
        ours: (AT, "Ekviken Ombud", False, "invoice_sent", {}, None, None, None),
        told: (AT, "Ekviken Ombud", True, "claim_received", facts, 1, content, LATER),
        untold: (AT, "Ekviken Ombud", True, "reminder_sent", facts, 2, content, LATER),
    }
