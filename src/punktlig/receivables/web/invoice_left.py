"""What is left to pay of an invoice: here in the ledger, and at the agency when it has the claim.

The two differ. The ledger takes every payment off the invoice, while the claim also has interest and fees, and the
agency puts what comes after the reminder on those first. Both are true, so both are named, with what lies between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core.money import ZERO, Money, NotAnAmount
from punktlig.exchange.messages import EventKind
from punktlig.receivables.records.invoice import AgencyState
from punktlig.ui import writing
from punktlig.ui.parts import SumRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from punktlig.receivables.records.history import HistoryLine
    from punktlig.receivables.records.invoice import Invoice

_COUNTED = frozenset({EventKind.PAYMENT_CONFIRMED.value, EventKind.CREDIT_NOTE_CONFIRMED.value})
# After these, what was told of earlier payments no longer says where the money lies: what had been put on interest and
# fees counts on the invoice, and no event says how much that was. A letter without a fee is refused without the second.
_MOVED = frozenset({
    EventKind.LETTER_REFUSED.value, EventKind.FEE_REVERSED.value, EventKind.BALANCE_CORRECTED.value,
})  # fmt: skip

_PARTS = ("amount", "principal", "interest", "fees", "surplus")


@dataclass(frozen=True)
class Left:
    """The sentence beside the ledger's figure, and the way from it to the agency's when they differ."""

    text: str
    sums: tuple[SumRow, ...] = ()


def left_of(invoice: Invoice, events: Iterable[HistoryLine], *, not_counted_ore: int, in_conflict: bool) -> Left:
    """Return what is left of the invoice.

    `not_counted_ore` is what is booked here and not counted by the agency: on its way there, or refused by it. A claim
    in conflict was made from other facts, so that its figures have nothing to do with ours.
    """
    text, agency = _of_the_whole(invoice), at_agency(invoice)
    if agency is None or in_conflict:
        return Left(text + _what_comes(invoice))
    if agency == invoice.remaining_ore:
        return Left(text)
    text += " " + _("Hos ombudet är %s kvar.") % writing.with_currency(agency)
    charges = agency - invoice.remaining_ore - not_counted_ore
    told = list(events)
    if charges < 0 or any(_is_the_agencys_own(event) for event in told):
        return Left(text)
    return Left(text, tuple(_way(invoice, agency, charges, not_counted_ore, _put_on_charges(told))))


def at_agency(invoice: Invoice) -> int | None:
    """Return what the agency says is left of a live claim on `claim_balance_day`, in öre; None when it does not."""
    return invoice.claim_balance_ore if invoice.state.is_live and invoice.claim_balance_day is not None else None


def _of_the_whole(invoice: Invoice) -> str:
    words = {
        "total": writing.with_currency(invoice.payable_ore, invoice.currency),
        "share": writing.with_currency(invoice.owed_ore, invoice.currency),
    }
    if invoice.share_ore is not None and invoice.share_ore != invoice.payable_ore:
        return _("av kundens del %(share)s. Fakturan är på %(total)s.") % words
    return _("av fakturans %(total)s.") % words


def _what_comes(invoice: Invoice) -> str:
    if invoice.state.is_live and invoice.remaining_ore > 0:
        return " " + _("Ränta och avgifter kommer till och visas hos ombudet.")
    if invoice.remaining_ore < 0 and invoice.state.may_be_sent:
        over = writing.with_currency(-invoice.remaining_ore, invoice.currency)
        return (
            " " + _("Kunden har %s att få tillbaka. Betala tillbaka det, eller kvitta det mot en annan faktura.") % over
        )
    if invoice.remaining_ore < 0 and invoice.state in (AgencyState.PAID, AgencyState.CLOSED):
        return " " + _("Det som har betalats utöver fakturan är räknat på ränta och avgifter hos ombudet.")
    return ""


def _way(invoice: Invoice, agency: int, charges: int, not_counted: int, put: int | None) -> Iterable[SumRow]:
    assert invoice.claim_balance_day is not None  # noqa: S101 - the agency told the balance with its day
    day = writing.day_and_month(invoice.claim_balance_day)
    yield SumRow(
        _("Kvar av fakturan hos er"),
        invoice.remaining_ore,
        _("Fakturan minus allt som är betalt och krediterat här."),
    )
    if not_counted:
        yield SumRow(_("Bokat här, inte inräknat hos ombudet"), not_counted, _("Se betalningarna nedan."))
    yield SumRow(_("Ränta och avgifter till och med %s") % day, charges, _why(invoice, not_counted, put))
    yield SumRow(_("Kvar hos ombudet"), agency, _("Det är vad kunden ska betala. Räntan växer för varje dag."), "total")


def _why(invoice: Invoice, not_counted: int, put: int | None) -> str:
    first = _("En betalning efter påminnelsen räknas först på ränta och avgifter, sedan på fakturan.")
    if put is None or put <= 0:
        return first
    words = {
        "put": writing.with_currency(put),
        "left": writing.with_currency(invoice.remaining_ore + not_counted + put),
    }
    return f"{first} {_('Så har %(put)s räknats, och av själva fakturan är %(left)s kvar hos ombudet.') % words}"


def _put_on_charges(events: Iterable[HistoryLine]) -> int | None:
    """Return how much of what came in the agency has put on interest and fees, or None when that can not be told.

    An event tells all that its payment has moved, also of what other payments had been put on. So the sum of them holds
    when one is taken back: its event tells what is owed again. It does not while one of the two has not been heard, nor
    when the parts are less than what came in: what had to wait for a reference rate is put somewhere later, untold.
    With a corrected letter, all that came in before it counts on the invoice.
    """
    put, elsewhere, came = ZERO, ZERO, ZERO
    counted, taken_back = set(), set()
    for event in sorted(events, key=lambda one: one.sequence or 0):
        if event.code in _MOVED:
            return None
        if event.code == EventKind.REMINDER_ISSUED and event.facts.get("corrects"):
            put, elsewhere = ZERO, elsewhere + put
        if event.code in _COUNTED:
            counted.add(event.facts.get("command_id"))
            sign = 1
        elif event.code == EventKind.PAYMENT_REVERSED:
            # What the agency's own people take back, with a note, may have come along with the handover.
            if "note" not in event.facts:
                taken_back.add(event.facts.get("reverses"))
            sign = -1
        else:
            continue
        try:
            told = {name: Money.parse(str(event.facts.get(name, "0"))).ore * sign for name in _PARTS}
        except NotAnAmount:
            return None
        put += Money(told["fees"] + told["interest"])
        elsewhere += Money(told["principal"] + told["surplus"])
        came += Money(told["amount"])
    return put.ore if put + elsewhere == came and taken_back <= counted else None


def _is_the_agencys_own(event: HistoryLine) -> bool:
    """Tell whether it is of money that nobody here had told of, and so does not stand in the ledger."""
    return event.code in _COUNTED and not event.facts.get("command_id")
