"""What a creditor may charge for collecting a debt (Act 1981:739 on Compensation for Debt Collection Costs)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from punktlig.core.money import Money


class ChargeKind(StrEnum):
    """The charges of the Act, by what is done for them."""

    REMINDER_FEE = "reminder_fee"
    COLLECTION_DEMAND = "collection_demand"
    INSTALMENT_PLAN = "instalment_plan"
    LATE_PAYMENT_COMPENSATION = "late_payment_compensation"


@dataclass(frozen=True, slots=True)
class StatutoryFee:
    """The highest lawful amount for a measure taken on or after `valid_from`, until a later row of the same kind.

    `section` is where a letter points; `source` is where the amount was read.
    """

    kind: ChargeKind
    valid_from: date
    amount: Money
    section: str
    source: str


# A regulation, 1981:1057, held the amounts until it was repealed on 2013-03-16 by SFS 2013:59; older guides still name it.
STATUTORY_FEES: tuple[StatutoryFee, ...] = (
    StatutoryFee(ChargeKind.REMINDER_FEE, date(2003, 7, 1), Money(50_00), "1981:739 s. 2", "Regulation 1981:1057 as worded by SFS 2003:294"),
    StatutoryFee(ChargeKind.COLLECTION_DEMAND, date(2003, 7, 1), Money(160_00), "1981:739 s. 3 p. 1", "Regulation 1981:1057 as worded by SFS 2003:294"),
    StatutoryFee(ChargeKind.INSTALMENT_PLAN, date(2003, 7, 1), Money(150_00), "1981:739 s. 3 p. 2", "Regulation 1981:1057 as worded by SFS 2003:294"),
    StatutoryFee(ChargeKind.REMINDER_FEE, date(2013, 3, 16), Money(60_00), "1981:739 s. 2", "Act 1981:739 s. 4 second paragraph p. 1, as worded by SFS 2013:56"),
    StatutoryFee(ChargeKind.COLLECTION_DEMAND, date(2013, 3, 16), Money(180_00), "1981:739 s. 3 p. 1", "Act 1981:739 s. 4 second paragraph p. 2, as worded by SFS 2013:56"),
    StatutoryFee(ChargeKind.INSTALMENT_PLAN, date(2013, 3, 16), Money(170_00), "1981:739 s. 3 p. 2", "Act 1981:739 s. 4 second paragraph p. 3, as worded by SFS 2013:56"),
    StatutoryFee(ChargeKind.LATE_PAYMENT_COMPENSATION, date(2013, 3, 16), Money(450_00), "1981:739 s. 4 a", "Act 1981:739 s. 4 a, inserted by SFS 2013:56; Directive 2011/7/EU art. 6(1)"),
)  # fmt: skip


@lru_cache(maxsize=64)
def statutory_fee(kind: ChargeKind, on: date) -> StatutoryFee | None:
    """Return the row that governs a measure taken on the day, or None when no amount is known for that day."""
    found = None
    for row in STATUTORY_FEES:
        if row.kind is kind and row.valid_from <= on:
            found = row
    return found
