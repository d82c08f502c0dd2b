"""What comes while a letter that has left is being corrected: money, another mistake, an answer that nobody heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions.closing import tell_whether_letter_left
from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.actions.payment_corrections import LetterIsLeaving
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import ReceivedCommand
from punktlig.core.money import Money
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import (
    DAY_AFTER,
    EARLIER,
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
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Answers,
    accept,
    by_email,
    deliver,
    deliveries,
    fresh,
    kinds,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from pathlib import Path

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def test_paying_what_is_owed_while_the_correction_waits_ends_the_claim(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (wrong,) = payments_of(claim)
    pay(creditor, claim, "500.00", day=MONDAY)
    take_back(claim, LATE, payment=wrong)
    run_daily_round(today=DAY_AFTER, at=morning(DAY_AFTER))
    asked = owed(claim, DAY_AFTER)
    assert asked == letters_of(claim)[-1].total
    # The correction is stopped; what it had put on the invoice is not put on the first letter's costs again.
    pay(creditor, claim, str(asked), day=DAY_AFTER, at=morning(DAY_AFTER, 10))
    deliver(tmp_path, morning(DAY_AFTER, 11))
    assert (fresh(claim).status, owed(claim, DAY_AFTER)) == ("paid", Money(0))
    assert not {"principal_owed", "interest_owed", "fees_owed"} & totals(claim).keys()
    assert letters_of(claim)[-1].left_at is None


def test_a_correction_made_anew_counts_on_the_invoice_what_came_before_it(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    pay(creditor, claim, "100.00", day=FRIDAY, at=morning(FRIDAY, 10))
    assert "fees_owed" not in totals(claim)
    play_round(MONDAY, tmp_path)
    third = letters_of(claim)[-1]
    assert (third.edition, third.total) == (3, owed(claim, MONDAY))
    assert (totals(claim)["fees_owed"], totals(claim)["principal_owed"]) == (60_00, 1100_00)


def test_a_fee_without_ground_is_taken_back_also_while_the_correction_waits(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    # All of the invoice was paid before the first letter's date (NJA 1988 s. 312).
    pay(creditor, claim, "1200.00", day=WEDNESDAY, at=morning(FRIDAY, 10))
    assert fresh(claim).status == "paid"
    assert kinds(claim)[-4:] == ["payment_confirmed", "reminder_stopped", "fee_reversed", "claim_paid"]
    assert "fee_income" not in totals(claim)


@pytest.mark.parametrize("corrects", [False, True])
def test_a_fee_that_was_let_go_is_not_asked_for_when_the_letter_is_made_anew(
    creditor: Creditor, tmp_path: Path, corrects: bool
) -> None:
    if corrects:
        claim = counted_in_a_letter_that_left(creditor, tmp_path)
        take_back(claim, THURSDAY)
    else:
        claim = accept(creditor)
    by_email(creditor)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    with acting_for(creditor.id):
        (leaving,) = claim_due(creditor.id, "email", today=FRIDAY, at=morning(FRIDAY, 10))
    # Told by mistake as paid before any letter, while the letter was on its way.
    pay(creditor, claim, "1200.00", day=WEDNESDAY, at=morning(FRIDAY, 10, 5))
    assert kinds(claim)[-2:] == ["fee_reversed", "claim_paid"]
    (wrong,) = payments_of(claim)
    pay(creditor, claim, "1200.00", day=FRIDAY, at=morning(FRIDAY, 10, 6), kind="reversal", reverses=wrong)
    with acting_for(creditor.id):
        answer = Answer(delivery_id=leaving.delivery_id, verdict=Verdict.NOT_YET)
        settle(creditor.id, [answer], today=FRIDAY, at=morning(FRIDAY, 11))
    run_daily_round(today=FRIDAY, at=morning(FRIDAY, 12))
    last = letters_of(claim)[-1]
    assert (fresh(claim).status, last.charge_ore, last.total) == ("reminder_issued", 0, owed(claim, FRIDAY))
    assert not {"fees_owed", "fee_income"} & totals(claim).keys()


@pytest.mark.parametrize("first_is_told_late", [False, True])
def test_who_paid_in_two_parts_what_the_first_letter_said_has_paid(
    creditor: Creditor, tmp_path: Path, first_is_told_late: bool
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (letter,) = letters_of(claim)
    take_back(claim, FRIDAY)
    # Both were booked before the correction's date, and one is told after it has left.
    parts = ["500.00", str(Money(letter.total_ore - 500_00))]
    days = (FRIDAY, THURSDAY) if first_is_told_late else (THURSDAY, FRIDAY)
    pay(creditor, claim, parts[0], day=days[0], at=morning(FRIDAY, 16))
    play_round(MONDAY, tmp_path)
    assert fresh(claim).status == "reminder_sent"
    pay(creditor, claim, parts[1], day=days[1], at=morning(TUESDAY))
    assert (fresh(claim).status, owed(claim, TUESDAY)) == ("paid", Money(0))
    assert "fees_owed" not in totals(claim)


def test_a_part_paid_after_the_correction_does_not_pay_what_the_first_letter_said(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (letter,) = letters_of(claim)
    take_back(claim, FRIDAY)
    pay(creditor, claim, "500.00", day=FRIDAY, at=morning(FRIDAY, 16))
    play_round(MONDAY, tmp_path)
    pay(creditor, claim, str(Money(letter.total_ore - 500_00)), day=MONDAY, at=morning(TUESDAY))
    assert fresh(claim).status == "reminder_sent"
    assert owed(claim, TUESDAY) > Money.parse("199.00")


def test_a_correction_made_anew_goes_on_paper_where_the_first_letter_had_to(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    claim = accept(creditor)
    pay(creditor, claim, "200.00", day=WEDNESDAY)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    for hour in (10, 11):
        deliver(tmp_path, morning(THURSDAY, hour), email=Answers(Verdict.REFUSED))
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    pay(creditor, claim, "10.00", day=FRIDAY, at=morning(FRIDAY, 10))
    run_daily_round(today=FRIDAY, at=morning(FRIDAY, 11))
    assert letters_of(claim)[-1].edition == 3
    assert [one.gateway for one in deliveries(creditor)] == ["email", "print", "print", "print"]


def test_the_creditor_itself_can_take_back_nothing_that_a_letter_has_told(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor, payments=[(EARLIER, "200.00")])
    pay(creditor, claim, "100.00", day=WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    one, two = payments_of(claim)
    take_back(claim, THURSDAY, payment=one)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    pay(creditor, claim, "100.00", day=FRIDAY, at=morning(FRIDAY, 10), kind="reversal", reverses=two)
    with acting_for(creditor.id):
        asked = ReceivedCommand.objects.get(reverses=two)
    assert (asked.state, asked.code) == ("refused", "payment_in_letter")


@pytest.mark.parametrize("has_left", [False, True])
def test_an_email_that_nobody_will_hear_of_does_not_stop_it(creditor: Creditor, tmp_path: Path, has_left: bool) -> None:
    by_email(creditor)
    claim = accept(creditor, payments=[(EARLIER, "200.00")])
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):  # by a worker that is killed
        claim_due(creditor.id, "email", today=THURSDAY, at=morning(THURSDAY, 10))
    pay(creditor, claim, str(owed(claim, LATE)), day=LATE)
    deliver(tmp_path, morning(LATE, 10))
    assert fresh(claim).status == "paid"
    take_back(claim, LATE, payment=payments_of(claim)[0])
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_may_have_left")
    with acting_for(creditor.id):
        tell_whether_letter_left(
            creditor.id, claim.id, has_left=has_left, actor="Ali Omar", today=LATE, at=morning(LATE, 15)
        )
    assert fresh(claim).status == ("received" if has_left else "reminder_issued")
    play_round(DAY_AFTER, tmp_path)
    last = letters_of(claim)[-1]
    assert (last.edition, last.left_at is not None, fresh(claim).status) == (2, True, "reminder_sent")
    assert owed(claim, DAY_AFTER) == last.total
    assert ("corrects" in told(claim, "reminder_issued")) == has_left


def test_an_email_that_a_worker_has_in_hand_does(creditor: Creditor) -> None:
    by_email(creditor)
    claim = accept(creditor, payments=[(EARLIER, "200.00")])
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        claim_due(creditor.id, "email", today=THURSDAY, at=morning(THURSDAY, 13, 55))
    pay(creditor, claim, "1100.00", day=THURSDAY, at=morning(THURSDAY, 13, 56))
    with pytest.raises(LetterIsLeaving):
        take_back(claim, THURSDAY, payment=payments_of(claim)[0])
    assert fresh(claim).status == "paid"
