"""Where an invoice stands, in the word, shape and short reason that its row and its page show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.core.addressee import AddressIncomplete
from punktlig.core.parties import SWEDEN, DebtorKind, DebtorKindUnknown
from punktlig.exchange.messages import NextEvent
from punktlig.receivables.records.invoice import AgencyState, Invoice
from punktlig.receivables.records.invoice_queries import last_overdue_due_date
from punktlig.receivables.web.invoice_left import at_agency
from punktlig.receivables.web.refusal_words import told_refusal
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from punktlig.core.refusal import Refusal
    from punktlig.receivables.records.customer import Customer


_COMING = {
    NextEvent.REMINDER_LEAVES.value: gettext_lazy("Till ombudet %(sent)s, brevet går %(day)s"),
    NextEvent.LAST_DAY_TO_PAY.value: gettext_lazy("Till ombudet %(sent)s, sista dag %(day)s"),
    NextEvent.CREDITOR_DECIDES.value: gettext_lazy("Till ombudet %(sent)s, ert beslut sedan %(day)s"),
}


@dataclass(frozen=True)
class Standing:
    """A status of `ui.statuses` with its word, and a reason in few words when there is one."""

    code: str
    word: str = ""
    why: str = ""


def standing_of(invoice: Invoice, *, today: date, refusals: Sequence[Refusal] = ()) -> Standing:
    """Return where the invoice stands today; `refusals` are what stands in the way of sending it, when known."""
    state = invoice.state
    if state is AgencyState.REFUSED and invoice.remaining_ore > 0:
        told = told_refusal(invoice.refusal_code, invoice.refusal_facts).what if invoice.refusal_code else ""
        return Standing("refused", why=_("Ombudet: %s") % told if told else "")
    if not state.may_be_sent:
        return Standing(state.value, _agency_word(invoice, state, today=today))
    if invoice.remaining_ore <= 0:
        return Standing("credited" if invoice.paid_ore <= 0 < invoice.credited_ore else "paid")
    if not is_overdue(invoice, today):
        return Standing("part" if invoice.paid_ore else "unpaid")
    return _missing(refusals) or Standing("part" if invoice.paid_ore else "overdue")


def days_at_agency(invoice: Invoice, *, today: date) -> str:
    """Return when the invoice was sent, and what happens next and when: `Till ombudet 23 nov, sista dag 2 dec`."""
    if invoice.state is AgencyState.NOT_SENT or invoice.sent_at is None:
        return ""
    sent, day = writing.short_day(invoice.sent_at, today=today), invoice.next_event_day
    # The day a reminder will be issued stands in the status itself.
    if day is not None and invoice.state.is_live and (words := _COMING.get(invoice.next_event)):
        return words % {"sent": sent, "day": writing.short_day(day, today=today)}
    return _("Till ombudet %(sent)s") % {"sent": sent}


def is_overdue(invoice: Invoice, today: date) -> bool:
    """Tell whether something is left and the due date has passed, counting that it moves to a bank day."""
    return (
        invoice.remaining_ore > 0 and invoice.due_date is not None and invoice.due_date <= last_overdue_due_date(today)
    )


def lateness(invoice: Invoice, today: date) -> int | None:
    """Return the days since the due date of an invoice that is overdue."""
    if invoice.due_date is None or not is_overdue(invoice, today):
        return None
    return (today - invoice.due_date).days


def customer_note(invoice: Invoice, customer: Customer, *, last_paid: date | None) -> str:
    """Return what one should know under the customer's name: private, share of a deduction, abroad, part payment."""
    left = at_agency(invoice)
    if invoice.remaining_ore <= 0 and left:
        return _("Betald här, %s kvar hos ombudet") % writing.with_currency(left)
    notes: list[str] = []
    if customer.identity_is_protected:
        notes.append(_("Skyddade personuppgifter"))
    if customer.debtor_kind is DebtorKind.CONSUMER:
        notes.append(_("Privat"))
    if invoice.deduction and invoice.share_ore is not None:
        kind = {"rot": "ROT", "rut": "RUT"}.get(invoice.deduction) or _("Grön teknik")
        notes.append(_("%(kind)s: kundens del") % {"kind": kind})
    if customer.country not in ("", SWEDEN):
        land = writing.here().country(customer.country)
        notes.append(f"{customer.town}, {land}" if customer.town else land)
    if invoice.currency != "SEK":
        notes.append(_("Faktura i %(currency)s") % {"currency": invoice.currency})
    if invoice.paid_ore > 0 and invoice.remaining_ore > 0:
        paid = {
            "amount": writing.amount(invoice.paid_ore),
            "day": writing.day_and_month(last_paid) if last_paid else "",
        }
        notes.append((_("%(amount)s betalt %(day)s") if last_paid else _("%(amount)s betalt")) % paid)
    return ", ".join(notes)


def _missing(refusals: Sequence[Refusal]) -> Standing | None:
    for refusal in refusals:
        if isinstance(refusal, AddressIncomplete):
            return Standing("missing", _("Adress saknas"), _missing_address(refusal))
        if isinstance(refusal, DebtorKindUnknown):
            return Standing("missing", _("Kundtyp saknas"), _("Konsument eller företag?"))
    return None


def _agency_word(invoice: Invoice, state: AgencyState, *, today: date) -> str:
    if state is not AgencyState.REMINDER_PLANNED:
        return ""
    if invoice.next_event == NextEvent.REMINDER_LEAVES:
        return _("Påminnelse skapad")
    if invoice.next_event_day is None:
        return ""
    day = {"day": writing.short_day(invoice.next_event_day, today=today)}
    if invoice.next_event == NextEvent.CORRECTION_IS_ISSUED:
        return _("Rättat brev skapas %(day)s") % day
    return _("Påminnelse skapas %(day)s") % day if invoice.next_event == NextEvent.REMINDER_IS_ISSUED else ""


def _missing_address(refusal: AddressIncomplete) -> str:
    words = {"name": _("Namn"), "street": _("Gatuadress"), "postcode": _("Postnummer"), "town": _("Ort")}
    missing = [words.get(part, part) for part in refusal.missing]
    listed = _(" och ").join((", ".join(missing[:-1]), missing[-1])) if len(missing) > 1 else missing[0]
    return _("%(what)s saknas på fakturan") % {"what": listed[:1] + listed[1:].lower()}
