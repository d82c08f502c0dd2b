"""Every address of the receivables site."""

from __future__ import annotations

from django.urls import include, path

from punktlig.receivables.web import overview

urlpatterns = [
    path("", overview.home, name="home"),
    path("accounts/", include("punktlig.tenancy.account_urls")),
    path("hooks/", include("punktlig.receivables.hooks.agency")),
    path("c/<uuid:tenant>/", include("punktlig.receivables.web.company_urls")),
    path("c/<uuid:tenant>/company/activation/", include("punktlig.receivables.web.activation_urls")),
    path("c/<uuid:tenant>/invoices/", include("punktlig.receivables.web.invoices_urls")),
    path("c/<uuid:tenant>/reminders/", include("punktlig.receivables.web.sending_urls")),
    path("c/<uuid:tenant>/", include("punktlig.receivables.web.payments_urls")),
    path("c/<uuid:tenant>/customers/", include("punktlig.receivables.web.customers_urls")),
    path("c/<uuid:tenant>/invoices/", include("punktlig.receivables.web.invoice_entry_urls")),
    path("c/<uuid:tenant>/imports/", include("punktlig.receivables.web.imports_urls")),
    path("", include("punktlig.ui.urls")),
]

handler400 = "punktlig.ui.errors.bad_request"
handler403 = "punktlig.ui.errors.forbidden"
handler404 = "punktlig.ui.errors.not_found"
handler500 = "punktlig.ui.errors.server_error"
