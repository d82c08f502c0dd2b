"""Letters that have left and count a payment taken back since: the next edition of the step corrects them.

What has left stays stored as it was, and its charge stands: the next edition asks for no other. A charge that was let
go stays so, and a letter without one is not corrected by one with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.agency.records.claim import ReceivedCommand
from punktlig.agency.records.claim_money import CONFIRMED
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.letter_stopping import standing_charges

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """The dates of the last and of the first letter that the debtor has had, and whether a charge stands."""

    last: date
    first: date
    charge_stands: bool


def told_before(creditor: Creditor, claim_ids: Collection[UUID]) -> dict[UUID, ToldBefore]:
    """Return what the debtors of these claims have been told by letters that have left and not come back."""
    left = Letter.objects.filter(
        creditor=creditor, claim__in=claim_ids, left_at__isnull=False, stopped_at__isnull=True
    ).order_by("edition")
    days: dict[UUID, list[date]] = defaultdict(list)
    for claim_id, day in left.values_list("claim_id", "day"):
        days[claim_id].append(day)
    charged = {entry.claim_id for entry in standing_charges(creditor, list(days))} if days else set()
    return {claim_id: ToldBefore(own[-1], own[0], claim_id in charged) for claim_id, own in days.items()}


def letter_in_force(claim: Claim) -> Letter | None:
    """Return the claim's letter that no other has replaced, without its content."""
    letters = Letter.objects.filter(creditor=claim.creditor_id, claim=claim, replaced_at__isnull=True)
    return letters.defer("content").first()


def must_be_corrected(letter: Letter) -> bool:
    """Tell whether the letter has left and counts a payment that was taken back after it was made."""
    if letter.left_at is None or letter.stopped_at is not None:
        return False
    commands = ReceivedCommand.objects.filter(creditor=letter.creditor_id, claim=letter.claim_id, state=CONFIRMED)
    later = commands.filter(place__gt=letter.commands_counted)
    since = later.filter(reverses__isnull=False)
    # One that came along with the handover is no command, and every letter counts it.
    return since.count() > later.filter(id__in=since.values("reverses")).count()
