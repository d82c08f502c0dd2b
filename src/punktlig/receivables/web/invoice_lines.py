"""An invoice's lines as a table shows them, with the VAT and the sum that close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core.letter.english import English
from punktlig.core.letter.swedish import Swedish
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from punktlig.core.formatting import Language
    from punktlig.core.letter.words import Words
    from punktlig.receivables.records.invoice import Invoice, InvoiceLine

_WORDS: Mapping[Language, Words] = {"sv": Swedish(plural=True), "en": English()}


@dataclass(frozen=True)
class ShownLine:
    """A row of the table; quantity and price are written out, an amount that is not known is None."""

    text: str
    quantity: str = ""
    unit_price_ore: int | None = None
    amount_ore: int | None = None
    period: str = ""


def lines_of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> list[ShownLine]:
    """Return the lines, then the VAT and what was paid in advance."""
    shown = [
        ShownLine(
            text=line.text,
            quantity=_quantity(line),
            unit_price_ore=line.unit_price_ore,
            amount_ore=line.amount_ore,
            period=_period(line),
        )
        for line in lines
    ]
    if invoice.tax_ore:
        shown.append(ShownLine(_tax_name(lines), amount_ore=invoice.tax_ore))
    if invoice.prepaid_ore:
        shown.append(ShownLine(_("Betalt i förskott"), amount_ore=-invoice.prepaid_ore))
    return shown


def _quantity(line: InvoiceLine) -> str:
    if line.quantity is None:
        return ""
    # Files have codes, such as HUR for hours; the letter's words for them are the page's too.
    unit = _WORDS[writing.here().language].unit(line.unit.upper()) or line.unit
    return f"{writing.here().decimal(line.quantity)} {unit}".strip()


def _period(line: InvoiceLine) -> str:
    if line.period_start is None or line.period_end is None:
        return ""
    return writing.here().period(line.period_start, line.period_end)


def _tax_name(lines: Sequence[InvoiceLine]) -> str:
    rates = {line.tax_percent for line in lines if line.tax_percent is not None}
    if len(rates) == 1:
        return _("Moms %(percent)s") % {"percent": writing.here().percent_in_short(rates.pop())}
    return _("Moms")
