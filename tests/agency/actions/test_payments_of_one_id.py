"""Payments of one id, in claims of before that was refused: what is taken back is said, and nothing goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from punktlig.agency.actions.claims import Accepted, Received, accept_claims
from punktlig.agency.actions.payment_corrections import PaymentDoesNotCount
from punktlig.agency.records import command_effects
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.models import Claim
from punktlig.core.money import Money
from punktlig.exchange.messages import SubmittedPayment, body_of
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import letters_of, owed, play_round, same_as_never_paid, take_back, told
from tests.agency.rounds import FRIDAY, THURSDAY, WEDNESDAY, morning, pay
from tests.agency.samples import make_creditor, submission

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db

EARLIER = WEDNESDAY - timedelta(days=3)


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def hand_over(creditor: Creditor, *payments: SubmittedPayment) -> Claim:
    """Accept them as the API did before it refused two of one id."""
    message = submission(creditor.company_id, told_before=payments)
    sent = body_of(message)
    received = [Received(message, sent.body, sent.sha256)]
    with acting_for(creditor.id):
        (outcome,) = accept_claims(creditor.id, received, today=WEDNESDAY, at=morning(WEDNESDAY))
    assert isinstance(outcome, Accepted)
    return outcome.claim


def payment(payment_id: UUID, amount: str, kind: str = "payment") -> SubmittedPayment:
    return SubmittedPayment.model_validate(
        {"id": payment_id, "kind": kind, "day": EARLIER, "amount": Money.parse(amount)}, strict=False
    )


def amounts(creditor: Creditor, claim: Claim) -> list[str]:
    with acting_for(creditor.id):
        return [str(each.amount) for each in counted_payments(creditor, Claim.objects.get(id=claim.id))]


@pytest.mark.parametrize("has_left", [False, True])
def test_two_that_came_with_the_handover_are_one_of_their_sum(
    creditor: Creditor, tmp_path: Path, has_left: bool
) -> None:
    same = uuid4()
    claim = hand_over(
        creditor, payment(same, "200.00"), payment(same, "100.00"), payment(same, "50.00", kind="credit_note")
    )
    other = hand_over(creditor, payment(uuid4(), "50.00", kind="credit_note"))
    if has_left:
        play_round(THURSDAY, tmp_path)
    assert amounts(creditor, claim) == ["300.00"]
    take_back(claim, THURSDAY, payment=same)
    # What was said to be taken back is what is missing again, and the credit note of the same id stays.
    assert (told(claim, "payment_reversed")["amount"], amounts(creditor, claim)) == ("300.00", [])
    same_as_never_paid(claim, other, THURSDAY)
    play_round(FRIDAY, tmp_path)
    same_as_never_paid(claim, other, FRIDAY)
    assert letters_of(claim)[-1].total == owed(claim, FRIDAY)


@pytest.mark.parametrize(("who", "has_left"), [("the creditor", False), ("the desk", False), ("the desk", True)])
@pytest.mark.parametrize("day", [EARLIER, EARLIER - timedelta(days=1)], ids=["same day", "day before"])
def test_of_one_told_both_ways_the_command_is_taken_back_and_the_other_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, day: date, has_left: bool
) -> None:
    creditor, same = make_creditor(), uuid4()
    claim, once = (hand_over(creditor, payment(each, "300.00")) for each in (same, uuid4()))
    with monkeypatch.context() as before:
        before.setattr(command_effects, "ids_told_with", lambda _: frozenset())
        pay(creditor, claim, "300.00", day=day, at=morning(WEDNESDAY, 10), command_id=same)
    if has_left:
        play_round(THURSDAY, tmp_path)
    assert amounts(creditor, claim) == ["300.00"]
    if who == "the desk":
        take_back(claim, THURSDAY, payment=same)
    else:
        pay(creditor, claim, "300.00", day=THURSDAY, at=morning(THURSDAY, 8), kind="reversal", reverses=same)
    same_as_never_paid(claim, once, THURSDAY)
    # Nothing that was paid is asked for by the letter, nor by the one that corrects it.
    play_round(FRIDAY, tmp_path)
    assert letters_of(claim)[-1].total == owed(claim, FRIDAY) == owed(once, FRIDAY)
    # An id is taken back once, so nothing more is offered.
    assert amounts(creditor, claim) == []
    with pytest.raises(PaymentDoesNotCount):
        take_back(claim, FRIDAY, payment=same)


def test_a_payment_that_was_split_on_two_claims_under_its_one_id_is_taken_back_from_each(creditor: Creditor) -> None:
    bank_line = uuid4()
    first, second = (hand_over(creditor, payment(bank_line, amount)) for amount in ("200.00", "100.00"))
    never = hand_over(creditor)
    for claim in (first, second):
        take_back(claim, THURSDAY, payment=bank_line)
        same_as_never_paid(claim, never, THURSDAY)
        assert amounts(creditor, claim) == []
