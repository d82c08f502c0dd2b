"""Which charge may be added: Act (1981:739) on Compensation for Debt Collection Costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from punktlig.core.charges import (
    Charge,
    ChargeAlreadyMade,
    ChargeFacts,
    ChargesExcludeEachOther,
    CompensationNotFromConsumer,
    NoCharge,
    charge,
    fee_stands,
)
from punktlig.core.parties import Debtor, DebtorKind
from punktlig.core.statutes.fees import STATUTORY_FEES, ChargeKind, statutory_fee

REMINDER, DEMAND, PLAN, COMPENSATION = ChargeKind
CONSUMER = Debtor("Anna Ek", DebtorKind.CONSUMER)
TRADER = Debtor("Granbackens Plåt AB", DebtorKind.TRADER)
PUBLIC_BODY = Debtor("Ekvikens kommun", DebtorKind.PUBLIC_BODY)
ON = date(2026, 11, 23)
AROSE = date(2026, 9, 1)
FACTS = ChargeFacts(
    debtor=TRADER, debt_arose=AROSE, agreed_since=date(2024, 1, 1), first_interest_day=date(2026, 10, 1)
)


@pytest.mark.parametrize(
    ("kind", "day", "amount"),
    [
        (REMINDER, "2003-06-30", None),
        (REMINDER, "2003-07-01", "50.00"),
        (REMINDER, "2013-03-15", "50.00"),
        (REMINDER, "2013-03-16", "60.00"),
        (REMINDER, "2026-11-23", "60.00"),
        (DEMAND, "2013-03-15", "160.00"),
        (DEMAND, "2013-03-16", "180.00"),
        (PLAN, "2013-03-15", "150.00"),
        (PLAN, "2013-03-16", "170.00"),
        (COMPENSATION, "2013-03-15", None),
        (COMPENSATION, "2013-03-16", "450.00"),
        (COMPENSATION, "2026-11-23", "450.00"),
    ],
)
def test_the_amount_is_the_one_in_force_when_the_measure_is_taken(
    kind: ChargeKind, day: str, amount: str | None
) -> None:
    fee = statutory_fee(kind, date.fromisoformat(day))
    assert (str(fee.amount) if fee else None) == amount


def test_every_amount_has_a_source_and_a_section() -> None:
    assert all(fee.source and fee.section.startswith("1981:739 s. ") for fee in STATUTORY_FEES)


@pytest.mark.parametrize("debtor", [CONSUMER, TRADER, PUBLIC_BODY])
@pytest.mark.parametrize(
    ("agreed_since", "outcome"),
    [
        (None, NoCharge.NOT_AGREED),
        (date(2026, 9, 2), NoCharge.AGREED_TOO_LATE),
        (date(2026, 9, 1), "60.00"),  # in connection with the debt arising
        (date(2020, 1, 1), "60.00"),
    ],
)
def test_a_reminder_fee_needs_an_agreement_when_the_debt_arose_at_the_latest(
    debtor: Debtor, agreed_since: date | None, outcome: object
) -> None:
    made = charge(REMINDER, replace(FACTS, debtor=debtor, agreed_since=agreed_since), ON)
    assert (str(made.amount) if isinstance(made, Charge) else made) == outcome


@pytest.mark.parametrize("kind", [DEMAND, PLAN])
@pytest.mark.parametrize("debtor", [CONSUMER, TRADER, PUBLIC_BODY])
def test_a_demand_and_a_plan_need_no_agreement(kind: ChargeKind, debtor: Debtor) -> None:
    made = charge(kind, replace(FACTS, debtor=debtor, agreed_since=None), ON)
    assert isinstance(made, Charge)
    assert made.agreed_since is None


@pytest.mark.parametrize(
    ("first_interest_day", "outcome"),
    [
        (None, NoCharge.NO_RIGHT_TO_INTEREST_YET),
        (date(2026, 11, 24), NoCharge.NO_RIGHT_TO_INTEREST_YET),
        (date(2026, 11, 23), "450.00"),  # at the same moment as the right to interest, not thirty days later
    ],
)
@pytest.mark.parametrize("debtor", [TRADER, PUBLIC_BODY])
def test_compensation_arises_with_the_right_to_interest(
    debtor: Debtor, first_interest_day: date | None, outcome: object
) -> None:
    facts = replace(FACTS, debtor=debtor, first_interest_day=first_interest_day, agreed_since=None)
    made = charge(COMPENSATION, facts, ON)
    assert (str(made.amount) if isinstance(made, Charge) else made) == outcome


@pytest.mark.parametrize("country", ["SE", "NO"])
def test_compensation_is_never_asked_of_a_consumer(country: str) -> None:
    with pytest.raises(CompensationNotFromConsumer):
        charge(COMPENSATION, replace(FACTS, debtor=replace(CONSUMER, country=country)), ON)


def test_before_it_existed_compensation_has_no_amount() -> None:
    early = replace(FACTS, first_interest_day=date(2013, 1, 2))
    assert charge(COMPENSATION, early, date(2013, 3, 15)) is NoCharge.NO_AMOUNT_KNOWN


@pytest.mark.parametrize("kind", ChargeKind)
def test_each_charge_is_made_once_for_a_claim(kind: ChargeKind) -> None:
    with pytest.raises(ChargeAlreadyMade) as refused:
        charge(kind, replace(FACTS, already=(kind,)), ON)
    assert refused.value.wanted is kind


@pytest.mark.parametrize(("earlier", "later"), list(permutations([REMINDER, DEMAND, PLAN], 2)))
def test_reminder_demand_and_plan_may_follow_each_other(earlier: ChargeKind, later: ChargeKind) -> None:
    assert isinstance(charge(later, replace(FACTS, already=(earlier,)), ON), Charge)


@pytest.mark.parametrize("other", [REMINDER, DEMAND, PLAN])
def test_compensation_and_the_other_charges_exclude_each_other(other: ChargeKind) -> None:
    for wanted, already in ((COMPENSATION, other), (other, COMPENSATION)):
        with pytest.raises(ChargesExcludeEachOther) as refused:
            charge(wanted, replace(FACTS, already=(already,)), ON)
        assert (refused.value.wanted, refused.value.already) == (wanted, already)


def test_a_reminder_fee_that_was_never_agreed_is_not_asked_for_twice() -> None:
    facts = replace(FACTS, agreed_since=None, already=(REMINDER,))
    assert charge(REMINDER, facts, ON) is NoCharge.NOT_AGREED


@pytest.mark.parametrize("kind", [REMINDER, DEMAND, PLAN])
def test_a_consumer_abroad_is_charged_only_when_the_creditor_has_decided_so(kind: ChargeKind) -> None:
    facts = replace(FACTS, debtor=replace(CONSUMER, country="NO"))
    assert charge(kind, facts, ON) is NoCharge.CONSUMER_ABROAD
    assert isinstance(charge(kind, replace(facts, charges_consumers_abroad=True), ON), Charge)


@pytest.mark.parametrize("kind", ChargeKind)
def test_a_trader_abroad_is_charged_as_one_at_home(kind: ChargeKind) -> None:
    assert isinstance(charge(kind, replace(FACTS, debtor=replace(TRADER, country="NO")), ON), Charge)


@pytest.mark.parametrize(("booked", "stands"), [("2026-11-22", False), ("2026-11-23", True), ("2026-11-24", True)])
def test_a_fee_stands_when_the_payment_was_booked_on_the_letters_day_or_later(booked: str, stands: bool) -> None:
    assert fee_stands(ON, date.fromisoformat(booked)) is stands
