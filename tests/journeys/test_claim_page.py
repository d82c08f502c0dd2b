"""The claim at the agency, as its creditor sees it: the debt on any day, explained, and the claim closed as paid.

The invoice is of 1 200 kr and was due on Thursday 5 November 2026. Interest is 10 % (reference rate 2 % and 8 points)
over 365 days: 0,328767 kr a day.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.both_sites import OWNER
from tests.journeys.letters import claim_path

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor


def _owed(page: Page) -> str:
    return " ".join(page.locator(".figure__amount").inner_text().split())


def test_the_debt_is_shown_for_any_day_that_is_asked_for(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor, browsing: Browsing
) -> None:
    invoice = company.invoice(kronor=1200, overdue=20)
    company.send(sales, invoice)
    number = company.claim_of(invoice)
    system.round(date(2026, 11, 26))
    page = browsing.window(OWNER, sites=("receivables", "agency"))

    # By the link on the invoice, to the same claim.
    page.goto(company.url(f"invoices/{invoice.id}/"))
    page.get_by_role("link", name=f"Öppna ärende {number}").first.click()
    expect(page.get_by_role("heading", name="Anna Ek", level=1)).to_be_visible()
    # 21 days: 6,90 kr; and the fee of 60 kr from today, when the reminder was made.
    assert _owed(page) == "1 266,90 kr"
    table = page.get_by_role("table", name="Skulden den 26 november 2026, rad för rad")
    expect(table).to_contain_text("6,90")
    expect(table).to_contain_text("60,00")
    expect(table).to_contain_text("21")

    # On Christmas Eve, 49 days: 16,11 kr.
    page.get_by_label("Skulden en annan dag").fill("2026-12-24")
    page.get_by_role("button", name="Räkna").click()
    assert _owed(page) == "1 276,11 kr"
    # Before the reminder there was no fee: 20 days, 6,58 kr.
    page.get_by_label("Skulden en annan dag").fill("25 november")
    page.get_by_role("button", name="Räkna").click()
    assert _owed(page) == "1 206,58 kr"
    # After the last known rate it stops, and says so.
    page.get_by_label("Skulden en annan dag").fill("2027-02-01")
    page.get_by_role("button", name="Räkna").click()
    expect(page.get_by_text("är inte beslutad").first).to_be_visible()
    # 56 days: 18,41 kr.
    assert _owed(page) == "1 278,41 kr"

    # A part payment goes to the fee and the interest first, and then to the invoice.
    company.pay(invoice, kronor=500)
    system.wait_until_quiet()
    page.goto(system.url("agency", claim_path(creditor, number)))
    assert _owed(page) == "766,90 kr"


def test_closed_as_paid_at_the_agency_the_invoice_is_paid_too(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor, browsing: Browsing
) -> None:
    invoice = company.invoice()
    company.send(sales, invoice)
    path = claim_path(creditor, company.claim_of(invoice))
    page = browsing.window(OWNER, sites=("receivables", "agency"))
    page.goto(system.url("agency", path))
    page.get_by_role("button", name="Åtgärder").click()
    page.get_by_role("link", name="Avsluta som betalt").click()
    page.get_by_role("button", name="Avsluta").click()
    expect(page.get_by_text("Ärendet är avslutat.").first).to_be_visible()
    system.wait_until_quiet()
    system.round(date(2026, 11, 26))
    assert company.states() == {invoice.number: "paid"}
    assert company.letters_left() == []
    page.goto(company.url(f"invoices/{invoice.id}/"))
    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)
