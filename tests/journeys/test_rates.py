"""Across a new year whose reference rate is not known: letters wait, two people add the rate, and everything goes on.

The system is thrown away afterwards: an approved rate is never taken back, and other journeys count on not knowing it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.both_sites import ADMIN, PASSWORD, Person
from tests.journeys.checking import faults_of
from tests.journeys.letters import letter_of, text_of

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

SECOND_ADMIN = Person("eva@ekviken.example", "Eva Holm")

# A Tuesday, whose reminders are of Wednesday 30 December; nobody runs a round until Monday 4 January, a bank day.
HANDED_OVER, AFTER_NEW_YEAR = date(2026, 12, 29), date(2027, 1, 4)


@pytest.mark.usefixtures("used_up")
def test_letters_wait_over_the_new_year_until_two_people_have_added_the_rate(
    system: BothSites,
    company: Company,
    sales: Visitor,
    creditor: Visitor,
    browsing: Browsing,
) -> None:
    system.seeding["agency"].do("administrator", email=SECOND_ADMIN.email, name=SECOND_ADMIN.name, password=PASSWORD)
    # 1 200 kr each, due on 5 November: interest runs from the 6th.
    sent, later = company.invoice(name="Anna Ek"), company.invoice(name="Karin Wester")
    system.at(HANDED_OVER)
    company.send(sales, sent)
    number = company.claim_of(sent)

    # After the new year nobody knows the rate: the letter waits, and the next invoice cannot be sent yet.
    system.round(AFTER_NEW_YEAR)
    needed = "SELECT needs_person FROM agency_claim WHERE number = %s"
    assert system.value("agency", needed, number) == "rate_unknown"
    assert company.letters_left() == []
    preview = company.path(f"reminders/new/?invoice={later.id}")
    assert "Ingen referensränta är känd för 1 januari 2027." in sales.get(preview).text.replace("\u00a0", " ")

    page = browsing.window(ADMIN, sites=("agency",))
    page.goto(system.url("agency", "/desk/?kind=rates"))
    page.get_by_role("link", name="Lägg till räntan").click()
    page.get_by_label("Referensränta i procent").fill("2,50")
    page.get_by_label("Källa").fill("https://www.riksbank.se/referensranta, SFS 2026:1400")
    page.get_by_role("button", name="Se vad som händer").click()
    expect(page.get_by_text("10,50 %")).to_be_visible()
    # Claims that other journeys have left wait too.
    waiting = system.value("agency", "SELECT count(*) FROM agency_claim WHERE needs_person = 'rate_unknown'")
    told = f"{waiting} ärenden väntar på räntan." if waiting > 1 else "1 ärende väntar på räntan."
    expect(page.get_by_text(told)).to_be_visible()
    assert faults_of(page, "rate before it is entered") == []
    page.get_by_role("button", name="Lägg in räntan").click()
    expect(page.get_by_text("väntar på godkännande")).to_be_visible()
    assert faults_of(page, "rates with one that waits") == []
    system.round()
    assert system.value("agency", needed, number) == "rate_unknown"

    second = browsing.window(SECOND_ADMIN, sites=("agency",))
    second.goto(system.url("agency", "/desk/rates/"))
    second.get_by_role("link", name="Läs efter och godkänn").click()
    second.get_by_label("Jag har själv läst räntan i källan").check()
    assert faults_of(second, "rate before it is approved") == []
    second.get_by_role("button", name="Godkänn räntan").click()
    expect(second.get_by_text("Räntan gäller nu.")).to_be_visible()
    assert faults_of(second, "rates with an added one") == []

    # The approval wakes the round by itself; nobody has restarted a worker.
    system.wait_until(lambda: system.value("agency", needed, number) == "", "the claim goes on")
    system.round()
    text = text_of(letter_of(creditor, number))
    # 6 November to 31 December: 56 days at 10 %. 1 to 4 January: 4 days at 10.5 %. 1 200 · (5,6 + 0,42) / 365 = 19,79.
    assert "19,79" in text
    assert "1 279,79" in text
    assert "10,50 %" in text
    assert company.letters_left() == [sent.number]

    # The creditor's program hears the rate, and its preview of tomorrow's letter reckons with it.
    system.do("receivables", "read_reference_rates")
    shown = sales.get(preview).text.replace("\u00a0", " ")
    # 56 days at 10 % and 5 at 10.5 %: 1 200 · (5,6 + 0,525) / 365 = 20,14.
    assert "20,14" in shown
    assert "1 280,14 kr" in shown
    company.send(sales, later)
    number = company.claim_of(later)
    system.round(date(2027, 1, 5))
    assert "1 280,14" in text_of(letter_of(creditor, number))
