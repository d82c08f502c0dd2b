"""The addresses of entering and changing an invoice."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import invoice_entry

urlpatterns = [
    path("new", invoice_entry.invoice_new, name="invoice_new"),
    path("<uuid:invoice>/edit", invoice_entry.invoice_edit, name="invoice_edit"),
]
