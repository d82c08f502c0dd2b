"""The application that holds what both sites look like."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from punktlig.ui.chosen_language import keep_chosen


class UiConfig(AppConfig):
    """Base pages, components, tokens, icons and texts."""

    name = "punktlig.ui"
    label = "ui"

    def ready(self) -> None:
        """Follow people in: a language chosen on the way is theirs."""
        user_logged_in.connect(keep_chosen, dispatch_uid="keep_chosen_language")
