"""The application that holds what both sites look like."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base pages, components, tokens, icons and texts."""

    name = "punktlig.ui"
    label = "ui"
