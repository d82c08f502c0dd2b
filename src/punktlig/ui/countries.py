"""The countries as choices of a form, in the language of the page."""

from __future__ import annotations

from punktlig.core.addressee import countries
from punktlig.ui import writing

# Where most customers of a Swedish company live; the others by name after them.
_NEAR = ("SE", "NO", "DK", "FI", "AX", "DE")


def country_choices() -> list[tuple[str, str]]:
    """Return codes (ISO 3166-1 alpha-2) with names, the nearest first."""
    words = writing.here()
    known = [(code, words.country(code)) for code in countries()]
    near = [(code, words.country(code)) for code in _NEAR]
    return near + sorted((one for one in known if one[0] not in _NEAR), key=lambda one: one[1])
