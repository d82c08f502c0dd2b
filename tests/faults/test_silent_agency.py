"""The agency is away, or its answer is no answer: the same bytes go again until there is one, and are one claim."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.journeys.companies import new_company
from tests.journeys.door import Fault

if TYPE_CHECKING:
    from typing import LiteralString

    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company, Invoice
    from tests.journeys.pages import Visitor

REMINDER_DAY = date(2026, 11, 26)

_WAITING: LiteralString = """
SELECT next_try_at FROM receivables_handover WHERE company_id = %s AND state = 'queued'
UNION ALL SELECT next_try_at FROM receivables_command WHERE company_id = %s AND state = 'requested'
"""


def _problem(system: BothSites, invoice: Invoice) -> str:
    found: str = system.value(
        "receivables", "SELECT last_problem FROM receivables_handover WHERE invoice_id = %s", invoice.id
    )
    return found


def _wait_for_problem(system: BothSites, invoice: Invoice, why: str) -> None:
    system.wait_until(lambda: _problem(system, invoice).startswith(why), f"the problem {why} has been written down")


def test_the_agency_is_away_while_sending_and_comes_back(system: BothSites, company: Company, sales: Visitor) -> None:
    system.processes.kill("agency-web")
    invoice = company.invoice()
    company.send(sales, invoice)
    _wait_for_problem(system, invoice, "connection_broke")
    assert company.states() == {invoice.number: "sending"}
    assert "Skickas" in sales.get(company.path(f"invoices/{invoice.id}/")).text
    assert company.claims() == {}

    system.start_what_has_ended()
    assert company.claim_of(invoice)


def test_what_waited_long_for_the_agency_goes_by_itself_soon_after_it_is_back(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    system.processes.kill("agency-web")
    system.do("receivables", "read_feed")
    paid, unpaid = company.invoice(kronor=1200), company.invoice(kronor=800)
    company.send(sales, paid, unpaid)
    company.pay(paid)
    for day in range(26, 31):
        _wait_for_problem(system, paid, "connection_broke")
        system.at(date(2026, 11, day))
        for task in ("send_handovers", "send_commands"):
            system.do("receivables", task)
    # Nobody is woken here: the next attempts would be a minute away or more.
    waiting = system.rows("receivables", _WAITING, company.id, company.id)
    assert len(waiting) == 3
    now = datetime.now(UTC) + timedelta(days=int(system.clock.read_text()))
    assert min(again for (again,) in waiting) > now + timedelta(seconds=45)
    system.start_what_has_ended()
    system.wait_until(lambda: company.states()[paid.number] == "paid", "the agency knows of the payment")
    system.round(date(2026, 12, 1))
    assert company.states() == {paid.number: "paid", unpaid.number: "reminder_sent"}
    assert company.letters_left() == [unpaid.number]


@pytest.mark.parametrize("how_many", [1, 4])
def test_the_answer_is_lost_after_the_agency_has_stored_the_claim(
    system: BothSites, company: Company, sales: Visitor, how_many: int
) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(how_many)]
    before = len(system.api_door.seen("/api/v1/claims"))
    lost = system.api_door.meets(Fault("/api/v1/claims", passes=True))
    company.send(sales, *invoices)
    assert lost.met.wait(30)
    # The agency has them, and nobody here knows.
    system.wait_until(lambda: len(company.claims()) == how_many, "the agency has stored them")
    system.wait_until_quiet()

    # Sent again in one go or in several, since each waits a little longer or shorter than the others.
    first, *again = system.api_door.seen("/api/v1/claims")[before:]
    assert (first.status, {one.status for one in again}) == (0, {200})
    assert sorted(first.body.splitlines()) == sorted(line for one in again for line in one.body.splitlines())
    assert set(company.claims()) == {invoice.number for invoice in invoices}


def test_too_many_requests_are_not_made_again_before_the_time_that_was_asked_for(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice()
    before = len(system.api_door.seen("/api/v1/claims"))
    system.api_door.meets(Fault("/api/v1/claims", status=429, headers={"Retry-After": "7200"}))
    company.send(sales, invoice)
    _wait_for_problem(system, invoice, "too_many_requests")
    system.do("receivables", "send_handovers")
    system.do("receivables", "send_handovers")
    assert len(system.api_door.seen("/api/v1/claims")) == before + 1

    system.at(REMINDER_DAY)
    assert company.claim_of(invoice)
    assert [one.status for one in system.api_door.seen("/api/v1/claims")[before:]] == [429, 201]


def test_answers_that_are_no_answer_are_never_taken_for_a_no(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice()
    before = len(system.api_door.seen("/api/v1/claims"))
    answers = {401: "key_not_accepted", 403: "key_not_accepted", 404: "other_status", 422: "other_status"}
    # And the page of some proxy that says 200 to everything.
    answers[200] = "answer_unreadable"
    for status in answers:
        system.api_door.meets(Fault("/api/v1/claims", status=status, headers={"Content-Type": "text/html"}))
    company.send(sales, invoice)
    for day, (status, why) in enumerate(answers.items(), start=26):
        _wait_for_problem(system, invoice, f"{why} {status}")
        assert company.states() == {invoice.number: "sending"}
        system.at(date(2026, 11, day))
        system.nudge("receivables", "send_handovers")
    assert company.claim_of(invoice)
    asked = system.api_door.seen("/api/v1/claims")[before:]
    assert [one.status for one in asked] == [*answers, 201]
    assert len({one.body for one in asked}) == 1


def test_a_payment_is_booked_while_the_agency_is_away(system: BothSites, company: Company, sales: Visitor) -> None:
    system.processes.kill("agency-web")
    paid, unpaid = company.invoice(kronor=1200), company.invoice(kronor=800)
    company.send(sales, paid, unpaid)
    _wait_for_problem(system, paid, "connection_broke")
    company.pay(paid)
    # The agency is up again, but the command's answer does not arrive.
    system.api_door.meets(Fault("/api/v1/commands", passes=True))
    system.start_what_has_ended()
    system.wait_until_quiet()
    system.round(REMINDER_DAY)
    assert company.states() == {paid.number: "paid", unpaid.number: "reminder_sent"}
    assert company.letters_left() == [unpaid.number]


def test_the_answer_to_an_activation_is_lost(system: BothSites, sales: Visitor) -> None:
    system.api_door.meets(Fault("/api/v1/creditors", passes=True))
    company = new_company(system)
    company.activate()
    assert system.value("agency", "SELECT count(*) FROM agency_creditor WHERE company_id = %s", company.id) == 1
    invoice = company.invoice()
    company.send(sales, invoice)
    assert company.claim_of(invoice)
