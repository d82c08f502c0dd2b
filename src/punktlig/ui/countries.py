"""The countries as choices of a form, in the language of the page."""

from __future__ import annotations

from punktlig.ui import writing

# Where most customers of a Swedish company live; the others by name after them.
_NEAR = ("SE", "NO", "DK", "FI", "AX", "DE")
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def country_choices() -> list[tuple[str, str]]:
    """Return codes (ISO 3166-1 alpha-2) with names, the nearest first."""
    words = writing.here()
    names = [(code, str(name)) for code, name in words.locale.territories.items() if len(code) == 2]  # noqa: PLR2004
    known = [(code, name) for code, name in names if code.isalpha() and code not in _NOT_COUNTRIES]
    near = [(code, words.country(code)) for code in _NEAR]
    return near + sorted((one for one in known if one[0] not in _NEAR), key=lambda one: one[1])
