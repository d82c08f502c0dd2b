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
    "address_does_not_fit": _("adressen får inte plats i fönstret"),
    "country_unreadable": _("land saknas i adressen"),
    "debtor_kind_unknown": _("konsument eller företag?"),
    "debtor_kind_contradicted": _("kundtypen stämmer inte med numret"),
    "identity_number_unreadable": _("person- eller organisationsnumret är fel"),
    "identity_is_protected": _("skyddade personuppgifter"),
    "debtor_is_a_minor": _("kunden är under 18 år"),
    "debtor_is_an_estate": _("dödsbo"),
    "currency_is_not_sek": _("inte i svenska kronor"),
    "customer_share_unknown": _("kundens del saknas"),
    "customer_share_changed": _("kundens del behöver bekräftas"),
    "customer_share_outside_invoice": _("kundens del stämmer inte"),
    "limitation_may_have_run": _("kan vara preskriberad"),
    "total_is_negative": _("mindre än noll"),
    "invoice_date_missing": _("fakturadatum saknas"),
    "invoice_date_ahead": _("daterad framåt i tiden"),
    "due_date_missing": _("förfallodag saknas"),
    "due_date_before_invoice": _("förfaller före fakturadagen"),
    "due_date_not_agreed_and_no_demand_sent": _("inget krav har skickats"),
    "demand_ahead": _("kravet är daterat framåt i tiden"),
    "demand_before_invoice": _("kravet är äldre än fakturan"),
    "payment_ahead": _("en inbetalning är daterad framåt i tiden"),
    "debtor_is_bankrupt": _("konkurs"),
    "deduction_not_in_force": _("avdraget fanns inte den dagen"),
    "compensation_not_from_consumer": _("förseningsersättning från en konsument"),
    "charges_exclude_each_other": _("både avgift och förseningsersättning"),
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


def reason_words(code: str) -> str | None:
    """Return the reason in a few words, or None when it has none of its own."""
    words = _WORDS.get(code)
    return None if words is None else str(words)


def codes() -> frozenset[str]:
    """Return the codes that have words."""
    return frozenset(_WORDS)
