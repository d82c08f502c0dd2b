"""Letters on their way: what waits, what was accepted and with which evidence, what was refused; caught e-mails."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from punktlig.agency.records.claim_words import debtor_shown
from punktlig.agency.records.letter import CaughtMail, Delivery, DeliveryState, PrintBatch
from punktlig.agency.web.desk_page import DeskRequest, reads_everything
from punktlig.agency.web.to_do import waiting_for_print
from punktlig.ui.parts import Tab

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

_ROWS = 100
_STATES = (DeliveryState.QUEUED, DeliveryState.ACCEPTED, DeliveryState.REFUSED)


@dataclass(frozen=True)
class Row:
    """A letter by one way. `at` is when it was answered, or when it is tried next."""

    url: str
    letter_url: str
    number: str
    debtor: str
    creditor: str
    way: str
    to: str
    at: datetime
    evidence: str


@require_safe
@reads_everything
def letters(request: DeskRequest) -> HttpResponse:
    """Show deliveries in the chosen state, and the print batches."""
    state = request.GET.get("state", "")
    state = state if state in _STATES else DeliveryState.QUEUED.value
    count, since = (0, None) if settings.PRINT_FOLDER else waiting_for_print()
    context = {
        "state": state,
        "tabs": _tabs(state),
        "rows": _rows(state),
        "most": _ROWS,
        "waits_here": count,
        "since": since,
        "folder": settings.PRINT_FOLDER,
        "batches": list(PrintBatch.objects.order_by("-created_at")[:10]),
        "mails": CaughtMail.objects.exists() or settings.EMAIL_GATEWAY == "caught",
    }
    return TemplateResponse(request, "agency/desk/letters.html", context)


def _tabs(current: str) -> list[Tab]:
    names = {
        DeliveryState.QUEUED: _("Väntar"),
        DeliveryState.ACCEPTED: _("Lämnade"),
        DeliveryState.REFUSED: _("Inte mottagna"),
    }
    counted = (DeliveryState.QUEUED, DeliveryState.REFUSED)
    return [
        Tab(
            url=f"{reverse('desk-letters')}?state={state.value}",
            name=name,
            # All that were ever handed over are too many to count for each look.
            count=Delivery.objects.filter(state=state).count() if state in counted else None,
            current=state == current,
        )
        for state, name in names.items()
    ]


def _rows(state: str) -> list[Row]:
    if state == DeliveryState.QUEUED:
        first = Delivery.objects.filter(state=DeliveryState.QUEUED.value).order_by("next_try_at", "id")
    else:
        first = Delivery.objects.filter(state=state, answered_at__isnull=False).order_by("-answered_at", "id")
    # The rows first, from the index alone, and then what is told of them: joined at once, all would be sorted.
    places = {
        (creditor_id, delivery_id): place
        for place, (creditor_id, delivery_id) in enumerate(first.values_list("creditor_id", "id")[:_ROWS])
    }
    deliveries = (
        Delivery.objects.filter(creditor_id__in={creditor for creditor, _ in places}, id__in=[one for _, one in places])
        .select_related("letter", "letter__claim", "creditor")
        .defer("letter__content", "letter__claim__submission")
    )
    return [_row(each) for each in sorted(deliveries, key=lambda each: places[each.creditor_id, each.id])]


def _row(delivery: Delivery) -> Row:
    claim = delivery.letter.claim
    place = {"tenant": claim.creditor_id, "claim": claim.id}
    return Row(
        url=reverse("claim", kwargs=place),
        letter_url=reverse("letter", kwargs={**place, "letter": delivery.letter_id}),
        number=claim.number,
        debtor=debtor_shown(claim),
        creditor=delivery.creditor.name,
        way=_("e-post") if delivery.gateway == "email" else _("post"),
        to="" if claim.identity_is_protected else delivery.recipient,
        at=delivery.answered_at or delivery.next_try_at,
        evidence=evidence_words(delivery),
    )


def evidence_words(delivery: Delivery) -> str:
    """Return what there is to show for it: the receipt of what was handed over, the reason of what was not."""
    told = delivery.evidence
    if told.get("code"):
        said = told.get("answer") or told.get("refused_because") or ""
        return f"{_CODES.get(str(told['code']), told['code'])} {said}".strip()
    if delivery.batch_id and delivery.state == DeliveryState.QUEUED:
        # With a folder no person fetches: the batch is being written, and its letters leave with it.
        return _("Läggs i en bunt till tryckeriet.") if settings.PRINT_FOLDER else _("Ligger i en bunt som är hämtad.")
    receipts = {
        "caught": _("Fångad i demon, inte skickad."),
        "file": _("Tryckfil %(file)s."),
        "handed_over_by": _("Lämnad av %(handed_over_by)s."),
        "told_by": _("Brevet gick, enligt %(told_by)s."),
        "message_id": _("Mottagen av e-postservern, %(message_id)s."),
    }
    return next((text % told for name, text in receipts.items() if told.get(name)), "")


_CODES = {
    "email_address_unusable": gettext_lazy("E-postadressen går inte att använda."),
    "email_address_refused": gettext_lazy("E-postadressen finns inte."),
    "email_not_sent_here": gettext_lazy("Brev skickas inte med e-post här."),
    "email_message_refused": gettext_lazy("E-postservern tog inte emot brevet."),
    "email_message_not_made": gettext_lazy("Brevet kunde inte göras till e-post."),
    "email_server_unreachable": gettext_lazy("E-postservern svarar inte."),
    "email_try_later": gettext_lazy("E-postservern bad oss försöka senare."),
    "email_connection_lost": gettext_lazy("Förbindelsen bröts."),
    "letter_did_not_leave": gettext_lazy("En handläggare har sett att brevet inte gick."),
    "letter_refused": gettext_lazy("Brevet kom i retur."),
    "letter_not_offered": gettext_lazy("Förbindelsen avslutades innan brevets tur kom."),
    "email_none_accepted": gettext_lazy("E-postservern tog inte emot något av breven före det här."),
    "letter_overtaken": gettext_lazy("Något kom in innan brevet hade lämnat oss."),
    "letter_drawing_failed": gettext_lazy("Brevet kunde inte ritas."),
    "printer_did_not_take": gettext_lazy("Tryckeriet tog inte emot bunten."),
}


@dataclass(frozen=True)
class Mail:
    """A caught e-mail in the list."""

    id: UUID
    creditor_id: UUID
    caught_at: datetime
    to: str
    subject: str


@require_safe
@reads_everything
def mails(request: DeskRequest) -> HttpResponse:
    """Show the e-mails that were caught instead of sent, the newest first."""
    caught = (
        CaughtMail.objects.select_related("delivery__letter__claim")
        .defer("message", "delivery__letter__content", "delivery__letter__claim__submission")
        .order_by("-caught_at")[:_ROWS]
    )
    return TemplateResponse(request, "agency/desk/mails.html", {"mails": _listed(caught)})


def _listed(caught: Iterable[CaughtMail]) -> list[Mail]:
    hidden = _("Skyddade personuppgifter")
    return [
        Mail(
            mail.id,
            mail.creditor_id,
            mail.caught_at,
            hidden if mail.delivery.letter.claim.identity_is_protected else mail.recipient,
            mail.subject,
        )
        for mail in caught
    ]


@require_safe
@reads_everything
def mail(request: DeskRequest, creditor: UUID, mail: UUID) -> HttpResponse:
    """Show an e-mail as it would have gone."""
    caught = _caught(creditor, mail)
    message = message_from_bytes(bytes(caught.message), policy=policy.default)
    body = message.get_body(("plain",))
    claim = caught.delivery.letter.claim
    context = {
        "mail": caught,
        "claim": claim,
        "number": claim.number,
        "sender": str(message["From"] or ""),
        "reply_to": str(message["Reply-To"] or ""),
        "text": body.get_content() if isinstance(body, EmailMessage) else "",
        "attachments": [part.get_filename() or "" for part in message.iter_attachments()],
    }
    return TemplateResponse(request, "agency/desk/mail.html", context)


@require_safe
@reads_everything
def mail_file(request: DeskRequest, creditor: UUID, mail: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Return the e-mail's bytes as a file that mail programs open."""
    caught = _caught(creditor, mail)
    response = HttpResponse(bytes(caught.message), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{caught.id}.eml"'
    return response


def _caught(creditor: UUID, mail: UUID) -> CaughtMail:
    return get_object_or_404(
        CaughtMail.objects.select_related("delivery__letter__claim").defer(
            "delivery__letter__content", "delivery__letter__claim__submission"
        ),
        creditor_id=creditor,
        id=mail,
    )
