"""The addresses of invoices: the list, the single invoice, and its notes."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import invoice, invoices

urlpatterns = [
    path("", invoices.invoice_list, name="invoices"),
    path("figures", invoices.invoice_figures, name="invoice_figures"),
    path("<uuid:invoice>/", invoice.invoice, name="invoice"),
    path("<uuid:invoice>/row", invoices.invoice_row, name="invoice_row"),
    path("<uuid:invoice>/notes", invoice.invoice_notes, name="invoice_notes"),
]
