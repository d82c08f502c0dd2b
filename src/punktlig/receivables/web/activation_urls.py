"""The addresses of the activation wizard."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import activation

urlpatterns = [
    path("", activation.activation, name="activation"),
    path("contact/", activation.contact, name="activation-contact"),
    path("fees/", activation.fees, name="activation-fees"),
    path("fees/example/", activation.example, name="activation-example"),
    path("terms/", activation.terms, name="activation-terms"),
]
