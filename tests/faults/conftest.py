"""What goes wrong between two sites, made to go wrong: afterwards there is one claim, and both sites agree about it."""

from __future__ import annotations

from tests.journeys.fixtures import both_sites, browsing, company, creditor, newcomer, sales, system

__all__ = ["both_sites", "browsing", "company", "creditor", "newcomer", "sales", "system"]
