"""How long a claim lives: Limitation Act (1981:130) ss. 2, 5 and 6, and Act (1930:173) s. 1 on the ends of years."""

from __future__ import annotations

from datetime import date

import pytest

from punktlig.core.limitation import LimitationMayHaveRun, last_day_of_claim, refuse_when_limited
from punktlig.core.statutes.limitation import LIMITATION_PERIODS


@pytest.mark.parametrize(
    ("arose", "interruptions", "consumer", "last"),
    [
        ("2023-11-23", [], True, "2026-11-23"),
        ("2016-11-23", [], False, "2026-11-23"),
        ("2024-02-29", [], True, "2027-02-28"),  # the month's last day
        ("2024-02-29", [], False, "2034-02-28"),
        ("2021-02-28", [], True, "2024-02-28"),  # the same number, though the month is longer
        ("2020-01-01", ["2022-06-01"], True, "2025-06-01"),
        ("2020-01-01", ["2023-01-01"], True, "2026-01-01"),  # on the last day
        ("2020-01-01", ["2023-01-02"], True, "2023-01-01"),  # a day late: it does not wake
        ("2020-01-01", ["2024-05-01", "2022-06-01"], True, "2027-05-01"),  # a chain, told in any order
        ("2020-01-01", ["2022-06-01", "2026-01-01"], True, "2025-06-01"),  # a chain that broke
        ("2020-01-01", ["2019-12-01"], True, "2023-01-01"),  # before there was a claim
    ],
)
def test_a_claim_lives_its_years_from_its_creation_or_its_latest_interruption(
    arose: str, interruptions: list[str], *, consumer: bool, last: str
) -> None:
    days = [date.fromisoformat(day) for day in interruptions]
    assert last_day_of_claim(date.fromisoformat(arose), days, against_consumer=consumer) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("consumer", "arose", "years"), [(True, date(2023, 11, 23), 3), (False, date(2016, 11, 23), 10)]
)
def test_the_claim_is_refused_from_the_day_after_its_last(*, consumer: bool, arose: date, years: int) -> None:
    refuse_when_limited(arose, [], date(2026, 11, 23), against_consumer=consumer)
    with pytest.raises(LimitationMayHaveRun) as refused:
        refuse_when_limited(arose, [], date(2026, 11, 24), against_consumer=consumer)
    assert refused.value.facts() == {"last_day": date(2026, 11, 23), "years": years}


def test_each_period_has_a_source() -> None:
    assert {(row.against_consumer, row.years) for row in LIMITATION_PERIODS} == {(True, 3), (False, 10)}
    assert all("1981:130" in row.source for row in LIMITATION_PERIODS)
