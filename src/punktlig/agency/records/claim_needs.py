"""What a person is asked for in a claim, with what only this claim's letter can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.agency.records.claim_words import OPEN, need_of
from punktlig.agency.records.letter import Delivery, DeliveryState
from punktlig.agency.records.reminder_events import LETTER_REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.claim_words import Need


def needs_of(claims: Sequence[Claim]) -> Mapping[UUID, Need]:
    """Return by id what a person is asked for, for those where one is: of a letter that came back, what stood on it."""
    asked = [claim for claim in claims if claim.needs_person and claim.status in OPEN]
    returned = _why_returned([claim for claim in asked if claim.needs_person == LETTER_REFUSED])
    needs: dict[UUID, Need] = {}
    for claim in asked:
        need, why = need_of(claim.needs_person), returned.get(claim.id, "").rstrip(".")
        came_back = _("Påminnelsen kom i retur: %(why)s. Avgiften är återförd.") % {"why": why}
        needs[claim.id] = replace(need, what=came_back) if why else need
    return needs


def _why_returned(claims: Sequence[Claim]) -> Mapping[UUID, str]:
    """Return what was written on each claim's latest letter that came back, where something was."""
    if not claims:
        return {}
    refused = Delivery.objects.filter(
        creditor_id__in={claim.creditor_id for claim in claims},
        letter__claim_id__in=[claim.id for claim in claims],
        letter__stopped_at__isnull=False,
        state=DeliveryState.REFUSED,
    )
    in_order = refused.order_by("letter__day", "letter__edition").values_list("letter__claim_id", "evidence")
    return {claim_id: why for claim_id, evidence in in_order if (why := evidence.get("refused_because", ""))}
