"""Two workers at once, and one killed with SIGKILL in the middle: one step, one fee, one letter for each claim."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig.agency.actions.letters import renew_letters
from punktlig.agency.actions.reminders import Issued, issue_reminders
from punktlig.agency.jobs import daily_round
from punktlig.agency.jobs.daily_round import run_daily_round, run_unless_running
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import Claim, ClaimEvent, ClaimStep, Creditor, Delivery, JournalEntry, Letter
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import THURSDAY, accept, accept_many, deliver, ledger, morning, pay, statuses
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from punktlig.agency.records.handing_over import DrawnLetter

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 30


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def together(*runs: Callable[[], object]) -> list[BaseException]:
    """Run all at the same moment, each in a thread with a connection of its own; return what went wrong."""
    start, problems = threading.Barrier(len(runs)), []

    def one(run: Callable[[], object]) -> None:
        try:
            start.wait()
            run()
        except BaseException as problem:  # noqa: BLE001 - the test looks at it
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def issued_once(creditor: Creditor, count: int = COUNT) -> None:
    with acting_for(creditor.id):
        assert ClaimStep.objects.count() == Letter.objects.count() == Delivery.objects.count() == count
        assert JournalEntry.objects.filter(kind="reminder_fee").count() == count
        events = Counter(ClaimEvent.objects.values_list("claim_id", "kind"))
    assert set(events.values()) == {1}
    assert ledger(creditor.id)["fees_owed"] == count * 60_00


def test_four_rounds_at_once_issue_each_reminder_once(creditor: Creditor) -> None:
    accept_many(creditor, COUNT)

    def run() -> None:
        while True:
            with acting_for(creditor.id):
                chunk = issue_reminders(creditor.id, today=THURSDAY, at=morning(THURSDAY), limit=4)
            if not chunk.seen:
                return

    assert together(run, run, run, run) == []
    run()
    issued_once(creditor)


def rounds_that_wait() -> list[int]:
    waiting = ProcrastinateJob.objects.filter(queueing_lock="daily_round", status="todo")
    return list(waiting.values_list("id", flat=True))


def test_workers_share_a_round_and_each_claim_is_counted_by_one_of_them(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_round, "_CHUNK", 4)
    other = make_creditor()
    accept_many(creditor, COUNT)
    accept_many(other, 3)
    bad = accept(other)
    with acting_for(other.id):
        Claim.objects.filter(id=bad.id).update(submission=bytes(bad.submission).replace(b'"SEK"', b'"EUR"'))
    told: list[Issued] = []

    def run() -> None:
        told.append(run_daily_round(today=THURSDAY, at=morning(THURSDAY)))

    assert together(run, run, run) == []
    assert sum(told, Issued()) == Issued(issued=COUNT + 3, for_person=1)
    issued_once(creditor)
    issued_once(other, 3)
    # However often a run asks for help, one waits.
    assert len(rounds_that_wait()) == 1


def test_a_round_of_one_chunk_asks_nobody_for_help(creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_round, "_CHUNK", COUNT + 1)
    accept_many(creditor, COUNT)
    before = rounds_that_wait()
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert rounds_that_wait() == before


LATER = date(2026, 12, 2)


def made_anew_once(creditor: Creditor, count: int = COUNT) -> None:
    with acting_for(creditor.id):
        waiting = Letter.objects.filter(replaced_at__isnull=True)
        assert list(waiting.values_list("edition", "day").distinct()) == [(2, LATER)]
        assert waiting.count() == count
        assert Delivery.objects.filter(state="queued").count() == count
        assert JournalEntry.objects.filter(kind="reminder_fee").count() == count
        events = Counter(ClaimEvent.objects.filter(kind="reminder_issued").values_list("claim_id", "facts__edition"))
    assert len(events) == 2 * count
    assert set(events.values()) == {1}
    assert ledger(creditor.id)["fees_owed"] == count * 60_00


def test_two_workers_share_the_letters_that_are_made_anew(creditor: Creditor) -> None:
    accept_many(creditor, 6)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    holds, may_end = threading.Event(), threading.Event()
    told: list[int] = []

    def first() -> None:
        with acting_for(creditor.id):
            told.append(renew_letters(creditor.id, today=LATER, at=morning(LATER), limit=4).seen)
            holds.set()
            may_end.wait(20)

    def second() -> None:
        holds.wait(20)
        try:
            with acting_for(creditor.id):
                told.append(renew_letters(creditor.id, today=LATER, at=morning(LATER), limit=4).seen)
        finally:
            may_end.set()

    assert together(first, second) == []
    assert told == [4, 2], "the second takes what the first has not"
    made_anew_once(creditor, 6)


def test_four_rounds_at_once_make_each_old_letter_anew_once(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept_many(creditor, COUNT)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    monkeypatch.setattr(daily_round, "_CHUNK", 4)

    def run() -> None:
        run_daily_round(today=LATER, at=morning(LATER))

    assert together(run, run, run, run) == []
    run()
    made_anew_once(creditor)
    deliver(tmp_path, morning(LATER, 10))
    assert set(statuses(creditor)) == {"reminder_sent"}


def test_payments_and_letters_made_anew_at_once_leave_no_letter_that_has_not_counted_them(creditor: Creditor) -> None:
    claims = [accept(creditor) for _ in range(12)]
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    at = morning(LATER)

    def pay_some() -> None:
        for claim in claims:
            pay(creditor, claim, "200.00", day=LATER, at=at)

    def renew() -> None:
        for _ in range(6):
            with acting_for(creditor.id):
                renew_letters(creditor.id, today=LATER, at=at, limit=3)

    assert together(pay_some, renew, renew) == []
    run_daily_round(today=LATER, at=morning(LATER, 10))
    with acting_for(creditor.id):
        waiting = Letter.objects.filter(replaced_at__isnull=True)
        assert Counter(waiting.values_list("day", "commands_counted")) == {(LATER, 1): 12}
        assert JournalEntry.objects.filter(kind="reminder_fee").count() == 12


def test_a_process_does_one_round_at_a_time(creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    accept_many(creditor, 2)
    within = []

    def another(**told: Any) -> None:
        within.append(run_unless_running(**told))

    with monkeypatch.context() as patched:
        patched.setattr(daily_round, "run_daily_round", another)
        run_unless_running(today=THURSDAY, at=morning(THURSDAY))
    assert within == [None]
    assert run_unless_running(today=THURSDAY, at=morning(THURSDAY)) == Issued(issued=2)


def test_two_deliveries_at_once_put_each_letter_in_one_batch(creditor: Creditor, tmp_path: Path) -> None:
    accept_many(creditor, 12)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    at = morning(THURSDAY, 10)
    assert together(lambda: deliver(tmp_path, at), lambda: deliver(tmp_path, at)) == []
    assert statuses(creditor) == ["reminder_sent"] * 12
    names = Counter[str]()
    for file in tmp_path.glob("*.zip"):
        with zipfile.ZipFile(file) as archive:
            names.update(name for name in archive.namelist() if name != "index.csv")
    assert len(names) == 12
    assert set(names.values()) == {1}


def test_payments_and_the_round_at_once_leave_every_claim_either_paid_without_a_letter_or_reminded(
    creditor: Creditor, tmp_path: Path
) -> None:
    claims = [accept(creditor) for _ in range(12)]
    at = morning(THURSDAY)

    def pay_all() -> None:
        for claim in claims:
            pay(creditor, claim, "1200.00", day=THURSDAY, at=at)

    def issue() -> None:
        for _ in range(6):
            with acting_for(creditor.id):
                issue_reminders(creditor.id, today=THURSDAY, at=at, limit=2)

    assert together(pay_all, issue) == []
    deliver(tmp_path, morning(THURSDAY, 10))
    # Whichever came first, the money was known before any letter left.
    assert statuses(creditor) == ["paid"] * 12
    assert not list(tmp_path.glob("*.zip"))
    assert ledger(creditor.id).get("fees_owed") is None


@pytest.mark.parametrize("by_email", [False, True])
def test_payments_and_deliveries_at_once_leave_every_letter_either_sent_or_stopped(
    creditor: Creditor, tmp_path: Path, by_email: bool
) -> None:
    Creditor.objects.filter(id=creditor.id).update(sends_by_email=by_email)
    claims = [accept(creditor) for _ in range(12)]
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    at = morning(THURSDAY, 10)
    sent: list[str] = []

    class Mail:
        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            for letter in letters:
                sent.append(str(letter.due.letter_id))
                yield Answer(delivery_id=letter.due.delivery_id, verdict=Verdict.ACCEPTED)

    def pay_all() -> None:
        for claim in claims:
            pay(creditor, claim, "1200.00", day=THURSDAY, at=at)

    def give_away() -> None:
        deliver(tmp_path, at, email=Mail())

    assert together(pay_all, give_away, give_away) == []
    give_away()
    for file in tmp_path.glob("*.zip"):
        with zipfile.ZipFile(file) as archive:
            sent += [name.removesuffix(".pdf") for name in archive.namelist() if name != "index.csv"]
    with acting_for(creditor.id):
        letters = Letter.objects.select_related("claim")
        left = {str(letter.id): letter.claim.status for letter in letters if letter.left_at is not None}
        stopped = {str(letter.id): letter.claim.status for letter in letters if letter.stopped_at is not None}
    assert sorted(sent) == sorted(left), "each letter that left was given away once, and no other was"
    assert set(left.values()) <= {"reminder_sent"}
    assert set(stopped.values()) <= {"paid"}
    assert len(left) + len(stopped) == 12
    # The fee of a letter that left is paid by what came in; that of a letter that was stopped is gone.
    assert ledger(creditor.id).get("fees_owed") is None
    assert ledger(creditor.id).get("fee_income", 0) == -60_00 * len(left)


_CHILD = """
import os, sys, time
from django.conf import settings
settings.DATABASES["default"] |= {{"HOST": os.environ["PUNKTLIG_SOCKETS"], "NAME": "{name}"}}
import django
django.setup()
from uuid import UUID
from datetime import date
from punktlig.agency.actions import reminders
from punktlig.agency.jobs.daily_round import run_daily_round
from tests.agency.rounds import morning
real = getattr(reminders, "{stop}")
def stop(*arguments, **told):
    real(*arguments, **told)
    print("there", flush=True)
    time.sleep(60)
reminders.{stop} = stop
run_daily_round(today=date.fromisoformat("{day}"), at=morning(date.fromisoformat("{day}")))
"""


@pytest.mark.parametrize("stop", ["store_letters", "write_events"])
def test_a_worker_killed_in_the_middle_of_a_chunk_leaves_nothing_half_done(creditor: Creditor, stop: str) -> None:
    accept_many(creditor, COUNT)
    code = _CHILD.format(name=connection.settings_dict["NAME"], stop=stop, day=THURSDAY.isoformat())
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "punktlig.agency.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "there\n"
        # Its rows are held: another round passes them over and does not wait.
        assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)).seen == 0
        child.kill()
    with acting_for(creditor.id):
        assert not ClaimStep.objects.exists()
    _wait_until_free(creditor)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10)).issued == COUNT
    issued_once(creditor)
    assert set(statuses(creditor)) == {"reminder_issued"}


def _wait_until_free(creditor: Creditor) -> None:
    """Wait until the server has noticed that the killed worker's connection is gone."""
    with acting_for(creditor.id):
        assert len(Claim.objects.select_for_update().all()) == COUNT
