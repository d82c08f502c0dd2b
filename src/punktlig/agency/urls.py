"""Every address of the agency site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("punktlig.tenancy.account_urls")),
    path("api/", include("punktlig.agency.api.urls")),
    path("", include("punktlig.agency.web.urls")),
    path("", include("punktlig.agency.portal.urls")),
    path("", include("punktlig.ui.urls")),
]

handler400 = "punktlig.ui.errors.bad_request"
handler403 = "punktlig.ui.errors.forbidden"
handler404 = "punktlig.ui.errors.not_found"
handler500 = "punktlig.ui.errors.server_error"
