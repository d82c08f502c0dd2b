"""The one form in which letters are given to the outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from punktlig.agency.records.handing_over import Answer, DrawnLetter


class Gateway(Protocol):
    """Takes letters and answers for each: accepted or refused with evidence, not yet, or unknown.

    It can be given the same letters again with the same `batch_id`, after a crash, and then lets each leave once, as
    far as the other side makes that possible.
    """

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> Iterable[Answer]:
        """Answer for each letter, as soon as it is known when they leave one by one.

        Ways by which they leave so ask for the next letter only when its turn has come: it may stay away by then. They
        may end before they have asked for all, as when a connection broke; the others have then not been offered.

        Raises only when nothing has left that is not answered for.
        """
        ...
