"""Nobody wakes the workers: they look for work by their own clocks, and a status comes back in the time meant."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

_SECONDS_UNTIL_RECEIVED = 25
# A round a minute, letters twice a minute, and then the events.
_SECONDS_UNTIL_SENT = 120


def test_a_claim_goes_its_way_by_itself(system: BothSites, company: Company, sales: Visitor) -> None:
    invoice = company.invoice()
    company.send(sales, invoice)
    system.wait_until(
        lambda: company.states() == {invoice.number: "reminder_planned"},
        "the claim is received",
        seconds=_SECONDS_UNTIL_RECEIVED,
    )
    system.wait_until(
        lambda: system.value(
            "receivables",
            "SELECT count(*) FROM receivables_history_line WHERE invoice_id = %s AND by_agency",
            invoice.id,
        ),
        "the event has been told",
        seconds=_SECONDS_UNTIL_RECEIVED,
    )
    system.at(date(2026, 11, 26))
    system.wait_until(
        lambda: company.states() == {invoice.number: "reminder_sent"},
        "the reminder is sent",
        seconds=_SECONDS_UNTIL_SENT,
    )
    assert company.letters_left() == [invoice.number]
