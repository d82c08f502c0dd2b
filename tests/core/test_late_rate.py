"""Which rate may be claimed: Interest Act (1975:635) s. 6 and Consumer Credit Act (2010:1846) s. 19 a."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.late_rate import (
    STATUTORY,
    LateRate,
    RateAboveConsumerCeiling,
    RateNotUsable,
    RateUnknown,
    lawful_rate,
)
from punktlig.core.parties import DebtorKind

CONSUMER, TRADER, PUBLIC_BODY = DebtorKind
FIRST, THROUGH = date(2026, 10, 1), date(2026, 11, 23)


def _fixed(percent: str) -> LateRate:
    return LateRate.fixed(Decimal(percent))


def _above(percent: str) -> LateRate:
    return LateRate.reference_plus(Decimal(percent))


@pytest.mark.parametrize("kind", DebtorKind)
def test_without_an_agreement_it_is_the_reference_rate_and_eight_points(kind: DebtorKind) -> None:
    assert lawful_rate(None, kind, FIRST, THROUGH) == STATUTORY == _above("8")


@pytest.mark.parametrize("agreed", [_fixed("0"), _fixed("4"), _fixed("24"), _above("0"), _above("30")])
def test_between_traders_the_agreed_rate_stands(agreed: LateRate) -> None:
    assert lawful_rate(agreed, TRADER, FIRST, THROUGH) == agreed


@pytest.mark.parametrize(
    ("agreed", "claimed"),
    [
        (_fixed("10"), _fixed("10")),  # just the statutory rate: 2 + 8
        (_fixed("9.9999"), STATUTORY),
        (_fixed("12"), _fixed("12")),
        (_above("8"), STATUTORY),
        (_above("7.9999"), STATUTORY),
        (_above("9"), _above("9")),
    ],
)
def test_a_lower_rate_against_a_public_body_is_void(agreed: LateRate, claimed: LateRate) -> None:
    assert lawful_rate(agreed, PUBLIC_BODY, FIRST, THROUGH) == claimed


def test_a_rate_that_falls_below_the_statutory_one_on_the_last_day_is_void_against_a_public_body() -> None:
    agreed = _fixed("8.5")  # statutory: 8 through June 2022, 8.5 to December, 10.5 from January 2023
    assert lawful_rate(agreed, PUBLIC_BODY, date(2022, 3, 1), date(2022, 12, 31)) == agreed
    assert lawful_rate(agreed, PUBLIC_BODY, date(2022, 3, 1), date(2023, 1, 1)) == STATUTORY


@pytest.mark.parametrize("agreed", [_fixed("22"), _above("20"), _fixed("0"), _fixed("18")])
def test_a_consumers_rate_stands_up_to_reference_and_twenty_points(agreed: LateRate) -> None:
    assert lawful_rate(agreed, CONSUMER, FIRST, THROUGH) == agreed


@pytest.mark.parametrize("agreed", [_fixed("22.0001"), _above("20.0001"), _fixed("36")])
def test_a_consumers_rate_above_that_is_refused(agreed: LateRate) -> None:
    with pytest.raises(RateAboveConsumerCeiling) as refused:
        lawful_rate(agreed, CONSUMER, FIRST, THROUGH)
    assert (refused.value.ceiling, refused.value.day) == (Decimal(22), FIRST)
    assert refused.value.percent == agreed.percent + (2 if agreed.above_reference else 0)


@pytest.mark.parametrize(
    ("agreed", "through", "refused_on"),
    [
        ("24", date(2025, 2, 28), None),  # no ceiling before 2025-03-01
        ("24", date(2025, 3, 1), date(2025, 3, 1)),  # 3 + 20
        ("22.5", date(2025, 6, 30), None),
        ("22.5", date(2025, 7, 1), date(2025, 7, 1)),  # 2 + 20 from the new half-year
    ],
)
def test_the_ceiling_holds_since_1_march_2025_and_follows_the_reference_rate(
    agreed: str, through: date, refused_on: date | None
) -> None:
    if refused_on is None:
        assert lawful_rate(_fixed(agreed), CONSUMER, date(2024, 12, 1), through) == _fixed(agreed)
    else:
        with pytest.raises(RateAboveConsumerCeiling) as refused:
            lawful_rate(_fixed(agreed), CONSUMER, date(2024, 12, 1), through)
        assert refused.value.day == refused_on


def test_a_ceiling_that_is_not_known_is_not_guessed() -> None:
    assert lawful_rate(_fixed("12"), CONSUMER, FIRST, date(2026, 12, 31)) == _fixed("12")
    with pytest.raises(RateUnknown):
        lawful_rate(_fixed("12"), CONSUMER, FIRST, date(2027, 1, 1))
    with pytest.raises(RateUnknown):
        lawful_rate(_fixed("12"), PUBLIC_BODY, FIRST, date(2027, 1, 1))
    assert lawful_rate(_fixed("12"), TRADER, FIRST, date(2027, 1, 1)) == _fixed("12")


@pytest.mark.parametrize(
    "percent", ["-0.01", "1000.0001", "NaN", "Infinity", "0.00001", "12.0000000000000000000000000000000001"]
)
def test_a_rate_that_cannot_be_a_yearly_rate_is_refused(percent: str) -> None:
    with pytest.raises(RateNotUsable):
        _fixed(percent)
    with pytest.raises(RateNotUsable):
        _above(percent)


@pytest.mark.parametrize("percent", ["0", "1000", "11.2345", "18.00000"])
def test_a_rate_may_be_as_fine_as_a_ten_thousandth(percent: str) -> None:
    assert _fixed(percent).percent == Decimal(percent)
