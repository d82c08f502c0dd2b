"""Which reference rate people may add, when, and who may approve it."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.added_rates import (
    Disagreement,
    RateHasNoSource,
    RateIsImplausible,
    RateIsKnown,
    RateIsNoHalfStep,
    RateIsNotDecided,
    RateLeavesGap,
    RateNeedsSecondPerson,
    asked_from,
    change_from_before,
    disagreements,
    earliest_entry,
    entry_refusals,
    is_unusual,
    news,
    next_unknown,
    refuse_unless_approvable,
    refuse_unless_enterable,
    with_added,
)
from punktlig.core.interest import Debt, late_payment_interest
from punktlig.core.late_rate import KNOWN_RATES, STATUTORY
from punktlig.core.money import Money
from punktlig.core.statutes.reference_rates import ReferenceRate

JANUARY, JULY = date(2027, 1, 1), date(2027, 7, 1)
NEW_YEARS_EVE = date(2026, 12, 31)


def row(percent: str = "2.50", valid_from: date = JANUARY, source: str = "SFS 2026:1400 (text read)") -> ReferenceRate:
    return ReferenceRate(valid_from, Decimal(percent), source)


def refused(new: ReferenceRate, today: date = NEW_YEARS_EVE) -> list[str]:
    return [refusal.code for refusal in entry_refusals(KNOWN_RATES, new, today=today)]


def test_the_half_year_that_follows_the_last_known_one_may_be_added() -> None:
    assert next_unknown(KNOWN_RATES) == JANUARY
    assert refused(row()) == []


def test_no_other_half_year_may() -> None:
    assert refused(row(valid_from=date(2026, 7, 1))) == ["rate_is_known"]
    for other in (JULY, date(2027, 1, 2), date(2027, 2, 1), date(1999, 1, 1)):
        assert refused(row(valid_from=other), date(2027, 8, 1)) == ["rate_leaves_gap"], other


def test_a_known_rate_is_told_with_its_percentage() -> None:
    with pytest.raises(RateIsKnown) as known:
        refuse_unless_enterable(KNOWN_RATES, row(valid_from=date(2026, 7, 1)), today=NEW_YEARS_EVE)
    assert known.value.facts() == {"valid_from": date(2026, 7, 1), "percent": Decimal("2.00")}
    with pytest.raises(RateLeavesGap) as gap:
        refuse_unless_enterable(KNOWN_RATES, row(valid_from=JULY), today=NEW_YEARS_EVE)
    assert gap.value.expected == JANUARY


@pytest.mark.parametrize(
    ("valid_from", "earliest", "asked"),
    [(JANUARY, date(2026, 12, 18), date(2026, 12, 1)), (JULY, date(2027, 6, 17), date(2027, 6, 1))],
)
def test_a_rate_is_asked_for_a_month_before_and_entered_at_most_two_weeks_before(
    valid_from: date, earliest: date, asked: date
) -> None:
    assert (earliest_entry(valid_from), asked_from(valid_from)) == (earliest, asked)


def test_a_rate_that_nobody_can_have_decided_yet_is_refused() -> None:
    assert refused(row(), date(2026, 12, 17)) == ["rate_is_not_decided"]
    assert refused(row(), date(2026, 12, 18)) == []
    # Entered late, long after it was needed, it is still entered.
    assert refused(row(), date(2027, 9, 1)) == []
    with pytest.raises(RateIsNotDecided) as early:
        refuse_unless_enterable(KNOWN_RATES, row(), today=date(2026, 11, 25))
    assert early.value.earliest == date(2026, 12, 18)


@pytest.mark.parametrize("percent", ["2.00", "2.50", "0", "-0.50", "-5", "20.00"])
def test_the_rate_is_a_whole_or_half_point(percent: str) -> None:
    assert refused(row(percent)) == []


@pytest.mark.parametrize("percent", ["2.25", "1.75", "2.01", "-0.25", "0.49"])
def test_the_riksbank_rounds_to_half_points_so_nothing_between_is_taken(percent: str) -> None:
    with pytest.raises(RateIsNoHalfStep):
        refuse_unless_enterable(KNOWN_RATES, row(percent), today=NEW_YEARS_EVE)


@pytest.mark.parametrize("percent", ["25", "250", "20.50", "-5.50"])
def test_a_rate_without_its_decimal_point_is_refused(percent: str) -> None:
    with pytest.raises(RateIsImplausible):
        refuse_unless_enterable(KNOWN_RATES, row(percent), today=NEW_YEARS_EVE)


@pytest.mark.parametrize("source", ["", "   "])
def test_a_rate_needs_a_source(source: str) -> None:
    with pytest.raises(RateHasNoSource):
        refuse_unless_enterable(KNOWN_RATES, row(source=source), today=NEW_YEARS_EVE)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = row("2.30", JULY, "")
    assert refused(wrong, JULY) == ["rate_leaves_gap", "rate_is_no_half_step", "rate_has_no_source"]


def test_another_person_approves() -> None:
    def approve(approver: str) -> None:
        refuse_unless_approvable(
            KNOWN_RATES, row(), entered_by="ada", entered_name="Ada Lind", approver=approver, today=NEW_YEARS_EVE
        )

    with pytest.raises(RateNeedsSecondPerson) as same:
        approve("ada")
    assert same.value.name == "Ada Lind"
    approve("bo")


def test_what_waited_while_a_release_brought_the_half_year_is_not_approved() -> None:
    released = KNOWN_RATES.adding(row("3.00"))
    with pytest.raises(RateIsKnown):
        refuse_unless_approvable(released, row(), entered_by=1, entered_name="Ada", approver=2, today=JANUARY)


@pytest.mark.parametrize(("percent", "unusual"), [("4.50", False), ("5.00", True), ("-0.50", False), ("-1.00", True)])
def test_a_larger_change_than_there_has_ever_been_asks_for_a_second_look(percent: str, unusual: bool) -> None:
    assert is_unusual(KNOWN_RATES, row(percent)) is unusual
    assert change_from_before(KNOWN_RATES, row(percent)) == Decimal(percent) - 2


def test_no_change_in_the_table_was_larger() -> None:
    percents = [known.percent for known in KNOWN_RATES.rows]
    assert max(abs(later - earlier) for earlier, later in itertools.pairwise(percents)) == Decimal("2.50")


def test_added_rates_follow_the_programs_own_in_whatever_order_they_come() -> None:
    known = with_added([row("3.00", JULY), row("2.50")])
    assert (known.percent(date(2027, 6, 30)), known.percent(JULY)) == (Decimal("2.50"), Decimal("3.00"))
    assert known.known_through == date(2027, 12, 31)
    assert with_added([]) is KNOWN_RATES


def test_after_a_gap_nothing_is_known() -> None:
    assert with_added([row("3.00", JULY)]) is KNOWN_RATES


def test_the_programs_own_rate_counts_and_the_difference_is_told() -> None:
    released = KNOWN_RATES.adding(row("3.00"))
    added = [row("2.50"), row("2.00", JULY)]
    known = with_added(added, released)
    assert (known.percent(JANUARY), known.percent(JULY)) == (Decimal("3.00"), Decimal("2.00"))
    assert disagreements(added, released) == (Disagreement(JANUARY, Decimal("2.50"), Decimal("3.00")),)
    assert disagreements([row("3.00")], released) == ()
    assert disagreements(added) == ()


def test_interest_across_the_new_year_runs_at_each_half_years_own_rate() -> None:
    # 1 000 kr: 31 days at 2 + 8 % in 2026 and 31 at 2.5 + 8 % in 2027, years of 365 days: 8.493 + 8.918 = 17.41 kr.
    debt = Debt(Money(1_000_00), date(2026, 12, 1), STATUTORY)
    assert late_payment_interest(debt, date(2027, 1, 31), with_added([row()])).total == Money(17_41)


# ---- what another program tells -------------------------------------------------------------------------------------


def test_what_another_program_knows_beyond_ours_is_news() -> None:
    told = [*KNOWN_RATES.rows, row("2.50"), row("3.00", JULY)]
    brought = news(told, KNOWN_RATES)
    assert brought.rows == (row("2.50"), row("3.00", JULY))
    assert (brought.disagreements, brought.refusals) == ((), ())
    assert news(told, with_added(brought.rows)).rows == ()
    assert news(KNOWN_RATES.rows[:3], KNOWN_RATES).rows == ()


def test_a_known_rate_is_never_changed_by_what_is_told() -> None:
    told = [row("3.00", date(2026, 7, 1)), row("2.50")]
    brought = news(told, KNOWN_RATES)
    assert brought.rows == (row("2.50"),)
    assert brought.disagreements == (Disagreement(date(2026, 7, 1), Decimal("3.00"), Decimal("2.00")),)


def test_nothing_is_taken_after_a_half_year_that_is_wrong_or_left_out() -> None:
    assert news([row("3.00", JULY)], KNOWN_RATES).rows == ()
    brought = news([row("2.31"), row("3.00", JULY)], KNOWN_RATES)
    assert brought.rows == ()
    assert [refusal.code for refusal in brought.refusals] == ["rate_is_no_half_step"]
    # The same half-year twice: the first is taken, the second is refused as known.
    twice = news([row("2.50"), row("3.00")], KNOWN_RATES)
    assert (twice.rows, [refusal.code for refusal in twice.refusals]) == ((row("2.50"),), ["rate_is_known"])
