"""The addresses of accounts: allauth's, but for the pages of one's e-mail addresses."""

from __future__ import annotations

from django.urls import include, path, re_path

from punktlig.tenancy.email_addresses import ConfirmAddress, EmailAddresses

urlpatterns = [
    path("email/", EmailAddresses.as_view(), name="account_email"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmAddress.as_view(), name="account_confirm_email"),
    path("", include("allauth.urls")),
]
