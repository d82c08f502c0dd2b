"""The rows of the invoice list: what stands in each. A page has fifty, so what they have in common is found once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.receivables.records.invoice import STANDS, Invoice, Payment
from punktlig.receivables.records.sending_facts import prepare_these
from punktlig.receivables.web.customer_names import row_name, told_apart
from punktlig.receivables.web.invoice_standing import (
    Standing,
    customer_note,
    days_at_agency,
    is_overdue,
    lateness,
    standing_of,
)
from punktlig.ui import writing
from punktlig.ui.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from punktlig.receivables.records.sending_facts import Basis, Prepared


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice as its row shows it. `able`: it may be sent as it is; `tickable`: it may be tried."""

    id: UUID
    number: str
    customer: str
    note: str
    url: str
    open_url: str
    due_stamp: str
    due: str
    late: int | None
    late_words: str
    symbol: str
    ink: str
    status: str
    when: str
    total: str
    left: str
    left_ore: str
    able: bool
    tickable: bool
    tick_words: str
    show_words: str
    hide_words: str


def rows_of(
    basis: Basis, invoices: list[Invoice], *, query: str, may_send: bool, unanswered: frozenset[UUID]
) -> list[Row]:
    """Return the rows; `query` is the list's own query string, by which a row opens without script.

    `unanswered` are those whose handover the agency has not answered for so long that a person should know.

    Those that are overdue and not sent are judged, in a fixed number of queries.
    """
    tenant, today = basis.company.id, basis.today
    to_judge = [one for one in invoices if one.state.may_be_sent and is_overdue(one, today)]
    judged = {one.invoice.id: one for one in prepare_these(basis, to_judge)} if to_judge else {}
    last_paid = _last_paid(invoices)
    make = _RowMaker(tenant, query, may_send=may_send, unanswered=unanswered, today=today)
    return [make.row(one, judged.get(one.id), last_paid.get(one.id)) for one in invoices]


def _last_paid(invoices: Iterable[Invoice]) -> Mapping[UUID, date]:
    part_paid = [one.id for one in invoices if one.paid_ore > 0 and one.remaining_ore > 0]
    if not part_paid:
        return {}
    standing = Payment.objects.filter(STANDS, invoice__in=part_paid)
    return dict(standing.values_list("invoice_id").annotate(last=Max("day")))


class _RowMaker:
    """What all rows of a page have in common, found once."""

    def __init__(self, tenant: UUID, query: str, *, may_send: bool, unanswered: frozenset[UUID], today: date) -> None:
        self.base = reverse("invoices", args=[tenant])
        self.query = f"?{query}&open=" if query else "?open="
        self.may_send = may_send
        self.unanswered = unanswered
        self.today = today
        self.tick_words = _("Välj faktura %(number)s, %(name)s")
        self.show_words = _("Visa rader för faktura %(number)s")
        self.hide_words = _("Dölj rader för faktura %(number)s")

    def row(self, invoice: Invoice, prepared: Prepared | None, last_paid: date | None) -> Row:
        standing = standing_of(invoice, today=self.today, refusals=prepared.refusals if prepared else ())
        look = status_of(standing.code)
        late = lateness(invoice, self.today)
        words = {"number": invoice.number, "name": told_apart(invoice.customer)}
        return Row(
            id=invoice.id,
            number=invoice.number,
            customer=row_name(invoice.customer),
            note=self._note(invoice, standing, last_paid),
            url=f"{self.base}{invoice.id}/",
            open_url=f"{self.query}{invoice.id}#rad-{invoice.id}",
            due_stamp=invoice.due_date.isoformat() if invoice.due_date else "",
            due=writing.short_day(invoice.due_date, today=self.today) if invoice.due_date else "",
            late=late,
            late_words=ngettext("dag", "dagar", late) if late else "",
            symbol=look.symbol,
            ink=look.ink,
            status=standing.word or str(look.word),
            when=days_at_agency(invoice, today=self.today),
            total=writing.amount(invoice.payable_ore),
            left=writing.amount(invoice.remaining_ore),
            left_ore=str(invoice.remaining_ore),
            able=prepared is not None and prepared.may_be_sent,
            tickable=self.may_send and invoice.state.may_be_sent and invoice.remaining_ore > 0,
            tick_words=self.tick_words % words,
            show_words=self.show_words % words,
            hide_words=self.hide_words % words,
        )

    def _note(self, invoice: Invoice, standing: Standing, last_paid: date | None) -> str:
        if invoice.id in self.unanswered:
            return _("Ombudet har inte svarat än")
        return standing.why or customer_note(invoice, invoice.customer, last_paid=last_paid)
