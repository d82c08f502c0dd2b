"""What a creditor's payment or credit note does to its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim, ReceivedCommand
    from punktlig.agency.records.creditor import Creditor


def carry_out(
    creditor: Creditor, commands: Sequence[tuple[Claim, ReceivedCommand]], *, today: date, at: datetime
) -> None:
    if commands:
        raise NotImplementedError
