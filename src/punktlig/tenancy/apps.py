"""The application that holds the one model both sites share: the user."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """People and whose data they may see."""

    name = "punktlig.tenancy"
    label = "tenancy"
