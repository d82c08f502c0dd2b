"""The HTML of a row of the invoice list. It has no words of its own: they come ready, in the language of the page.

It is no template because a page has fifty rows of some thirty places each: Django's templates took a quarter of the
site's time for a page to fill them in, `format_html` takes a quarter of that. Both escape by the same function.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html

from punktlig.ui.marks import late_mark, status_mark

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from punktlig.receivables.web.invoice_rows import Row


def row_html(row: Row, *, with_ticks: bool, opened: bool) -> SafeString:
    """Return the row: `with_ticks` when the list has a column to tick in, `opened` when its lines stand below it."""
    return format_html(
        """<tr class="item{is_open}" role="row">
  {check}
  <td class="c-no" role="cell"><a href="{url}">{number}</a></td>
  <td class="c-who" role="cell">{customer}{note}</td>
  <td class="c-due nowrap" role="cell">{due}</td>
  <td class="c-late" role="cell">{late}</td>
  <td class="c-status" role="cell">{status}{when}</td>
  <td class="c-total num" role="cell">{total}</td>
  <td class="c-left num" role="cell">{left}</td>
  <td class="c-more" role="cell"><a class="expand" role="button" data-expand aria-expanded="{expanded}" \
aria-controls="rad-{id}" href="{open_url}" hx-get="{url}row" hx-target="closest tr" hx-swap="afterend" \
hx-trigger="click once" aria-label="{label}" data-unfold="{show_words}" data-fold="{hide_words}">\
<svg class="icon" aria-hidden="true"><use href="#i-down"/></svg></a></td>
</tr>
""",
        is_open=" is-open" if opened else "",
        check=_check(row) if with_ticks else "",
        url=row.url,
        number=row.number,
        customer=row.customer,
        note=_why(row.note),
        due=_due(row.due_stamp, row.due) if row.due else "",
        late=late_mark(row.late, row.late_words) if row.late else "",
        status=status_mark(row.symbol, row.ink, row.status),
        when=_why(row.when),
        total=row.total,
        left=row.left,
        expanded="true" if opened else "false",
        id=row.id,
        open_url=row.open_url,
        label=row.hide_words if opened else row.show_words,
        show_words=row.show_words,
        hide_words=row.hide_words,
    )


def _check(row: Row) -> SafeString:
    """Return the cell to tick in; it is empty where sending is not even to be tried."""
    return format_html('<td class="c-check" role="cell">{}</td>', _tick(row) if row.tickable else "")


def _tick(row: Row) -> SafeString:
    return format_html(
        '<label class="tick"><input type="checkbox" name="invoice" value="{}" data-tick data-ore="{}"{}>'
        '<span class="visually-hidden">{}</span></label>',
        row.id,
        row.left_ore,
        " data-can" if row.able else "",
        row.tick_words,
    )


def _why(text: str) -> SafeString | str:
    return format_html('<span class="why">{}</span>', text) if text else ""


# What rows have alike is put together once for all of them.
@lru_cache(maxsize=256)
def _due(stamp: str, written: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', stamp, written)
