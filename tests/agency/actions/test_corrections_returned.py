"""A letter that has left comes back while the letter that corrects it waits, leaves or has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions.closing import (
    CorrectionIsLeaving,
    LetterHasNotLeft,
    LetterIsGone,
    refuse_letter,
    try_again,
)
from punktlig.agency.actions.debtor_addresses import give_new_address
from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import Claim
from punktlig.agency.records.reminder_events import wait_for_person
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.exchange.messages import Address
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import (
    DAY_AFTER,
    LATE,
    counted_in_a_letter_that_left,
    letters_of,
    owed,
    payments_of,
    play_round,
    take_back,
    told,
    totals,
)
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    STOCKHOLM,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Answers,
    accept,
    by_email,
    deliver,
    fresh,
    kinds,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from punktlig.agency.records.models import Creditor, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def send_back(claim: Claim, at: datetime) -> None:
    today = at.astimezone(STOCKHOLM).date()
    with acting_for(claim.creditor_id):
        refuse_letter(claim.creditor_id, claim.id, reason="okänd", actor="Ali Omar", today=today, at=at)


def give_address(claim: Claim, at: datetime) -> None:
    address = Address(lines=("Tallstigen 2",), postcode="123 47", town="Lillsjön")
    with acting_for(claim.creditor_id):
        give_new_address(
            claim.creditor_id, claim.id, address, actor="Ali Omar", today=at.astimezone(STOCKHOLM).date(), at=at
        )


def in_force(claim: Claim) -> list[Letter]:
    return [letter for letter in letters_of(claim) if letter.replaced_at is None and letter.stopped_at is None]


@pytest.mark.parametrize("renewed", [False, True])
def test_the_correction_that_waits_is_stopped_and_a_person_finds_the_debtor(
    creditor: Creditor, tmp_path: Path, renewed: bool
) -> None:
    never = accept(creditor)
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    if renewed:
        pay(creditor, claim, "0.01", day=FRIDAY, at=morning(FRIDAY, 10))
        pay(creditor, never, "0.01", day=FRIDAY, at=morning(FRIDAY, 10))
        run_daily_round(today=FRIDAY, at=morning(FRIDAY, 11))
    send_back(claim, morning(FRIDAY, 12))
    assert kinds(claim)[-4:] == ["reminder_stopped", "letter_refused", "fee_reversed", "person_needed"]
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")
    assert in_force(claim) == []
    assert not {"fees_owed", "fee_income"} & totals(claim).keys()
    deliver(tmp_path, morning(FRIDAY, 13))
    play_round(MONDAY, tmp_path)
    assert all(letter.left_at is None for letter in letters_of(claim))
    # Nobody has had a letter, so the one to the new address corrects none, and its fee is its own.
    give_address(claim, morning(MONDAY, 14))
    play_round(TUESDAY, tmp_path)
    (last,) = in_force(claim)
    assert (last.left_at is not None, last.charge_ore) == (True, 60_00)
    assert last.step_id == letters_of(claim)[0].step_id
    assert len(LetterContent.from_json(last.content).lead) == 1
    assert last.total == owed(claim, TUESDAY) == owed(never, TUESDAY)
    assert totals(claim)["fees_owed"] == 60_00


def test_what_was_paid_meanwhile_counts_on_the_invoice_and_may_settle_it(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    pay(creditor, claim, "40.00", day=WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    left = owed(claim, FRIDAY)
    # All but the fee, which the debtor owes only for a letter that arrived.
    pay(creditor, claim, str(Money(left.ore - 60_00)), day=FRIDAY, at=morning(FRIDAY, 10))
    assert fresh(claim).status == "reminder_issued"
    send_back(claim, morning(FRIDAY, 11))
    assert (fresh(claim).status, owed(claim, FRIDAY)) == ("paid", Money(0))
    assert kinds(claim)[-4:] == ["reminder_stopped", "letter_refused", "fee_reversed", "claim_paid"]
    play_round(MONDAY, tmp_path)
    assert all(letter.left_at is None for letter in letters_of(claim))
    # Taken back too, the claim asks again where the debtor is: the letter had come back.
    take_back(claim, MONDAY)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")


def test_not_while_the_correction_is_leaving_and_then_only_the_correction(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    by_email(creditor)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    with acting_for(creditor.id):
        (leaving,) = claim_due(creditor.id, "email", today=FRIDAY, at=morning(FRIDAY, 10))
    before = totals(claim)
    with pytest.raises(CorrectionIsLeaving):
        send_back(claim, morning(FRIDAY, 11))
    assert (totals(claim), fresh(claim).status) == (before, "reminder_issued")
    with acting_for(creditor.id):
        answer = Answer(delivery_id=leaving.delivery_id, verdict=Verdict.ACCEPTED)
        settle(creditor.id, [answer], today=FRIDAY, at=morning(FRIDAY, 12))
    send_back(claim, morning(FRIDAY, 13))
    first, second = letters_of(claim)
    assert (first.stopped_at, first.left_at is not None) == (None, True)
    assert (second.stopped_at is not None, second.left_at) == (True, None)
    assert fresh(claim).needs_person == "letter_refused"
    with pytest.raises(LetterHasNotLeft):
        send_back(claim, morning(FRIDAY, 14))


def test_a_correction_that_could_not_leave_by_email_is_stopped_too(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    by_email(creditor)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    deliver(None, morning(FRIDAY, 10), email=Answers(Verdict.REFUSED))
    # It waits for the printer now.
    send_back(claim, morning(FRIDAY, 11))
    deliver(tmp_path, morning(FRIDAY, 12))
    assert in_force(claim) == []
    assert all(letter.left_at is None for letter in letters_of(claim))


def test_an_older_letter_that_comes_back_stops_none_to_a_new_address(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    play_round(FRIDAY, tmp_path)
    send_back(claim, morning(FRIDAY, 13))
    give_address(claim, morning(FRIDAY, 14))
    run_daily_round(today=MONDAY, at=morning(MONDAY))
    with pytest.raises(LetterHasNotLeft):
        send_back(claim, morning(MONDAY, 9, 30))
    deliver(tmp_path, morning(MONDAY, 10))
    (third,) = in_force(claim)
    assert (third.edition, third.left_at is not None) == (3, True)


def test_a_letter_that_comes_back_while_a_person_decides_about_its_charges_takes_them_along(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (wrong,) = payments_of(claim)
    pay(creditor, claim, "1200.00", day=LATE)
    take_back(claim, LATE, payment=wrong)
    play_round(DAY_AFTER, tmp_path)
    assert fresh(claim).needs_person == "only_charges_left"
    send_back(claim, morning(DAY_AFTER, 14))
    # The invoice is covered, and costs and interest are asked for by no letter that has arrived.
    assert (fresh(claim).status, fresh(claim).needs_person, owed(claim, DAY_AFTER)) == ("paid", "", Money(0))
    assert kinds(claim)[-3:] == ["letter_refused", "fee_reversed", "claim_paid"]
    assert "fees_owed" not in totals(claim)


def test_the_letter_can_come_back_also_when_a_payment_that_stopped_its_correction_is_taken_back(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    pay(creditor, claim, "1400.00", day=FRIDAY, at=morning(FRIDAY, 10))
    assert fresh(claim).status == "paid"
    take_back(claim, FRIDAY, hour=11)
    # No letter is in force; the one planned corrects the first.
    assert (fresh(claim).status, fresh(claim).next_event) == ("received", "correction_is_issued")
    assert told(claim, "payment_reversed")["correction_day"] == MONDAY.isoformat()
    assert in_force(claim) == []
    send_back(claim, morning(FRIDAY, 12))
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")
    assert not {"fees_owed", "fee_income"} & totals(claim).keys()
    with pytest.raises(LetterIsGone), acting_for(creditor.id):
        try_again(creditor.id, claim.id, actor="Ali Omar", today=FRIDAY, at=morning(FRIDAY, 13))
    play_round(MONDAY, tmp_path)
    assert all(letter.left_at is None for letter in letters_of(claim))
    give_address(claim, morning(MONDAY, 14))
    assert fresh(claim).next_event == "reminder_is_issued"
    play_round(TUESDAY, tmp_path)
    (last,) = in_force(claim)
    assert (last.left_at is not None, last.charge_ore) == (True, 60_00)
    assert last.total == owed(claim, TUESDAY)


def test_a_person_asked_about_a_correction_that_was_stopped_lets_it_be_made_as_one(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    pay(creditor, claim, "1400.00", day=FRIDAY, at=morning(FRIDAY, 10))
    take_back(claim, FRIDAY, hour=11)
    with acting_for(creditor.id):
        asked = Claim.objects.get(id=claim.id)
        wait_for_person(asked, "could_not_be_made", morning(FRIDAY, 12))
        asked.save()
        try_again(creditor.id, claim.id, actor="Ali Omar", today=MONDAY, at=morning(MONDAY, 8))
    assert fresh(claim).next_event == "correction_is_issued"
    play_round(MONDAY, tmp_path)
    assert len(LetterContent.from_json(letters_of(claim)[-1].content).lead) == 2
