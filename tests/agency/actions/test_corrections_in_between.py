"""What comes while a letter that has left is being corrected: money, another mistake, an answer that nobody heard."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions.closing import tell_whether_letter_left
from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.actions.payment_corrections import LetterIsLeaving
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import (
    EARLIER,
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
    THURSDAY,
    WEDNESDAY,
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
    from pathlib import Path

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db

# After the last day to pay of a letter of that Thursday.
LATE, DAY_AFTER = date(2026, 12, 9), date(2026, 12, 10)


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


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
