"""The addresses of customers."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import customers

urlpatterns = [
    path("", customers.customers, name="customers"),
    path("new", customers.customer_new, name="customer_new"),
    path("<uuid:customer>/", customers.customer, name="customer"),
    path("<uuid:customer>/edit", customers.customer_edit, name="customer_edit"),
]
