"""How the page of a sent invoice says that the agency knows the customer by other facts than those here now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.receivables.web.history_words import changed_parts
from punktlig.ui import writing
from punktlig.ui.parts import Fact

if TYPE_CHECKING:
    from punktlig.exchange.messages import Address
    from punktlig.receivables.records.debtor_sent import DebtorSent


def address_at_agency(sent: DebtorSent | None) -> list[Fact]:
    """Return the address that the letters bear, when it is another than the customer has here now."""
    if sent is None or "address" not in sent.changed:
        return []
    return [Fact(_("Adress hos ombudet"), address_lines(sent.debtor.address), _("så skickades den"))]


def differs_text(sent: DebtorSent | None) -> str:
    """Return what has been changed here since the invoice was sent and what to do about it, or nothing."""
    changed = changed_parts(sent.changed) if sent is not None else ""
    if not changed:
        return ""
    return _(
        "Här har %(what)s ändrats sedan fakturan skickades. Ombudet har kvar det som skickades. Ring ombudet om det "
        "ska ändras där."
    ) % {"what": changed}


def address_lines(address: Address) -> tuple[str, ...]:
    """Return the address line by line, the country when it is not Sweden."""
    place = f"{address.postcode} {address.town}".strip()
    abroad = writing.here().country(address.country) if address.country not in ("", "SE") else ""
    return tuple(filter(None, (*address.lines, place, abroad)))
