"""A payment that was told by mistake is taken back: it has never counted, and a claim that ended by it goes on."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from punktlig.agency.actions.claims import Received, accept_claims
from punktlig.agency.actions.closing import close_as_paid, refuse_letter, tell_whether_letter_left, withdraw
from punktlig.agency.actions.commands import Stored, receive_command
from punktlig.agency.actions.deliveries import claim_due, settle
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.journal import EntryKind
from punktlig.agency.records.models import Claim, ClaimEvent, ClaimStep, Creditor, Letter, Posting, ReceivedCommand
from punktlig.core.claim_balance import claim_balance
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimCommand, body_of
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import totals
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
    deliveries,
    fresh,
    kinds,
    letters,
    morning,
)
from tests.agency.samples import command, make_creditor, submission

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def tell(creditor: Creditor, message: ClaimCommand, at: datetime) -> ReceivedCommand:
    sent = body_of(message)
    with acting_for(creditor.id):
        told = receive_command(
            creditor.id, message, sent.body, sent.sha256, today=at.astimezone(STOCKHOLM).date(), at=at
        )
    assert isinstance(told, Stored)
    return told.command


def pay(creditor: Creditor, claim: Claim, amount: str, day: date, hour: int = 12) -> ReceivedCommand:
    return tell(creditor, command(creditor.company_id, claim.handover_id, amount, day=day), morning(day, hour))


def reversal_of(creditor: Creditor, payment: ReceivedCommand, day: date, amount: str = "") -> ClaimCommand:
    amount = amount or str(Money(payment.amount_ore))
    return command(creditor.company_id, payment.handover_id, amount, kind="reversal", day=day, reverses=payment.id)


def take_back(creditor: Creditor, payment: ReceivedCommand, day: date, hour: int = 14) -> ReceivedCommand:
    return tell(creditor, reversal_of(creditor, payment, day), morning(day, hour))


def play_round(day: date, folder: Path) -> None:
    run_daily_round(today=day, at=morning(day))
    deliver(folder, morning(day, 10))


def owed(claim: Claim, day: date) -> str:
    with acting_for(claim.creditor_id):
        creditor = Creditor.objects.get(id=claim.creditor_id)
        return str(claim_balance(balance_facts(creditor, [fresh(claim)])[claim.id], day).total)


def asked_for(creditor: Creditor, claim: Claim) -> str:
    """The total of the claim's letter that stands."""
    with acting_for(creditor.id):
        letter = Letter.objects.get(claim=claim, replaced_at__isnull=True, stopped_at__isnull=True)
    return LetterContent.from_json(letter.content).sums.total.amount


def last_event(claim: Claim, kind: str) -> ClaimEvent:
    with acting_for(claim.creditor_id):
        event = ClaimEvent.objects.filter(claim=claim, kind=kind).order_by("-sequence").first()
    assert event is not None
    return event


def same_as_never_paid(claim: Claim, other: Claim, day: date) -> None:
    """Hold the claim to one of the same facts that no payment was ever told of."""
    assert totals(claim) == totals(other)
    assert owed(claim, day) == owed(other, day)
    one, two = fresh(claim), fresh(other)
    assert (one.status, one.needs_person, one.closed_at) == (two.status, "", None)


def test_a_part_payment_taken_back_before_the_letter_leaves_no_trace_in_it(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor), accept(creditor)
    payment = pay(creditor, claim, "200.00", WEDNESDAY)
    taken_back = take_back(creditor, payment, WEDNESDAY)
    assert (taken_back.state, taken_back.code, taken_back.place) == ("confirmed", "", 2)
    same_as_never_paid(claim, never, WEDNESDAY)
    facts = last_event(claim, "payment_reversed").facts
    assert facts == {
        "command_id": str(taken_back.id),
        "kind": "reversal",
        "amount": "200.00",
        "day": "2026-11-25",
        "reverses": str(payment.id),
        "principal": "200.00",
    }
    play_round(THURSDAY, tmp_path)
    same_as_never_paid(claim, never, THURSDAY)
    assert asked_for(creditor, claim) == asked_for(creditor, never)


def test_a_claim_that_ended_before_its_letter_goes_on_the_next_bank_day(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor), accept(creditor)
    payment = pay(creditor, claim, "1200.00", WEDNESDAY)
    assert fresh(claim).status == "paid"
    play_round(THURSDAY, tmp_path)
    take_back(creditor, payment, THURSDAY)
    reopened = fresh(claim)
    assert (reopened.status, reopened.next_event, reopened.closed_at) == ("received", "reminder_is_issued", None)
    assert reopened.reminder_day == reopened.next_event_day == FRIDAY
    assert kinds(claim)[-2:] == ["claim_paid", "payment_reversed"]
    play_round(FRIDAY, tmp_path)
    same_as_never_paid(claim, never, FRIDAY)
    assert [letter.edition for letter in letters(creditor)] == [1, 1]
    assert fresh(claim).status == "reminder_sent"


def test_a_letter_that_the_payment_stopped_is_made_anew_with_its_fee_once(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    never = accept(creditor, THURSDAY)
    payment = pay(creditor, claim, "1200.00", THURSDAY, hour=10)
    assert fresh(claim).status == "paid"
    assert "fees_owed" not in totals(claim)
    take_back(creditor, payment, THURSDAY, hour=11)
    play_round(FRIDAY, tmp_path)
    same_as_never_paid(claim, never, FRIDAY)
    first, second = (letter for letter in letters(creditor) if letter.claim_id == claim.id)
    assert (first.edition, second.edition, first.step_id) == (1, 2, second.step_id)
    assert first.stopped_at is not None
    assert first.left_at is None
    assert second.left_at is not None
    with acting_for(creditor.id):
        assert ClaimStep.objects.filter(claim=claim).count() == 1
    assert fresh(claim).status == "reminder_sent"
    assert totals(claim)["fees_owed"] == 6_000
    # The gateway got the second, and nothing ever got the first.
    assert Counter(one.state for one in deliveries(creditor))["stopped"] == 1


def test_a_claim_that_ended_after_its_letter_goes_on_with_it(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor), accept(creditor)
    play_round(THURSDAY, tmp_path)
    payment = pay(creditor, claim, "1500.00", FRIDAY)
    assert fresh(claim).status == "paid"
    taken_back = take_back(creditor, payment, MONDAY)
    assert taken_back.code == ""
    reopened = fresh(claim)
    assert (reopened.status, reopened.next_event) == ("reminder_sent", "last_day_to_pay")
    assert reopened.next_event_day == fresh(never).next_event_day
    same_as_never_paid(claim, never, MONDAY)
    facts = last_event(claim, "payment_reversed").facts
    parts = [Money.parse(facts[name]) for name in ("principal", "interest", "fees", "surplus")]
    assert Money.total(parts) == Money.parse("1500.00")
    assert len(letters(creditor)) == 2
    run_daily_round(today=date(2026, 12, 8), at=morning(date(2026, 12, 8)))
    assert fresh(claim).next_event == fresh(never).next_event == "creditor_decides"


def test_that_the_last_day_has_passed_is_told_once(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor), accept(creditor)
    play_round(THURSDAY, tmp_path)
    passed, later = date(2026, 12, 8), date(2026, 12, 10)
    run_daily_round(today=passed, at=morning(passed))
    take_back(creditor, pay(creditor, claim, "1500.00", passed), later)
    run_daily_round(today=later, at=morning(later, 16))
    assert kinds(claim).count("last_day_passed") == 1
    assert (fresh(claim).next_event, fresh(claim).next_event_day) == ("creditor_decides", later)
    same_as_never_paid(claim, never, later)


def test_it_ends_again_when_it_is_paid_after_all(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    play_round(THURSDAY, tmp_path)
    take_back(creditor, pay(creditor, claim, "1500.00", FRIDAY), FRIDAY)
    left = owed(claim, MONDAY)
    assert pay(creditor, claim, left, MONDAY).code == ""
    assert fresh(claim).status == "paid"
    assert kinds(claim).count("claim_paid") == 2
    held = totals(claim)
    assert all(not held.get(account) for account in ("principal_owed", "interest_owed", "fees_owed"))


def test_a_part_of_what_paid_it_may_go_while_the_rest_covers_it(creditor: Creditor) -> None:
    claim = accept(creditor)
    small = pay(creditor, claim, "100.00", WEDNESDAY, hour=10)
    pay(creditor, claim, "1500.00", WEDNESDAY, hour=11)
    ended = fresh(claim)
    assert ended.status == "paid"
    assert take_back(creditor, small, THURSDAY).code == ""
    assert (fresh(claim).status, fresh(claim).closed_at) == ("paid", ended.closed_at)
    assert kinds(claim)[-1] == "payment_reversed"
    assert totals(claim).get("principal_owed") is None


SIGNS = {"payment_confirmed": 1, "credit_note_confirmed": 1, "payment_reversed": -1}


def told_of_charges(claim: Claim) -> Money:
    """What the events say has gone to fees and interest, less what they say is owed again."""
    with acting_for(claim.creditor_id):
        told = ClaimEvent.objects.filter(claim=claim, kind__in=SIGNS).values_list("kind", "facts")
        return Money.total(
            Money(SIGNS[kind] * Money.parse(facts.get(part, "0")).ore)
            for kind, facts in told
            for part in ("fees", "interest")
        )


def not_put_anywhere(claim: Claim) -> int:
    """What the events say has come in, less where they say it went."""
    with acting_for(claim.creditor_id):
        told = ClaimEvent.objects.filter(claim=claim, kind__in=SIGNS).values_list("kind", "facts")
        return sum(
            SIGNS[kind] * sign * Money.parse(facts.get(part, "0")).ore
            for kind, facts in told
            for part, sign in {"amount": 1, "principal": -1, "interest": -1, "fees": -1, "surplus": -1}.items()
        )


def booked_on_charges(claim: Claim) -> Money:
    with acting_for(claim.creditor_id):
        on_charges = Posting.objects.filter(
            claim=claim, account__in=("fees_owed", "interest_owed"),
            entry__kind__in=(EntryKind.PAYMENT_TO_CREDITOR, EntryKind.CREDIT_NOTE),
        )  # fmt: skip
        return Money(-sum(on_charges.values_list("amount_ore", flat=True)))


# What is paid, and on which day (which may be before it is told); A number takes back the payment of that place.
STORIES: dict[str, tuple[tuple[str, date, date] | int, ...]] = {
    "the only one": (("300.00", FRIDAY, FRIDAY), 0),
    "the first": (("300.00", FRIDAY, FRIDAY), ("200.00", MONDAY, MONDAY), 0),
    "the first, less than the fee": (("40.00", FRIDAY, FRIDAY), ("500.00", MONDAY, MONDAY), 0),
    "the last": (("300.00", FRIDAY, FRIDAY), ("200.00", MONDAY, MONDAY), 1),
    "what ended it": (("300.00", FRIDAY, FRIDAY), ("1500.00", MONDAY, MONDAY), 1, ("100.00", TUESDAY, TUESDAY)),
    "one told late": (("300.00", MONDAY, MONDAY), ("30.00", FRIDAY, TUESDAY), 1),
    "one before one told late": (("300.00", MONDAY, MONDAY), ("30.00", FRIDAY, TUESDAY), 0),
    "two": (("300.00", FRIDAY, FRIDAY), ("200.00", MONDAY, MONDAY), ("90.00", TUESDAY, TUESDAY), 1, 0),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_events_together_say_what_has_gone_to_fees_and_interest(
    creditor: Creditor, tmp_path: Path, story: tuple[tuple[str, date, date] | int, ...]
) -> None:
    claim = accept(creditor)
    play_round(THURSDAY, tmp_path)
    paid: list[ReceivedCommand] = []
    on_charges = []
    for hour, step in enumerate(story, start=8):
        if isinstance(step, int):
            assert take_back(creditor, paid[step], TUESDAY, hour + 4).code == ""
        else:
            amount, day, told_on = step
            message = command(creditor.company_id, claim.handover_id, amount, day=day)
            paid.append(tell(creditor, message, morning(told_on, hour)))
        assert told_of_charges(claim) == booked_on_charges(claim)
        assert not_put_anywhere(claim) == 0
        on_charges.append(booked_on_charges(claim).ore)
    assert max(on_charges) > 0


def test_a_letter_in_which_the_payment_is_counted_is_made_anew_before_it_leaves(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim, never = accept(creditor), accept(creditor)
    payment = pay(creditor, claim, "200.00", WEDNESDAY)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    before = asked_for(creditor, claim)
    assert take_back(creditor, payment, THURSDAY, hour=10).code == ""
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 11))
    deliver(tmp_path, morning(THURSDAY, 12))
    assert asked_for(creditor, claim) == asked_for(creditor, never) != before
    same_as_never_paid(claim, never, THURSDAY)


def test_a_payment_counted_in_a_letter_that_has_left_stays(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    payment = pay(creditor, claim, "200.00", WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    before = totals(claim)
    refused = take_back(creditor, payment, THURSDAY)
    assert (refused.state, refused.code) == ("refused", "payment_in_letter")
    assert totals(claim) == before
    assert last_event(claim, "command_refused").facts["reverses"] == str(payment.id)


@pytest.mark.parametrize(("end", "code"), [(close_as_paid, "claim_is_paid"), (withdraw, "claim_is_closed")])
def test_a_claim_that_the_creditor_has_ended_itself_stays_ended(
    creditor: Creditor, end: Callable[..., Claim], code: str
) -> None:
    claim = accept(creditor)
    payment = pay(creditor, claim, "200.00", WEDNESDAY)
    with acting_for(creditor.id):
        end(creditor.id, claim.id, actor="Maja Lind", today=WEDNESDAY, at=morning(WEDNESDAY, 13))
    before = totals(claim)
    assert take_back(creditor, payment, WEDNESDAY).code == code
    assert totals(claim) == before


def test_only_a_payment_that_counts_can_be_taken_back(creditor: Creditor) -> None:
    claim, other = accept(creditor), accept(creditor)
    payment = pay(creditor, claim, "200.00", WEDNESDAY)
    note = command(creditor.company_id, claim.handover_id, "50.00", kind="credit_note", day=WEDNESDAY)
    credited = tell(creditor, note, morning(WEDNESDAY, 12))
    elsewhere = pay(creditor, other, "200.00", WEDNESDAY)
    elsewhere.handover_id = claim.handover_id
    unknown = ReceivedCommand(id=uuid4(), handover_id=claim.handover_id, amount_ore=200_00)
    before = totals(claim)
    for wrong in (credited, elsewhere, unknown):
        assert take_back(creditor, wrong, WEDNESDAY).code == "payment_not_counted"
    less = tell(creditor, reversal_of(creditor, payment, WEDNESDAY, "199.00"), morning(WEDNESDAY, 14))
    assert less.code == "payment_not_counted"
    assert totals(claim) == before
    assert take_back(creditor, payment, WEDNESDAY).code == ""
    assert take_back(creditor, payment, WEDNESDAY, hour=15).code == "payment_not_counted"


def test_the_same_reversal_told_again_changes_nothing(creditor: Creditor) -> None:
    claim = accept(creditor)
    message = reversal_of(creditor, pay(creditor, claim, "200.00", WEDNESDAY), WEDNESDAY)
    first = tell(creditor, message, morning(WEDNESDAY, 14))
    held, told = totals(claim), kinds(claim)
    again = tell(creditor, message, morning(WEDNESDAY, 15))
    assert (again.id, again.state) == (first.id, "confirmed")
    assert (totals(claim), kinds(claim)) == (held, told)


@pytest.mark.parametrize("first", ["payment", "reversal"])
def test_both_may_come_before_the_claim_in_any_order(creditor: Creditor, first: str) -> None:
    never, message = accept(creditor), submission(creditor.company_id)
    payment = command(creditor.company_id, message.handover_id, "1200.00", day=WEDNESDAY)
    waiting = ReceivedCommand(id=payment.command_id, handover_id=message.handover_id, amount_ore=1_200_00)
    reversal = reversal_of(creditor, waiting, WEDNESDAY)
    for n, told in enumerate((payment, reversal) if first == "payment" else (reversal, payment)):
        assert tell(creditor, told, morning(WEDNESDAY, 7 + n)).state == "requested"
    sent = body_of(message)
    received = [Received(message, sent.body, sent.sha256)]
    with acting_for(creditor.id):
        accept_claims(creditor.id, received, today=WEDNESDAY, at=morning(WEDNESDAY))
        claim = Claim.objects.get(handover_id=message.handover_id)
    assert kinds(claim) == ["claim_received", "payment_confirmed", "claim_paid", "payment_reversed"]
    same_as_never_paid(claim, never, WEDNESDAY)


def test_a_letter_refused_for_good_is_a_persons_again(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    play_round(THURSDAY, tmp_path)
    with acting_for(creditor.id):
        refuse_letter(creditor.id, claim.id, reason="okänd", actor="Sara Ek", today=FRIDAY, at=morning(FRIDAY))
    payment = pay(creditor, claim, "1500.00", FRIDAY)
    assert fresh(claim).status == "paid"
    take_back(creditor, payment, FRIDAY)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")
    assert kinds(claim)[-2:] == ["payment_reversed", "person_needed"]
    play_round(MONDAY, tmp_path)
    assert len(letters(creditor)) == 1


def test_an_email_under_way_when_it_was_paid_never_leaves_twice(creditor: Creditor, tmp_path: Path) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(None, morning(THURSDAY, 10), email=Answers(Verdict.UNKNOWN))
    payment = pay(creditor, claim, "1500.00", THURSDAY, hour=11)
    assert fresh(claim).status == "paid"
    take_back(creditor, payment, THURSDAY, hour=12)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_may_have_left")
    for day in (THURSDAY, FRIDAY, MONDAY):
        run_daily_round(today=day, at=morning(day, 13))
        deliver(tmp_path, morning(day, 14), email=Answers(Verdict.ACCEPTED))
    assert [(one.gateway, one.state) for one in deliveries(creditor)] == [("email", "queued")]
    with acting_for(creditor.id):
        tell_whether_letter_left(
            creditor.id, claim.id, has_left=True, actor="Sara Ek", today=TUESDAY, at=morning(TUESDAY)
        )
    assert fresh(claim).status == "reminder_sent"


def test_interest_is_that_of_a_claim_never_paid_on_every_later_day(creditor: Creditor, tmp_path: Path) -> None:
    claim, never = accept(creditor), accept(creditor)
    play_round(THURSDAY, tmp_path)
    first = pay(creditor, claim, "300.00", FRIDAY)
    second, other = pay(creditor, claim, "400.00", MONDAY), pay(creditor, never, "400.00", MONDAY)
    assert second.code == other.code == ""
    take_back(creditor, first, TUESDAY)
    assert totals(claim) == totals(never)
    for days in range(0, 30, 5):
        assert owed(claim, TUESDAY + timedelta(days=days)) == owed(never, TUESDAY + timedelta(days=days))


def test_a_reversal_names_its_payment_and_nothing_else_does(creditor: Creditor) -> None:
    for changes in ({"kind": "reversal"}, {"reverses": UUID(int=1)}):
        with pytest.raises(ValueError, match="nothing else does"):
            command(creditor.company_id, uuid4(), "5.00", **changes)


def test_what_was_refused_because_the_wrong_payment_had_paid_it_counts_when_told_again(creditor: Creditor) -> None:
    claim, other = accept(creditor), accept(creditor)
    wrong = pay(creditor, claim, "1200.00", WEDNESDAY, hour=10)
    message = command(creditor.company_id, claim.handover_id, "1200.00", day=WEDNESDAY)
    assert tell(creditor, message, morning(WEDNESDAY, 11)).code == "claim_is_paid"
    before = kinds(claim)
    assert tell(creditor, message, morning(WEDNESDAY, 12)).code == "claim_is_paid"
    assert kinds(claim) == before
    assert take_back(creditor, wrong, WEDNESDAY).code == ""
    assert fresh(claim).status == "received"
    for hour in (15, 16):
        again = tell(creditor, message, morning(WEDNESDAY, hour))
        assert (again.code, again.state) == ("", "confirmed")
    pay(creditor, other, "1200.00", WEDNESDAY, hour=11)
    assert (fresh(claim).status, fresh(claim).next_event) == ("paid", "")
    assert totals(claim) == totals(other)
    assert kinds(claim)[len(before) :] == ["payment_reversed", "payment_confirmed", "claim_paid"]
    assert take_back(creditor, again, WEDNESDAY, hour=17).code == ""
    assert fresh(claim).status == "received"


def test_what_was_refused_as_paid_stays_so_once_the_claim_is_closed(creditor: Creditor) -> None:
    claim = accept(creditor)
    wrong = pay(creditor, claim, "1200.00", WEDNESDAY, hour=10)
    message = command(creditor.company_id, claim.handover_id, "1200.00", day=WEDNESDAY)
    tell(creditor, message, morning(WEDNESDAY, 11))
    take_back(creditor, wrong, WEDNESDAY)
    with acting_for(creditor.id):
        withdraw(creditor.id, claim.id, actor="Maja Lind", today=WEDNESDAY, at=morning(WEDNESDAY, 15))
    before = kinds(claim)
    assert tell(creditor, message, morning(WEDNESDAY, 16)).code == "claim_is_paid"
    assert kinds(claim) == before


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(Verdict.ACCEPTED, "reminder_sent"), (Verdict.NOT_YET, "reminder_issued"), (Verdict.REFUSED, "reminder_issued")],
)
def test_an_email_that_is_being_sent_while_its_claim_opens_again_answers_the_question_itself(
    creditor: Creditor, tmp_path: Path, verdict: Verdict, status: str
) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        (due,) = claim_due(creditor.id, "email", today=THURSDAY, at=morning(THURSDAY, 10))
    take_back(creditor, pay(creditor, claim, "1500.00", THURSDAY, hour=10), THURSDAY, hour=10)
    assert fresh(claim).needs_person == "letter_may_have_left"
    with acting_for(creditor.id):
        settle(
            creditor.id,
            [Answer(delivery_id=due.delivery_id, verdict=verdict)],
            today=THURSDAY,
            at=morning(THURSDAY, 11),
        )
    assert (fresh(claim).status, fresh(claim).needs_person) == (status, "")
    assert "person_answered" in kinds(claim)
    for day in (FRIDAY, MONDAY):
        run_daily_round(today=day, at=morning(day))
        deliver(tmp_path, morning(day, 10), email=Answers(Verdict.ACCEPTED))
    assert fresh(claim).status == "reminder_sent"
    assert [one.state for one in deliveries(creditor)].count("accepted") == 1


def test_an_email_that_is_refused_for_good_while_its_claim_opens_again_asks_about_that(creditor: Creditor) -> None:
    by_email(creditor)
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        (due,) = claim_due(creditor.id, "email", today=THURSDAY, at=morning(THURSDAY, 10))
    take_back(creditor, pay(creditor, claim, "1500.00", THURSDAY, hour=10), THURSDAY, hour=10)
    answer = Answer(delivery_id=due.delivery_id, verdict=Verdict.REFUSED, for_good=True)
    with acting_for(creditor.id):
        settle(creditor.id, [answer], today=THURSDAY, at=morning(THURSDAY, 11))
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")
