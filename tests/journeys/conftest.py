"""Whole stories, seen from outside: real servers, a real browser, and the databases looked at with psycopg."""

from __future__ import annotations

from tests.journeys.fixtures import both_sites, browsing, company, creditor, newcomer, sales, system

__all__ = ["both_sites", "browsing", "company", "creditor", "newcomer", "sales", "system"]
