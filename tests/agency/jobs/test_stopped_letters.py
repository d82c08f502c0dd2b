"""What stops a letter, has it made anew, or ends it for good."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions import claims
from punktlig.agency.actions.letters import renew_letters
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.models import (
    Claim,
    Creditor,
    Delivery,
    JournalEntry,
    PrintBatch,
)
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    accept,
    deliver,
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
    from pathlib import Path


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


def test_a_payment_between_issue_and_delivery_stops_the_letter_and_takes_the_fee_back(
    creditor: Creditor, claim: Claim, tmp_path: Path
) -> None:
    pay(creditor, claim, "1200.00", day=THURSDAY, at=morning(THURSDAY, 10))
    assert deliver(tmp_path, morning(THURSDAY, 11)) == 0
    assert not list(tmp_path.glob("*.zip"))
    (letter,) = letters(creditor)
    assert letter.stopped_at is not None
    assert fresh(claim).status == "paid"
    assert kinds(claim) == [
        "claim_received",
        "reminder_issued",
        "payment_confirmed",
        "reminder_stopped",
        "fee_reversed",
        "claim_paid",
    ]
    # The interest so far, 10,19 kr, is fixed and waived; nothing is left of the fee.
    assert ledger(creditor.id) == {"due_to_creditor": -1210_19, "paid_to_creditor": 1200_00, "waived": 10_19}


def test_a_part_payment_between_issue_and_delivery_has_the_letter_made_anew_with_the_same_fee(
    creditor: Creditor, claim: Claim, tmp_path: Path
) -> None:
    pay(creditor, claim, "700.00", day=THURSDAY, at=morning(THURSDAY, 10))
    assert deliver(tmp_path, morning(THURSDAY, 11)) == 0
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 12))
    old, new = letters(creditor)
    assert (old.replaced_at, new.edition, new.step_id) == (morning(THURSDAY, 12), 2, old.step_id)
    assert (new.total_ore, new.charge_ore) == (500_00 + 10_19 + 60_00, 60_00)
    assert deliver(tmp_path, morning(THURSDAY, 13)) == 1
    assert ledger(creditor.id)["fees_owed"] == 60_00
    assert kinds(claim)[-2:] == ["reminder_issued", "reminder_sent"]
    with acting_for(creditor.id):
        assert JournalEntry.objects.filter(kind="reminder_fee").count() == 1
        assert list(Delivery.objects.order_by("state").values_list("state", flat=True)) == ["accepted", "stopped"]


def test_a_letter_that_would_leave_more_than_two_bank_days_after_its_date_is_made_anew(
    creditor: Creditor, claim: Claim, tmp_path: Path
) -> None:
    # Thursday's letter may leave on Friday and Monday.
    run_daily_round(today=MONDAY, at=morning(MONDAY))
    assert len(letters(creditor)) == 1
    assert deliver(tmp_path, morning(TUESDAY, 8)) == 0
    run_daily_round(today=TUESDAY, at=morning(TUESDAY))
    old, new = letters(creditor)
    assert (old.day, new.day, new.last_day_to_pay) == (THURSDAY, TUESDAY, date(2026, 12, 9))
    # Five more days of interest, the same fee.
    assert (new.interest_ore - old.interest_ore, new.charge_ore) == (1_65, 60_00)
    assert deliver(tmp_path, morning(TUESDAY, 10)) == 1
    assert fresh(claim).last_day_to_pay == date(2026, 12, 9)
    assert ledger(creditor.id)["fees_owed"] == 60_00


def test_no_letter_is_made_anew_on_a_day_that_is_no_bank_day(creditor: Creditor, claim: Claim) -> None:
    pay(creditor, claim, "700.00", day=FRIDAY, at=morning(FRIDAY, 20))
    with acting_for(creditor.id):
        assert renew_letters(creditor.id, today=SATURDAY, at=morning(SATURDAY)).seen == 0
        assert renew_letters(creditor.id, today=MONDAY, at=morning(MONDAY)).renewed == 1
        assert renew_letters(creditor.id, today=MONDAY, at=morning(MONDAY)).seen == 0
    assert claim.number


def test_a_letter_that_cannot_be_made_anew_waits_for_a_person_and_does_not_leave(
    creditor: Creditor, tmp_path: Path
) -> None:
    december = date(2026, 12, 30)
    claim = accept(creditor, date(2026, 12, 29))
    run_daily_round(today=december, at=morning(december))
    later = date(2027, 1, 7)
    run_daily_round(today=later, at=morning(later))
    assert fresh(claim).needs_person == "rate_unknown"
    assert deliver(tmp_path, morning(later, 10)) == 0


def test_a_letter_refused_for_good_takes_the_fee_back_and_asks_a_person(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_drawing, "draw_content", lambda _: (b"", "character_not_covered"))
    deliver(tmp_path, morning(THURSDAY, 10))
    claim = fresh(claim)
    assert (claim.status, claim.needs_person) == ("needs_person", "character_not_covered")
    assert kinds(claim)[-3:] == ["letter_refused", "fee_reversed", "person_needed"]
    with acting_for(creditor.id):
        fee = JournalEntry.objects.get(kind="reminder_fee")
        assert JournalEntry.objects.get(kind="fee_reversed").corrects_id == fee.id
    assert ledger(creditor.id) == {"principal_owed": 1200_00, "due_to_creditor": -1200_00}
    assert not list(tmp_path.glob("*.zip"))
    assert PrintBatch.objects.get().letter_count == 0


def test_a_letter_with_a_sign_that_no_font_has_is_refused_by_name(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a claim that was taken before the fonts were looked at.
    monkeypatch.setattr(claims, "refuse_unprintable", lambda *_: None)
    claim = accept(creditor, debtor={"name": "Anna שלום"})
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    assert fresh(claim).needs_person == "character_not_covered"
    assert sorted(statuses(creditor)) == ["needs_person", "reminder_sent"]


def test_letters_that_may_not_leave_do_not_stand_in_the_way_of_those_that_may(
    creditor: Creditor, claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.agency.jobs.deliver_letters.MOST_IN_A_BATCH", 1)
    with acting_for(creditor.id):
        Claim.objects.filter(id=claim.id).update(needs_person="could_not_be_made")
    later = accept(creditor, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    assert deliver(tmp_path, morning(FRIDAY, 10)) == 1
    assert (fresh(claim).status, fresh(later).status) == ("reminder_issued", "reminder_sent")


def test_no_batch_is_left_when_nothing_may_leave(creditor: Creditor, claim: Claim, tmp_path: Path) -> None:
    pay(creditor, claim, "700.00", day=FRIDAY, at=morning(FRIDAY, 20))
    assert deliver(tmp_path, morning(SATURDAY)) == 0
    assert not PrintBatch.objects.exists()
