"""A customer's name as lists show it: whoever has protected personal data is known by the customer number there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from punktlig.receivables.records.customer import Customer


def shown_name(customer: Customer) -> str:
    """Return the customer's name as lists show it."""
    if customer.identity_is_protected:
        return _("Skyddade personuppgifter")
    return customer.name


def told_apart(customer: Customer) -> str:
    """Return the name, or for protected data the customer number, by which a sentence can tell it from others."""
    if customer.identity_is_protected:
        return _("kund %s (skyddade personuppgifter)") % customer.number
    return customer.name
