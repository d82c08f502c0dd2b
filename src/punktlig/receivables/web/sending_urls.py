"""The addresses of sending: the preview and its letter, and what is mended on the way."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import mending, sending, sending_runs

urlpatterns = [
    path("new/", sending.reminder, name="reminder"),
    path("preview.pdf", sending.reminder_pdf, name="reminder_pdf"),
    path("preview-<int:page>.png", sending.reminder_picture, name="reminder_picture"),
    path("runs/<uuid:run>/", sending_runs.sending_run, name="sending_run"),
    path("customers/<uuid:customer>/address", mending.customer_address, name="mend_address"),
    path("customers/<uuid:customer>/kind", mending.customer_kind, name="mend_kind"),
    path("invoices/<uuid:invoice>/share", mending.invoice_share, name="mend_share"),
]
