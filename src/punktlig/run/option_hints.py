"""Which option of the command answers a refusal. The words are the table's in `ui`; this adds what to type."""

from __future__ import annotations

OPTION_HINTS: dict[str, str] = {
    "customer_share_changed": "--customer-share AMOUNT --customer-share-confirmed",
    "customer_share_outside_invoice": "--customer-share AMOUNT",
    "customer_share_unknown": "--customer-share AMOUNT",
    "compensation_not_from_consumer": "--reminder-fee-agreed-since DATE",
    "debtor_kind_contradicted": "--debtor consumer|trader|public",
    "debtor_kind_unknown": "--debtor consumer|trader|public",
    "demand_ahead": "--demand-sent DATE",
    "demand_before_invoice": "--demand-sent DATE",
    "due_date_before_invoice": "--due DATE",
    "due_date_missing": "--due DATE, or --start after-demand --demand-sent DATE",
    "due_date_not_agreed_and_no_demand_sent": "--demand-sent DATE",
    "folder_cannot_be_used": "--out DIR",
    "limitation_may_have_run": "--limitation-interrupted DATE",
    "not_overdue_yet": "--as-of DATE",
    "payments_not_booked_yet": "--payments-booked-through DATE",
    "rate_above_consumer_ceiling": "--agreed-rate",
}
