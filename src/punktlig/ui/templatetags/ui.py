"""Template tags and filters that are built into every template of both sites.

Filters write amounts, days and numbers as people read them, in the language of the page. Tags draw the parts that are
the same everywhere: a status is always a word, a shape and a colour.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext

from punktlig.ui import writing
from punktlig.ui.marks import late_mark, status_mark
from punktlig.ui.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from django.forms import BoundField
    from django.template.context import Context
    from django.utils.safestring import SafeString

    from punktlig.core.money import Money

register = template.Library()


@register.filter
def amount(value: int | Money | None) -> str:
    """Write whole öre as `1 284,52`; nothing at all stays empty."""
    return "" if value is None else writing.amount(value)


@register.filter
def kr(value: int | Money | None) -> str:
    """Write whole öre as `1 284,52 kr`, in English `SEK 1,284.52`."""
    return "" if value is None else writing.with_currency(value)


@register.simple_tag
def large_sum(value: int | Money, currency: str = "SEK") -> SafeString:
    """Write the one sum of a page with a small unit, after it in Swedish and before it in English."""
    amount = writing.amount(value)
    before, after = writing.with_currency(value, currency).split(amount)
    if before:
        return format_html("<small>{}</small>\u00a0{}", before.strip(), amount)
    return format_html("{}\u00a0<small>{}</small>", amount, after.strip())


@register.filter
def whole(value: int) -> str:
    """Write how many there are, `11 712`."""
    return writing.whole(value)


@register.filter
def signed(value: int | Money | None) -> str:
    """Write a change in whole öre with its sign: `+60,00`, `−20 000,00`; no change has none."""
    return "" if value is None else writing.signed(value)


@register.filter
def day(value: date | None) -> str:
    """Write a day in full, `9 november 2026`."""
    return "" if value is None else writing.day(value)


@register.filter
def short_day(value: date | None) -> str:
    """Write a day for a table, `9 nov`, with the year when it is not this one."""
    return "" if value is None else writing.short_day(value)


@register.filter
def day_and_month(value: date | None) -> str:
    """Write a day within a sentence, `9 november`, with the year when it is not this one."""
    return "" if value is None else writing.day_and_month(value)


@register.filter
def iso_day(value: date | None) -> str:
    """Write a day as fields hold it, `2026-11-09`."""
    return "" if value is None else writing.local_day(value).isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment as it was in Stockholm, `30 oktober kl. 18.05`, with the year when it is not this one."""
    return "" if value is None else writing.moment(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """Write a rate in per cent, `10,00 %`."""
    return "" if value is None else writing.percent(value)


@register.filter
def identity(value: str | None) -> str:
    """Write an organisation number with its hyphen; of a personal number only the day of birth is shown."""
    return "" if value is None else writing.identity(value)


@register.simple_tag
def time(value: date | None, manner: str = "day") -> SafeString | str:
    """Write a day or moment in the manner of a filter above, as a <time> that programs can read too."""
    if value is None:
        return ""
    write: Callable[[Any], str] = _MANNERS[manner]
    stamp = writing.in_stockholm(value) if isinstance(value, datetime) else value
    written = stamp.isoformat(timespec="minutes") if isinstance(stamp, datetime) else stamp.isoformat()
    return format_html('<time datetime="{}">{}</time>', written, write(value))


_MANNERS: Mapping[str, Callable[[Any], str]] = {
    "day": writing.day,
    "short_day": writing.short_day,
    "day_and_month": writing.day_and_month,
    "moment": writing.moment,
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one of the icons (`i-…` in ui/parts/symbols.html): down, right, left, search, close, copy."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def symbol(name: str) -> SafeString:
    """Draw one of the status shapes (`s-…` in ui/parts/symbols.html) without its word."""
    return format_html('<svg aria-hidden="true"><use href="#s-{}"/></svg>', name)


@register.simple_tag
def status(code: str, word: str = "", stamp: bool = False) -> SafeString:
    """Draw a status: the word, else the status's own, with the shape and colour of the code (ui/statuses.py)."""
    known = status_of(code)
    return status_mark(known.symbol, known.ink, str(word or known.word), stamp=stamp)


@register.simple_tag
def late(days: int) -> SafeString:
    """Draw how many days late something is, as a number and a dot on a line of 60 days."""
    return late_mark(days, ngettext("dag", "dagar", days))


@register.simple_tag(takes_context=True)
def home_url(context: Context) -> str:
    """Return the first page of the tenant that the page is about, else the site's own."""
    tenant = getattr(context.get("request"), "tenant", None)
    return f"/c/{tenant}/" if tenant else "/"


@register.simple_tag(takes_context=True)
def nav_links(context: Context, *names_and_texts: str) -> SafeString:
    """Return the places of the main menu, `name, text, name, text, …`, with the dot at where the page is.

    A page lies under the place with the longest address that begins its own; the tenant's first page and the site's
    have only themselves. After the name of a place may come those of pages that lie under it with other addresses:
    `"invoices reminder"`.

    Raises:
        NoReverseMatch: a place that the site does not have; that is a fault of ours.
    """
    request = context.get("request")
    here: str = getattr(request, "path", "")
    tenant = getattr(request, "tenant", None)
    page = getattr(getattr(request, "resolver_match", None), "url_name", None)
    home = ("/", f"/c/{tenant}/")
    places: list[tuple[str, str]] = []
    current = named = ""
    for names, text in zip(names_and_texts[::2], names_and_texts[1::2], strict=True):
        name, *others = names.split()
        url = _address(name, tenant)
        places.append((url, text))
        if page in others:
            named = url
        elif here == url or (url not in home and here.startswith(f"{url.rstrip('/')}/")):
            current = max(current, url, key=len)
    current = named or current
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        (
            (url, format_html(' aria-current="{}"', "page" if url == here else "true") if url == current else "", text)
            for url, text in places
        ),
    )


@register.inclusion_tag("ui/parts/money_row.html")
def money_row(what: str, ore: int, why: str = "", kind: str = "") -> dict[str, object]:
    """Draw one amount with its reason, inside <dl class="sums">; kind is "", "part" or "total"."""
    return {"what": what, "ore": ore, "why": why, "kind": kind}


@register.filter
def month(value: date) -> str:
    """Write the month as a date leaf has it, `nov`."""
    return writing.month(value)


@register.filter
def breakable(text: str) -> str:
    """Let a line with an e-mail address break after the `@` rather than in the middle of a word."""
    before, at, after = str(text).partition("@")
    return format_html("{}@<wbr>{}", before, after) if at else text


def _address(name: str, tenant: Any) -> str:
    """Return the address of the named page, of the tenant when it takes one."""
    if tenant:
        with suppress(NoReverseMatch):
            return reverse(name, kwargs={"tenant": tenant})
    return reverse(name)


@register.inclusion_tag("ui/forms/field.html")
def field(bound: BoundField, hint: str = "", placeholder: bool = True, asked: bool = False) -> dict[str, object]:
    """Draw a form's field with its label, hint and error, tied together for those who listen.

    `asked`: another answer asks for this one, so it is not said to be optional though the form could do without it.
    """
    if hint:
        bound.help_text = hint
    widget = bound.field.widget
    if not placeholder:
        widget.attrs.pop("placeholder", None)
    if widget.attrs.get("rows") == "10":  # Django's own choice: a whole screen on a phone
        widget.attrs["rows"] = "4"
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, CheckboxInput):
        kind = "tick"
    else:
        kind = "line"
        widget.attrs.setdefault("class", "input")
    return {
        "field": bound,
        "kind": kind,
        "drawn": "" if kind == "choices" else bound.as_widget(),
        "optional": kind == "line" and not (bound.field.required or bound.field.disabled or asked),
    }
