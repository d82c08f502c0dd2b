"""The addresses of what is booked on an invoice."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import payment_taking_back, payments

urlpatterns = [
    path("payments-through", payments.payments_through, name="payments_through"),
    path("invoices/<uuid:invoice>/payments", payments.invoice_payments, name="invoice_payments"),
    path(
        "invoices/<uuid:invoice>/payments/<uuid:payment>/taking-back",
        payment_taking_back.payment_taking_back,
        name="payment_taking_back",
    ),
    path("invoices/<uuid:invoice>/credit-notes", payments.invoice_credit_notes, name="invoice_credit_notes"),
]
