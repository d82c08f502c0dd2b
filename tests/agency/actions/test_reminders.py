"""Reminders are issued on the planned bank day, once each, from what is known by then."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError

from punktlig.agency.actions.reminders import Issued, issue_reminders
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.models import Claim, ClaimEvent, ClaimStep, Creditor, Delivery, Letter
from punktlig.core.claim_balance import claim_balance
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored
from punktlig.core.reminder import Reminder, remind
from punktlig.exchange.messages import Address
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    WEDNESDAY,
    accept,
    accept_many,
    fresh,
    kinds,
    ledger,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from punktlig.core.facts import ReminderFacts
    from punktlig.core.late_rate import ReferenceRates

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def issue(creditor: Creditor, day: date = THURSDAY, **changes: int) -> Issued:
    with acting_for(creditor.id):
        return issue_reminders(creditor.id, today=day, at=morning(day), **changes)


def test_a_reminder_is_a_step_a_fee_a_letter_a_delivery_and_an_event(creditor: Creditor) -> None:
    claim = accept(creditor)
    assert issue(creditor) == Issued(issued=1)
    claim = fresh(claim)
    with acting_for(creditor.id):
        letter = Letter.objects.get()
        step = ClaimStep.objects.get()
        delivery = Delivery.objects.get()
        event = ClaimEvent.objects.get(kind="reminder_issued")
    assert (step.claim_id, step.step, letter.step_id) == (claim.id, "reminder", step.id)
    # 31 days at 10 % on 1 200 kr.
    assert (letter.interest_ore, letter.charge_ore, letter.total_ore) == (10_19, 60_00, 1270_19)
    assert (letter.day, letter.last_day_to_pay) == (THURSDAY, date(2026, 12, 4))
    assert (delivery.letter_id, delivery.gateway, delivery.state) == (letter.id, "print", "queued")
    assert event.facts["total"] == "1270.19"
    assert event.summary["balance"] == "1270.19"
    assert (claim.status, claim.next_event, claim.next_event_day) == ("reminder_issued", "reminder_leaves", THURSDAY)
    assert ledger(creditor.id) == {
        "principal_owed": 1200_00,
        "due_to_creditor": -1200_00,
        "fees_owed": 60_00,
        "fee_income": -60_00,
    }


def test_the_stored_letter_is_read_back_and_asks_for_the_claims_own_reference(creditor: Creditor) -> None:
    claim = accept(creditor)
    issue(creditor)
    with acting_for(creditor.id):
        letter = Letter.objects.get()
    content = read_stored(LetterContent, letter.content)
    assert content.to_json() == letter.content
    assert content.date == THURSDAY
    assert content.recipient == ("Anna Ek", "Björkvägen 7", "123 46 Lillsjön")
    assert content.payment.qr is not None
    assert content.payment.qr.reference.startswith(claim.number)
    assert json.loads(letter.content)["author"] == "Ekviken Ombud AB"


def test_nothing_is_issued_before_the_planned_day_nor_on_a_day_that_is_no_bank_day(creditor: Creditor) -> None:
    accept(creditor, FRIDAY)
    assert issue(creditor, FRIDAY) == Issued()
    assert issue(creditor, SATURDAY) == Issued()
    assert issue(creditor, SATURDAY + timedelta(days=1)) == Issued()
    assert issue(creditor, MONDAY) == Issued(issued=1)


def test_what_an_outage_left_over_waits_for_a_bank_day(creditor: Creditor) -> None:
    accept(creditor)  # and planned for Thursday
    assert issue(creditor, SATURDAY) == Issued()
    assert issue(creditor, SATURDAY + timedelta(days=1)) == Issued()
    assert issue(creditor, MONDAY) == Issued(issued=1)


def test_a_second_round_changes_nothing(creditor: Creditor) -> None:
    accept(creditor)
    issue(creditor)
    before = ledger(creditor.id)
    assert issue(creditor) == Issued()
    assert issue(creditor, FRIDAY) == Issued()
    assert ledger(creditor.id) == before
    with acting_for(creditor.id):
        assert Letter.objects.count() == ClaimStep.objects.count() == 1


def test_a_step_that_was_taken_is_not_taken_again_whatever_the_claim_says(creditor: Creditor) -> None:
    accept(creditor)
    issue(creditor)
    before = ledger(creditor.id)
    with acting_for(creditor.id):
        Claim.objects.update(status="received")
    with pytest.raises(IntegrityError, match="each_step_once"):
        issue(creditor, FRIDAY)
    assert ledger(creditor.id) == before
    with acting_for(creditor.id):
        assert Letter.objects.count() == ClaimStep.objects.count() == 1


def test_a_claim_paid_before_the_round_gets_no_letter(creditor: Creditor) -> None:
    claim = accept(creditor)
    pay(creditor, claim, "1200.00", day=THURSDAY, at=morning(THURSDAY, 8))
    assert issue(creditor) == Issued()
    assert fresh(claim).status == "paid"
    assert kinds(claim) == ["claim_received", "payment_confirmed", "claim_paid"]
    with acting_for(creditor.id):
        assert not Letter.objects.exists()


def test_a_part_payment_before_the_round_lowers_what_the_letter_asks(creditor: Creditor) -> None:
    claim = accept(creditor)
    pay(creditor, claim, "700.00", day=WEDNESDAY, at=morning(WEDNESDAY, 15))
    issue(creditor)
    with acting_for(creditor.id):
        letter = Letter.objects.get()
    # 30 days on 1 200 kr and one on 500 kr.
    assert (letter.interest_ore, letter.total_ore, letter.commands_counted) == (10_00, 570_00, 1)


def test_a_claim_that_may_not_be_reminded_any_more_waits_for_a_person_and_is_told_once(creditor: Creditor) -> None:
    # The reference rate of 2027 is not known: a letter of 4 January cannot tell its interest.
    claim = accept(creditor, date(2026, 12, 30))
    january = date(2027, 1, 4)
    assert issue(creditor, january) == Issued(for_person=1)
    assert issue(creditor, january) == Issued()
    claim = fresh(claim)
    assert (claim.status, claim.needs_person, claim.next_event) == ("needs_person", "rate_unknown", "")
    assert kinds(claim) == ["claim_received", "person_needed"]
    assert ledger(creditor.id) == {"principal_owed": 1200_00, "due_to_creditor": -1200_00}


def test_a_claim_that_our_own_fault_stops_does_not_stop_the_others(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = accept(creditor), accept(creditor)

    def broken(facts: ReminderFacts, rates: ReferenceRates) -> Reminder:
        if facts.invoice.number == bad.invoice_number:
            raise ZeroDivisionError
        return remind(facts, rates)

    monkeypatch.setattr("punktlig.agency.records.letter_deciding.remind", broken)
    assert issue(creditor) == Issued(issued=1, for_person=1)
    assert fresh(bad).needs_person == "could_not_be_made"
    assert fresh(good).status == "reminder_issued"


def test_claims_decided_side_by_side_get_each_its_own_letter(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept_many(creditor, 70)
    with acting_for(creditor.id):
        claims = list(Claim.objects.order_by("id"))
    paid, stopped = claims[::5], claims[1::7]
    for claim in paid:
        pay(creditor, claim, "1200.00", day=THURSDAY, at=morning(THURSDAY, 8))
    numbers = {claim.invoice_number for claim in stopped}

    def broken(facts: ReminderFacts, rates: ReferenceRates) -> Reminder:
        reminder = remind(facts, rates)
        if facts.invoice.number in numbers:
            raise ZeroDivisionError
        return reminder

    monkeypatch.setattr("punktlig.agency.records.letter_deciding.remind", broken)
    assert issue(creditor).issued == 70 - len({claim.id for claim in [*paid, *stopped]})
    assert {fresh(claim).status for claim in paid} == {"paid"}
    with acting_for(creditor.id):
        letters = list(Letter.objects.select_related("claim"))
    assert letters
    for letter in letters:
        content = read_stored(LetterContent, letter.content)
        assert content.heading[0].endswith(letter.claim.invoice_number)
        assert content.payment.fields[1].value.startswith(letter.claim.number)


def test_letters_go_by_email_when_the_agreement_says_so_and_the_debtor_has_an_address(creditor: Creditor) -> None:
    Creditor.objects.filter(id=creditor.id).update(sends_by_email=True)
    accept(creditor)
    accept(creditor, debtor={"email": ""})
    issue(creditor)
    with acting_for(creditor.id):
        ways = Delivery.objects.order_by("gateway").values_list("gateway", "recipient")
        assert list(ways) == [("email", "anna.ek@example.com"), ("print", "")]


@pytest.mark.parametrize("written", ["anna.ek", "anna@ek@example.com", f"{'a' * 700}@example.com"], ids=len)
def test_what_is_no_email_address_holds_up_no_letter_and_goes_on_paper(creditor: Creditor, written: str) -> None:
    Creditor.objects.filter(id=creditor.id).update(sends_by_email=True)
    accept(creditor)
    accept(creditor, debtor={"email": written})
    assert issue(creditor).issued == 2
    with acting_for(creditor.id):
        ways = Delivery.objects.order_by("gateway").values_list("gateway", "recipient")
        assert list(ways) == [("email", "anna.ek@example.com"), ("print", "")]


def test_compensation_is_booked_as_such_and_a_creditor_without_either_charges_nothing(creditor: Creditor) -> None:
    trader = {"kind": "trader", "identity_number": "556012-5790", "name": "Kaffestugan AB"}
    accept(creditor, debtor=trader, terms={"reminder_fee_agreed_since": None, "claims_compensation": True})
    accept(creditor, terms={"reminder_fee_agreed_since": None})
    issue(creditor)
    assert ledger(creditor.id)["fees_owed"] == 450_00
    with acting_for(creditor.id):
        assert sorted(Letter.objects.values_list("charge_ore", flat=True)) == [0, 450_00]


def test_a_debtor_abroad_is_written_to_in_the_language_of_the_handover(creditor: Creditor) -> None:
    address = Address(lines=("Hauptstraße 1",), postcode="10115", town="Berlin", country="DE")
    accept(creditor, debtor={"address": address, "language": "en"})
    issue(creditor)
    with acting_for(creditor.id):
        content = read_stored(LetterContent, Letter.objects.get().content)
    assert (content.language, content.recipient[-1]) == ("en", "GERMANY")
    assert ledger(creditor.id).get("fees_owed") is None


@pytest.mark.parametrize("decided", [False, True])
def test_a_consumer_abroad_is_asked_for_interest_and_fee_when_the_creditor_has_decided_so(
    creditor: Creditor, *, decided: bool
) -> None:
    address = Address(lines=("Hauptstraße 1",), postcode="10115", town="Berlin", country="DE")
    debtor = {"address": address, "language": "en"}
    claim = accept(creditor, debtor=debtor, terms={"charges_consumers_abroad": decided})
    issue(creditor)
    # 1 200 kr at 10 per cent for the 31 days from 27 October to 26 November: 10.19.
    charged = (10_19, 60_00) if decided else (0, 0)
    with acting_for(creditor.id):
        letter = Letter.objects.get()
        facts = balance_facts(creditor, [Claim.objects.get(id=claim.id)])[claim.id]
    content = read_stored(LetterContent, letter.content)
    assert (letter.interest_ore, letter.charge_ore, letter.total_ore) == (*charged, 1_200_00 + sum(charged))
    balance = claim_balance(facts, THURSDAY)
    assert (balance.interest.ore, balance.fees.ore) == charged
    rows = {row.text.replace("\u00a0", " "): row.amount for row in content.sums.rows}
    asked = {"Late-payment interest up to and including 26 November 2026": "10.19", "Reminder fee": "60.00"}
    assert {text: amount for text, amount in rows.items() if not text.startswith("Invoice")} == (
        asked if decided else {}
    )
    assert content.sums.total.amount == ("1,270.19" if decided else "1,200.00")


def test_the_whole_round_issues_for_every_creditor_in_chunks() -> None:
    first, second = make_creditor(), make_creditor()
    accept_many(first, 70)
    accept_many(second, 3)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)) == Issued(issued=73)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)) == Issued()


def test_a_chunk_takes_the_oldest_first_and_no_more_than_its_limit(creditor: Creditor) -> None:
    older = accept(creditor, WEDNESDAY)
    accept(creditor, THURSDAY)
    assert issue(creditor, FRIDAY, limit=1) == Issued(issued=1)
    assert fresh(older).status == "reminder_issued"
    with acting_for(creditor.id):
        assert Claim.objects.filter(status="received").count() == 1


def test_after_an_outage_of_five_days_each_claim_is_issued_once_dated_the_day_the_round_runs(
    creditor: Creditor,
) -> None:
    claims = [accept(creditor, day) for day in (WEDNESDAY, THURSDAY, FRIDAY)]
    later = date(2026, 12, 2)
    assert issue(creditor, later) == Issued(issued=3)
    with acting_for(creditor.id):
        assert set(Letter.objects.values_list("day", flat=True)) == {later}
    assert all(kinds(claim) == ["claim_received", "reminder_issued"] for claim in claims)
