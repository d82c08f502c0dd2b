"""One at a time for a handover and for an invoice, whoever asks: a claim, a command, or the same claim once more.

Unique keys alone would let two answers to the same bytes differ, one refused before midnight and one accepted after it;
or let a command miss the claim that is being accepted in the same moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from punktlig.tenancy.plain_reading import Statement

# Locks have room in the server's memory for some thousands, of everybody together: a chunk takes all of its creditor's
# with one, and the few of single claims take their own.
_MOST_IDS = 128
_OF_ALL = -1
_CHUNK = "SELECT pg_advisory_xact_lock(%s, %s)"
# The first holds a chunk off, and nobody else; a union of all runs its parts in their order.
_FEW = """
SELECT pg_advisory_xact_lock_shared(%s, %s)
UNION ALL SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id
"""


def lock_handovers(creditor_id: UUID, ids: Collection[UUID]) -> None:
    """Wait for, and hold until the end of the transaction, these handover ids and invoice ids of the creditor.

    Take it before looking anything up: a statement sees what was committed before the statement began.
    """
    run_together(handover_lock(creditor_id, ids))


def handover_lock(creditor_id: UUID, ids: Collection[UUID]) -> Statement:
    """Return the statement of `lock_handovers`, to be sent together with those that look things up after it."""
    creditor = creditor_id.int % 2**31
    if len(ids) > _MOST_IDS:
        return _CHUNK, [creditor, _OF_ALL]
    # Two ids of one number only wait for each other; in one order for everybody, so that they never do so in a ring.
    numbers = sorted({identity.int % 2**31 for identity in ids})
    return _FEW, [creditor, _OF_ALL, creditor, numbers]
