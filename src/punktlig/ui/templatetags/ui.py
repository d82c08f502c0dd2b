"""Template tags and filters that are built into every template of both sites."""

from __future__ import annotations

from django import template

register = template.Library()
