"""What a reminder asks for, for the main sorts of claim: told as a lawyer would check it, amount by amount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.bank_days import is_bank_day
from punktlig.core.charges import NoCharge
from punktlig.core.due import Start
from punktlig.core.eligibility import CurrencyIsNotSek
from punktlig.core.explanation import What
from punktlig.core.facts import Terms
from punktlig.core.interest import Interest
from punktlig.core.invoice import DeductionKind, PostalAddress
from punktlig.core.late_rate import KNOWN_RATES, LateRate, RateUnknown, ReferenceRates
from punktlig.core.money import ZERO, Money
from punktlig.core.parties import DebtorKind
from punktlig.core.reminder import NoInterest, Reminder, admit, refusals, remind
from punktlig.core.statutes.fees import ChargeKind
from punktlig.core.statutes.reference_rates import ReferenceRate
from tests.core.invented import CONSUMER, PUBLIC_BODY, TODAY, TRADER_ABROAD, facts, invoice, paid

FEE = Terms(reminder_fee_agreed_since=date(2024, 1, 1))
COMPENSATION = Terms(claims_compensation=True)
CONSUMER_ABROAD = replace(
    CONSUMER, identity_number="", address=PostalAddress(lines=("Fjordveien 3",), town="Oslo", country="NO")
)


def _explained(reminder: Reminder) -> list[tuple[str, str, str]]:
    return [(line.what.value, str(line.amount), line.statute) for line in reminder.explain()]


def test_a_trader_owes_the_invoice_the_interest_and_the_agreed_fee() -> None:
    reminder = remind(facts(terms=FEE))
    assert _explained(reminder) == [
        ("principal", "10000.00", ""),
        ("interest", "147.95", "1975:635 s. 6"),
        ("reminder_fee", "60.00", "1981:739 s. 2"),
    ]
    assert str(reminder.total) == "10207.95"
    assert str(reminder.growth) == "2.74"
    assert reminder.charge_kind is ChargeKind.REMINDER_FEE
    assert reminder.explain()[-1].condition == date(2024, 1, 1)
    assert reminder.day_after == date(2026, 11, 24)


@pytest.mark.parametrize("buyer", [invoice().buyer, PUBLIC_BODY, TRADER_ABROAD])
def test_compensation_stands_instead_of_the_fee_against_traders_and_public_bodies(buyer: object) -> None:
    reminder = remind(facts(invoice(buyer=buyer), terms=COMPENSATION))
    assert _explained(reminder)[-1] == ("late_payment_compensation", "450.00", "1981:739 s. 4 a")
    assert str(reminder.total) == "10597.95"
    assert reminder.explain()[-1].condition is None


def test_a_consumer_is_asked_for_interest_and_the_agreed_fee() -> None:
    reminder = remind(facts(invoice(buyer=CONSUMER), terms=FEE))
    assert reminder.debtor.kind is DebtorKind.CONSUMER
    assert str(reminder.total) == "10207.95"


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Terms(), NoCharge.NOT_AGREED),
        (Terms(reminder_fee_agreed_since=date(2026, 9, 2)), NoCharge.AGREED_TOO_LATE),
    ],
)
def test_a_fee_that_may_not_be_charged_is_left_out_with_the_reason(terms: Terms, why: NoCharge) -> None:
    reminder = remind(facts(terms=terms))
    assert (reminder.charge, reminder.charge_amount, reminder.charge_kind) == (why, ZERO, None)
    assert str(reminder.total) == "10147.95"


def test_part_payments_are_lines_of_their_own_and_a_payment_on_the_letters_day_counts() -> None:
    payments = (paid(date(2026, 9, 15), "1000.00"), paid(date(2026, 10, 31), "2000.00"), paid(TODAY, "3000.00"))
    reminder = remind(facts(payments=payments))
    assert _explained(reminder) == [
        ("principal", "10000.00", ""),
        ("part_payment", "-1000.00", ""),
        ("part_payment", "-2000.00", ""),
        ("part_payment", "-3000.00", ""),
        ("interest", "76.44", "1975:635 s. 6"),  # 9 000 for 31 days
        ("interest", "44.11", "1975:635 s. 6"),  # 7 000 for 23 days: the letter's day counts on the old balance
    ]
    assert reminder.unpaid == Money(4000_00)
    assert str(reminder.total) == "4120.55"
    assert str(reminder.growth) == "1.10"  # on what is left


def test_of_a_rot_invoice_only_the_customers_share_is_claimed_and_bears_interest() -> None:
    rot = invoice(buyer=CONSUMER, deduction=DeductionKind.ROT, prepaid=Decimal("500.00"))
    reminder = remind(facts(rot, customer_share=Money(7000_00)))
    assert _explained(reminder) == [
        ("principal", "10000.00", ""),
        ("deduction", "-3000.00", "1999:1229 ch. 67"),
        ("interest", "103.56", "1975:635 s. 6"),
    ]
    assert str(reminder.total) == "7103.56"
    assert isinstance(reminder.interest, Interest)
    assert reminder.interest.debt.principal == Money(7000_00)


@pytest.mark.parametrize("decided", [False, True])
def test_a_consumer_abroad_pays_no_interest_and_no_fee_unless_the_creditor_has_decided_so(decided: bool) -> None:
    terms = replace(FEE, charges_consumers_abroad=decided)
    reminder = remind(facts(invoice(buyer=CONSUMER_ABROAD), terms=terms, debtor_kind=DebtorKind.CONSUMER))
    if decided:
        assert str(reminder.total) == "10207.95"
    else:
        assert (reminder.interest, reminder.charge) == (NoInterest.CONSUMER_ABROAD, NoCharge.CONSUMER_ABROAD)
        assert (str(reminder.total), reminder.growth) == ("10000.00", ZERO)


def test_after_a_demand_interest_may_not_be_running_yet() -> None:
    reminder = remind(facts(terms=Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 11, 1))))
    assert reminder.interest is NoInterest.NOT_RUNNING_YET
    assert reminder.growth is None
    assert reminder.due.first_interest_day == date(2026, 12, 2)
    assert str(reminder.total) == "10000.00"


@pytest.mark.parametrize(("warned", "total"), [(True, "10145.21"), (False, "10000.00")])
def test_after_a_demand_a_consumer_pays_interest_only_when_warned_of_it(warned: bool, total: str) -> None:
    terms = Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 1), warned_of_interest=warned)
    reminder = remind(facts(invoice(buyer=CONSUMER), terms=terms))
    assert str(reminder.total) == total
    assert (reminder.interest is NoInterest.CONSUMER_NOT_WARNED) is not warned


def test_compensation_waits_for_the_right_to_interest() -> None:
    terms = replace(COMPENSATION, start=Start.AFTER_DEMAND, demand_sent=date(2026, 11, 1))
    assert remind(facts(terms=terms)).charge is NoCharge.NO_RIGHT_TO_INTEREST_YET


@pytest.mark.parametrize(
    ("buyer", "agreed", "percent"),
    [
        (invoice().buyer, LateRate.fixed(Decimal(4)), 4),
        (invoice().buyer, LateRate.reference_plus(Decimal(12)), 14),
        (PUBLIC_BODY, LateRate.fixed(Decimal(4)), 10),
        (PUBLIC_BODY, LateRate.fixed(Decimal(12)), 12),
        (CONSUMER, LateRate.fixed(Decimal(22)), 22),
    ],
)
def test_the_agreed_rate_is_claimed_where_the_law_lets_it_stand(buyer: object, agreed: LateRate, percent: int) -> None:
    reminder = remind(facts(invoice(buyer=buyer), terms=Terms(agreed_rate=agreed)))
    assert isinstance(reminder.interest, Interest)
    assert [line.percent for line in reminder.interest.lines] == [percent]


@pytest.mark.parametrize(
    ("today", "days_to_pay", "last_day"),
    [
        (date(2026, 11, 23), 8, date(2026, 12, 1)),
        (date(2026, 11, 20), 8, date(2026, 11, 30)),  # a Saturday moves to Monday
        (date(2026, 12, 16), 8, date(2026, 12, 28)),  # Christmas Eve
        (date(2026, 12, 23), 8, date(2027, 1, 4)),  # New Year's Eve, a holiday and a weekend
        (date(2026, 11, 23), 14, date(2026, 12, 7)),
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
    ],
)
def test_the_last_day_to_pay_moves_to_a_bank_day(today: date, days_to_pay: int, last_day: date) -> None:
    assert remind(facts(today=today, terms=Terms(days_to_pay=days_to_pay))).last_day_to_pay == last_day


def test_on_the_last_day_of_the_known_rates_a_reminder_is_made_and_says_nothing_of_tomorrow() -> None:
    reminder = remind(facts(today=date(2026, 12, 31)))
    assert str(reminder.interest_amount) == "252.05"
    assert reminder.growth is None
    assert str(remind(facts(today=date(2026, 12, 30))).growth) == "2.74"


def test_the_day_after_is_refused_until_the_new_rate_is_known() -> None:
    tomorrow = facts(today=date(2027, 1, 1))
    assert [refusal.code for refusal in refusals(tomorrow)] == ["rate_unknown"]
    rates = KNOWN_RATES.adding(ReferenceRate(date(2027, 1, 1), Decimal(2), "announced"))
    assert refusals(tomorrow, rates) == ()
    assert str(remind(tomorrow, rates).growth) == "2.74"


def test_a_fixed_rate_between_traders_needs_no_reference_rate() -> None:
    reminder = remind(facts(today=date(2027, 1, 1), terms=Terms(agreed_rate=LateRate.fixed(Decimal(12)))))
    assert str(reminder.interest_amount) == "305.75"


@given(
    payable=st.integers(1, 99_000_000_00),
    share_percent=st.none() | st.integers(1, 100),
    parts=st.lists(st.tuples(st.dates(date(2026, 9, 1), TODAY), st.integers(1, 50_000_00)), max_size=4),
    terms=st.sampled_from([Terms(), FEE, COMPENSATION, Terms(agreed_rate=LateRate.fixed(Decimal(18)))]),
    due_date=st.dates(date(2026, 9, 1), date(2026, 11, 18)),
)
def test_the_lines_of_every_reminder_add_up_to_what_it_asks_for(
    payable: int, share_percent: int | None, parts: list[tuple[date, int]], terms: Terms, due_date: date
) -> None:
    told = facts(
        invoice(payable=Money(payable).as_decimal(), due_date=due_date),
        terms=terms,
        customer_share=Money(max(payable * share_percent // 100, 1)) if share_percent else None,
        payments=tuple(paid(day, str(Money(ore))) for day, ore in parts),
    )
    found = refusals(told)
    if found:
        assert [refusal.code for refusal in found] == ["nothing_left_to_pay"]
        return
    reminder = remind(told)
    assert Money.total(line.amount for line in reminder.explain()) == reminder.total
    assert reminder.total > ZERO
    assert reminder.unpaid > ZERO
    assert is_bank_day(reminder.last_day_to_pay)
    assert all(line.statute for line in reminder.explain() if line.what not in {What.PRINCIPAL, What.PART_PAYMENT})


@pytest.mark.parametrize(
    ("sent", "interest"), [(date(2026, 10, 22), "5.48"), (date(2026, 10, 23), "2.74"), (date(2026, 10, 24), "0.00")]
)
def test_a_letter_on_the_first_interest_day_asks_for_that_day(sent: date, interest: str) -> None:
    reminder = remind(facts(terms=Terms(start=Start.AFTER_DEMAND, demand_sent=sent)))
    assert str(reminder.interest_amount) == interest


# ---- what is handed over -------------------------------------------------------------------------------------------


def test_what_is_handed_over_is_the_claim_that_a_reminder_of_the_day_would_be_of() -> None:
    told = facts(terms=FEE, payments=(paid(TODAY, "1000.00"),))
    admitted, reminder = admit(told), remind(told)
    assert (admitted.payable, admitted.owed, admitted.unpaid) == (reminder.payable, reminder.owed, reminder.unpaid)
    assert (admitted.debtor, admitted.due) == (reminder.debtor, reminder.due)
    assert admitted.interest == reminder.interest_amount
    assert admitted.total == reminder.total - reminder.charge_amount


def test_a_rate_that_is_still_to_come_refuses_no_handover() -> None:
    later = facts(today=date(2027, 1, 2))
    admitted = admit(later)
    assert (admitted.interest, admitted.total, admitted.unpaid) == (None, None, later.owed)
    assert admitted.unknown is not None
    assert admitted.unknown.known_through == date(2026, 12, 31)


def test_a_rate_that_will_never_be_known_refuses_it() -> None:
    rates = ReferenceRates(KNOWN_RATES.rows[-1:])
    with pytest.raises(RateUnknown):
        admit(facts(invoice(due_date=date(2026, 3, 1), issue_date=date(2026, 2, 1))), rates)


def test_what_is_wrong_with_the_invoice_refuses_it_whatever_the_rates() -> None:
    with pytest.raises(CurrencyIsNotSek):
        admit(facts(invoice(currency="EUR"), today=date(2027, 1, 2)))
