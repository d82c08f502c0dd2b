"""Block tags for the parts of a page that have something between their beginning and their end.

`{% section "Uppgifter" %}…{% endsection %}`, likewise notice, menu and dialog. Parts without an inside are templates:
`{% include "ui/parts/sums.html" with rows=rows %}`; ui/parts.py has the values that they are drawn from.
"""

from __future__ import annotations

from typing import Literal

from django import template
from django.template.loader import render_to_string
from django.utils.text import slugify

register = template.Library()

_SYMBOLS = {"done": "paid", "late": "overdue", "stop": "refused", "plain": "note"}


@register.simple_block_tag
def section(content: str, name: str, note: str = "", id: str = "") -> str:  # noqa: A002 - it is HTML's word
    """Draw a section with its name in the margin and, under the name, a quiet note."""
    return render_to_string(
        "ui/parts/section.html",
        {"id": id or f"h-{slugify(name)}", "name": name, "note": note, "content": content},
    )


@register.simple_block_tag
def notice(
    content: str, ink: Literal["done", "late", "stop", "plain"] = "plain", boxed: bool = False, shape: str = ""
) -> str:
    """Draw a notice; a boxed one asks for something. `shape` is a status symbol other than the ink's own."""
    context = {"ink": ink, "symbol": shape or _SYMBOLS[ink], "boxed": boxed, "content": content}
    return render_to_string("ui/parts/notice.html", context)


@register.simple_block_tag
def menu(content: str, name: str, id: str, label: str = "", small: bool = False) -> str:  # noqa: A002
    """Draw a button that opens a list of choices (`<li>` with a link or a form); `label` tells menus of rows apart."""
    context = {"name": name, "id": id, "label": label or name, "small": small, "content": content}
    return render_to_string("ui/parts/menu.html", context)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, about: str = "", modal: bool = False) -> str:  # noqa: A002
    """Draw a native dialog; `modal` opens at once one that htmx has fetched."""
    context = {"id": id, "title": title, "about": about, "modal": modal, "content": content}
    return render_to_string("ui/parts/dialog.html", context)
