"""The plain values that the parts of a page are drawn from; `ui/templates/ui/parts/` draws them.

Texts are already in the language of the page, amounts are whole öre, days and moments are as stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class Tab:
    """A selection one can turn to: `tabs.html`, `kinds.html`. A count or sum may come later: None."""

    url: str
    name: str
    count: int | None = None
    ore: int | None = None
    what: str = ""
    current: bool = False


@dataclass(frozen=True)
class Column:
    """The head of a column: `ledger_head.html`. `sorted` says which way the rows go now, `url` turns them."""

    name: str
    url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    num: bool = False
    hidden: bool = False
    css: str = ""


@dataclass(frozen=True)
class SumRow:
    """An amount and its reason: `sums.html`. A part is a subtotal, and a total closes the sum."""

    what: str
    ore: int
    why: str = ""
    kind: Literal["", "part", "total"] = ""


@dataclass(frozen=True)
class Fact:
    """Something to know, in one or more lines: `facts.html`."""

    name: str
    lines: tuple[str, ...]
    quiet: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of history: `history.html`. `at` is a moment, or a day when nobody knows the hour."""

    at: datetime | date
    text: str
    who: str
    kind: Literal["", "agency", "note", "money"] = ""

    @property
    def is_moment(self) -> bool:
        """Whether the hour is known."""
        return isinstance(self.at, datetime)


@dataclass(frozen=True)
class Step:
    """A place on a road: `dotline.html`, `wizard_steps.html`."""

    name: str
    text: str
    state: Literal["past", "now", "next"]
