"""Every address of the agency site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("punktlig.ui.urls")),
]
