"""Shares that Skatteverket pays of ROT, RUT and green-technology work (Income Tax Act 1999:1229 ch. 67).

The percentage that counts is the one in force on the day the customer pays. Caps are per person and calendar year; a
reminder cannot know what else the person has used, so they are kept here for the sites to warn with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money


class DeductionBase(StrEnum):
    """What the percentage is taken of, VAT included."""

    LABOUR = "labour"
    LABOUR_AND_MATERIAL = "labour_and_material"


class GreenWork(StrEnum):
    """The sorts of green installation with their own percentage."""

    SOLAR = "solar"
    STORAGE = "storage"
    CHARGE_POINT = "charge_point"


@dataclass(frozen=True, slots=True)
class DeductionShare:
    """The share in per cent of `base` for payments made on or after `valid_from`, until a later row of the same sort."""

    kind: DeductionKind
    work: GreenWork | None
    valid_from: date
    percent: Decimal
    base: DeductionBase
    yearly_cap: Money
    source: str


_ROT_2016 = "Income Tax Act ch. 67 s. 19, 30 % since 2016-01-01; Skatteverket guidance"
_RUT = "Income Tax Act ch. 67 s. 19, 50 %; cap 75 000 kr together with ROT since 2021; Skatteverket guidance"
_GREEN = "Income Tax Act ch. 67 on green technology since 2021; Skatteverket guidance"

DEDUCTION_SHARES: tuple[DeductionShare, ...] = (
    DeductionShare(DeductionKind.ROT, None, date(2016, 1, 1), Decimal(30), DeductionBase.LABOUR, Money(50_000_00), _ROT_2016),
    DeductionShare(DeductionKind.ROT, None, date(2025, 5, 12), Decimal(50), DeductionBase.LABOUR, Money(50_000_00), "prop. 2024/25:156: 50 % for payments 2025-05-12 to 2025-12-31"),
    DeductionShare(DeductionKind.ROT, None, date(2026, 1, 1), Decimal(30), DeductionBase.LABOUR, Money(50_000_00), "prop. 2024/25:156: the temporary act expires 2025-12-31; trade guide of 2026"),
    DeductionShare(DeductionKind.RUT, None, date(2021, 1, 1), Decimal(50), DeductionBase.LABOUR, Money(75_000_00), _RUT),
    DeductionShare(DeductionKind.GREEN, GreenWork.SOLAR, date(2021, 1, 1), Decimal(15), DeductionBase.LABOUR_AND_MATERIAL, Money(50_000_00), _GREEN),
    DeductionShare(DeductionKind.GREEN, GreenWork.SOLAR, date(2023, 1, 1), Decimal(20), DeductionBase.LABOUR_AND_MATERIAL, Money(50_000_00), _GREEN),
    DeductionShare(DeductionKind.GREEN, GreenWork.SOLAR, date(2025, 7, 1), Decimal(15), DeductionBase.LABOUR_AND_MATERIAL, Money(50_000_00), "government memorandum and a vendor's guide: 15 % since 2025-07-01"),
    DeductionShare(DeductionKind.GREEN, GreenWork.STORAGE, date(2021, 1, 1), Decimal(50), DeductionBase.LABOUR_AND_MATERIAL, Money(50_000_00), _GREEN),
    DeductionShare(DeductionKind.GREEN, GreenWork.CHARGE_POINT, date(2021, 1, 1), Decimal(50), DeductionBase.LABOUR_AND_MATERIAL, Money(50_000_00), _GREEN),
)  # fmt: skip
