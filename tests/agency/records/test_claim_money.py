"""The facts of a claim's money, as they were written, make the balance that the letter and the events told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor, Letter
from punktlig.core.claim_balance import ClaimBalance, claim_balance, history
from punktlig.core.explanation import What
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.exchange.messages import Address, SubmittedPayment
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    WEDNESDAY,
    accept,
    accept_many,
    deliver,
    fresh,
    ledger,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def balance(creditor: Creditor, claim: Claim, day: date) -> ClaimBalance:
    with acting_for(creditor.id):
        stored = Claim.objects.get(id=claim.id)
        return claim_balance(balance_facts(creditor, [stored])[claim.id], day)


def test_on_the_letters_day_the_balance_is_what_the_letter_says(creditor: Creditor) -> None:
    claim = accept(creditor, payments=[(date(2026, 11, 10), "200.00")])
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        letter = Letter.objects.get()
        told = ClaimEvent.objects.get(kind="reminder_issued").summary["balance"]
    found = balance(creditor, claim, THURSDAY)
    assert (found.total.ore, found.interest.ore, found.fees.ore) == (
        letter.total_ore,
        letter.interest_ore,
        letter.charge_ore,
    )
    assert str(found.total) == told
    assert [line.what for line in found.lines] == [
        What.PRINCIPAL,
        What.PART_PAYMENT,
        What.INTEREST,
        What.INTEREST,
        What.REMINDER_FEE,
    ]
    assert found.lines[-1].condition == date(2024, 1, 1)


def test_what_came_in_before_the_letter_left_lowers_the_principal_and_later_money_the_costs_first(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = accept(creditor)
    pay(creditor, claim, "100.00", day=WEDNESDAY, at=morning(WEDNESDAY, 15))
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert balance(creditor, claim, THURSDAY).principal_left == Money(1100_00)
    deliver(tmp_path, morning(THURSDAY, 10))
    pay(creditor, claim, "100.00", day=FRIDAY)
    found = balance(creditor, claim, FRIDAY)
    assert [str(part.fees) for part in found.allocations] == ["0.00", "60.00"]
    assert found.fees == Money(0)


def test_a_payment_that_waited_while_its_letter_was_taken_counts_after_the_letter(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    # It came in a second before, and got the claim's lock only when the letter had gone.
    pay(creditor, claim, "100.00", day=THURSDAY, at=morning(THURSDAY, 10) - timedelta(seconds=1))
    found = balance(creditor, claim, THURSDAY)
    assert [str(part.fees) for part in found.allocations] == ["60.00"]
    with acting_for(creditor.id):
        told = ClaimEvent.objects.get(kind="payment_confirmed")
    assert told.facts["fees"] == "60.00"


def test_a_payment_told_after_the_letter_left_but_booked_before_it_takes_the_fee_back(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    pay(creditor, claim, "1200.00", day=WEDNESDAY, at=morning(FRIDAY))
    assert balance(creditor, claim, FRIDAY).total == Money(0)
    with acting_for(creditor.id):
        assert Claim.objects.get().status == "paid"
        assert ClaimEvent.objects.filter(kind="fee_reversed").count() == 1


def test_the_total_of_the_letter_paid_on_its_last_day_settles_the_claim(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    deliver(tmp_path, morning(THURSDAY, 10))
    last = date(2026, 12, 4)
    pay(creditor, claim, "1270.19", day=last)
    assert balance(creditor, claim, last).total == Money(0)
    with acting_for(creditor.id):
        assert Claim.objects.get().status == "paid"


def test_a_consumer_abroad_bears_no_interest_in_the_balance_either(creditor: Creditor) -> None:
    address = Address(lines=("Hauptstraße 1",), postcode="10115", town="Berlin", country="DE")
    claim = accept(creditor, debtor={"address": address, "language": "en"})
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert balance(creditor, claim, MONDAY).total == Money(1200_00)


def test_the_history_starts_with_the_due_date_and_shows_the_letter(creditor: Creditor) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        facts = balance_facts(creditor, [Claim.objects.get(id=claim.id)])[claim.id]
    points = history(facts, MONDAY)
    assert [(point.day, point.cause.value) for point in points] == [
        (date(2026, 10, 26), "due"),
        (THURSDAY, "interest"),
        (THURSDAY, "charge"),
        (MONDAY, "stated_day"),
    ]


def test_any_number_of_claims_takes_the_same_four_queries(creditor: Creditor) -> None:
    accept_many(creditor, 25)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        claims = list(Claim.objects.all())
        with CaptureQueriesContext(connection) as queries:
            facts = balance_facts(creditor, claims)
    assert len(facts) == 25
    assert len(queries) == 4


def test_what_the_creditor_had_credited_before_the_handover_is_no_payment(creditor: Creditor, tmp_path: Path) -> None:
    day = date(2026, 11, 10)
    credited = SubmittedPayment(id=uuid4(), kind="credit_note", day=day, amount=Money(200_00))
    paid = SubmittedPayment(id=uuid4(), kind="payment", day=day, amount=Money(300_00))
    claim = accept(creditor, told_before=(credited, paid))
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        letter = Letter.objects.get()
        said = LetterContent.from_json(letter.content)
    assert "Delbetalningar och kreditfakturor" in [row.text for row in said.sums.rows]
    deliver(tmp_path, morning(THURSDAY, 10))
    found = balance(creditor, claim, THURSDAY)
    assert [line.what for line in found.lines[:3]] == [What.PRINCIPAL, What.CREDIT_NOTE, What.PART_PAYMENT]
    assert found.total.ore == letter.total_ore
    pay(creditor, claim, str(Money(letter.total_ore)), day=THURSDAY, at=morning(THURSDAY, 15))
    # Neither passed here: the journal has what was taken over, 700 kr, and what came since.
    sums = ledger(creditor.id)
    assert sums["paid_to_creditor"] == letter.total_ore
    assert not sums.keys() & {"principal_owed", "interest_owed", "fees_owed", "credited_by_creditor"}
    assert fresh(claim).status == "paid"
