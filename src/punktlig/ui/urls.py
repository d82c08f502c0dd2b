"""The addresses both sites share: the choice of language and, in the demo, the sheet of parts."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from punktlig.ui import views

urlpatterns = [path("language", views.choose_language, name="language")]
if settings.DEMO:
    urlpatterns += [path("_parts/", views.parts, name="parts")]
