"""The addresses that both sites share, with the sheet of parts that only the demo has."""

from django.urls import include, path

from punktlig.ui import views

urlpatterns = [
    path("_parts/", views.parts, name="parts"),
    path("accounts/", include("allauth.urls")),
    path("", include("punktlig.ui.urls")),
]
