"""A person clicks twice, has two tabs, goes back, is logged out meanwhile: one invoice is one claim all the same."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.journeys.both_sites import OWNER, SALES
from tests.journeys.pages import Visitor, form_in

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company, Invoice
    from tests.journeys.pages import Form


def _handovers(company: Company) -> int:
    found: int = company.system.value(
        "receivables", "SELECT count(*) FROM receivables_handover WHERE company_id = %s", company.id
    )
    return found


def _send_later(visitor: Visitor, form: Form, seconds: float) -> httpx.Response:
    time.sleep(seconds)
    return visitor.send(form)


def _is_told_that_it_is_sent(visitor: Visitor, answer: httpx.Response, invoice: Invoice) -> bool:
    """Say whether the answer leads to a page that says so."""
    assert answer.status_code == httpx.codes.FOUND, answer.text[:2000]
    page = visitor.get(answer.headers["location"]).text.replace("\N{NO-BREAK SPACE}", " ")
    return f"Faktura {invoice.number} skickades 25 november 2026 och kan inte skickas en gång till." in page


@pytest.mark.parametrize("seconds", [0.0, 0.15])
def test_the_confirmation_is_clicked_twice(
    company: Company, sales: Visitor, second_tab: Visitor, seconds: float
) -> None:
    invoice = company.invoice()
    form = sales.preview(company.id, [invoice.id])
    with ThreadPoolExecutor(2) as both:
        clicks = [
            both.submit(_send_later, sales, form, 0.0),
            both.submit(_send_later, second_tab, form, seconds),
        ]
    assert [click.result().status_code for click in clicks] == [httpx.codes.FOUND, httpx.codes.FOUND]
    assert _handovers(company) == 1
    assert company.claim_of(invoice)


def test_the_confirmation_of_many_is_clicked_twice(company: Company, sales: Visitor, second_tab: Visitor) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(5)]
    form = sales.preview(company.id, [one.id for one in invoices])
    with ThreadPoolExecutor(2) as both:
        clicks = [both.submit(sales.send, form), both.submit(second_tab.send, form)]
    assert [click.result().status_code for click in clicks] == [httpx.codes.FOUND, httpx.codes.FOUND]
    company.system.wait_until_quiet()
    assert _handovers(company) == len(invoices)
    assert set(company.claims()) == {one.number for one in invoices}


def test_two_people_have_it_before_them_and_both_confirm(system: BothSites, company: Company, sales: Visitor) -> None:
    invoice = company.invoice()
    owner = Visitor.logged_in(system, "receivables", OWNER)
    forms = [sales.preview(company.id, [invoice.id]), owner.preview(company.id, [invoice.id])]
    assert not _is_told_that_it_is_sent(sales, sales.send(forms[0]), invoice)
    assert _is_told_that_it_is_sent(owner, owner.send(forms[1]), invoice)
    owner.close()
    assert _handovers(company) == 1
    assert company.claim_of(invoice)


def test_back_and_confirmed_again_when_it_is_long_done(company: Company, sales: Visitor) -> None:
    invoice = company.invoice()
    form = sales.preview(company.id, [invoice.id])
    sales.send(form)
    number = company.claim_of(invoice)
    assert _is_told_that_it_is_sent(sales, sales.send(form), invoice)
    assert company.claim_of(invoice) == number
    assert _handovers(company) == 1


def test_some_of_them_have_been_sent_in_another_tab(company: Company, sales: Visitor, second_tab: Visitor) -> None:
    first, second, third = (company.invoice(overdue=20 + place) for place in range(3))
    together = sales.preview(company.id, [first.id, second.id, third.id])
    company.send(second_tab, second)
    again = sales.send(together)
    # What would go is not what was shown, so it is shown again before anything goes.
    assert again.status_code == httpx.codes.CONFLICT
    assert "Något har ändrats sedan du granskade. Inget har skickats." in again.text
    assert _handovers(company) == 1
    assert sales.send(form_in(again, containing="shown")).status_code == httpx.codes.FOUND
    company.system.wait_until_quiet()
    assert set(company.claims()) == {first.number, second.number, third.number}
    assert _handovers(company) == 3


def test_the_session_ends_between_preview_and_confirmation(system: BothSites, company: Company) -> None:
    invoice = company.invoice()
    visitor = Visitor.logged_in(system, "receivables", SALES)
    form = visitor.preview(company.id, [invoice.id])
    ended = system.rows(
        "receivables",
        "DELETE FROM django_session WHERE session_key = %s RETURNING 1",
        visitor.cookies["receivables_session"],
    )
    assert len(ended) == 1
    answer = visitor.send(form)
    assert answer.status_code == httpx.codes.FOUND
    assert answer.headers["location"].startswith("/accounts/login/")
    assert _handovers(company) == 0
    visitor.close()

    # Logged in again, the same form is from another session: nothing goes unless it is looked at again.
    back = Visitor.logged_in(system, "receivables", SALES)
    assert back.send(form).status_code == httpx.codes.FORBIDDEN
    assert _handovers(company) == 0
    company.send(back, invoice)
    back.close()
    assert company.claim_of(invoice)


def test_the_customer_moves_after_the_preview(company: Company, sales: Visitor) -> None:
    invoice = company.invoice(street="Björkvägen 7")
    form = sales.preview(company.id, [invoice.id])
    company.move(invoice, "Granitvägen 12")
    again = sales.send(form)
    assert again.status_code == httpx.codes.CONFLICT
    assert "Inget har skickats." in again.text
    assert "Granitvägen 12" in again.text
    assert _handovers(company) == 0
    assert sales.send(form_in(again, containing="shown")).status_code == httpx.codes.FOUND
    company.claim_of(invoice)
    sent = company.system.value(
        "agency", "SELECT convert_from(submission, 'UTF8') FROM agency_claim WHERE invoice_id = %s", invoice.id
    )
    assert "Granitvägen 12" in sent
    assert "Björkvägen" not in sent


def test_a_payment_comes_after_the_preview(company: Company, sales: Visitor) -> None:
    partly, wholly = company.invoice(kronor=1200), company.invoice(kronor=800)
    forms = [sales.preview(company.id, [one.id]) for one in (partly, wholly)]
    company.pay(partly, kronor=200)
    company.pay(wholly)
    again = sales.send(forms[0])
    assert again.status_code == httpx.codes.CONFLICT
    assert "1 000,00" in again.text.replace("\N{NO-BREAK SPACE}", " ")
    # Nothing is left to send of the other, so its reasons are the whole answer.
    assert sales.send(forms[1]).status_code == httpx.codes.FOUND
    assert _handovers(company) == 0
