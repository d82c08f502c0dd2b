"""The addresses of importing."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import imports

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("<uuid:run>/", imports.import_run, name="import_run"),
    path("<uuid:run>/progress", imports.import_progress, name="import_progress"),
    path("<uuid:run>/files.csv", imports.import_files, name="import_files"),
]
