"""What can be done with an invoice: the choices under Åtgärder, by where it stands and what the person may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from punktlig.receivables.records.company import Role
from punktlig.receivables.web.invoice_left import at_agency

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.invoice import Invoice


@dataclass(frozen=True)
class Act:
    """A choice: where it leads, what it says and, small, what one should know before.

    `is_first` is the one the page hopes for; `opens_dialog` comes as a dialog where there is script, else as a page;
    `parted` begins a new group.
    """

    url: str
    text: str
    small: str = ""
    is_first: bool = False
    opens_dialog: bool = False
    parted: bool = False


def agency_name(activation: Activation | None) -> str:
    """Return what the agency calls itself, or what this installation calls it before it has answered."""
    return (activation.agency_name if activation else "") or str(settings.AGENCY_NAME)


def reminder_url(tenant: UUID, invoice_id: UUID) -> str:
    """Return the address of the preview for one invoice."""
    return f"{reverse('reminder', args=[tenant])}?{urlencode({'invoice': str(invoice_id)})}"


def acts_on(invoice: Invoice, activation: Activation | None, *, role: str, tenant: UUID, in_list: bool) -> list[Act]:
    """Return the choices for the invoice. Sending is among them only while the invoice has not been sent."""
    acts: list[Act] = []
    page = reverse("invoice", args=[tenant, invoice.id])
    if Role(role).may_send:
        if invoice.state.may_be_sent and invoice.remaining_ore > 0:
            acts.append(_sending(invoice, activation, tenant))
        acts += _bookkeeping(invoice, tenant)
        acts.append(Act(f"{page}#anteckning", _("Skriv en anteckning")))
        if not in_list:
            new = f"{reverse('invoice_new', args=[tenant])}?{urlencode({'customer': str(invoice.customer_id)})}"
            acts.append(Act(new, _("Ny faktura till kunden"), parted=True))
    if in_list:
        acts.append(Act(page, _("Öppna fakturan"), parted=bool(acts)))
    if invoice.claim_page:
        acts.append(
            Act(
                invoice.claim_page,
                _("Öppna ärende %(number)s") % {"number": invoice.claim_number},
                _("Hos ombudet: räntan i öre, breven och kontakten med kunden."),
                parted=bool(acts) and not in_list,
            )
        )
    return acts


def _sending(invoice: Invoice, activation: Activation | None, tenant: UUID) -> Act:
    if activation is None:
        return Act(
            reverse("activation", args=[tenant]),
            _("Aktivera påminnelsehantering"),
            _("Görs en gång. Sedan skickar du med två klick."),
            is_first=True,
        )
    return Act(
        reminder_url(tenant, invoice.id),
        _("Skicka påminnelse via %(agency)s") % {"agency": agency_name(activation)},
        _("Du får granska allt innan det skickas."),
        is_first=True,
        opens_dialog=True,
    )


def _bookkeeping(invoice: Invoice, tenant: UUID) -> list[Act]:
    is_sent = not invoice.state.may_be_sent
    acts: list[Act] = []
    # The invoice may be paid while the agency still asks for the rest of interest and fees, and that may be paid here.
    if invoice.remaining_ore > 0 or (at_agency(invoice) or 0) > 0:
        acts.append(
            Act(
                reverse("invoice_payments", args=[tenant, invoice.id]),
                _("Registrera betalning till er") if is_sent else _("Registrera betalning"),
                _("Ombudet får veta det innan nästa brev.") if is_sent else "",
            )
        )
    if invoice.remaining_ore > 0:
        acts.append(Act(reverse("invoice_credit_notes", args=[tenant, invoice.id]), _("Kreditera fakturan")))
    if not is_sent and not invoice.source_format:
        acts.append(Act(reverse("invoice_edit", args=[tenant, invoice.id]), _("Ändra fakturan")))
    return acts
