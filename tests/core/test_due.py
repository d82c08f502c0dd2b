"""When a claim is overdue and from when it bears interest: Interest Act (1975:635) ss. 2-4."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.bank_days import is_bank_day
from punktlig.core.due import (
    Due,
    DueDateMissing,
    DueDateNotAgreedAndNoDemandSent,
    NotOverdueYet,
    Start,
    due,
    refuse_unless_overdue,
)
from punktlig.core.parties import DebtorKind

AGREED, AFTER_DEMAND, CONTRACT = Start
ONE_DAY = timedelta(days=1)


def _due(
    start: Start,
    due_date: str | None,
    sent: str | None = None,
    *,
    warned: bool = True,
    kind: DebtorKind = DebtorKind.CONSUMER,
) -> Due:
    return due(
        start,
        date.fromisoformat(due_date) if due_date else None,
        demand_sent=date.fromisoformat(sent) if sent else None,
        warned_of_interest=warned,
        kind=kind,
    )


@pytest.mark.parametrize(
    ("start", "due_date", "in_time_through", "first_interest_day"),
    [
        (AGREED, "2026-09-30", "2026-09-30", "2026-10-01"),
        (AGREED, "2026-06-19", "2026-06-22", "2026-06-23"),  # Midsummer Eve
        (AGREED, "2026-12-24", "2026-12-28", "2026-12-29"),  # Christmas Eve
        (AGREED, "2026-12-31", "2027-01-04", "2027-01-05"),  # New Year's Eve, and then a weekend
        (AGREED, "2026-10-31", "2026-11-02", "2026-11-03"),  # a Saturday
        (AGREED, "2024-06-30", "2024-07-01", "2024-07-02"),  # a Sunday, into another half-year
        (CONTRACT, "2026-06-19", "2026-06-19", "2026-06-20"),
        (CONTRACT, "2026-10-31", "2026-10-31", "2026-11-01"),
    ],
)
def test_a_due_date_moves_to_a_bank_day_unless_the_contract_names_the_day(
    start: Start, due_date: str, in_time_through: str, first_interest_day: str
) -> None:
    fell_due = _due(start, due_date, warned=False)
    assert fell_due.effective_date == date.fromisoformat(in_time_through)
    assert fell_due.first_interest_day == date.fromisoformat(first_interest_day)
    assert fell_due.was_moved is (in_time_through != due_date)


@pytest.mark.parametrize(
    ("sent", "due_date", "in_time_through", "first_interest_day"),
    [
        ("2026-09-01", None, "2026-10-01", "2026-10-02"),
        ("2026-05-01", None, "2026-06-01", "2026-06-01"),  # the thirtieth day is a Sunday: the reminder waits
        ("2024-01-30", None, "2024-02-29", "2024-03-01"),
        ("2025-01-30", None, "2025-03-03", "2025-03-02"),  # 30 days, not a month; the thirtieth is a Saturday
        ("2026-09-01", "2026-09-15", "2026-09-15", "2026-10-02"),  # a shorter date that nobody agreed to
        ("2026-09-01", "2026-10-30", "2026-10-30", "2026-10-31"),  # longer than the law: no interest before it (s. 2)
        ("2026-09-01", "2026-10-31", "2026-11-02", "2026-11-03"),
    ],
)
def test_after_a_demand_interest_starts_31_days_later_and_never_before_the_due_date(
    sent: str, due_date: str | None, in_time_through: str, first_interest_day: str
) -> None:
    fell_due = _due(AFTER_DEMAND, due_date, sent)
    assert fell_due.effective_date == date.fromisoformat(in_time_through)
    assert fell_due.first_interest_day == date.fromisoformat(first_interest_day)
    assert fell_due.demand_sent == date.fromisoformat(sent)


@pytest.mark.parametrize(
    ("kind", "warned", "bears"),
    [
        (DebtorKind.CONSUMER, False, False),
        (DebtorKind.CONSUMER, True, True),
        (DebtorKind.TRADER, False, True),
        (DebtorKind.PUBLIC_BODY, False, True),
    ],
)
def test_a_consumer_must_have_been_warned_when_interest_starts_after_a_demand(
    kind: DebtorKind,
    warned: bool,
    bears: bool,
) -> None:
    fell_due = _due(AFTER_DEMAND, None, "2026-09-01", warned=warned, kind=kind)
    assert (fell_due.first_interest_day is not None) is bears


@pytest.mark.parametrize("start", [AGREED, CONTRACT])
def test_a_due_date_is_needed_unless_interest_starts_after_a_demand(start: Start) -> None:
    with pytest.raises(DueDateMissing):
        _due(start, None, "2026-09-01")


@pytest.mark.parametrize("due_date", [None, "2026-09-30"])
def test_without_an_agreed_date_a_demand_is_needed(due_date: str | None) -> None:
    with pytest.raises(DueDateNotAgreedAndNoDemandSent):
        _due(AFTER_DEMAND, due_date)


def test_a_claim_is_overdue_from_the_day_after_its_due_date_has_moved() -> None:
    fell_due = _due(AGREED, "2026-06-19")
    for today in (date(2026, 6, 19), date(2026, 6, 20), date(2026, 6, 22)):
        with pytest.raises(NotOverdueYet) as refused:
            refuse_unless_overdue(fell_due, today)
        assert refused.value.first_reminder_day == date(2026, 6, 23)
    refuse_unless_overdue(fell_due, date(2026, 6, 23))


def test_the_last_day_of_the_calendar_stands_for_no_due_date_in_some_programs_and_is_not_overdue() -> None:
    with pytest.raises(NotOverdueYet):
        refuse_unless_overdue(_due(AGREED, "9999-12-31"), date(2026, 11, 23))


@given(st.dates(date(2002, 7, 1), date(2099, 1, 1)))
def test_interest_starts_the_day_after_a_bank_day_on_or_after_the_written_date(day: date) -> None:
    fell_due = due(AGREED, day, demand_sent=None, warned_of_interest=False, kind=DebtorKind.CONSUMER)
    assert fell_due.first_interest_day == fell_due.effective_date + ONE_DAY
    assert is_bank_day(fell_due.effective_date)
    assert fell_due.effective_date >= day


@given(st.dates(date(2002, 7, 1), date(2099, 1, 1)), st.integers(0, 90))
def test_after_a_demand_no_day_before_the_31st_or_before_the_due_date_bears_interest(sent: date, terms: int) -> None:
    due_date = sent + timedelta(days=terms)
    fell_due = due(AFTER_DEMAND, due_date, demand_sent=sent, warned_of_interest=True, kind=DebtorKind.CONSUMER)
    assert fell_due.first_interest_day is not None
    assert fell_due.first_interest_day >= sent + timedelta(days=31)
    assert fell_due.first_interest_day > fell_due.effective_date
