"""The addresses of the first page and the company's settings."""

from __future__ import annotations

from django.urls import path

from punktlig.receivables.web import company, members, overview

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("history/", overview.overview_history, name="overview-history"),
    path("to-do/", overview.overview_todo, name="overview-todo"),
    path("company/", company.company, name="company"),
    path("company/facts/", company.facts, name="company-facts"),
    path("company/members/", members.members, name="company-members"),
    path("company/members/<uuid:member>/", members.member, name="company-member"),
    path("company/members/<uuid:member>/removal/", members.member_removal, name="company-member-removal"),
    path("company/terms/<str:version>/", company.agreed_terms, name="company-terms"),
]
