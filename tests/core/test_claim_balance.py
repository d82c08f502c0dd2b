"""What a claim amounts to: cases a lawyer can follow with a pencil, and a slow recount of drawn ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.balance_facts import BalanceFacts, MadeCharge, Received, ReceivedKind, StatedTotal, Waiver
from punktlig.core.charges import Charge
from punktlig.core.claim_balance import Cause, charges_without_ground, claim_balance, history
from punktlig.core.explanation import Explained, What
from punktlig.core.interest import Debt, Interest, PartPayment, late_payment_interest
from punktlig.core.late_rate import KNOWN_RATES, STATUTORY, LateRate
from punktlig.core.money import ZERO, Money
from punktlig.core.statutes.fees import ChargeKind
from punktlig.core.statutes.reference_rates import ReferenceRate
from punktlig.core.turnover import Parts
from tests.core.letter.cases import CASES
from tests.core.slow_balance import SlowClaim

SEK = Money.parse

# 10 000 kr due 30 September 2026; 10 % is 2.7397 kr a day. The letter of 20 October asks 20 days' interest and 60 kr.
DUE = date(2026, 9, 30)
LETTER = date(2026, 10, 20)
LAST_DAY = date(2026, 10, 28)
FEE = MadeCharge(kind=ChargeKind.REMINDER_FEE, amount=Money(60_00), day=LETTER, agreed_since=date(2020, 1, 1))
STATED = StatedTotal(letter_date=LETTER, total=SEK("10114.79"), last_day_to_pay=LAST_DAY)
BEFORE = BalanceFacts(
    payable=SEK("10000.00"), owed=SEK("10000.00"), due_day=DUE, first_interest_day=DUE + timedelta(days=1)
)
REMINDED = replace(BEFORE, charges=(FEE,), stated=(STATED,))


def _paid(day: date, amount: str, *, in_letter: bool = False, kind: ReceivedKind = ReceivedKind.PAYMENT) -> Received:
    return Received(day=day, amount=SEK(amount), in_letter=in_letter, kind=kind)


def _parts(facts: BalanceFacts, day: date) -> tuple[str, str, str, str]:
    balance = claim_balance(facts, day)
    return str(balance.principal_left), str(balance.interest), str(balance.fees), str(balance.total)


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (date(2026, 9, 30), ("10000.00", "0.00", "0.00", "10000.00")),
        (date(2026, 10, 1), ("10000.00", "2.74", "0.00", "10002.74")),
        (date(2026, 10, 19), ("10000.00", "52.05", "0.00", "10052.05")),
        (date(2026, 10, 20), ("10000.00", "54.79", "60.00", "10114.79")),
        (date(2026, 10, 28), ("10000.00", "76.71", "60.00", "10136.71")),
    ],
)
def test_interest_runs_by_the_day_and_the_fee_comes_with_the_letter(day: date, parts: tuple[str, ...]) -> None:
    assert _parts(REMINDED, day) == parts


def test_a_payment_the_letter_has_counted_lowers_the_principal_alone() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 10), "4000.00", in_letter=True),))
    # 10 days on 10 000 and 10 days on 6 000: 27.397 + 16.438.
    assert _parts(facts, LETTER) == ("6000.00", "43.84", "60.00", "6103.84")


def test_a_payment_after_the_letter_goes_to_costs_then_interest_then_principal() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 26), "4000.00"),))
    balance = claim_balance(facts, date(2026, 10, 26))
    (allocation,) = balance.allocations
    # 26 days of interest: 71.23 kr.
    assert (allocation.fees, allocation.interest, allocation.principal) == (SEK("60.00"), SEK("71.23"), SEK("3868.77"))
    assert balance.turnover.interest_fixed == SEK("71.23")
    assert _parts(facts, date(2026, 10, 26)) == ("6131.23", "0.00", "0.00", "6131.23")
    # The rest bears interest from the day after: 1.6798 kr a day.
    assert _parts(facts, date(2026, 11, 5)) == ("6131.23", "16.80", "0.00", "6148.03")


def test_a_small_payment_leaves_interest_that_bears_none_itself() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 26), "100.00"),))
    assert _parts(facts, date(2026, 10, 26)) == ("10000.00", "31.23", "0.00", "10031.23")
    assert _parts(facts, date(2026, 11, 5)) == ("10000.00", "58.63", "0.00", "10058.63")


def test_paying_what_the_letter_states_by_its_last_day_settles_the_claim() -> None:
    facts = replace(REMINDED, received=(_paid(LAST_DAY, "10114.79"),))
    balance = claim_balance(facts, LAST_DAY)
    assert _parts(facts, LAST_DAY) == ("0.00", "0.00", "0.00", "0.00")
    # Eight days' interest, 21.92 kr: the payment went to all the interest first, so it is let go of the principal.
    assert balance.turnover.waived == Parts(principal=SEK("21.92"))
    assert balance.lines[-1].what is What.WAIVED
    assert balance.growth == ZERO


def test_part_payments_that_together_are_what_the_letter_states_settle_the_claim() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 22), "5000.00"), _paid(LAST_DAY, "5114.79")))
    assert claim_balance(facts, date(2026, 10, 27)).total > ZERO
    assert _parts(facts, date(2026, 12, 1)) == ("0.00", "0.00", "0.00", "0.00")


def test_the_same_sum_a_day_late_leaves_the_interest_in_between() -> None:
    facts = replace(REMINDED, received=(_paid(LAST_DAY + timedelta(days=1), "10114.79"),))
    assert _parts(facts, LAST_DAY + timedelta(days=1)) == ("24.66", "0.00", "0.00", "24.66")


@pytest.mark.parametrize(("day", "left"), [(21, "0.00"), (22, "1006.85")])
def test_parts_paid_before_the_correction_settle_what_the_first_letter_states(day: int, left: str) -> None:
    # The letter of the 20th said 1 000 kr too little, and was corrected on the 22nd, by which 5 000 kr had been told.
    first = replace(STATED, total=SEK("9112.05"), last_day_to_pay=date(2026, 10, 21))
    second = StatedTotal(letter_date=date(2026, 10, 22), total=SEK("5118.90"), last_day_to_pay=date(2026, 10, 30))
    told_before = replace(_paid(date(2026, 10, 21), "5000.00", in_letter=True), missed_by=1)
    facts = replace(REMINDED, stated=(first, second), received=(told_before, _paid(date(2026, 10, day), "4112.05")))
    balance = claim_balance(facts, date(2026, 10, 22))
    assert (str(balance.total), balance.overpaid) == (left, Money(0))


def test_a_payment_on_the_letters_day_told_after_it_leaves_the_fee_to_be_paid() -> None:
    facts = replace(REMINDED, received=(_paid(LETTER, "10000.00"),))
    assert _parts(facts, LETTER) == ("114.79", "0.00", "0.00", "114.79")
    assert charges_without_ground(facts) == ()


def test_a_payment_booked_before_the_letters_date_but_told_later_takes_the_ground_from_the_fee() -> None:
    facts = replace(REMINDED, received=(_paid(LETTER - timedelta(days=1), "10000.00"),))
    assert charges_without_ground(facts) == (FEE,)
    assert _parts(facts, LETTER) == ("0.00", "0.00", "0.00", "0.00")
    assert charges_without_ground(replace(facts, charges=(replace(FEE, reversed_on=LETTER),))) == ()


def test_a_claim_paid_before_any_letter_is_settled_and_its_interest_waived() -> None:
    facts = replace(BEFORE, received=(_paid(date(2026, 10, 10), "10000.00", in_letter=True),))
    balance = claim_balance(facts, date(2026, 10, 15))
    assert balance.total == ZERO
    assert [(line.what, str(line.amount)) for line in balance.lines] == [
        (What.PRINCIPAL, "10000.00"),
        (What.PART_PAYMENT, "-10000.00"),
        (What.INTEREST, "27.40"),
        (What.WAIVED, "-27.40"),
    ]


def test_a_credit_note_lowers_the_principal_also_after_the_letter() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 26), "4000.00", kind=ReceivedKind.CREDIT_NOTE),))
    assert _parts(facts, date(2026, 10, 26)) == ("6000.00", "71.23", "60.00", "6131.23")


def test_a_credit_note_of_the_whole_invoice_ends_the_claim() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 26), "10000.00", kind=ReceivedKind.CREDIT_NOTE),))
    assert claim_balance(facts, date(2026, 10, 26)).total == ZERO


def test_what_is_paid_too_much_is_told_and_never_owed_back_as_a_negative_debt() -> None:
    facts = replace(REMINDED, received=(_paid(LAST_DAY, "10136.71"), _paid(LAST_DAY, "50.00")))
    balance = claim_balance(facts, date(2026, 11, 20))
    assert (balance.total, balance.overpaid) == (ZERO, SEK("50.00"))


def test_a_reversed_fee_is_shown_and_taken_back() -> None:
    facts = replace(REMINDED, stated=(), charges=(replace(FEE, reversed_on=date(2026, 10, 22)),))
    assert claim_balance(facts, date(2026, 10, 21)).fees == SEK("60.00")
    balance = claim_balance(facts, date(2026, 10, 22))
    assert balance.fees == ZERO
    (line,) = [line for line in balance.lines if line.what is What.CHARGE_REVERSED]
    assert (line.amount, line.statute) == (SEK("-60.00"), "")


def test_a_fee_that_was_paid_away_before_its_letter_names_the_judgment() -> None:
    paid_before = _paid(LETTER - timedelta(days=1), "10000.00")
    facts = replace(REMINDED, received=(paid_before,), charges=(replace(FEE, reversed_on=date(2026, 10, 22)),))
    (line,) = [line for line in claim_balance(facts, date(2026, 10, 22)).lines if line.what is What.CHARGE_REVERSED]
    assert line.statute == "NJA 1988 s. 312"


def test_a_fee_reversed_after_it_was_paid_goes_on_to_the_rest_of_the_debt() -> None:
    paid = replace(REMINDED, received=(_paid(date(2026, 10, 26), "4000.00"),))
    reversed_later = replace(paid, charges=(replace(FEE, reversed_on=date(2026, 10, 26)),))
    assert claim_balance(reversed_later, date(2026, 10, 26)).principal_left == SEK("6071.23")
    assert claim_balance(reversed_later, date(2026, 10, 26)).overpaid == ZERO


def test_what_was_paid_to_a_fee_counts_on_the_rest_from_its_own_day_once_the_fee_is_taken_back() -> None:
    paid = replace(REMINDED, received=(_paid(date(2026, 10, 26), "4000.00"),))
    reversed_later = replace(paid, charges=(replace(FEE, reversed_on=date(2026, 11, 10)),))
    assert claim_balance(reversed_later, date(2026, 11, 9)) == claim_balance(paid, date(2026, 11, 9))
    without = replace(reversed_later, charges=())
    day = date(2026, 11, 10)
    assert _parts(reversed_later, day) == _parts(without, day)
    points = [(point.cause, str(point.fees)) for point in history(reversed_later, day)]
    assert (Cause.CHARGE, "60.00") in points
    assert (Cause.CHARGE_REVERSED, "0.00") in points


def test_a_fee_that_fell_away_with_the_claim_is_not_overpaid_when_it_is_taken_back() -> None:
    paid_before = _paid(LETTER - timedelta(days=1), "10000.00")
    facts = replace(REMINDED, received=(paid_before,), charges=(replace(FEE, reversed_on=date(2026, 10, 22)),))
    balance = claim_balance(facts, date(2026, 10, 22))
    assert (balance.total, balance.overpaid) == (ZERO, ZERO)
    assert Money.total(line.amount for line in balance.lines) == ZERO


def test_money_for_a_fee_that_is_taken_back_is_overpaid_when_nothing_else_was_owed() -> None:
    received = (_paid(LETTER - timedelta(days=1), "10000.00"), _paid(date(2026, 10, 26), "60.00"))
    facts = replace(REMINDED, received=received, charges=(replace(FEE, reversed_on=date(2026, 10, 27)),))
    assert claim_balance(facts, date(2026, 10, 27)).overpaid == SEK("60.00")


def test_a_waiver_takes_interest_then_charges_then_principal() -> None:
    facts = replace(REMINDED, waivers=(Waiver(day=date(2026, 10, 30), amount=SEK("150.00")),))
    # 30 days: 82.19 kr interest, then the fee, then 7.81 kr of the principal.
    assert _parts(facts, date(2026, 10, 30)) == ("9992.19", "0.00", "0.00", "9992.19")


def test_nothing_is_owed_after_the_claim_was_closed() -> None:
    facts = replace(REMINDED, closed_on=date(2026, 11, 2))
    assert claim_balance(facts, date(2026, 11, 1)).total > ZERO
    balance = claim_balance(facts, date(2026, 12, 24))
    assert (balance.total, balance.growth, balance.lines[-1].what) == (ZERO, ZERO, What.CLOSED)


def test_only_the_customers_share_is_owed_and_the_deduction_is_a_line_of_its_own() -> None:
    facts = replace(BEFORE, owed=SEK("7000.00"))
    balance = claim_balance(facts, DUE)
    assert [(line.what, str(line.amount)) for line in balance.lines] == [
        (What.PRINCIPAL, "10000.00"),
        (What.DEDUCTION, "-3000.00"),
    ]
    assert balance.total == SEK("7000.00")


def test_a_consumer_who_was_not_warned_pays_no_interest() -> None:
    facts = replace(REMINDED, first_interest_day=None)
    assert _parts(facts, date(2028, 1, 1)) == ("10000.00", "0.00", "60.00", "10060.00")
    assert claim_balance(facts, date(2028, 1, 1)).growth == ZERO


def test_growth_is_what_tomorrow_adds() -> None:
    assert claim_balance(REMINDED, LETTER).growth == SEK("2.74")
    assert claim_balance(REMINDED, DUE - timedelta(days=5)).growth == ZERO


# ---- unknown rates ------------------------------------------------------------------------------------------------


def test_the_balance_stops_at_the_last_day_whose_rate_is_known() -> None:
    balance = claim_balance(REMINDED, date(2027, 2, 1))
    assert (balance.day, balance.known, balance.growth) == (date(2026, 12, 31), False, None)
    assert balance.unknown is not None
    assert (balance.unknown.code, balance.unknown.day) == ("rate_unknown", date(2027, 1, 1))
    assert balance.total == claim_balance(REMINDED, date(2026, 12, 31)).total


def test_the_last_known_day_itself_is_known_but_not_what_tomorrow_adds() -> None:
    balance = claim_balance(REMINDED, date(2026, 12, 31))
    assert (balance.known, balance.growth) == (True, None)


def test_a_part_payment_past_the_known_rates_is_not_allocated_by_guess() -> None:
    facts = replace(REMINDED, received=(_paid(date(2027, 1, 5), "4000.00"),))
    balance = claim_balance(facts, date(2027, 1, 10))
    assert (balance.day, balance.known, balance.allocations) == (date(2026, 12, 31), False, ())


def test_what_settles_the_claim_settles_it_although_the_rate_is_unknown() -> None:
    stated = replace(STATED, last_day_to_pay=date(2027, 1, 7))
    facts = replace(REMINDED, stated=(stated,), received=(_paid(date(2027, 1, 5), "10114.79"),))
    balance = claim_balance(facts, date(2027, 3, 1))
    assert (balance.known, balance.total, balance.day) == (True, ZERO, date(2027, 3, 1))


def test_a_claim_that_was_closed_owes_nothing_although_the_rate_of_a_payment_before_is_unknown() -> None:
    facts = replace(REMINDED, received=(_paid(date(2027, 1, 5), "4000.00"),), closed_on=date(2027, 1, 8))
    assert not claim_balance(facts, date(2027, 1, 7)).known
    balance = claim_balance(facts, date(2027, 1, 8))
    assert (balance.known, balance.total, balance.day) == (True, ZERO, date(2027, 1, 8))


@pytest.mark.parametrize(
    "ended",
    [
        {"closed_on": date(2027, 1, 8), "received": (_paid(date(2027, 1, 5), "4000.00"),)},
        {"received": (_paid(date(2027, 1, 5), "10000.00", kind=ReceivedKind.CREDIT_NOTE),)},
    ],
    ids=["closed", "settled"],
)
def test_a_rate_that_is_added_later_changes_nothing_of_a_claim_that_has_ended(ended: dict[str, Any]) -> None:
    facts = replace(REMINDED, rates_known_through=date(2026, 12, 31), **ended)
    then = claim_balance(facts, date(2027, 1, 8))
    later = KNOWN_RATES.adding(ReferenceRate(date(2027, 1, 1), Decimal("2.50"), "a source"))
    assert claim_balance(facts, date(2027, 1, 8), later) == then
    assert claim_balance(replace(facts, rates_known_through=None), date(2027, 1, 8), later) != then
    # A day before the end is as it was told then, too.
    assert claim_balance(facts, date(2027, 1, 3), later).day == date(2026, 12, 31)


def test_a_fixed_rate_needs_no_reference_rate() -> None:
    facts = replace(REMINDED, rate=LateRate.fixed(STATUTORY.percent))
    assert claim_balance(facts, date(2030, 1, 1)).known


def test_a_claim_older_than_the_rates_stops_before_its_first_interest_day() -> None:
    facts = replace(BEFORE, due_day=date(2002, 6, 1), first_interest_day=date(2002, 6, 2))
    balance = claim_balance(facts, date(2002, 8, 1))
    assert (balance.day, balance.known, balance.interest) == (date(2002, 6, 1), False, ZERO)


# ---- history ------------------------------------------------------------------------------------------------------


def test_the_history_tells_how_the_claim_stood_before_and_after_each_change() -> None:
    facts = replace(REMINDED, received=(_paid(date(2026, 10, 26), "4000.00"),))
    points = history(facts, date(2026, 11, 5))
    assert [(p.day, p.cause, str(p.change), str(p.total)) for p in points] == [
        (DUE, Cause.DUE, "0.00", "10000.00"),
        (LETTER, Cause.INTEREST, "0.00", "10054.79"),
        (LETTER, Cause.CHARGE, "60.00", "10114.79"),
        (date(2026, 10, 26), Cause.INTEREST, "0.00", "10131.23"),
        (date(2026, 10, 26), Cause.PAYMENT, "-4000.00", "6131.23"),
        (date(2026, 11, 5), Cause.STATED_DAY, "0.00", "6148.03"),
    ]


# ---- drawn claims -------------------------------------------------------------------------------------------------


@st.composite
def claims(draw: st.DrawFn) -> BalanceFacts:
    """Draw a claim with up to seven happenings in the time whose rates are known."""
    due = draw(st.dates(date(2023, 6, 1), date(2025, 12, 1)))
    owed = draw(st.integers(1, 50_00) | st.integers(1, 9_000_000_00))
    bears = draw(st.booleans() | st.just(value=True))
    first = due + timedelta(days=1) if bears else None
    received: list[Received] = []
    days = st.integers(-5, 200).map(lambda n: due + timedelta(days=n))
    amounts = st.integers(1, owed + owed // 5 + 100).map(Money)
    letter = None
    if draw(st.booleans() | st.just(value=True)):
        letter = due + timedelta(days=draw(st.integers(1, 60)))
    for _ in range(draw(st.integers(0, 5))):
        day = draw(days)
        received.append(
            Received(
                day=day,
                amount=draw(amounts),
                kind=draw(st.sampled_from(ReceivedKind)),
                in_letter=letter is None or (day <= letter and draw(st.booleans())),
            )
        )
    facts = BalanceFacts(
        payable=Money(owed), owed=Money(owed), due_day=due, first_interest_day=first, received=tuple(received)
    )
    if letter is None:
        return facts
    known = replace(facts, received=tuple(each for each in received if each.in_letter))
    fee = draw(st.sampled_from([0, 60_00, 450_00]))
    total = claim_balance(known, letter).total + Money(fee)
    back = letter + timedelta(days=draw(st.integers(0, 60))) if draw(st.booleans()) else None
    charge = MadeCharge(kind=ChargeKind.REMINDER_FEE, amount=Money(fee), day=letter, reversed_on=back)
    return replace(
        facts,
        closed_on=letter + timedelta(days=draw(st.integers(0, 200))) if draw(st.booleans()) else None,
        charges=(charge,) if fee else (),
        stated=(StatedTotal(letter_date=letter, total=total, last_day_to_pay=letter + timedelta(days=8)),),
    )


def _slowly(facts: BalanceFacts, day: date) -> tuple[int, int, int, int]:
    letter = None
    if facts.stated:
        (stated,) = facts.stated
        fee = sum(each.amount.ore for each in facts.charges if each.reversed_on is None or each.reversed_on > day)
        letter = (stated.letter_date, fee, stated.total.ore, stated.last_day_to_pay)
    received = [(each.day, each.amount.ore, each.kind.value, each.in_letter) for each in facts.received]
    slow = SlowClaim(facts.owed.ore, facts.first_interest_day, letter, received, closed_on=facts.closed_on)
    return slow.on(day, facts.due_day - timedelta(days=10))


@given(claims(), st.integers(0, 260))
def test_a_slow_recount_day_by_day_in_fractions_agrees_to_the_ore(facts: BalanceFacts, days: int) -> None:
    day = facts.due_day + timedelta(days=days)
    balance = claim_balance(facts, day)
    parts = (balance.principal_left.ore, balance.interest.ore, balance.fees.ore, balance.overpaid.ore)
    assert parts == _slowly(facts, day)


@given(claims(), st.integers(0, 260))
def test_the_lines_explain_every_ore(facts: BalanceFacts, days: int) -> None:
    balance = claim_balance(facts, facts.due_day + timedelta(days=days))
    assert Money.total(line.amount for line in balance.lines) == balance.total - balance.overpaid
    assert balance.total == balance.principal_left + balance.interest + balance.fees
    assert min(balance.principal_left, balance.interest, balance.fees, balance.overpaid) >= ZERO
    assert all(line.statute for line in balance.lines if line.what is What.INTEREST)


@given(claims())
def test_no_day_bears_interest_twice(facts: BalanceFacts) -> None:
    lines = claim_balance(facts, facts.due_day + timedelta(days=260)).lines
    periods = [(line.first_day, line.last_day) for line in lines if line.first_day and line.last_day]
    for (_, earlier), (later, _) in pairwise(periods):
        assert earlier < later


@given(claims())
def test_every_allocation_spends_exactly_what_came_in(facts: BalanceFacts) -> None:
    balance = claim_balance(facts, facts.due_day + timedelta(days=260))
    assert len(balance.allocations) == len(facts.received)
    for each in balance.allocations:
        assert each.fees + each.interest + each.principal + each.surplus == each.amount


@given(claims(), st.integers(0, 260))
def test_what_went_through_each_part_of_a_claim_leaves_what_is_owed_of_it(facts: BalanceFacts, days: int) -> None:
    day = facts.due_day + timedelta(days=days)
    balance = claim_balance(facts, day)
    turnover = balance.turnover
    charged = Money.total(
        charge.amount for charge in facts.charges
        if charge.day <= day and (charge.reversed_on is None or max(charge.reversed_on, charge.day) > day)
    )  # fmt: skip
    lowered = turnover.paid + turnover.credited + turnover.waived + turnover.closed
    assert balance.principal_left == facts.owed - lowered.principal
    assert balance.fees == charged - lowered.fees
    # Interest that still runs is owed but not fixed.
    running = balance.interest - (turnover.interest_fixed - lowered.interest)
    interest = Money.total(line.amount for line in balance.lines if line.what is What.INTEREST)
    assert running == interest - turnover.interest_fixed
    assert running >= ZERO
    for kind, parts in (("payment", turnover.paid), ("credit_note", turnover.credited)):
        each = [one for one in balance.allocations if one.kind == kind]
        assert Money.total(one.fees + one.interest + one.principal for one in each) == parts.total


@given(claims())
def test_the_order_in_which_things_are_told_does_not_matter_unless_they_fall_on_one_day(facts: BalanceFacts) -> None:
    day = facts.due_day + timedelta(days=230)
    if len({each.day for each in facts.received}) == len(facts.received):
        turned = replace(facts, received=facts.received[::-1])
        assert claim_balance(turned, day) == claim_balance(facts, day)


@given(claims())
def test_the_history_ends_with_the_balance_and_starts_no_later_than_the_due_day(facts: BalanceFacts) -> None:
    day = facts.due_day + timedelta(days=230)
    points = history(facts, day)
    assert points[-1].total == claim_balance(facts, day).total
    assert points[0].day <= facts.due_day
    assert [point.day for point in points] == sorted(point.day for point in points)
    assert any(point.cause is Cause.DUE for point in points)


@given(claims(), st.integers(0, 100))
def test_without_anything_after_the_letter_the_interest_is_the_letters_own(facts: BalanceFacts, days: int) -> None:
    known = tuple(each for each in facts.received if each.in_letter)
    day = facts.due_day + timedelta(days=days)
    balance = claim_balance(replace(facts, received=known), day)
    if facts.first_interest_day and balance.principal_left:
        payments = tuple(PartPayment(each.day, each.amount) for each in known if each.day <= day)
        debt = Debt(facts.owed, facts.first_interest_day, STATUTORY, payments)
        interest = late_payment_interest(debt, day)
        assert balance.interest == interest.total
        assert [line for line in balance.lines if line.what is What.INTEREST] == list(interest.explain())


# ---- the letter ---------------------------------------------------------------------------------------------------


def _payments_by_day(lines: tuple[Explained, ...]) -> list[Explained]:
    """The letter tells payments as the creditor gave them; the balance in the order of their days."""
    place = [n for n, line in enumerate(lines) if line.what is What.PART_PAYMENT]
    ordered = sorted((lines[n] for n in place), key=lambda line: line.last_day or date.min)
    told = dict(zip(place, ordered, strict=True))
    return [told.get(n, line) for n, line in enumerate(lines)]


@pytest.mark.parametrize("name", CASES)
def test_on_the_letters_date_the_balance_has_the_letters_own_lines_and_total(name: str) -> None:
    reminder = CASES[name].reminder()
    charges: tuple[MadeCharge, ...] = ()
    if isinstance(reminder.charge, Charge):
        made = reminder.charge
        charges = (
            MadeCharge(kind=made.kind, amount=made.amount, day=reminder.facts.today, agreed_since=made.agreed_since),
        )
    bears = isinstance(reminder.interest, Interest)
    facts = BalanceFacts(
        payable=reminder.payable,
        owed=reminder.owed,
        due_day=reminder.due.effective_date,
        first_interest_day=reminder.due.first_interest_day if bears else None,
        rate=reminder.interest.debt.rate if isinstance(reminder.interest, Interest) else STATUTORY,
        charges=charges,
        received=tuple(
            Received(day=payment.day, amount=payment.amount, in_letter=True) for payment in reminder.facts.payments
        ),
    )
    balance = claim_balance(facts, reminder.facts.today)
    assert balance.lines == tuple(_payments_by_day(reminder.explain()))
    assert balance.total == reminder.total
    if bears:
        assert balance.growth == reminder.growth
