"""Why an invoice cannot be sent, in English. How the texts are filled in: see `refusals`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "invoice_already_sent": (
        "Invoice {number} was sent[ on {sent_date}] and cannot be sent again.",
        "Follow it on the invoice's page.",
    ),
    "reminder_handling_not_activated": (
        "Reminder handling has not been activated.",
        "Activate it first. That is done once.",
    ),
    "activation_not_confirmed": (
        "Reminder handling was activated on {accepted_date}, but the agency has not answered yet.",
        "Wait a little and try again. If it takes long, ask whoever runs the system.",
    ),
    "terms_have_changed": (
        "The agency's terms have changed: you have accepted {accepted_version}, now {newest_version} applies.",
        "Read and accept the new terms. Then invoices can be sent.",
    ),
    "day_out_of_bounds": (
        "The invoice, or something booked on it, has the day {day}, which cannot be right.",
        "Correct the day and then send it.",
    ),
    "amount_out_of_bounds": (
        "The amount {amount} on the invoice is larger than the agency takes.",
        "Correct the amount, which has to be below {limit}. If it is right, ask the customer outside the service.",
    ),
    "invoice_too_long": (
        (
            "The invoice has {lines} lines and {payments} payments. The agency takes at most {most_lines} lines and "
            "{most_payments} payments."
        ),
        "Ask for payment by hand, or join lines in the invoicing program and make a new invoice.",
    ),
    "invoice_changed_meanwhile": (
        "Invoice {number} changed while the reminders were being sent.",
        "Review it again and send it by itself.",
    ),
    "preview_is_outdated": (
        "Something has changed since you reviewed it.",
        "Review it again and confirm. Nothing has been sent.",
    ),
}
WORDS: dict[str, str] = {}
