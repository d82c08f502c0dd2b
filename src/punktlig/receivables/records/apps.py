"""The Django application of the site: its records."""

from __future__ import annotations

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """What the receivables site stores."""

    name = "punktlig.receivables.records"
    label = "receivables"
