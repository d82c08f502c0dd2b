"""One at a time for a handover and for an invoice, whoever asks: a claim, a command, or the same claim once more.

Unique keys alone would let two answers to the same bytes differ, one refused before midnight and one accepted after it;
or let a command miss the claim that is being accepted in the same moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from punktlig.tenancy.plain_reading import Statement

# A lock for each id would fill the server's lock table with a few thousand claims; two single claims of a creditor
# seldom share a stripe.
_STRIPES = 64


def lock_handovers(creditor_id: UUID, ids: Iterable[UUID]) -> None:
    """Wait for, and hold until the end of the transaction, these handover ids and invoice ids of the creditor.

    Take it before looking anything up: a statement sees what was committed before the statement began.
    """
    run_together(handover_lock(creditor_id, ids))


def handover_lock(creditor_id: UUID, ids: Iterable[UUID]) -> Statement:
    """Return the statement of `lock_handovers`, to be sent together with those that look things up after it."""
    # In one order for everybody, so that two never wait for each other.
    stripes = sorted({identity.int % _STRIPES for identity in ids})
    return (
        "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe",
        [creditor_id.int % 2**31, stripes],
    )
