"""Whether a letter reaches the debtor at the address the invoice gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from punktlig.core.parties import SWEDEN
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from punktlig.core.invoice import InvoiceParty

_COUNTRY = re.compile("[A-Z]{2}")
# Unions, test codes and "unknown", which the same list of names has.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_SWEDISH_POSTCODE = re.compile(r"(?:SE?[- ]?)?(\d{3})[ \u00a0]?(\d{2})", re.ASCII | re.IGNORECASE)


@dataclass(eq=False)
class AddressIncomplete(Refusal):
    """The invoice lacks part of the address; `missing` holds `name`, `street`, `postcode` or `town`."""

    name: str
    missing: tuple[str, ...]


@dataclass(eq=False)
class IdentityIsProtected(Refusal):
    """The debtor's personal data are protected; post goes by way of Skatteverket, and a person handles it."""


@dataclass(eq=False)
class CountryUnreadable(Refusal):
    """The country of the address is not the two-letter ISO 3166-1 code of a country."""

    name: str
    country: str


@cache
def countries() -> frozenset[str]:
    """Return the code of every country that a letter can be sent to, since its name can be written."""
    known = frozenset(filter(_COUNTRY.fullmatch, Locale("sv").territories))
    return known - _NOT_COUNTRIES


def postal_lines(buyer: InvoiceParty) -> tuple[str, ...]:
    """Return the address lines under each other, a Swedish postcode as `123 45`; the country is not among them.

    Raises:
        AddressIncomplete or CountryUnreadable.
    """
    address = buyer.address
    country = address.country or SWEDEN
    if country != SWEDEN and country not in countries():
        raise CountryUnreadable(buyer.name, address.country)
    streets = tuple(line.strip() for line in address.lines if line.strip())
    postcode = _SWEDISH_POSTCODE.fullmatch(address.postcode.strip()) if country == SWEDEN else None
    written = f"{postcode[1]} {postcode[2]}" if postcode else address.postcode.strip()
    name, town = buyer.name.strip(), address.town.strip()
    # Abroad a postcode may come before, after or not at all; in Sweden the letter cannot be sorted without.
    sortable = postcode is not None or country != SWEDEN
    if not (name and streets and sortable and town):
        told = (("name", name), ("street", streets), ("postcode", sortable), ("town", town))
        raise AddressIncomplete(buyer.name, tuple(part for part, present in told if not present))
    return (name, *streets, f"{written} {town}".strip())
