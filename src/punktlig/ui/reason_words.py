"""Why invoices cannot be sent, in few words for counting them: `12 saknar adress`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

_WORDS: Mapping[str, _StrPromise] = {
    "invoice_already_sent": _("redan skickad"),
    "not_overdue_yet": _("inte förfallen än"),
    "nothing_left_to_pay": _("betald"),
    "address_incomplete": _("adress saknas"),
    "country_unreadable": _("land saknas i adressen"),
    "debtor_kind_unknown": _("konsument eller företag?"),
    "debtor_kind_contradicted": _("slaget av kund stämmer inte med numret"),
    "identity_number_unreadable": _("person- eller organisationsnumret är fel"),
    "identity_is_protected": _("skyddade personuppgifter"),
    "debtor_is_a_minor": _("kunden är under 18 år"),
    "debtor_is_an_estate": _("dödsbo"),
    "currency_is_not_sek": _("inte i svenska kronor"),
    "customer_share_unknown": _("kundens del saknas"),
    "customer_share_changed": _("kundens del behöver bekräftas"),
    "customer_share_outside_invoice": _("kundens del stämmer inte"),
    "claim_is_limited": _("preskriberad"),
    "rate_unknown": _("referensräntan är inte känd än"),
    "reminder_handling_not_activated": _("påminnelsehantering är inte aktiverad"),
    "activation_not_confirmed": _("ombudet har inte svarat på aktiveringen än"),
    "terms_have_changed": _("nya villkor att godkänna"),
    "invoice_changed_meanwhile": _("ändrades medan det skickades"),
    "invoice_too_long": _("för många rader"),
    "character_not_covered": _("tecken som inte går att skriva ut"),
    "day_out_of_bounds": _("en dag som inte kan stämma"),
    "amount_out_of_bounds": _("för stort belopp"),
}


def reason_words(code: str) -> str:
    """Return the reason in a few words; one without words of its own sends to the invoice, which says it in full."""
    return str(_WORDS.get(code, _("se fakturan")))
