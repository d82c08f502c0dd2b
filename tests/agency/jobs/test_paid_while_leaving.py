"""A payment told while letters are on their way out: those that have not left yet stay, and no letter goes twice."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs import deliver_letters as job
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.letter_taking import LEASE
from punktlig.agency.records.models import Claim, Creditor
from tests.agency.rounds import THURSDAY, accept, deliver, deliveries, fresh, kinds, ledger, letters, morning, pay
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from punktlig.agency.records.handing_over import DrawnLetter, DueLetter

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def reminded(creditor: Creditor, count: int, *, by_email: bool = False) -> dict[str, Claim]:
    """Return claims by number whose reminders were issued on Thursday and wait."""
    Creditor.objects.filter(id=creditor.id).update(sends_by_email=by_email)
    claims = [accept(creditor) for _ in range(count)]
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    return {claim.number: claim for claim in claims}


class Mail:
    """A mail server that accepts every letter, and does something after each."""

    def __init__(self, after: Callable[[str], object]) -> None:
        self.after = after
        self.sent: list[str] = []

    def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
        for letter in letters:
            self.sent.append(letter.due.claim_number)
            yield Answer(delivery_id=letter.due.delivery_id, verdict=Verdict.ACCEPTED)
            self.after(letter.due.claim_number)


@pytest.mark.parametrize("amount", ["1200.00", "700.00"])
def test_an_email_whose_claim_was_paid_while_those_before_it_were_sent_is_not_sent(
    creditor: Creditor, amount: str
) -> None:
    claims = reminded(creditor, 3, by_email=True)
    paid: list[Claim] = []

    def somebody_pays(just_sent: str) -> None:
        if not paid:
            paid.extend([claim for number, claim in claims.items() if number != just_sent][:1])
            pay(creditor, paid[0], amount, day=THURSDAY, at=morning(THURSDAY, 10))

    mail = Mail(somebody_pays)
    deliver(None, morning(THURSDAY, 10), email=mail)
    (claim,) = paid
    assert claim.number not in mail.sent
    assert len(mail.sent) == 2
    if amount == "1200.00":
        assert fresh(claim).status == "paid"
        assert {"reminder_stopped", "fee_reversed"} <= set(kinds(claim))
        assert ledger(creditor.id)["fees_owed"] == 2 * 60_00
    else:
        assert fresh(claim).status == "reminder_issued"
        run_daily_round(today=THURSDAY, at=morning(THURSDAY, 11))
        deliver(None, morning(THURSDAY, 12), email=mail)
        assert mail.sent.count(claim.number) == 1
        (new,) = [each for each in letters(creditor) if each.edition == 2]
        assert new.total_ore == 500_00 + 10_19 + 60_00


def test_a_printed_letter_whose_claim_was_paid_while_it_was_drawn_is_not_in_the_zip(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = list(reminded(creditor, 3).values())
    draw = letter_drawing.draw_letters

    def slowly(letters_: Sequence[DueLetter]) -> tuple[list[DrawnLetter], list[Answer]]:
        drawn = draw(letters_)
        pay(creditor, claims[0], "1200.00", day=THURSDAY, at=morning(THURSDAY, 10))
        return drawn

    monkeypatch.setattr(job, "draw_letters", slowly)
    deliver(tmp_path, morning(THURSDAY, 10))
    (file,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 2
    assert [fresh(claim).status for claim in claims] == ["paid", "reminder_sent", "reminder_sent"]
    assert ledger(creditor.id)["fees_owed"] == 2 * 60_00
    assert "reminder_sent" not in kinds(claims[0])


def test_when_the_only_letter_of_a_batch_was_paid_nothing_is_written(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (claim,) = reminded(creditor, 1).values()
    draw = letter_drawing.draw_letters

    def slowly(letters_: Sequence[DueLetter]) -> tuple[list[DrawnLetter], list[Answer]]:
        pay(creditor, claim, "1200.00", day=THURSDAY, at=morning(THURSDAY, 10))
        return draw(letters_)

    monkeypatch.setattr(job, "draw_letters", slowly)
    deliver(tmp_path, morning(THURSDAY, 10))
    assert not list(tmp_path.glob("*.zip"))
    assert fresh(claim).status == "paid"
    assert deliver(tmp_path, morning(THURSDAY, 11)) == 0


def test_a_worker_that_slept_past_its_lease_sends_nothing_that_another_has_sent(creditor: Creditor) -> None:
    claims = reminded(creditor, 3, by_email=True)
    others = Mail(lambda _: None)

    def sleeps(_: str) -> None:
        if not others.sent:
            deliver(None, morning(THURSDAY, 10) + LEASE + timedelta(minutes=1), email=others)

    mail = Mail(sleeps)
    deliver(None, morning(THURSDAY, 10), email=mail)
    assert sorted(mail.sent + others.sent) == sorted(claims)
    assert [each.state for each in deliveries(creditor)] == ["accepted"] * 3


def test_a_worker_that_slept_past_its_lease_sends_nothing_that_another_has_in_hand(creditor: Creditor) -> None:
    claims = reminded(creditor, 3, by_email=True)
    in_hand: list[str] = []

    class CutOff:
        """Another worker's mail server: what it was given may have left, and nobody has been told."""

        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            in_hand.extend(letter.due.claim_number for letter in letters)
            raise KeyboardInterrupt

    def sleeps(_: str) -> None:
        if not in_hand:
            with pytest.raises(KeyboardInterrupt):
                deliver(None, morning(THURSDAY, 10) + LEASE + timedelta(minutes=1), email=CutOff())

    mail = Mail(sleeps)
    deliver(None, morning(THURSDAY, 10), email=mail)
    assert len(in_hand) == 2
    assert sorted(mail.sent + in_hand) == sorted(claims)


def test_a_worker_that_slept_past_its_lease_writes_no_second_batch(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = list(reminded(creditor, 2).values())
    draw = letter_drawing.draw_letters

    def sleeps(letters_: Sequence[DueLetter]) -> tuple[list[DrawnLetter], list[Answer]]:
        monkeypatch.setattr(job, "draw_letters", draw)
        drawn = draw(letters_)
        # Meanwhile one is paid, and another worker takes over what this one seems to have left.
        pay(creditor, claims[0], "1200.00", day=THURSDAY, at=morning(THURSDAY, 10))
        monkeypatch.setattr(PrintFolder, "_write", held_up)
        with pytest.raises(OSError, match="the disk is full"):
            deliver(tmp_path, morning(THURSDAY, 10) + LEASE + timedelta(minutes=1))
        monkeypatch.setattr(PrintFolder, "_write", write)
        return drawn

    write = PrintFolder._write

    def held_up(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(job, "draw_letters", sleeps)
    deliver(tmp_path, morning(THURSDAY, 10))
    assert not list(tmp_path.glob("*.zip"))
    deliver(tmp_path, morning(THURSDAY, 11))
    (file,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 1
    assert [fresh(claim).status for claim in claims] == ["paid", "reminder_sent"]


def test_a_letter_whose_sending_was_cut_off_counts_as_one_that_may_have_left(creditor: Creditor) -> None:
    (claim,) = reminded(creditor, 1, by_email=True).values()

    class CutOff:
        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            list(letters)
            raise KeyboardInterrupt

    class Down:
        def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
            for letter in letters:
                yield Answer(delivery_id=letter.due.delivery_id, verdict=Verdict.NOT_YET, code="email_try_later")

    at = morning(THURSDAY, 10)
    deliver(None, at, email=Down())
    with pytest.raises(KeyboardInterrupt):
        deliver(None, at + timedelta(minutes=5), email=CutOff())
    deliver(None, at + timedelta(minutes=20), email=Down())
    # It may be with the debtor: a payment of a part must not bring another letter.
    pay(creditor, claim, "700.00", day=THURSDAY, at=at + timedelta(minutes=21))
    run_daily_round(today=THURSDAY, at=at + timedelta(minutes=22))
    assert len(letters(creditor)) == 1
    for hours in range(1, 40):
        deliver(None, at + timedelta(hours=hours), email=Down())
    assert [(each.gateway, each.state) for each in deliveries(creditor)] == [("email", "queued")]
    assert fresh(claim).needs_person == "letter_may_have_left"
