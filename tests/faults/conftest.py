"""What goes wrong between two sites, made to go wrong: afterwards there is one claim, and both sites agree about it."""

from __future__ import annotations

from tests.journeys.fixtures import browsing, company, cookies, creditor, newcomer, sales, second_tab, system

__all__ = ["browsing", "company", "cookies", "creditor", "newcomer", "sales", "second_tab", "system"]
