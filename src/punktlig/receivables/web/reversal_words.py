"""What to say of a payment that the agency has been asked to take back, and would not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig.receivables.records.reversals import NOT_COUNTED_THERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

_WHY: Mapping[str, _StrPromise] = {
    "payment_in_letter": gettext_lazy(
        "Betalningen är inräknad i en påminnelse som redan har skickats eller ligger hos tryckeriet."
    ),
    "claim_is_closed": gettext_lazy("Ärendet är avslutat."),
    "claim_is_paid": gettext_lazy("Ni har själva avslutat ärendet som betalt."),
}


def why_refused(code: str) -> str:
    """Return why the agency did not take the payment back, or nothing when it says so in a way unknown here."""
    return str(_WHY[code]) if code in _WHY else ""


def refused_sentence(code: str, amount: str) -> str:
    """Return that the agency did not take back a payment of the amount, and what follows."""
    if code in NOT_COUNTED_THERE:
        return _("Ombudet hade inte räknat in betalningen %s, så inget behövde tas tillbaka där.") % amount
    told = _("Ombudet tog inte tillbaka betalningen %s. Den räknas fortfarande.") % amount
    return " ".join(filter(None, [told, why_refused(code), _("Ring ombudet.")]))
