"""What waits for somebody: invoices to send, to mend or to decide about, and what the agency does not answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from punktlig.core.addressee import AddressIncomplete
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.invoice import AgencyState
from punktlig.receivables.records.late_messages import silences
from punktlig.receivables.records.overview_queries import (
    overdue_here,
    past_the_last_day,
    payments_kept,
    waiting_for_a_person,
)
from punktlig.receivables.records.sending_facts import prepare, read_records
from punktlig.receivables.web.customer_names import told_apart
from punktlig.receivables.web.refusal_words import told_refusal
from punktlig.receivables.web.reversal_words import why_refused
from punktlig.receivables.web.silence_words import events_wait, texts_of
from punktlig.ui import writing
from punktlig.ui.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from punktlig.core.refusal import Refusal
    from punktlig.receivables.records.handover import Command
    from punktlig.receivables.records.invoice import Invoice
    from punktlig.receivables.records.sending_facts import Prepared
    from punktlig.receivables.records.sending_rows import InvoiceRow

# So many overdue invoices are judged before the page is sent; up to the second number, in a request of their own.
MOST_AT_ONCE, MOST_JUDGED = 100, 2_000
# More of a kind than this are one line that leads to all of them.
_MOST_OF_A_KIND = 3
_MOST_WAITING = 10
# A payment that the agency would not take back may stand for ever.
_TOLD_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Todo:
    """Something that waits: a status with its word, a sentence that begins with a link, and an amount in öre."""

    status: str
    word: str
    url: str
    link: str
    rest: str
    ore: int | None


@dataclass(frozen=True)
class _Fault:
    """What can be mended: the word of its status, and how the sentence about one or many invoices ends."""

    word: _StrPromise
    rest: _StrPromise


# What stands in the way and can be mended here. The rest, such as a person under age, is nothing that waits.
_FAULTS: Mapping[str, _Fault] = {
    "address_incomplete": _Fault(gettext_lazy("Adress saknas"), gettext_lazy("saknar fullständig adress.")),
    "address_does_not_fit": _Fault(
        gettext_lazy("Adressen för lång"), gettext_lazy("har en adress som inte får plats i kuvertets fönster.")
    ),
    "country_unreadable": _Fault(gettext_lazy("Land saknas"), gettext_lazy("saknar land i adressen.")),
    "character_not_covered": _Fault(
        gettext_lazy("Tecken i brevet"), gettext_lazy("har tecken som inget brev kan skrivas med.")
    ),
    "debtor_kind_unknown": _Fault(
        gettext_lazy("Kundtyp saknas"), gettext_lazy("saknar uppgift om kunden är konsument eller företag.")
    ),
    "debtor_kind_contradicted": _Fault(
        gettext_lazy("Fel kundtyp"), gettext_lazy("har en kundtyp som inte stämmer med numret.")
    ),
    "identity_number_unreadable": _Fault(
        gettext_lazy("Nummer fel"), gettext_lazy("har fel person- eller organisationsnummer.")
    ),
    "customer_share_unknown": _Fault(
        gettext_lazy("Kundens del saknas"), gettext_lazy("saknar kundens egen del av beloppet.")
    ),
    "customer_share_changed": _Fault(
        gettext_lazy("Kundens del"), gettext_lazy("har en egen del för kunden som behöver bekräftas.")
    ),
    "customer_share_outside_invoice": _Fault(
        gettext_lazy("Kundens del"), gettext_lazy("har en egen del för kunden som inte stämmer.")
    ),
}


def todo_of(tenant: UUID, *, is_active: bool, overdue_ore: int, most: int, today: date, at: datetime) -> list[Todo]:
    """Return what waits, what can be sent first. `overdue_ore` is what is overdue and not sent.

    At most so many overdue invoices are judged, a fixed number of queries for each thousand; with more, the line says
    how much is overdue without saying that it can go.
    """
    found: list[Todo] = []
    if is_active:
        ids = overdue_here(tenant, today, most=most + 1)
        found += _judged(tenant, ids, today=today) if len(ids) <= most else [_overdue(tenant, overdue_ore)]
    found += [_waiting(tenant, invoice) for invoice in waiting_for_a_person(tenant, most=_MOST_WAITING)]
    found += [_kept(tenant, one) for one in payments_kept(tenant, since=at - _TOLD_FOR, most=_MOST_WAITING)]
    return found + _past_the_last_day(tenant, today) + _silent(tenant, at)


def is_judged_later(tenant: UUID, *, today: date) -> bool:
    """Tell whether there are too many to judge before the page is sent, but few enough to judge after it."""
    return MOST_AT_ONCE < len(overdue_here(tenant, today, most=MOST_JUDGED + 1)) <= MOST_JUDGED


def _judged(tenant: UUID, ids: Sequence[UUID], *, today: date) -> list[Todo]:
    able: list[Prepared] = []
    stuck: defaultdict[str, list[Prepared]] = defaultdict(list)
    for one in prepare(tenant, ids, today=today):
        if one.may_be_sent:
            able.append(one)
        elif (fault := next((code for code in map(_code, one.refusals) if code in _FAULTS), None)) and not _is_refused(
            one.row
        ):
            stuck[fault].append(one)
    read_records([one for those in stuck.values() if len(those) <= _MOST_OF_A_KIND for one in those])
    found = [_can_be_sent(tenant, able)] if able else []
    for code, those in stuck.items():
        if len(those) > _MOST_OF_A_KIND:
            found.append(_many_stuck(tenant, code, those))
        else:
            found += [_stuck(tenant, code, one) for one in those]
    return found


def _code(refusal: Refusal) -> str:
    return refusal.code


def _is_refused(row: InvoiceRow) -> bool:
    """Tell whether the invoice has a line of its own, as one that the agency refused."""
    return row.agency_state == AgencyState.REFUSED


def _can_be_sent(tenant: UUID, able: Sequence[Prepared]) -> Todo:
    return Todo(
        "overdue",
        _("Kan skickas"),
        f"{reverse('invoices', args=[tenant])}?tab=overdue",
        ngettext("%s förfallen faktura", "%s förfallna fakturor", len(able)) % writing.whole(len(able)),
        _("kan skickas till ombudet."),
        _sum(one.row for one in able),
    )


def _overdue(tenant: UUID, ore: int) -> Todo:
    return Todo(
        "overdue",
        _("Förfallet"),
        f"{reverse('reminder', args=[tenant])}?tab=overdue&every=1",
        _("Granska de förfallna fakturorna"),
        _("och se vilka som kan skickas."),
        ore,
    )


def _stuck(tenant: UUID, code: str, one: Prepared) -> Todo:
    rest = str(_FAULTS[code].rest)
    for refusal in one.refusals:
        if isinstance(refusal, AddressIncomplete) and tuple(refusal.missing) == ("street",):
            rest = _("har ingen gatuadress.")
    return Todo(
        "missing",
        str(_FAULTS[code].word),
        reverse("invoice", args=[tenant, one.invoice.id]),
        _named(one.invoice),
        rest,
        one.invoice.remaining_ore,
    )


def _many_stuck(tenant: UUID, code: str, those: Sequence[Prepared]) -> Todo:
    return Todo(
        "missing",
        str(_FAULTS[code].word),
        f"{reverse('reminder', args=[tenant])}?tab=overdue&every=1",
        ngettext("%s förfallen faktura", "%s förfallna fakturor", len(those)) % writing.whole(len(those)),
        str(_FAULTS[code].rest),
        _sum(one.row for one in those),
    )


def _waiting(tenant: UUID, invoice: Invoice) -> Todo:
    if invoice.state is AgencyState.REFUSED:
        told = told_refusal(invoice.refusal_code, invoice.refusal_facts).what if invoice.refusal_code else ""
        word, rest = _("Avvisad"), " ".join(filter(None, [_("togs inte emot."), told, _("Rätta och skicka igen.")]))
    else:
        word, rest = str(status_of("needs_action").word), _("väntar på ett beslut hos ombudet.")
    code = "refused" if invoice.state is AgencyState.REFUSED else "decision"
    return Todo(code, word, reverse("invoice", args=[tenant, invoice.id]), _named(invoice), rest, invoice.remaining_ore)


def _kept(tenant: UUID, reversal: Command) -> Todo:
    words = {"amount": writing.with_currency(reversal.amount_ore, reversal.invoice.currency)}
    told = _("har en betalning på %(amount)s som ombudet inte tog tillbaka.") % words
    return Todo(
        "refused",
        _("Betalning kvar"),
        reverse("invoice", args=[tenant, reversal.invoice_id]),
        _named(reversal.invoice),
        " ".join(filter(None, [told, why_refused(reversal.refusal_code), _("Ring ombudet.")])),
        reversal.amount_ore,
    )


def _past_the_last_day(tenant: UUID, today: date) -> list[Todo]:
    count, ore = past_the_last_day(tenant, today)
    if not count:
        return []
    url = f"{reverse('invoices', args=[tenant])}?tab=agency&sort=due-oldest"
    link = ngettext("%s faktura hos ombudet", "%s fakturor hos ombudet", count) % writing.whole(count)
    rest = _("har passerat sista dagen i påminnelsen. Ni bestämmer vad som händer.")
    return [Todo("decision", _("Beslut behövs"), url, link, rest, ore)]


def _silent(tenant: UUID, at: datetime) -> list[Todo]:
    url = f"{reverse('invoices', args=[tenant])}?tab=agency"
    found = [
        Todo("sending", _("Inget svar"), url, text.what, f"{text.why} {text.todo}", None)
        for text in texts_of(silences(tenant, at=at))
    ]
    since = Company.objects.values_list("events_wait_since", flat=True).get(id=tenant)
    if since is not None:
        text = events_wait(since)
        found.append(Todo("missing", _("Besked väntar"), url, text.what, f"{text.why} {text.todo}", None))
    return found


def _named(invoice: Invoice) -> str:
    words = {"number": invoice.number, "customer": told_apart(invoice.customer)}
    return _("Faktura %(number)s till %(customer)s") % words


def _sum(invoices: Iterable[Invoice | InvoiceRow]) -> int:
    return sum(invoice.remaining_ore for invoice in invoices)
