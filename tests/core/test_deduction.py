"""The customer's own share of ROT, RUT and green work: the percentage follows the day of payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.core.deduction import (
    CustomerShareChanged,
    DeductionNotInForce,
    customer_share,
    refuse_changed_share,
    share_in_force,
)
from punktlig.core.invoice import DeductionKind
from punktlig.core.money import ZERO, Money
from punktlig.core.statutes.deductions import DEDUCTION_SHARES, GreenWork

ROT, RUT, GREEN = DeductionKind
SOLAR, STORAGE, CHARGE_POINT = GreenWork


@pytest.mark.parametrize(
    ("kind", "work", "paid_on", "percent"),
    [
        (ROT, None, "2016-01-01", 30),
        (ROT, None, "2025-05-11", 30),
        (ROT, None, "2025-05-12", 50),
        (ROT, None, "2025-12-31", 50),
        (ROT, None, "2026-01-01", 30),
        (RUT, None, "2021-01-01", 50),
        (RUT, None, "2026-11-23", 50),
        (GREEN, SOLAR, "2021-01-01", 15),
        (GREEN, SOLAR, "2022-12-31", 15),
        (GREEN, SOLAR, "2023-01-01", 20),
        (GREEN, SOLAR, "2025-06-30", 20),
        (GREEN, SOLAR, "2025-07-01", 15),
        (GREEN, STORAGE, "2026-11-23", 50),
        (GREEN, CHARGE_POINT, "2026-11-23", 50),
    ],
)
def test_the_percentage_follows_the_day_of_payment(
    kind: DeductionKind, work: GreenWork | None, paid_on: str, percent: int
) -> None:
    assert share_in_force(kind, date.fromisoformat(paid_on), work).percent == percent


@pytest.mark.parametrize(
    ("kind", "work", "day"),
    [(ROT, None, "2015-12-31"), (RUT, None, "2020-12-31"), (GREEN, SOLAR, "2020-12-31"), (GREEN, None, "2026-01-01")],
)
def test_a_deduction_that_is_not_known_for_the_day_is_refused(
    kind: DeductionKind, work: GreenWork | None, day: str
) -> None:
    with pytest.raises(DeductionNotInForce) as refused:
        share_in_force(kind, date.fromisoformat(day), work)
    assert (refused.value.kind, refused.value.day) == (kind, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("sort", "payable", "labour", "material", "share"),
    [
        ((ROT, None), "10000.00", "10000.00", "0", "7000.00"),
        ((ROT, None), "12500.00", "10000.00", "2500.00", "9500.00"),  # material is outside
        ((ROT, None), "10005.00", "10005.00", "0", "7004.00"),  # 3 001,50 is asked of Skatteverket as 3 001
        ((RUT, None), "999.99", "999.99", "0", "500.99"),
        ((GREEN, SOLAR), "100000.00", "40000.00", "60000.00", "85000.00"),
        ((GREEN, STORAGE), "100000.00", "40000.00", "60000.00", "50000.00"),
    ],
)
def test_the_customer_owes_what_the_deduction_in_whole_kronor_leaves(
    sort: tuple[DeductionKind, GreenWork | None], payable: str, labour: str, material: str, share: str
) -> None:
    kind, work = sort
    owed = customer_share(
        Money.parse(payable),
        kind,
        date(2026, 3, 1),
        labour=Money.parse(labour),
        material=Money.parse(material),
        work=work,
    )
    assert str(owed) == share


@pytest.mark.parametrize(
    ("kind", "issued", "paid_on", "changed"),
    [
        (ROT, "2025-12-01", "2025-12-31", False),
        (ROT, "2025-12-01", "2026-01-01", True),
        (ROT, "2025-05-11", "2025-05-12", True),
        (ROT, "2025-05-01", "2026-01-15", False),  # 30, then 50, then 30 again
        (RUT, "2025-12-01", "2026-01-01", False),
        (GREEN, "2025-06-30", "2025-07-01", True),
        (GREEN, "2026-01-01", "2026-11-23", False),
    ],
)
def test_a_share_that_changed_between_invoice_and_payment_is_refused(
    kind: DeductionKind, issued: str, paid_on: str, *, changed: bool
) -> None:
    dates = (date.fromisoformat(issued), (date.fromisoformat(issued), date.fromisoformat(paid_on)))
    if not changed:
        refuse_changed_share(kind, *dates)
        return
    with pytest.raises(CustomerShareChanged) as refused:
        refuse_changed_share(kind, *dates)
    assert refused.value.payment_date == date.fromisoformat(paid_on)
    assert refused.value.percent_then != refused.value.percent_now


def test_every_share_has_a_source_a_cap_and_a_lawful_percentage() -> None:
    for row in DEDUCTION_SHARES:
        assert row.source
        assert row.yearly_cap > ZERO
        assert Decimal(0) < row.percent < Decimal(100)
