"""What many rows of a page bear alike, as HTML that is put together once: a status, and how late something is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

_LINE_OF_DAYS = 60


@lru_cache(maxsize=512)
def status_mark(symbol: str, ink: str, word: str, *, stamp: bool = False) -> SafeString:
    """Return a status: its word with the shape (`s-…` in ui/parts/symbols.html) and the colour."""
    return format_html(
        '<span class="status status--{}{}"><svg aria-hidden="true"><use href="#s-{}"/></svg>{}</span>',
        ink,
        " status--stamp" if stamp else "",
        symbol,
        word,
    )


@lru_cache(maxsize=256)
def late_mark(days: int, word: str) -> SafeString:
    """Return the days after a due date with their word, and where they lie on a line of 60 days.

    Past its end the dot stays there.
    """
    return format_html(
        '<span class="late"><b>{days}<span class="late__word visually-hidden"> {word}</span></b>'
        '<svg viewBox="0 0 98 12" aria-hidden="true"><path class="late__rule" d="M3 6.5h92"/>'
        '<path class="late__tick" d="M3.5 1v11M48.5 4v5M93.5 4v5"/><path class="late__run" d="M3 6.5H{end}"/>'
        '<circle class="late__dot" cx="{end}" cy="6.5" r="3.5"/></svg></span>',
        days=days,
        word=word,
        end=f"{3 + 1.5 * min(days, _LINE_OF_DAYS):g}",
    )
