"""The letters of a print batch as the desk lists them, in the order in which the printer's index has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from punktlig.agency.records.claim_end import ENDED
from punktlig.agency.records.claim_words import debtor_shown
from punktlig.agency.records.letter import Delivery, DeliveryState
from punktlig.agency.web.letters import evidence_words

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import QuerySet

    from punktlig.agency.records.letter import PrintBatch

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class BatchRow:
    """A letter of the batch. `status` is a code of ui.statuses with its `word`; `pages` None when nobody counted."""

    letter_url: str
    claim_url: str
    number: str
    recipient: str
    creditor: str
    pages: int | None
    status: str
    word: str
    why: str


def batch_letters(batch: PrintBatch, page: str) -> tuple[Page[Delivery], list[BatchRow]]:
    """Return a page of the batch's letters and its rows; one that is not there becomes the nearest.

    Reads across creditors. A batch has at most some hundred letters, so that its pages are numbered.
    """
    of_page: Page[Delivery] = Paginator(_letters(batch), ROWS_ON_A_PAGE).get_page(page)
    return of_page, [_row(delivery) for delivery in of_page]


def ended_since(batch: PrintBatch) -> int:
    """Return how many of an open batch's letters ask for what is not owed any more. Reads across creditors."""
    return _letters(batch).filter(state=DeliveryState.QUEUED, letter__claim__status__in=ENDED).count()


def _letters(batch: PrintBatch) -> QuerySet[Delivery, Delivery]:
    # No index has the batch: its letters are among those that wait, and those that were answered since it was made.
    since = Q(answered_at__gte=batch.created_at)
    accepted = Q(state=DeliveryState.ACCEPTED) & since
    if batch.handed_over_at is not None:
        accepted &= Q(answered_at__lte=batch.handed_over_at)
    others = Q(state__in=[DeliveryState.REFUSED, DeliveryState.STOPPED]) & since
    found = Delivery.objects.filter(Q(state=DeliveryState.QUEUED) | accepted | others, batch_id=batch.id)
    if batch.fetched_by:
        # Taken for the batch by somebody who was cut off before they were drawn: they are in no file.
        found = found.exclude(letter__pdf_sha256="", state=DeliveryState.QUEUED)
    return (
        found.select_related("letter", "letter__claim", "creditor")
        .defer("letter__content", "letter__claim__submission")
        .order_by("creditor_id", "next_try_at", "id")
    )


def _row(delivery: Delivery) -> BatchRow:
    claim = delivery.letter.claim
    place = {"tenant": claim.creditor_id, "claim": claim.id}
    status, word, why = {
        DeliveryState.QUEUED.value: ("queued", _("I bunten"), ""),
        DeliveryState.ACCEPTED.value: ("accepted", _("Lämnat"), ""),
        DeliveryState.STOPPED.value: ("closed", _("Stoppat"), ""),
        DeliveryState.REFUSED.value: ("refused", _("Gick inte fram"), evidence_words(delivery)),
    }[delivery.state]
    return BatchRow(
        letter_url=reverse("letter", kwargs={**place, "letter": delivery.letter_id}),
        claim_url=reverse("claim", kwargs=place),
        number=claim.number,
        recipient=debtor_shown(claim),
        creditor=delivery.creditor.name,
        pages=delivery.letter.pages,
        status=status,
        word=word,
        why=why,
    )
