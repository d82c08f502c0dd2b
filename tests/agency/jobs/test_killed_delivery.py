"""A worker killed at any point of a delivery: the next run goes on, and each letter leaves once."""

from __future__ import annotations

import hashlib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.actions.print_batches import (
    open_batch,
)
from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs import deliver_letters as job
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.letter_taking import LEASE
from punktlig.agency.records.models import (
    Claim,
    Creditor,
    PrintBatch,
)
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    THURSDAY,
    accept,
    deliver,
    deliveries,
    fresh,
    kinds,
    letters,
    morning,
    pay,
    statuses,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from punktlig.agency.records.handing_over import DrawnLetter

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.fixture
def claim(creditor: Creditor) -> Claim:
    """A claim whose reminder was issued on Thursday and waits."""
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    return claim


def kill(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, instead: object, run: Callable[[], object]) -> None:
    """Run until the worker is killed where `instead` stands in."""
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, instead)
        with pytest.raises(KeyboardInterrupt):
            run()


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_killed_after_taking_and_before_writing_the_batch_goes_on_with_the_same_letters(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(monkeypatch, PrintFolder, "_write", _killed, lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    assert deliver(tmp_path, morning(THURSDAY, 10, 9)) == 0  # leased
    assert deliver(tmp_path, morning(THURSDAY, 10, 11)) == 1
    assert len(list(tmp_path.glob("*.zip"))) == PrintBatch.objects.count() == 1
    assert kinds(claim).count("reminder_sent") == 1
    (delivery,) = deliveries(creditor)
    assert delivery.attempts == 2


@pytest.mark.parametrize("collected", [False, True], ids=["zip still there", "printer took the zip"])
def test_killed_after_writing_and_before_settling_the_batch_is_not_written_again(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, collected: bool
) -> None:
    kill(monkeypatch, job, "_settle", _after_refusals(), lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    (file,) = tmp_path.glob("*.zip")
    before = file.read_bytes()
    if collected:
        file.unlink()
    pay(creditor, claim, "1200.00", day=THURSDAY, at=morning(THURSDAY, 11))
    assert deliver(tmp_path, morning(THURSDAY, 12)) == 1
    assert [each.read_bytes() for each in tmp_path.glob("*.zip")] == ([] if collected else [before])
    (delivery,) = deliveries(creditor)
    assert (delivery.state, delivery.evidence["sha256"]) == ("accepted", hashlib.sha256(before).hexdigest())


@pytest.mark.parametrize("code", ["letter_drawing_failed", "letter_content_unreadable"])
def test_a_letter_in_a_written_batch_has_left_although_it_can_no_longer_be_drawn(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    other = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    kill(monkeypatch, job, "_settle", _after_refusals(), lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    with monkeypatch.context() as patched:
        patched.setattr(letter_drawing, "draw_content", lambda _: (b"", code))
        deliver(tmp_path, morning(THURSDAY, 11))
    assert (fresh(claim).status, fresh(other).status) == ("reminder_sent", "reminder_sent")
    assert {each.state for each in deliveries(creditor)} == {"accepted"}
    deliver(tmp_path, morning(THURSDAY, 12))
    assert len(list(tmp_path.glob("*.zip"))) == 1, "none leaves twice"
    assert "fee_reversed" not in kinds(claim)


def _after_refusals() -> object:
    calls = 0

    def settle_(*_: object) -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return True

    return settle_


def test_killed_while_it_sends_letters_by_email_sends_none_again_but_the_one_in_hand(creditor: Creditor) -> None:
    Creditor.objects.update(sends_by_email=True)
    numbers = {accept(creditor).number for _ in range(4)}
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    sent: list[str] = []

    def server(letter: DrawnLetter) -> Answer:
        sent.append(letter.due.claim_number)
        if len(sent) == 3:
            raise KeyboardInterrupt
        return Answer(delivery_id=letter.due.delivery_id, verdict=Verdict.ACCEPTED)

    class Mail:
        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            yield from map(server, letters)

    with pytest.raises(KeyboardInterrupt):
        deliver(None, morning(THURSDAY, 10), email=Mail())
    assert sorted(statuses(creditor)) == ["reminder_issued"] * 2 + ["reminder_sent"] * 2
    assert deliver(None, morning(THURSDAY, 11), email=Mail()) == 2
    assert statuses(creditor) == ["reminder_sent"] * 4
    assert (set(sent), len(sent)) == (numbers, 5)


def test_a_slow_mail_server_is_given_no_letter_that_another_worker_may_have_by_then(creditor: Creditor) -> None:
    Creditor.objects.update(sends_by_email=True)
    for _ in range(8):
        accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    now = morning(THURSDAY, 10)
    sent: list[UUID] = []

    class Slow:
        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            nonlocal now
            latest = now + LEASE
            for letter in letters:
                assert now < latest, "it may be in another worker's hand"
                now += timedelta(minutes=3)
                sent.append(letter.due.delivery_id)
                yield Answer(delivery_id=letter.due.delivery_id, verdict=Verdict.ACCEPTED)

    def clock() -> datetime:
        return now

    for _ in range(10):
        job.deliver_letters(clock=clock, ways=job.Ways(email=Slow(), print_folder=None))
        now += timedelta(minutes=5)
    assert statuses(creditor) == ["reminder_sent"] * 8
    assert len(set(sent)) == len(sent) == 8


def test_killed_between_two_creditors_the_rest_of_the_batch_is_settled_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    creditors = [make_creditor(), make_creditor()]
    for creditor in creditors:
        accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    settled: list[UUID] = []

    def settle_one(creditor_id: UUID, answers: list[Answer], **rest: object) -> None:
        if settled:
            raise KeyboardInterrupt
        settled.append(creditor_id)
        settle(creditor_id, answers, **rest)  # type: ignore[arg-type]

    kill(monkeypatch, job, "settle", settle_one, lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    assert sorted(status for creditor in creditors for status in statuses(creditor)) == [
        "reminder_issued",
        "reminder_sent",
    ]
    deliver(tmp_path, morning(THURSDAY, 11))
    assert [status for creditor in creditors for status in statuses(creditor)] == ["reminder_sent", "reminder_sent"]
    assert len(list(tmp_path.glob("*.zip"))) == 1
    assert PrintBatch.objects.get().letter_count == 2


def test_a_batch_that_was_never_written_lets_go_of_what_has_been_paid_since(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    kill(monkeypatch, PrintFolder, "_write", _killed, lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    pay(creditor, claim, "1270.19", day=THURSDAY, at=morning(THURSDAY, 10, 5))
    deliver(tmp_path, morning(THURSDAY, 11))
    (file,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 2
    assert (fresh(claim).status, fresh(other).status) == ("paid", "reminder_sent")


def test_a_batch_left_behind_over_a_long_outage_is_not_sent_with_its_old_dates(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(monkeypatch, PrintFolder, "_write", _killed, lambda: deliver(tmp_path, morning(THURSDAY, 10)))
    later = date(2026, 12, 3)
    run_daily_round(today=later, at=morning(later))
    assert deliver(tmp_path, morning(later, 10)) == 0
    run_daily_round(today=later, at=morning(later, 11))
    assert deliver(tmp_path, morning(later, 12)) == 1
    assert [letter.day for letter in letters(creditor)] == [THURSDAY, later]
    assert fresh(claim).status == "reminder_sent"


def test_an_answer_told_twice_changes_nothing_the_second_time(creditor: Creditor, claim: Claim) -> None:
    at = morning(THURSDAY, 10)
    batch = open_batch(at=at)
    with acting_for(creditor.id):
        (due,) = claim_due(creditor.id, "print", today=THURSDAY, at=at, batch_id=batch)
        answer = Answer(delivery_id=due.delivery_id, verdict=Verdict.ACCEPTED, evidence={"file": "a"})
        settle(creditor.id, [answer], today=THURSDAY, at=at)
        settle(creditor.id, [answer], today=FRIDAY, at=morning(FRIDAY))
        refused = Answer(delivery_id=due.delivery_id, verdict=Verdict.REFUSED)
        settle(creditor.id, [refused], today=FRIDAY, at=morning(FRIDAY))
    assert kinds(claim) == ["claim_received", "reminder_issued", "reminder_sent"]
    assert letters(creditor)[0].left_at == at


@pytest.mark.django_db(transaction=True)
def test_an_answer_told_by_two_at_once_is_stored_once(creditor: Creditor, claim: Claim) -> None:
    at = morning(THURSDAY, 10)
    batch = open_batch(at=at)
    with acting_for(creditor.id):
        (due,) = claim_due(creditor.id, "print", today=THURSDAY, at=at, batch_id=batch)
    answer = Answer(delivery_id=due.delivery_id, verdict=Verdict.ACCEPTED, evidence={"file": "a"})

    def tell() -> None:
        with acting_for(creditor.id):
            settle(creditor.id, [answer], today=THURSDAY, at=at)

    def by_another() -> None:
        try:
            tell()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        with acting_for(creditor.id):
            tell()
            other = beside.submit(by_another)
            # It has seen the letter wait, and waits itself for this transaction.
            with pytest.raises(TimeoutError):
                other.result(timeout=1)
        other.result(timeout=20)
    assert kinds(claim) == ["claim_received", "reminder_issued", "reminder_sent"]
