"""Processes are killed in the middle of their work, as by a power cut: what was begun is done once, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest

from punktlig.run import databases
from tests.journeys.door import Fault

if TYPE_CHECKING:
    from typing import LiteralString

    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

REMINDER_DAY = date(2026, 11, 26)

_STEPS: LiteralString = """
SELECT count(*) FROM agency_claim_step AS step JOIN agency_creditor AS creditor ON creditor.id = step.creditor_id
WHERE creditor.company_id = %s
"""


def test_the_worker_that_sends_is_killed_before_the_answer_comes(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice()
    before = len(system.api_door.seen("/api/v1/claims"))
    held = system.api_door.meets(Fault("/api/v1/claims", passes=True, holds=True))
    company.send(sales, invoice)
    assert held.met.wait(30)
    system.processes.kill("receivables-work")
    held.release.set()
    assert len(company.claims()) == 1
    assert company.states() == {invoice.number: "sending"}

    system.start_what_has_ended()
    # What a killed worker had in hand is taken up when its lease has run out; nobody else has sent it meanwhile.
    system.do("receivables", "send_handovers")
    assert len(system.api_door.seen("/api/v1/claims")) == before + 1
    system.at(REMINDER_DAY)
    assert company.claim_of(invoice)
    first, second = system.api_door.seen("/api/v1/claims")[before:]
    assert first.body == second.body
    assert second.status == httpx.codes.OK


def test_the_agencys_web_server_is_killed_while_it_takes_a_claim(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(3)]
    with system.nobody_writes("agency", "agency_claim"):
        company.send(sales, *invoices)
        system.wait_for_a_writer("agency", "agency_claim")
        system.processes.kill("agency-web")
    assert company.claims() == {}
    system.start_what_has_ended()
    system.wait_until_quiet()
    assert set(company.claims()) == {invoice.number for invoice in invoices}


def test_the_receivables_web_server_is_killed_while_somebody_confirms(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice()
    form = sales.preview(company.id, [invoice.id])
    with ThreadPoolExecutor(1) as beside, system.nobody_writes("receivables", "receivables_handover"):
        click = beside.submit(sales.send, form)
        system.wait_for_a_writer("receivables", "receivables_handover")
        system.processes.kill("receivables-web")
        with pytest.raises(httpx.TransportError):
            click.result(30)
    system.start_what_has_ended()
    assert company.states() == {invoice.number: ""}
    # The form is still before the person, who presses the button again.
    assert sales.send(form).status_code == httpx.codes.FOUND
    assert company.claim_of(invoice)


def test_the_agencys_worker_is_killed_in_the_middle_of_the_round(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(3)]
    company.send(sales, *invoices)
    system.wait_until_quiet()
    with system.nobody_writes("agency", "agency_letter"):
        system.at(REMINDER_DAY)
        system.nudge("agency", "daily_round")
        system.wait_for_a_writer("agency", "agency_letter")
        system.processes.kill("agency-work")
    assert system.value("agency", _STEPS, company.id) == 0
    system.start_what_has_ended()
    system.round()
    system.round()
    assert system.value("agency", _STEPS, company.id) == 3
    assert company.letters_left() == [invoice.number for invoice in invoices]
    assert set(company.states().values()) == {"reminder_sent"}


def test_the_agencys_worker_is_killed_when_the_printer_has_the_letters_and_nobody_knows(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(3)]
    company.send(sales, *invoices)
    system.wait_until_quiet()
    printed = set(system.printed.glob("*.zip"))
    # The round writes events too, so it is let through; then only what became of the letters has to wait.
    system.at(REMINDER_DAY)
    with system.nobody_writes("agency", "agency_print_batch"):
        system.do("agency", "daily_round")
        system.wait_for_a_writer("agency", "agency_print_batch")
        events = system.nobody_writes("agency", "agency_claim_event")
        events.__enter__()
    try:
        system.wait_for_a_writer("agency", "agency_claim_event")
        assert len(set(system.printed.glob("*.zip")) - printed) == 1
        system.processes.kill("agency-work")
    finally:
        events.__exit__(None, None, None)
    assert company.letters_left() == [invoice.number for invoice in invoices]
    system.start_what_has_ended()
    # The lease of the one that was killed runs out.
    system.at(date(2026, 11, 27))
    system.do("agency", "deliver_letters")
    system.wait_until_quiet()
    assert company.letters_left() == [invoice.number for invoice in invoices]
    assert set(company.states().values()) == {"reminder_sent"}


def test_postgresql_is_killed_while_claims_are_being_taken(system: BothSites, company: Company, sales: Visitor) -> None:
    done = company.invoice()
    company.send(sales, done)
    number = company.claim_of(done)
    waiting = [company.invoice(overdue=30 + place) for place in range(3)]
    held = system.api_door.meets(Fault("/api/v1/claims", passes=True, holds=True))
    company.send(sales, *waiting)
    assert held.met.wait(30)
    system.kill_postgres()
    held.release.set()
    # A worker that has lost its database ends, and whoever looks after it starts it anew. A web server goes on.
    for site in databases.SITES:
        system.wait_until(lambda: not system.processes.is_running(f"{site}-work"), f"{site}'s worker has ended")  # noqa: B023
        assert system.processes.is_running(f"{site}-web")
    system.start_what_has_ended()

    system.at(REMINDER_DAY)
    system.wait_until_quiet(seconds=60)
    assert company.claims()[done.number] == number
    assert set(company.claims()) == {invoice.number for invoice in (done, *waiting)}
    system.round()
    assert set(company.states().values()) == {"reminder_sent"}
