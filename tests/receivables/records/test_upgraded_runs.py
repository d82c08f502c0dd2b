"""A site that is upgraded while it hands many invoices over: nothing is lost, and nothing goes unseen or twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from punktlig.receivables.actions.sending_runs import continue_sending_run
from punktlig.receivables.records.models import Handover, SendingRun, SendingRunPart
from punktlig.receivables.records.sending_run import Progress, progress_of, reasons_of
from punktlig.run.databases import migrate
from punktlig.run.postgres import connect
from tests.receivables.sending_samples import NOW, TODAY, make_activation, make_invoice, make_user

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from punktlig.receivables.records.models import Company

BEFORE = "0011_find_names_in_the_index"
AN_OLD_VERSION = "a" * 64

RUN = """
INSERT INTO receivables_sending_run (id, company_id, state, shown, day, total, started_at, started_by_id)
VALUES (%s, %s, %s, 'seen', '2026-11-25', %s, '2026-11-25 09:00+00', %s)
"""
CHOSEN = """
INSERT INTO receivables_sending_run_invoice
    (id, company_id, run_id, invoice_id, position, state, digest, refusal_code)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s)
"""


def add_run(database: Any, state: str, chosen: list[tuple[UUID, int, str, str]]) -> UUID:
    """Add a run as the older version kept it: a row for each invoice, with its place, state and code."""
    run, company, user = uuid4(), uuid4(), uuid4()
    database.execute(RUN, [run, company, state, len(chosen), user])
    for invoice, position, state_of_one, code in chosen:
        digest = AN_OLD_VERSION if state_of_one != "waiting" else ""
        database.execute(CHOSEN, [company, run, invoice, position, state_of_one, digest, code])
    return run


def test_what_a_run_has_left_is_kept_in_parts_and_what_it_has_done_stays_told(
    sockets: Path, migrate_to: Callable[[str], None]
) -> None:
    migrate_to(BEFORE)
    ids = [uuid4() for _ in range(1203)]
    states = ["sent"] * 1100 + ["refused"] * 3 + ["ready"] * 100
    chosen = [
        (one, place, state, "invoice_not_overdue" if state == "refused" else "")
        for place, (one, state) in enumerate(zip(ids, states, strict=True))
    ]
    with connect(sockets, database="receivables") as database:
        # The rows that these belong to are of no interest here.
        database.execute("SET session_replication_role = replica")
        under_way = add_run(database, "sending", chosen)
        compared = add_run(database, "checking", [(uuid4(), 0, "waiting", "")])
        done = add_run(database, "done", [(uuid4(), 0, "sent", "")])
    migrate("receivables", {"PUNKTLIG_SOCKETS": str(sockets)})
    with connect(sockets, database="receivables") as database:
        runs: dict[UUID, str] = dict(database.execute("SELECT id, state FROM receivables_sending_run").fetchall())
        parts = database.execute(
            "SELECT number, chosen, worked_off_at IS NOT NULL, sent, refused FROM receivables_sending_run_part "
            "WHERE run_id = %s ORDER BY number",
            [under_way],
        ).fetchall()
        others = database.execute(
            "SELECT run_id, sent, worked_off_at IS NOT NULL FROM receivables_sending_run_part WHERE run_id <> %s",
            [under_way],
        ).fetchall()
    assert runs == {under_way: "sending", compared: "outdated", done: "done"}
    assert others == [(done, 1, True)]
    kept = [(UUID(one), version) for _, part, *_ in parts for one, version in part]
    assert kept == [(one, AN_OLD_VERSION) for one in ids], "each invoice once, in its order"
    assert [(number, len(part), off, sent, len(refused)) for number, part, off, sent, refused in parts] == [
        (0, 1000, True, 1000, 0),
        (1, 103, True, 100, 3),
        (2, 100, False, 0, 0),
    ]
    assert parts[1][4] == [[str(one), "invoice_not_overdue"] for one in ids[1100:1103]]


@pytest.mark.django_db
def test_what_was_left_is_not_sent_unseen_but_told_as_changed(company: Company) -> None:
    user = make_user(company)
    make_activation(company, user)
    left = [make_invoice(company).id for _ in range(3)]
    run = SendingRun.objects.create(
        company_id=company.id, shown="seen", day=TODAY, total=5, started_at=NOW, started_by=user
    )
    old = [[str(one), AN_OLD_VERSION] for one in (*left, uuid4(), uuid4())]
    parts = SendingRunPart.objects
    parts.create(company_id=company.id, run=run, number=0, chosen=old[3:], worked_off_at=NOW, sent=2)
    parts.create(company_id=company.id, run=run, number=1, chosen=old[:3])
    while continue_sending_run(company.id, run.id, today=TODAY, at=NOW):
        pass
    run.refresh_from_db()
    assert run.state == "done"
    assert progress_of(run) == Progress(total=5, ready=0, sent=2, refused=3)
    assert reasons_of(run) == {"invoice_changed_meanwhile": 3}
    assert not Handover.objects.exists(), "they may be chosen again"
