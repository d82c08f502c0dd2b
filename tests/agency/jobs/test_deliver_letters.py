"""Letters leave once, by the way they should, and never after something that stops them is known."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, ClassVar

import pytest

from punktlig.agency.actions.closing import LetterIsNotInDoubt, tell_whether_letter_left, try_again
from punktlig.agency.actions.print_batches import (
    NoSuchBatch,
    fetch_batch,
    hand_over_batch,
    letters_of_batch,
)
from punktlig.agency.gateways.email_gateway import NoEmail
from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs import deliver_letters as jobs
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.jobs.deliver_letters import Ways
from punktlig.agency.records.delivery_schedule import MOST_ATTEMPTS, MOST_UNKNOWN_ANSWERS
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import (
    CaughtMail,
    Claim,
    ClaimEvent,
    Creditor,
    Letter,
    PrintBatch,
)
from punktlig.core.money import Money
from punktlig.letters.renderer import render_letter
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    THURSDAY,
    Answers,
    accept,
    accept_many,
    by_email,
    deliver,
    deliveries,
    fresh,
    kinds,
    ledger,
    letters,
    morning,
    pay,
    statuses,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from uuid import UUID

    from pytest_django import Settings

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


def test_a_printed_letter_is_in_the_zip_and_its_index_and_the_claim_says_when_it_left(
    creditor: Creditor, claim: Claim, tmp_path: Path
) -> None:
    assert deliver(tmp_path, morning(THURSDAY, 10)) == 1
    (file,) = tmp_path.glob("*.zip")
    (letter,) = letters(creditor)
    with zipfile.ZipFile(file) as archive:
        (row,) = csv.DictReader(io.TextIOWrapper(archive.open("index.csv"), "utf-8", newline=""), delimiter=";")
        pdf = archive.read(row["file"])
    assert row["letter_id"] == str(letter.id)
    assert hashlib.sha256(pdf).hexdigest() == row["sha256"] == letter.pdf_sha256
    assert (row["address_1"], row["address_2"], row["address_3"]) == ("Anna Ek", "Björkvägen 7", "")
    assert (row["postcode"], row["town"], row["country"], row["sheets"]) == ("123 46", "Lillsjön", "SE", "1")
    assert row["return_address"] == "Ekviken Ombud AB, Box 120, 831 22 Östersund"
    claim = fresh(claim)
    assert (claim.status, claim.next_event, claim.next_event_day) == (
        "reminder_sent",
        "last_day_to_pay",
        date(2026, 12, 4),
    )
    (delivery,) = deliveries(creditor)
    assert (delivery.state, delivery.evidence["sha256"]) == ("accepted", hashlib.sha256(file.read_bytes()).hexdigest())
    batch = PrintBatch.objects.get()
    assert (batch.letter_count, batch.sha256) == (1, delivery.evidence["sha256"])
    assert batch.handed_over_at == letter.left_at == morning(THURSDAY, 10)
    assert kinds(claim) == ["claim_received", "reminder_issued", "reminder_sent"]


def test_a_second_run_finds_nothing_to_do(creditor: Creditor, claim: Claim, tmp_path: Path) -> None:
    deliver(tmp_path, morning(THURSDAY, 10))
    assert deliver(tmp_path, morning(THURSDAY, 11)) == 0
    assert len(list(tmp_path.glob("*.zip"))) == 1
    assert kinds(claim).count("reminder_sent") == 1
    assert len(deliveries(creditor)) == 1


def test_one_batch_has_the_letters_of_all_creditors(tmp_path: Path) -> None:
    first, second = make_creditor(), make_creditor()
    accept_many(first, 2)
    accept_many(second, 3)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert deliver(tmp_path, morning(THURSDAY, 10)) == 5
    (file,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 6
    assert {fresh_status for creditor in (first, second) for fresh_status in statuses(creditor)} == {"reminder_sent"}


def test_many_letters_are_drawn_by_several_processes_to_the_same_bytes(tmp_path: Path) -> None:
    creditor = make_creditor()
    accept_many(creditor, 45)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert deliver(tmp_path, morning(THURSDAY, 10)) == 45
    letter = letters(creditor)[17]
    from punktlig.core.letter.content import LetterContent  # noqa: PLC0415
    from punktlig.core.letter.stored_form import read_stored  # noqa: PLC0415

    again = render_letter(read_stored(LetterContent, letter.content))
    assert hashlib.sha256(again).hexdigest() == letter.pdf_sha256


def test_without_a_folder_paper_letters_wait_for_a_person_to_fetch_them(creditor: Creditor, claim: Claim) -> None:
    assert deliver(None, morning(THURSDAY, 10)) == 0
    batch_id = fetch_batch(by="Britt Handläggare", today=THURSDAY, at=morning(THURSDAY, 11))
    assert batch_id is not None
    (due,) = letters_of_batch(batch_id)
    assert due.claim_number == fresh(claim).number
    assert fresh(claim).status == "reminder_issued"
    assert fetch_batch(by="Britt Handläggare", today=THURSDAY, at=morning(THURSDAY, 12)) is None
    hand_over_batch(batch_id, by="Britt Handläggare", today=THURSDAY, at=morning(THURSDAY, 13))
    assert fresh(claim).status == "reminder_sent"
    (delivery,) = deliveries(creditor)
    assert delivery.evidence["handed_over_by"] == "Britt Handläggare"
    assert [each.letter_id for each in letters_of_batch(batch_id)] == [delivery.letter_id]
    with pytest.raises(NoSuchBatch):
        hand_over_batch(batch_id, by="Britt Handläggare", today=THURSDAY, at=morning(THURSDAY, 14))


def test_the_job_leaves_a_batch_that_a_person_has_fetched(creditor: Creditor, claim: Claim, tmp_path: Path) -> None:
    fetch_batch(by="Britt Handläggare", today=THURSDAY, at=morning(THURSDAY, 10))
    assert deliver(tmp_path, morning(THURSDAY, 18)) == 0
    assert not list(tmp_path.glob("*.zip"))
    assert fresh(claim).status == "reminder_issued"
    assert len(deliveries(creditor)) == 1


def test_a_caught_email_is_kept_with_its_delivery_and_carries_text_and_letter(creditor: Creditor) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert deliver(None, morning(THURSDAY, 10)) == 1
    with acting_for(creditor.id):
        mail = CaughtMail.objects.get()
        (letter,) = Letter.objects.all()
        number = Claim.objects.get().number
    message = message_from_bytes(bytes(mail.message), policy=policy.default)
    assert message["To"] == mail.recipient == "anna.ek@example.com"
    assert message["Subject"] == mail.subject == f"Påminnelse om betalning, ärende {number}"
    assert message["Message-ID"] == f"<{mail.delivery_id}@ekviken.example>"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "1\u00a0270,19" in text
    assert "4 december" in text.replace("\u00a0", " ")
    (attachment,) = message.iter_attachments()
    assert hashlib.sha256(attachment.get_content()).hexdigest() == letter.pdf_sha256
    assert fresh(claim).status == "reminder_sent"


def test_a_refused_email_goes_to_print_and_the_letter_still_leaves_once(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(None, morning(THURSDAY, 10), email=Answers(Verdict.REFUSED))
    email, on_paper = deliveries(creditor)
    assert (email.state, email.evidence["code"], on_paper.state) == ("refused", "told_so", "queued")
    assert letters(creditor)[0].handed_at is None
    deliver(tmp_path, morning(THURSDAY, 11))
    assert kinds(claim) == ["claim_received", "reminder_issued", "reminder_sent"]
    with acting_for(creditor.id):
        assert ClaimEvent.objects.get(kind="reminder_sent").facts["way"] == "print"
    assert ledger(creditor.id)["fees_owed"] == 60_00


def test_what_is_due_by_email_does_not_wait_until_all_paper_is_printed(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_IN_A_BATCH", 1)
    by_email(creditor)
    accept(creditor)
    accept_many(make_creditor(), 3)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))

    def batches() -> int:
        return len(list(tmp_path.glob("*.zip")))

    class Slow(Answers):
        printed: ClassVar[list[int]] = []

        def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:
            self.printed.append(batches())
            return super().hand_over(letters, batch_id=batch_id, at=at)

    email = Slow(Verdict.NOT_YET, Verdict.ACCEPTED)
    ways = Ways(email=email, print_folder=PrintFolder(tmp_path, "Box 120"))
    # Each batch takes two minutes, and the e-mail is tried again after one.
    jobs.deliver_letters(clock=lambda: morning(THURSDAY, 10) + timedelta(minutes=2 * batches()), ways=ways)
    assert (email.printed, batches()) == ([0, 1], 3)


def test_an_agency_without_email_prints_what_it_had_queued_and_queues_no_more(
    creditor: Creditor, tmp_path: Path, settings: Settings
) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    settings.EMAIL_GATEWAY = "none"
    assert isinstance(Ways.of_settings().email, NoEmail)
    deliver(tmp_path, morning(THURSDAY, 10), email=NoEmail())
    deliver(tmp_path, morning(THURSDAY, 11))
    later = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 12))
    deliver(tmp_path, morning(THURSDAY, 13), email=Answers())
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [
        ("email", "refused"), ("print", "accepted"), ("print", "accepted")
    ]  # fmt: skip
    for one in (claim, later):
        with acting_for(creditor.id):
            assert ClaimEvent.objects.get(claim=one, kind="reminder_sent").facts["way"] == "print"


class Killed:
    """A worker that is killed while the server has the message in hand."""

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:  # noqa: ARG002
        raise KeyboardInterrupt


@pytest.mark.parametrize("earlier", ["unknown", "killed"])
def test_what_may_have_left_by_email_never_goes_on_paper_when_email_is_switched_off(
    creditor: Creditor, tmp_path: Path, earlier: str
) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    if earlier == "unknown":
        deliver(None, morning(THURSDAY, 10), email=Answers(Verdict.UNKNOWN))
    else:
        with pytest.raises(KeyboardInterrupt):
            deliver(None, morning(THURSDAY, 10), email=Killed())
    for hours in range(1, 20):
        deliver(tmp_path, morning(THURSDAY, 10) + timedelta(hours=hours), email=NoEmail())
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "queued")]
    assert fresh(claim).needs_person == "letter_may_have_left"


def test_what_may_have_left_by_email_never_goes_on_paper_when_the_server_refuses_it_later(
    creditor: Creditor, tmp_path: Path
) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    # The connection broke after the message; the server has it, and refuses it when it comes again.
    mail = Answers(Verdict.UNKNOWN, *[Verdict.REFUSED] * 10, code="email_message_refused")
    for hours in range(10):
        deliver(tmp_path, morning(THURSDAY, 10) + timedelta(hours=hours), email=mail)
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "queued")]
    assert fresh(claim).needs_person == "letter_may_have_left"
    with acting_for(creditor.id):
        tell_whether_letter_left(
            creditor.id, claim.id, has_left=False, actor="Ola Berg", today=FRIDAY, at=morning(FRIDAY)
        )
    deliver(tmp_path, morning(FRIDAY, 10), email=mail)
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "refused"), ("print", "accepted")]


def test_what_has_surely_not_left_goes_on_paper_when_email_is_switched_off(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(None, morning(THURSDAY, 10), email=Answers(Verdict.NOT_YET))
    deliver(tmp_path, morning(THURSDAY, 11), email=NoEmail())
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "refused"), ("print", "accepted")]


def test_what_has_not_left_is_tried_again_later_and_longer_apart(creditor: Creditor) -> None:
    by_email(creditor)
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    gateway = Answers(Verdict.NOT_YET, Verdict.NOT_YET, Verdict.ACCEPTED)
    start = morning(THURSDAY, 10)
    assert deliver(None, start, email=gateway) == 1
    assert deliver(None, start + timedelta(seconds=59), email=gateway) == 0
    assert deliver(None, start + timedelta(seconds=60), email=gateway) == 1
    assert deliver(None, start + timedelta(seconds=179), email=gateway) == 0
    assert deliver(None, start + timedelta(seconds=180), email=gateway) == 1
    (delivery,) = deliveries(creditor)
    assert (delivery.state, delivery.attempts) == ("accepted", 3)


def test_a_letter_that_may_have_left_is_sent_again_as_the_same_delivery_even_when_it_has_grown_old(
    creditor: Creditor,
) -> None:
    by_email(creditor)
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    gateway = Answers(Verdict.UNKNOWN, Verdict.ACCEPTED)
    deliver(None, morning(THURSDAY, 10), email=gateway)
    run_daily_round(today=date(2026, 12, 2), at=morning(date(2026, 12, 2)))
    deliver(None, morning(date(2026, 12, 2), 10), email=gateway)
    first, second = gateway.given
    assert first.due.delivery_id == second.due.delivery_id
    assert first.sha256 == second.sha256
    assert len(letters(creditor)) == 1


def test_an_email_that_does_not_get_away_for_a_day_goes_on_paper(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    gateway = Answers(*[Verdict.NOT_YET] * 40)
    start = at = morning(THURSDAY, 10)
    deliver(None, at, email=gateway)
    while (delivery := deliveries(creditor)[0]).state == "queued":
        at = delivery.next_try_at
        assert deliver(None, at - timedelta(seconds=1), email=gateway) == 0
        deliver(None, at, email=gateway)
    # 63 minutes for the first six waits and then one every hour.
    assert at - start == timedelta(minutes=63 + 23 * 60)
    assert len(gateway.given) == MOST_ATTEMPTS
    assert [(each.gateway, each.state) for each in deliveries(creditor)] == [("email", "refused"), ("print", "queued")]
    assert fresh(claim).needs_person == ""
    deliver(tmp_path, at)
    assert kinds(claim)[-1] == "reminder_sent"
    assert ledger(creditor.id)["fees_owed"] == 60_00


def test_a_letter_that_may_have_left_five_times_is_a_persons_to_decide(creditor: Creditor) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    gateway = Answers(*[Verdict.UNKNOWN] * 20)
    for hours in range(20):
        deliver(None, morning(THURSDAY, 10) + timedelta(hours=hours), email=gateway)
    assert len(gateway.given) == MOST_UNKNOWN_ANSWERS
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_may_have_left")
    assert kinds(claim)[-1] == "person_needed"
    # Nobody knows that it has not left, so its fee stands until somebody decides.
    assert ledger(creditor.id)["fees_owed"] == 60_00
    with acting_for(creditor.id):
        try_again(creditor.id, claim.id, actor="Ali Berg", today=FRIDAY, at=morning(FRIDAY))
    deliver(None, morning(FRIDAY), email=Answers(Verdict.ACCEPTED))
    assert fresh(claim).status == "reminder_sent"


@pytest.fixture
def in_doubt(creditor: Creditor) -> Claim:
    """A claim whose letter may have left by e-mail, so that a person is asked."""
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    for hours in range(5):
        deliver(None, morning(THURSDAY, 10) + timedelta(hours=hours), email=Answers(Verdict.UNKNOWN))
    assert fresh(claim).needs_person == "letter_may_have_left"
    return claim


def tell(claim: Claim, day: date, *, has_left: bool) -> None:
    with acting_for(claim.creditor_id):
        tell_whether_letter_left(
            claim.creditor_id, claim.id, has_left=has_left, actor="Ali Berg", today=day, at=morning(day)
        )


def test_a_letter_that_a_person_has_seen_leave_is_sent_and_not_tried_again(creditor: Creditor, in_doubt: Claim) -> None:
    tell(in_doubt, FRIDAY, has_left=True)
    claim = fresh(in_doubt)
    assert (claim.status, claim.needs_person, claim.next_event) == ("reminder_sent", "", "last_day_to_pay")
    assert kinds(in_doubt)[-2:] == ["person_answered", "reminder_sent"]
    (delivery,) = deliveries(creditor)
    assert (delivery.state, delivery.evidence["told_by"]) == ("accepted", "Ali Berg")
    gateway = Answers()
    assert deliver(None, morning(FRIDAY, 10), email=gateway) == 0
    assert gateway.given == []
    with pytest.raises(LetterIsNotInDoubt):
        tell(in_doubt, FRIDAY, has_left=False)


def test_a_letter_that_a_person_knows_has_not_left_goes_on_paper_once(
    creditor: Creditor, in_doubt: Claim, tmp_path: Path
) -> None:
    tell(in_doubt, FRIDAY, has_left=False)
    assert deliver(tmp_path, morning(FRIDAY, 10), email=Answers()) == 1
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "refused"), ("print", "accepted")]
    assert deliveries(creditor)[0].evidence["code"] == "letter_did_not_leave"
    assert fresh(in_doubt).status == "reminder_sent"
    assert len(list(tmp_path.glob("*.zip"))) == 1
    assert ledger(creditor.id)["fees_owed"] == 60_00


def test_a_letter_known_not_to_have_left_is_made_anew_when_its_day_has_passed(
    creditor: Creditor, in_doubt: Claim, tmp_path: Path
) -> None:
    later = date(2026, 12, 2)
    tell(in_doubt, later, has_left=False)
    assert deliver(tmp_path, morning(later, 10)) == 0
    run_daily_round(today=later, at=morning(later, 11))
    # By post, as was promised, and not by e-mail once more.
    assert deliver(tmp_path, morning(later, 12), email=Answers()) == 1
    assert fresh(in_doubt).status == "reminder_sent"
    assert [(one.edition, one.day, one.replaced_at is None) for one in letters(creditor)] == [
        (1, THURSDAY, False),
        (2, later, True),
    ]


def test_nothing_goes_on_paper_when_the_debt_was_paid_while_the_letter_was_in_doubt(
    creditor: Creditor, in_doubt: Claim, tmp_path: Path
) -> None:
    pay(creditor, in_doubt, str(Money(fresh(in_doubt).principal_ore)), day=FRIDAY)
    tell(in_doubt, FRIDAY, has_left=False)
    assert fresh(in_doubt).status == "paid"
    assert deliver(tmp_path, morning(FRIDAY, 10), email=Answers()) == 0
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "refused"), ("print", "stopped")]
    assert "fees_owed" not in ledger(creditor.id)


def test_nobody_says_what_became_of_a_letter_that_is_not_in_doubt(creditor: Creditor, claim: Claim) -> None:
    with pytest.raises(LetterIsNotInDoubt):
        tell(claim, THURSDAY, has_left=False)
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("print", "queued")]


def test_a_letter_that_may_have_left_is_never_made_anew_although_the_server_is_away_afterwards(
    creditor: Creditor,
) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(None, morning(THURSDAY, 10), email=Answers(Verdict.UNKNOWN))
    gateway = Answers(*[Verdict.NOT_YET] * 40)
    for hours in range(1, 40):
        deliver(None, morning(THURSDAY, 10) + timedelta(hours=hours), email=gateway)
    assert len(gateway.given) == MOST_ATTEMPTS - 1
    assert fresh(claim).needs_person == "letter_may_have_left"
    run_daily_round(today=date(2026, 12, 2), at=morning(date(2026, 12, 2)))
    (letter,) = letters(creditor)
    assert letter.handed_at == morning(THURSDAY, 10)


def test_a_letter_that_cannot_be_drawn_by_a_fault_of_ours_waits_and_then_takes_its_fee_back(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_drawing, "draw_content", lambda _: (b"", "letter_drawing_failed"))
    at = morning(THURSDAY, 10)
    deliver(tmp_path, at)
    assert fresh(claim).status == "reminder_issued"
    for hours in range(1, MOST_ATTEMPTS):
        deliver(tmp_path, at + timedelta(hours=hours))
    assert fresh(claim).needs_person == "letter_drawing_failed"
    assert "fees_owed" not in ledger(creditor.id)
