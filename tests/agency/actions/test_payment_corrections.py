"""A payment booked by mistake is taken back at the desk; a letter that has told the debtor of it is corrected."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from punktlig.agency.actions.closing import close_as_paid, refuse_letter, try_again, withdraw
from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.actions.payment_corrections import LetterIsLeaving, PaymentDoesNotCount
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import Claim, ClaimStep, Creditor, ReceivedCommand
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import (
    EARLIER,
    counted_in_a_letter_that_left,
    letters_of,
    owed,
    payments_of,
    play_round,
    same_as_never_paid,
    take_back,
    text_of,
    told,
    totals,
)
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    accept,
    by_email,
    deliver,
    deliveries,
    fresh,
    kinds,
    letters,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.mark.parametrize("with_handover", [False, True])
def test_the_debtor_gets_a_corrected_letter_without_a_new_fee(
    creditor: Creditor, tmp_path: Path, with_handover: bool
) -> None:
    never = accept(creditor)
    claim = counted_in_a_letter_that_left(creditor, tmp_path, with_handover=with_handover)
    (first,) = letters_of(claim)
    as_stored = (first.content, first.total_ore, first.left_at)
    payment = payments_of(claim)[0]
    take_back(claim, THURSDAY)
    planned = fresh(claim)
    assert (planned.status, planned.next_event, planned.next_event_day) == ("received", "correction_is_issued", FRIDAY)
    same_as_never_paid(claim, never, THURSDAY)
    play_round(FRIDAY, tmp_path)
    first, second = letters_of(claim)
    assert (first.content, first.total_ore, first.left_at) == as_stored
    assert first.replaced_at is not None
    assert (second.edition, second.step_id, second.day, second.charge_ore) == (2, first.step_id, FRIDAY, 60_00)
    assert second.left_at is not None
    assert Money(second.total_ore) == owed(claim, FRIDAY) == owed(never, FRIDAY)
    assert totals(claim) == totals(never)
    assert totals(claim)["fees_owed"] == 60_00
    with acting_for(creditor.id):
        assert ClaimStep.objects.filter(claim=claim).count() == 1
    assert (fresh(claim).status, fresh(claim).next_event_day) == ("reminder_sent", second.last_day_to_pay)
    facts = told(claim, "payment_reversed")
    assert (facts["reverses"], facts["amount"], facts["principal"]) == (str(payment), "200.00", "200.00")
    assert facts["note"] == "Kunden betalade en annan faktura"
    assert facts["correction_day"] == FRIDAY.isoformat()
    assert told(claim, "reminder_issued")["corrects"] == THURSDAY.isoformat()
    content = LetterContent.from_json(second.content)
    assert "ersätter vårt brev av den 26 november 2026" in text_of(content.lead[1][0].text)
    # The fee was made with the first letter, and money that came before that would have spared the debtor it.
    assert "före den 26 november" in text_of(content.help[0].value)


def test_taken_back_before_any_letter_the_first_one_asks_for_all(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor, payments=[(EARLIER, "200.00")]), accept(creditor)
    take_back(claim, WEDNESDAY)
    same_as_never_paid(claim, never, WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    (mine,), (other,) = letters_of(claim), letters_of(never)
    assert mine.total_ore == other.total_ore
    assert len(LetterContent.from_json(mine.content).lead) == 1


def test_a_letter_that_waits_is_made_anew_and_is_no_correction(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor, payments=[(EARLIER, "200.00")]), accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    take_back(claim, THURSDAY, hour=10)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 11))
    deliver(tmp_path, morning(THURSDAY, 12))
    first, second = letters_of(claim)
    assert first.left_at is None
    assert second.total_ore == letters_of(never)[0].total_ore
    assert len(LetterContent.from_json(second.content).lead) == 1
    same_as_never_paid(claim, never, THURSDAY)


def test_a_claim_that_ended_as_paid_goes_on_with_a_corrected_letter(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    wrong = payments_of(claim)[0]
    late = date(2026, 12, 9)  # after the letter's last day, so that what it says no longer settles the claim
    pay(creditor, claim, str(owed(claim, late)), day=late)
    assert fresh(claim).status == "paid"
    take_back(claim, late, payment=wrong)
    reopened = fresh(claim)
    assert (reopened.status, reopened.closed_at, reopened.next_event_day) == ("received", None, date(2026, 12, 10))
    assert owed(claim, late) > Money.parse("199.00")
    play_round(date(2026, 12, 10), tmp_path)
    second = letters_of(claim)[-1]
    assert (second.edition, fresh(claim).status) == (2, "reminder_sent")
    assert Money(second.total_ore) == owed(claim, date(2026, 12, 10))


def test_who_has_paid_what_the_letter_said_in_time_is_asked_for_nothing(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    wrong = payments_of(claim)[0]
    (letter,) = letters_of(claim)
    pay(creditor, claim, str(Money(letter.total_ore)), day=FRIDAY)
    take_back(claim, MONDAY, payment=wrong)
    assert (fresh(claim).status, owed(claim, MONDAY)) == ("paid", Money(0))
    facts = told(claim, "payment_reversed")
    # What was paid now goes to less of the principal, and the rest is let go.
    assert (facts["principal"], facts["waived"]) == ("200.11", "-200.11")
    for day in (TUESDAY, date(2026, 12, 2)):
        play_round(day, tmp_path)
    assert len(letters_of(claim)) == 1


def test_who_paid_what_the_letter_said_before_its_correction_has_paid(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (letter,) = letters_of(claim)
    take_back(claim, FRIDAY)
    play_round(MONDAY, tmp_path)
    assert fresh(claim).status == "reminder_sent"
    # Booked before the corrected letter's date, and told after it had left.
    pay(creditor, claim, str(Money(letter.total_ore)), day=FRIDAY, at=morning(TUESDAY))
    assert (fresh(claim).status, owed(claim, TUESDAY)) == ("paid", Money(0))


def test_paid_what_the_first_letter_said_after_its_correction_leaves_the_rest(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    (letter,) = letters_of(claim)
    take_back(claim, FRIDAY)
    play_round(MONDAY, tmp_path)
    pay(creditor, claim, str(Money(letter.total_ore)), day=TUESDAY)
    assert fresh(claim).status == "reminder_sent"
    assert owed(claim, TUESDAY) > Money.parse("199.00")


def test_nothing_is_sent_to_who_pays_before_the_correction_is_made(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    pay(creditor, claim, "1500.00", day=THURSDAY, at=morning(THURSDAY, 15))
    assert fresh(claim).status == "paid"
    play_round(FRIDAY, tmp_path)
    assert len(letters_of(claim)) == 1
    assert "fees_owed" not in totals(claim)  # paid, and not taken back: its letter has left


def test_a_correction_that_is_stopped_keeps_the_fee_of_the_letter_that_left(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    waiting = owed(claim, FRIDAY)
    pay(creditor, claim, str(waiting), day=FRIDAY, at=morning(FRIDAY, 10))
    deliver(tmp_path, morning(FRIDAY, 11))
    first, second = letters_of(claim)
    assert (second.stopped_at is not None, second.left_at) == (True, None)
    assert (fresh(claim).status, owed(claim, FRIDAY)) == ("paid", Money(0))
    assert "fee_reversed" not in kinds(claim)
    assert totals(claim)["fee_income"] == -60_00
    assert first.left_at is not None


@pytest.mark.parametrize(("end", "status"), [(close_as_paid, "paid"), (withdraw, "closed")])
def test_a_claim_that_somebody_has_ended_stays_ended_and_no_letter_goes(
    creditor: Creditor, tmp_path: Path, end: Callable[..., Claim], status: str
) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    with acting_for(creditor.id):
        end(creditor.id, claim.id, actor="Maja Lind", today=FRIDAY, at=morning(FRIDAY))
    take_back(claim, FRIDAY)
    assert (fresh(claim).status, owed(claim, FRIDAY)) == (status, Money(0))
    assert kinds(claim)[-1] == "payment_reversed"
    play_round(MONDAY, tmp_path)
    assert len(letters_of(claim)) == 1
    assert not {"principal_owed", "interest_owed", "fees_owed"} & totals(claim).keys()


def test_only_a_payment_of_the_claim_that_counts_and_only_once(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    other = accept(creditor)
    pay(creditor, other, "50.00", day=WEDNESDAY)
    pay(creditor, claim, "40.00", day=THURSDAY, kind="credit_note")
    with acting_for(creditor.id):
        note = ReceivedCommand.objects.get(claim=claim, kind="credit_note").id
    before = totals(claim)
    for wrong in (payments_of(other)[0], note, uuid4()):
        with pytest.raises(PaymentDoesNotCount):
            take_back(claim, THURSDAY, payment=wrong)
    assert totals(claim) == before
    payment = payments_of(claim)[0]
    take_back(claim, THURSDAY, payment=payment)
    with pytest.raises(PaymentDoesNotCount):
        take_back(claim, THURSDAY, payment=payment, hour=15)
    assert kinds(claim).count("payment_reversed") == 1


def test_not_while_a_letter_that_counts_it_is_leaving(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    claim = accept(creditor, payments=[(EARLIER, "200.00")])
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        (due,) = claim_due(creditor.id, "email", today=THURSDAY, at=morning(THURSDAY, 10))
    with pytest.raises(LetterIsLeaving):
        take_back(claim, THURSDAY)
    with acting_for(creditor.id):
        answer = Answer(delivery_id=due.delivery_id, verdict=Verdict.ACCEPTED)
        settle(creditor.id, [answer], today=THURSDAY, at=morning(THURSDAY, 11))
    take_back(claim, THURSDAY)
    play_round(FRIDAY, tmp_path)
    assert [letter.left_at is not None for letter in letters(creditor)] == [True, True]
    assert Counter(one.gateway for one in deliveries(creditor)) == {"email": 2}


def test_a_letter_that_comes_back_before_it_is_corrected_asks_a_person(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    take_back(claim, THURSDAY)
    with acting_for(creditor.id):
        refuse_letter(creditor.id, claim.id, reason="okänd", actor="Ali Omar", today=THURSDAY, at=morning(THURSDAY, 16))
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")
    play_round(FRIDAY, tmp_path)
    assert len(letters_of(claim)) == 1


def test_charges_alone_are_a_persons_to_decide_about(creditor: Creditor, tmp_path: Path) -> None:
    claim = counted_in_a_letter_that_left(creditor, tmp_path)
    wrong = payments_of(claim)[0]
    late = date(2026, 12, 9)
    pay(creditor, claim, "1200.00", day=late)
    take_back(claim, late, payment=wrong)
    left = owed(claim, late)
    assert Money(0) < left < Money.parse("100.00")
    play_round(date(2026, 12, 10), tmp_path)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "only_charges_left")
    with acting_for(creditor.id):
        try_again(creditor.id, claim.id, actor="Ali Omar", today=date(2026, 12, 10), at=morning(date(2026, 12, 10), 15))
    assert fresh(claim).status == "received"
    assert len(letters_of(claim)) == 1


def test_another_payment_taken_back_later_corrects_the_letter_once_more(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor, payments=[(EARLIER, "200.00")])
    pay(creditor, claim, "100.00", day=WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    one, two = payments_of(claim)
    take_back(claim, THURSDAY, payment=one)
    play_round(FRIDAY, tmp_path)
    take_back(claim, FRIDAY, payment=two)
    play_round(MONDAY, tmp_path)
    never = accept(creditor)
    assert [letter.charge_ore for letter in letters_of(claim)] == [60_00] * 3
    assert totals(claim)["fees_owed"] == 60_00
    assert totals(claim)["principal_owed"] == totals(never)["principal_owed"]
    content = LetterContent.from_json(letters_of(claim)[-1].content)
    assert "27 november 2026" in text_of(content.lead[1][0].text)
    assert "före den 26 november" in text_of(content.help[0].value)
