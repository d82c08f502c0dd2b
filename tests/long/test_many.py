"""Hundreds of invoices in one confirmation, while everything that works on them is killed, one after the other."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

_MANY = 600


def test_all_that_match_are_sent_while_everything_is_killed(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    numbers = {company.invoice(name=f"Kund {place}", overdue=10 + place % 50).number for place in range(_MANY)}
    form = sales.form(company.path("reminders/new/?every=1&tab=overdue"), containing="shown")
    answer = sales.send(form)
    assert answer.status_code == httpx.codes.FOUND
    assert "/reminders/runs/" in answer.headers["location"]
    assert sales.get(answer.headers["location"]).status_code == httpx.codes.OK

    for seconds, name in (
        (0.3, "receivables-work"),
        (0.5, "agency-web"),
        (0.7, "receivables-work"),
        (0.5, "agency-work"),
    ):
        time.sleep(seconds)
        system.processes.kill(name)
        system.start_what_has_ended()
    # What the killed had in hand is taken up when its lease has run out.
    system.at(date(2026, 11, 26))
    system.wait_until_quiet(seconds=120)
    assert set(company.claims()) == numbers
    assert sales.get(answer.headers["location"]).status_code == httpx.codes.OK

    # All have been received, on the one day or on the other; the rounds are killed too.
    for day in (date(2026, 11, 26), date(2026, 11, 27)):
        system.at(day)
        system.nudge("agency", "daily_round")
        time.sleep(0.8)
        system.processes.kill("agency-work")
        system.start_what_has_ended()
        system.do("agency", "daily_round")
    # The letters that the killed had in hand as well.
    system.at(date(2026, 11, 27) + timedelta(days=3))
    system.wait_until_quiet(seconds=120)
    assert set(company.states().values()) == {"reminder_sent"}
    assert company.letters_left() == sorted(numbers)
