"""The Django application of the site: its records."""

from __future__ import annotations

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """What the agency site stores."""

    name = "punktlig.agency.records"
    label = "agency"
