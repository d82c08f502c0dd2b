"""One claim that is broken, or one creditor, holds up none of the others."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions import reminders
from punktlig.agency.actions.closing import try_again
from punktlig.agency.actions.print_batches import fetch_batch, letters_of_batch
from punktlig.agency.gateways.email_gateway import CaughtEmail, Sender
from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs import daily_round
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor
from punktlig.tenancy.context import acting_for
from tests.agency import rates
from tests.agency.rounds import (
    FRIDAY,
    THURSDAY,
    accept,
    deliver,
    deliveries,
    fresh,
    kinds,
    morning,
    pay,
    statuses,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from punktlig.agency.records.handing_over import DrawnLetter

pytestmark = pytest.mark.django_db

AFTER_THE_LAST_DAY = date(2026, 12, 7)


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def damage(claim: Claim, body: bytes = b'{"invoice":') -> None:
    with acting_for(claim.creditor_id):
        Claim.objects.filter(id=claim.id).update(submission=body)


def told(claim: Claim, **changes: Any) -> bytes:
    """Return the claim's message as another version wrote it."""
    message = json.loads(bytes(claim.submission))
    message["invoice"].update(changes)
    return json.dumps(message).encode()


def is_set_aside(claim: Claim) -> bool:
    claim = fresh(claim)
    with acting_for(claim.creditor_id):
        last = ClaimEvent.objects.filter(claim=claim).latest("sequence")
    return (claim.status, claim.needs_person, last.facts, last.summary["balance"]) == (
        "needs_person",
        "claim_unreadable",
        {"code": "claim_unreadable"},
        None,
    )


def test_a_claim_that_cannot_be_read_is_set_aside_and_the_others_get_their_letter(creditor: Creditor) -> None:
    bad, good = accept(creditor), accept(creditor)
    damage(bad)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)).issued == 1
    assert is_set_aside(bad)
    assert fresh(good).status == "reminder_issued"


def test_a_claim_that_was_set_aside_goes_on_when_it_can_be_read_again(creditor: Creditor) -> None:
    claim = accept(creditor)
    damage(claim)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    damage(claim, bytes(claim.submission))
    with acting_for(creditor.id):
        try_again(creditor.id, claim.id, actor="Karin Wester", today=THURSDAY, at=morning(THURSDAY, 10))
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY, 11)).issued == 1
    assert fresh(claim).status == "reminder_issued"


def test_a_claim_that_a_stricter_contract_would_not_take_any_more_goes_its_way(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = accept(creditor)
    damage(claim, told(claim, forgotten="a field of an older version", number="9" * 61))
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    pay(creditor, claim, "1270.19", day=FRIDAY)
    assert fresh(claim).status == "paid"


def test_a_claim_that_becomes_unreadable_holds_up_no_letter_made_anew(creditor: Creditor) -> None:
    bad, good = accept(creditor), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    damage(bad)
    later = date(2026, 12, 2)
    run_daily_round(today=later, at=morning(later))
    assert is_set_aside(bad)
    assert kinds(good).count("reminder_issued") == 2


def test_a_claim_that_becomes_unreadable_holds_up_no_delivery(creditor: Creditor, tmp_path: Path) -> None:
    others = make_creditor()
    bad, good, of_another = accept(creditor), accept(creditor), accept(others)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    damage(bad)
    assert deliver(tmp_path, morning(THURSDAY, 10)) == 2
    assert is_set_aside(bad)
    assert (fresh(good).status, fresh(of_another).status) == ("reminder_sent", "reminder_sent")


def test_a_claim_that_becomes_unreadable_holds_up_no_email(creditor: Creditor) -> None:
    Creditor.objects.update(sends_by_email=True)
    bad, good = accept(creditor), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    damage(bad)
    assert deliver(None, morning(THURSDAY, 10)) == 1
    assert is_set_aside(bad)
    assert fresh(good).status == "reminder_sent"


def test_a_claim_that_becomes_unreadable_holds_up_no_batch_that_a_person_fetches(creditor: Creditor) -> None:
    bad, good = accept(creditor), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    damage(bad)
    batch = fetch_batch(by="Karin Wester", today=THURSDAY, at=morning(THURSDAY, 10))
    assert batch is not None
    assert [letter.claim_number for letter in letters_of_batch(batch)] == [good.number]
    assert is_set_aside(bad)


def test_the_batch_of_a_killed_worker_goes_on_without_a_claim_that_became_unreadable(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = accept(creditor), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PrintFolder, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(tmp_path, morning(THURSDAY, 10))
    damage(bad)
    assert deliver(tmp_path, morning(THURSDAY, 11)) == 1
    assert is_set_aside(bad)
    assert fresh(good).status == "reminder_sent"


def test_an_unreadable_claim_whose_letter_has_left_does_not_let_the_others_leave_again(creditor: Creditor) -> None:
    Creditor.objects.update(sends_by_email=True)
    claims = [accept(creditor) for _ in range(3)]
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    gateway = _Slow()

    # What comes in meanwhile lets the balance be asked for; and what was damaged meanwhile cannot be asked.
    def meanwhile() -> None:
        pay(creditor, claims[0], "10.00", day=THURSDAY)
        damage(claims[0])

    gateway.meanwhile = meanwhile
    deliver(None, morning(THURSDAY, 10), email=gateway)
    assert is_set_aside(claims[0])
    assert [fresh(claim).status for claim in claims[1:]] == ["reminder_sent"] * 2
    deliver(None, morning(THURSDAY, 12), email=gateway)
    assert len(gateway.sent) == 3, "each has left once"


class _Slow(CaughtEmail):
    """A mail server that takes its time, in which something happens."""

    def __init__(self) -> None:
        super().__init__(Sender("Ekviken Ombud AB", "hej@ekviken.example"))
        self.meanwhile: Any = None
        self.sent: list[str] = []

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:
        letters = list(letters)
        answers = super().hand_over(letters, batch_id=batch_id, at=at)
        self.sent += [letter.due.claim_number for letter in letters]
        if self.meanwhile:
            self.meanwhile()
            self.meanwhile = None
        return answers


def test_a_claim_that_becomes_unreadable_holds_up_no_last_day(creditor: Creditor, tmp_path: Path) -> None:
    bad, good = accept(creditor), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    damage(bad)
    run_daily_round(today=AFTER_THE_LAST_DAY, at=morning(AFTER_THE_LAST_DAY))
    assert is_set_aside(bad)
    assert fresh(good).next_event == "creditor_decides"


def test_a_claim_that_becomes_unreadable_holds_up_none_that_waits_for_a_rate(creditor: Creditor) -> None:
    bad, good = accept(creditor, rates.NEW_YEARS_EVE), accept(creditor, rates.NEW_YEARS_EVE)
    january = date(2027, 1, 4)
    run_daily_round(today=january, at=morning(january))
    assert [fresh(claim).needs_person for claim in (bad, good)] == ["rate_unknown"] * 2
    damage(bad)
    rates.add(today=january)
    run_daily_round(today=january, at=morning(january, 10))
    assert is_set_aside(bad)
    assert fresh(good).status == "reminder_issued"


def test_a_fault_with_one_creditor_holds_up_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    creditors = [make_creditor(), make_creditor(), make_creditor()]
    for creditor in creditors:
        accept(creditor)
    first = min(creditor.id for creditor in creditors)

    def issue(creditor_id: UUID, **rest: Any) -> reminders.Issued:
        if creditor_id == first:
            raise ZeroDivisionError
        return reminders.issue_reminders(creditor_id, **rest)

    with monkeypatch.context() as patched:
        patched.setattr(daily_round, "issue_reminders", issue)
        assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)).issued == 2
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10)).issued == 1, "it is tried again"
    assert [status for creditor in creditors for status in statuses(creditor)] == ["reminder_issued"] * 3


def test_a_mail_server_may_say_anything(creditor: Creditor) -> None:
    Creditor.objects.update(sends_by_email=True)
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))

    class Odd(CaughtEmail):
        def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:
            (answer,) = super().hand_over(letters, batch_id=batch_id, at=at)
            return [
                Answer(
                    delivery_id=answer.delivery_id,
                    verdict=answer.verdict,
                    evidence={"answer": "250 ok \x00\x07"},
                    pdf_sha256=answer.pdf_sha256,
                )
            ]

    deliver(None, morning(THURSDAY, 10), email=Odd(Sender("Ekviken Ombud AB", "hej@ekviken.example")))
    (delivery,) = deliveries(creditor)
    assert (delivery.state, delivery.evidence["answer"]) == ("accepted", "250 ok \x07")
