"""What takes minutes: the same system as in the journeys, left alone for longer or with much more to do."""

from __future__ import annotations

from tests.journeys.fixtures import browsing, company, cookies, creditor, newcomer, sales, second_tab, system

__all__ = ["browsing", "company", "cookies", "creditor", "newcomer", "sales", "second_tab", "system"]
