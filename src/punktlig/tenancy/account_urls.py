"""The addresses of accounts: allauth's, but for the page of one's e-mail addresses."""

from __future__ import annotations

from django.urls import include, path

from punktlig.tenancy.email_addresses import EmailAddresses

urlpatterns = [
    path("email/", EmailAddresses.as_view(), name="account_email"),
    path("", include("allauth.urls")),
]
