"""Claims ended by decision, and claims that go on when a person has looked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions.closing import (
    ClaimHasEnded,
    LetterHasNotLeft,
    LetterIsGone,
    NothingIsAsked,
    close_as_paid,
    refuse_letter,
    try_again,
    withdraw,
)
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor
from punktlig.core.claim_balance import claim_balance
from punktlig.core.late_rate import KNOWN_RATES
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    SATURDAY,
    THURSDAY,
    accept,
    deliver,
    fresh,
    kinds,
    ledger,
    letters,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db

WHO = "Maja Lind"
LAST_DAY = date(2026, 12, 4)


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.fixture
def issued(creditor: Creditor) -> Claim:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    return claim


@pytest.fixture
def sent(creditor: Creditor, issued: Claim, tmp_path: Path) -> Claim:
    deliver(tmp_path, morning(THURSDAY, 10))
    assert fresh(issued).status == "reminder_sent"
    assert creditor.id == issued.creditor_id
    return issued


def decide(verb: Callable[..., Claim], claim: Claim, day: date = FRIDAY, **told: str) -> Claim:
    with acting_for(claim.creditor_id):
        return verb(claim.creditor_id, claim.id, actor=WHO, today=day, at=morning(day), **told)


def total(claim: Claim, day: date) -> str:
    with acting_for(claim.creditor_id):
        creditor = Creditor.objects.get(id=claim.creditor_id)
        return str(claim_balance(balance_facts(creditor, [fresh(claim)])[claim.id], day).total)


def test_a_claim_closed_as_paid_owes_nothing_and_the_money_is_the_creditors(creditor: Creditor, sent: Claim) -> None:
    assert total(sent, FRIDAY) == "1270.52"
    claim = decide(close_as_paid, sent)
    assert (claim.status, claim.next_event, claim.closed_at) == ("paid", "", morning(FRIDAY))
    # 1 200 kr, 32 days' interest and the fee.
    assert ledger(creditor.id) == {"paid_to_creditor": 1270_52, "due_to_creditor": -1210_52, "fee_income": -60_00}
    assert total(claim, FRIDAY) == total(claim, date(2027, 6, 1)) == "0.00"
    with acting_for(creditor.id):
        event = ClaimEvent.objects.get(kind="claim_closed")
    assert (event.actor, event.facts) == (WHO, {"reason": "paid", "left": "1270.52"})
    assert event.summary["balance"] == "0.00"


def test_a_withdrawn_claim_is_let_go_of(creditor: Creditor, sent: Claim) -> None:
    claim = decide(withdraw, sent)
    assert claim.status == "closed"
    books = ledger(creditor.id)
    assert books["waived"] == 1270_52
    assert "paid_to_creditor" not in books
    assert total(claim, FRIDAY) == "0.00"


def test_closing_before_the_round_leaves_nothing_to_issue(creditor: Creditor) -> None:
    claim = accept(creditor)
    decide(withdraw, claim, THURSDAY)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10)).seen == 0
    assert kinds(claim) == ["claim_received", "claim_closed"]


def test_closing_before_the_letter_leaves_stops_it_and_takes_the_fee_back(
    creditor: Creditor, issued: Claim, tmp_path: Path
) -> None:
    decide(close_as_paid, issued, THURSDAY)
    assert deliver(tmp_path, morning(THURSDAY, 10)) == 0
    assert kinds(issued)[-3:] == ["reminder_stopped", "fee_reversed", "claim_closed"]
    assert ledger(creditor.id) == {"paid_to_creditor": 1210_19, "due_to_creditor": -1210_19}


def test_a_claim_ends_once(sent: Claim) -> None:
    decide(close_as_paid, sent)
    for verb in (close_as_paid, withdraw, try_again):
        with pytest.raises(ClaimHasEnded):
            decide(verb, sent)
    assert kinds(sent).count("claim_closed") == 1


def test_another_creditors_claim_is_not_there(sent: Claim) -> None:
    other = make_creditor()
    with acting_for(other.id), pytest.raises(Claim.DoesNotExist):
        withdraw(other.id, sent.id, actor=WHO, today=FRIDAY, at=morning(FRIDAY))


def test_after_the_last_day_to_pay_the_creditor_decides_and_is_told_once(sent: Claim) -> None:
    run_daily_round(today=LAST_DAY, at=morning(LAST_DAY))
    assert fresh(sent).next_event == "last_day_to_pay"
    saturday = date(2026, 12, 5)
    for hour in (9, 10):
        run_daily_round(today=saturday, at=morning(saturday, hour))
    claim = fresh(sent)
    assert (claim.status, claim.next_event, claim.next_event_day) == ("reminder_sent", "creditor_decides", saturday)
    assert kinds(sent).count("last_day_passed") == 1


def test_a_claim_paid_in_time_is_not_asked_about(creditor: Creditor, sent: Claim) -> None:
    pay(creditor, sent, "1270.19", day=LAST_DAY)
    run_daily_round(today=date(2026, 12, 7), at=morning(date(2026, 12, 7)))
    assert fresh(sent).status == "paid"
    assert "last_day_passed" not in kinds(sent)
    # The interest between the letter and the payment was waived.
    assert ledger(creditor.id)["waived"] == 2_63


def test_a_person_lets_a_claim_go_on_when_what_was_wrong_is_mended(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = accept(creditor)
    with monkeypatch.context() as patched:
        patched.setattr("punktlig.agency.records.letter_deciding.remind", lambda *_: 1 / 0)
        run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert fresh(claim).needs_person == "could_not_be_made"
    waiting = decide(try_again, claim, SATURDAY)
    assert (waiting.status, waiting.needs_person, waiting.next_event_day) == ("received", "", date(2026, 11, 30))
    run_daily_round(today=date(2026, 11, 30), at=morning(date(2026, 11, 30)))
    assert fresh(claim).status == "reminder_issued"
    assert kinds(claim) == ["claim_received", "person_needed", "person_answered", "reminder_issued"]


def test_nobody_can_try_again_what_asks_for_nothing(sent: Claim) -> None:
    with pytest.raises(NothingIsAsked):
        decide(try_again, sent)


def test_a_letter_refused_for_good_cannot_be_tried_again_but_the_claim_can_be_withdrawn(
    creditor: Creditor, issued: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_drawing, "draw_content", lambda _: (b"", "address_does_not_fit"))
    deliver(tmp_path, morning(THURSDAY, 10))
    with pytest.raises(LetterIsGone):
        decide(try_again, issued)
    assert decide(withdraw, issued).status == "closed"
    assert ledger(creditor.id).get("fees_owed") is None


def test_a_letter_that_the_printer_sends_back_takes_the_fee_with_it_and_asks_a_person(
    creditor: Creditor, sent: Claim
) -> None:
    claim = decide(refuse_letter, sent, reason="Adressen finns inte")
    assert (claim.status, claim.needs_person) == ("needs_person", "letter_refused")
    assert kinds(sent)[-3:] == ["letter_refused", "fee_reversed", "person_needed"]
    (letter,) = letters(creditor)
    assert (letter.left_at, letter.stopped_at) == (None, morning(FRIDAY))
    assert ledger(creditor.id) == {"principal_owed": 1200_00, "due_to_creditor": -1200_00}
    assert total(sent, FRIDAY) == "1210.52"
    with pytest.raises(LetterHasNotLeft):
        decide(refuse_letter, sent, reason="Igen")


def test_the_rates_known_here_are_those_the_tests_count_on() -> None:
    assert KNOWN_RATES.known_through == date(2026, 12, 31)
