"""Which invoices a preview is of. The choice lies in the address, so that a late form comes back to the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from punktlig.receivables.records.invoice import MAY_BE_SENT
from punktlig.receivables.records.invoice_queries import Tab, in_tab, invoices
from punktlig.receivables.web.invoices import choice_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

# So many go in one transaction while the person waits; more go in a run with a page of its own.
MOST_AT_ONCE = 200
# So many are judged before the page is sent; for more it comes first and is filled when they have been.
MOST_BEFORE_THE_PAGE = 1_000
# A list's page has 50 ticks; nobody needs an address with more than this.
_MOST_TICKED = 500


@dataclass(frozen=True)
class Chosen:
    """The invoices, and the query string that chooses them again.

    `every` is set when it is all that a selection of the list matches; `left_out` are those of the selection that are
    not overdue or sent already.
    """

    ids: list[UUID]
    query: str
    every: bool = False
    left_out: int = 0


def chosen_in(query: QueryDict, tenant: UUID, *, today: date) -> Chosen:
    """Return what the address chooses: ticked invoices by id, or with `every` the overdue unsent of a selection."""
    if query.get("every"):
        found = invoices(tenant, choice_of(query), today=today)
        to_send = found.filter(in_tab(Tab.OVERDUE, today), MAY_BE_SENT)
        ids = list(to_send.order_by("id").values_list("id", flat=True))
        return Chosen(ids, query.urlencode(), every=True, left_out=found.count() - len(ids))
    ids = [one for text in query.getlist("invoice")[:_MOST_TICKED] if (one := _id(text)) is not None]
    return Chosen(list(dict.fromkeys(ids)), query.urlencode())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
