"""A claim's letters: seen in the page as pictures, printed, downloaded. Each is drawn anew from its stored content."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from punktlig.agency.records.claim import Claim, Step
from punktlig.agency.records.claim_words import debtor_shown
from punktlig.agency.records.letter import Delivery, DeliveryState, Letter
from punktlig.core.letter.content import LetterContent
from punktlig.letters.renderer import Renderer, render_letter
from punktlig.ui import writing

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.http import TenantRequest


@dataclass(frozen=True)
class ListedLetter:
    """A letter of the list: what it is, and in a line when and how it left, or why it did not."""

    id: UUID
    name: str
    about: str


def letters_of(claim: Claim) -> list[ListedLetter]:
    """Return the claim's letters, the newest first, each with the way it went."""
    letters = Letter.objects.filter(creditor_id=claim.creditor_id, claim_id=claim.id).select_related("step")
    deliveries: dict[UUID, list[Delivery]] = {}
    sent = Delivery.objects.filter(creditor_id=claim.creditor_id, letter__claim_id=claim.id).select_related("letter")
    for delivery in sent:
        deliveries.setdefault(delivery.letter_id, []).append(delivery)
    return [
        ListedLetter(
            letter.id,
            _name(letter),
            f"{writing.day(letter.day)} · {_how(letter, deliveries.get(letter.id, []), claim)}",
        )
        for letter in letters.defer("content").order_by("-day", "-edition")
    ]


def _name(letter: Letter) -> str:
    return {Step.REMINDER.value: _("Påminnelse")}.get(letter.step.step, letter.step.step)


def _how(letter: Letter, deliveries: list[Delivery], claim: Claim) -> str:
    refused = [each for each in deliveries if each.state == DeliveryState.REFUSED]
    if letter.stopped_at and refused:
        # One refused by e-mail may have come back by post too.
        why = next(filter(None, (each.evidence.get("refused_because", "") for each in refused)), "")
        return _("kom i retur: %(why)s") % {"why": why} if why else _("kunde inte skickas")
    if letter.stopped_at:
        return _("stoppades innan det lämnade oss")
    if letter.replaced_at and letter.left_at is None:
        return _("ersattes av ett nytt brev innan det lämnade oss")
    accepted = next((each for each in deliveries if each.state == DeliveryState.ACCEPTED), None)
    if accepted:
        gone = _gone(accepted, claim)
        return _("%(way)s, rättat av ett nytt brev") % {"way": gone} if letter.replaced_at else gone
    if any(each.state == DeliveryState.QUEUED for each in deliveries):
        return _("väntar på att lämna oss")
    return _("kunde inte skickas") if deliveries else _("har inte lämnat oss")


def _gone(delivery: Delivery, claim: Claim) -> str:
    if claim.identity_is_protected:
        return _("e-post") if delivery.gateway == "email" else _("post")
    if delivery.gateway == "email":
        return _("e-post till %(to)s") % {"to": delivery.recipient}
    # The first line is the name, which stands at the top of the page.
    _name_line, *address = LetterContent.from_json(delivery.letter.content).recipient
    return _("post till %(to)s") % {"to": ", ".join(address)} if address else _("post")


@require_safe
def letter(request: TenantRequest, tenant: UUID, claim: UUID, letter: UUID) -> HttpResponse:
    """Show the letter as it looks on paper."""
    stored = _stored(tenant, claim, letter)
    pages = [base64.b64encode(page).decode() for page in _pictures(LetterContent.from_json(stored.content))]
    context = {
        "claim": stored.claim,
        "debtor": debtor_shown(stored.claim),
        "number": stored.claim.number,
        "letter": stored,
        "name": _name(stored),
        "reached_nobody": stored.stopped_at is not None and _was_refused(stored),
        "pages": pages,
    }
    return TemplateResponse(request, "agency/letter.html", context)


@require_safe
def pdf(request: TenantRequest, tenant: UUID, claim: UUID, letter: UUID) -> HttpResponse:
    """Return the letter as PDF, the same bytes each time: shown by the browser, or with `?download` kept as a file."""
    stored = _stored(tenant, claim, letter)
    response = HttpResponse(render_letter(LetterContent.from_json(stored.content)), content_type="application/pdf")
    way = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{way}; filename="{stored.claim.number}-{stored.day.isoformat()}.pdf"'
    return response


def _was_refused(letter: Letter) -> bool:
    deliveries = Delivery.objects.filter(creditor_id=letter.creditor_id, letter=letter)
    return deliveries.filter(state=DeliveryState.REFUSED).exists()


def _stored(tenant: UUID, claim: UUID, letter: UUID) -> Letter:
    letters = Letter.objects.select_related("claim", "step").defer("claim__submission")
    return get_object_or_404(letters, creditor_id=tenant, claim_id=claim, id=letter)


_own = threading.local()


def _pictures(content: LetterContent) -> tuple[bytes, ...]:
    """Return a PNG of each page; a renderer belongs to its thread."""
    renderer: Renderer | None = getattr(_own, "renderer", None)
    if renderer is None:
        renderer = _own.renderer = Renderer()
    return renderer.png(content)
