"""Store the reference rates that the agency knows and we do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.added_rates import News, news
from punktlig.core.statutes.reference_rates import ReferenceRate
from punktlig.receivables.records.heard_rate import HeardRate
from punktlig.receivables.records.reference_rates import all_known_rates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from punktlig.exchange.messages import KnownRate


def hear_rates(told: Iterable[KnownRate], *, at: datetime) -> News:
    """Store what is new and return it, with what was told wrong. Heard again, or twice at once, it changes nothing."""
    rows = [ReferenceRate(one.valid_from, one.percent, one.source) for one in told]
    brought = news(rows, all_known_rates())
    HeardRate.objects.bulk_create(
        [
            HeardRate(valid_from=row.valid_from, percent=row.percent, source=row.source, heard_at=at)
            for row in brought.rows
        ],
        ignore_conflicts=True,
    )
    return brought
