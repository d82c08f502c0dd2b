"""A refusal that was told by another program or stored earlier, by its code and its facts as texts, in words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.core.statutes.fees import ChargeKind
from punktlig.ui import writing
from punktlig.ui.refusals import RefusalText, explain_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punktlig.core.formatting import Language

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,13}\.\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,13}(\.\d{1,10})?", re.ASCII)
# Facts that are several words, kinds that have words of their own, and percentages.
_LISTS = frozenset({"missing", "fields"})
_KINDS = {kind.value: kind for kind in (*DeductionKind, *ChargeKind)}
_KIND_FACTS = frozenset({"kind", "wanted", "already"})
_PERCENTAGES = frozenset({"percent", "percent_then", "percent_now", "ceiling"})


def explain_told(code: str, facts: Mapping[str, str], language: Language | None = None) -> RefusalText | None:
    """Return the refusal in words, of the page's language unless another is named, or None when we have none for it.

    That is so for a code that is not ours, and when facts that the words need were not told.
    """
    try:
        return explain_refusal(_Told(code, facts), language or writing.here().language)
    except KeyError:
        return None


class _Told(Refusal):
    """Stands for a refusal that somebody else made; its facts are read back from their texts."""

    def __init__(self, code: str, told: Mapping[str, str]) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc]  # of a class elsewhere; here it is told
        self._told = told

    def facts(self) -> dict[str, object]:
        """Return the facts by name."""
        return {name: _read(name, str(value)) for name, value in self._told.items()}


def _read(name: str, text: str) -> object:
    if name in _LISTS:
        return tuple(text.split(", "))
    if name in _KIND_FACTS:
        return _KINDS.get(text, text)
    if name in _PERCENTAGES and _NUMBER.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return Money.parse(text) if _AMOUNT.fullmatch(text) else text
