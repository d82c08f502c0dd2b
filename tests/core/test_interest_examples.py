"""Worked examples of late-payment interest, from authorities, advisers and forums, and our own where a due date moves.

The columns: `from` and `to` are interest days, both included. `comparison` says how `expected` is to be read: `exact`
to the öre, `whole kronor` as the Enforcement Authority shows it, `act/365` with years of 365 days, or `known wrong,
because ...`. A row with a `due` date is also about how that date moves; with start `after-demand` the column holds the
day the demand was sent. Rows without both dates are kept as evidence and cannot be computed.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from punktlig.core.due import Start, due
from punktlig.core.interest import Debt, Interest, late_payment_interest
from punktlig.core.late_rate import STATUTORY, Convention, LateRate, RateUnknown
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind

type Row = dict[str, str]

EXAMPLES = (Path(__file__).parent / "interest_examples.csv").read_text(encoding="utf-8")
ROWS: list[Row] = list(csv.DictReader(EXAMPLES.splitlines()))
DATED = [row for row in ROWS if row["from"] and row["to"]]
RATES = {
    "rantelagen 6§ (ref+8)": STATUTORY,
    "9.0% (8.5+0.5)": LateRate.reference_plus(Decimal("8.5")),
    "12% fixed": LateRate.fixed(Decimal(12)),
    "18% fixed": LateRate.fixed(Decimal(18)),
}
CONVENTIONS = {
    "exact": Convention.ACT_ACT,
    "whole kronor": Convention.WHOLE_KRONOR,
    "act/365": Convention.ACT_365,
}


def _name(row: Row) -> str:
    return f"{row['principal']} {row['from']}..{row['to']} {row['comparison'][:12]}"


def _interest(row: Row, convention: Convention) -> Interest:
    debt = Debt(Money.parse(row["principal"]), date.fromisoformat(row["from"]), RATES[row["rate_or_rule"]])
    return late_payment_interest(debt, date.fromisoformat(row["to"]), convention=convention)


def _noted(row: Row, convention: str) -> Money | None:
    found = re.search(rf"\b{convention}=([\d.]+)", row["notes"])
    return Money.parse(found[1]) if found else None


def test_every_row_has_a_comparison_and_nearly_all_have_dates() -> None:
    assert {row["comparison"].partition(",")[0] for row in ROWS} == {*CONVENTIONS, "known wrong"}
    assert all(row["comparison"].startswith("known wrong, because ") for row in ROWS if row not in DATED)
    assert len(DATED) == len(ROWS) - 4


@pytest.mark.parametrize("row", [row for row in DATED if row["comparison"] in CONVENTIONS], ids=_name)
def test_the_interest_is_as_the_example_says(row: Row) -> None:
    if row["expected"] == "ERROR":
        with pytest.raises(RateUnknown):
            _interest(row, Convention.ACT_ACT)
        return
    interest = _interest(row, CONVENTIONS[row["comparison"]])
    assert interest.total == Money.parse(row["expected"])
    assert interest.days == int(row["days"])


@pytest.mark.parametrize("row", [row for row in DATED if row["comparison"].startswith("known wrong")], ids=_name)
def test_an_example_that_is_known_to_be_wrong_is_not_repeated(row: Row) -> None:
    ours = _interest(row, Convention.ACT_ACT)
    assert ours.total != Money.parse(row["expected"])
    assert ours.days == int(row["days"])


@pytest.mark.parametrize("row", [row for row in DATED if _noted(row, "ACT/ACT")], ids=_name)
def test_the_interest_is_what_the_notes_say_by_actual_days_of_the_year(row: Row) -> None:
    assert _interest(row, Convention.ACT_ACT).total == _noted(row, "ACT/ACT")


@pytest.mark.parametrize("row", [row for row in DATED if _noted(row, "ACT/365")], ids=_name)
def test_the_interest_is_what_the_notes_say_by_years_of_365_days(row: Row) -> None:
    assert _interest(row, Convention.ACT_365).total == _noted(row, "ACT/365")


@pytest.mark.parametrize("row", [row for row in ROWS if row["due"]], ids=_name)
def test_the_first_interest_day_follows_from_the_due_date(row: Row) -> None:
    start, day = Start(row["start"]), date.fromisoformat(row["due"])
    after_demand = start is Start.AFTER_DEMAND
    fell_due = due(
        start,
        None if after_demand else day,
        demand_sent=day if after_demand else None,
        warned_of_interest=True,
        kind=DebtorKind.CONSUMER,
    )
    assert fell_due.first_interest_day == date.fromisoformat(row["from"])
