"""Whole stories, seen from outside: real servers, a real browser, and the databases looked at with psycopg."""

from __future__ import annotations

from tests.journeys.fixtures import (
    browsing,
    company,
    cookies,
    creditor,
    desk,
    newcomer,
    sales,
    second_tab,
    system,
    used_up,
)

__all__ = ["browsing", "company", "cookies", "creditor", "desk", "newcomer", "sales", "second_tab", "system", "used_up"]
