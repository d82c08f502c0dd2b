"""In what order an invoice's history is read: what caused comes before what followed, whatever two clocks say.

The agency tells its moments in whole seconds, by a clock of its own. An invoice is often received in the second in
which it was sent, and must not seem to have been received before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from punktlig.receivables.records.history import HistoryLine


def newest_first(lines: Iterable[HistoryLine], *, sent_at: datetime | None) -> list[HistoryLine]:
    """Return the lines, the latest first.

    Within a second our own line comes before the agency's, and the agency's in their numbers' order. An event of the
    claim that seems older than the sending is taken to be of that moment; a refusal of an earlier sending is no event.
    """

    def place(line: HistoryLine) -> tuple[datetime, bool, int, datetime, UUID]:
        at = max(line.at, sent_at) if line.sequence is not None and sent_at is not None else line.at
        return at.replace(microsecond=0), line.by_agency, line.sequence or 0, line.at, line.id

    return sorted(lines, key=place, reverse=True)
