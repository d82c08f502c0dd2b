"""A customer's name as pages show it: whoever has protected personal data is known by the customer number in lists.

The name stands on the pages about the customer and its invoices, for those who work with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.receivables.records.company import Role

if TYPE_CHECKING:
    from punktlig.receivables.records.customer import Customer


def shown_name(customer: Customer) -> str:
    """Return the name where the customer number stands beside it."""
    if customer.identity_is_protected:
        return _("Skyddade personuppgifter")
    return customer.name


def row_name(customer: Customer) -> str:
    """Return the name in a row of a list, or `Kund 1077`."""
    return _("Kund %s") % customer.number if customer.identity_is_protected else customer.name


def told_apart(customer: Customer) -> str:
    """Return the name within a sentence, or the customer number, by which one knows which customer it is."""
    if customer.identity_is_protected:
        return _("kund %s (skyddade personuppgifter)") % customer.number
    return customer.name


def page_name(customer: Customer, *, role: str) -> str:
    """Return the name on a page about the customer or its invoice, for somebody with the role."""
    return customer.name if may_see(customer, role=role) else row_name(customer)


def may_see(customer: Customer, *, role: str) -> bool:
    """Tell whether somebody with the role works with the customer, when its data are protected."""
    return not customer.identity_is_protected or Role(role).may_send
