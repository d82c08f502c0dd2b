"""The main road, from end to end: activate, send, claim, reminder, letter, and the status back on the invoice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.both_sites import OWNER

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company


def test_activate_send_from_the_list_and_the_letter_leaves_and_the_status_comes_back(
    system: BothSites, newcomer: Company, browsing: Browsing
) -> None:
    anna = newcomer.invoice(name="Anna Ek", kronor=1200, overdue=20)
    page = browsing.window(OWNER)

    # Activation, found where the sending will be.
    page.goto(newcomer.url("invoices/?tab=overdue"))
    page.get_by_role("button", name=f"Visa rader för faktura {anna.number}").click()
    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)
    page.get_by_role("link", name="Aktivera påminnelsehantering Görs en gång.").click()
    _answer_and_accept(page)
    expect(page.get_by_text("Påminnelsehantering aktiveras.")).to_be_visible()
    system.wait_until_quiet()

    # Sending, in two clicks from the list.
    page.goto(newcomer.url("invoices/?tab=overdue"))
    page.get_by_role("button", name=f"Visa rader för faktura {anna.number}").click()
    page.get_by_role("button", name="Åtgärder").click()
    page.get_by_role("link", name="Skicka påminnelse via Ekviken Ombud").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Anna Ek")
    expect(dialog).to_contain_text("Björkvägen 7")
    expect(dialog).to_contain_text("60,00")
    dialog.get_by_role("button", name="Skicka påminnelse").click()
    expect(page.get_by_text("Påminnelsen är på väg till Ekviken Ombud.")).to_be_visible()
    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)

    # The claim, and its number back on the invoice.
    system.wait_until_quiet()
    number = newcomer.claims()[anna.number]
    page.reload()
    expect(page.get_by_text("Påminnelse skapas 26 nov").first).to_be_visible()
    expect(page.get_by_role("link", name=number).first).to_be_visible()

    # The next bank day the reminder is made and leaves, once however often the round runs.
    system.round(date(2026, 11, 26))
    system.round()
    assert newcomer.states() == {anna.number: "reminder_sent"}
    page.reload()
    expect(page.get_by_text("Påminnelse skickad").first).to_be_visible()
    history = page.get_by_role("region", name="Historik").get_by_role("listitem")
    expect(history).not_to_have_count(0)
    assert newcomer.letters_left() == [anna.number]

    # And the list no longer offers what has been done.
    page.goto(newcomer.url("invoices/?tab=agency"))
    page.get_by_role("button", name=f"Visa rader för faktura {anna.number}").click()
    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)


def _answer_and_accept(page: Page) -> None:
    page.get_by_role("link", name="Börja").click()
    page.get_by_label("Kontots nummer").fill("5055-1209")
    page.get_by_label("Vad skulderna brukar avse").fill("Snickeriarbete")
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_role("group", name="påminnelseavgift?").get_by_label("Ja, i villkor").check()
    page.get_by_label("Avgiften står i villkoren sedan").fill("2024-01-01")
    page.get_by_role("group", name="Är förfallodagen avtalad").get_by_label("Ja, i villkor").check()
    page.get_by_label("Förfallodagen är avtalad sedan").fill("2024-01-01")
    page.get_by_role("group", name="ränta tillkommer").get_by_label("Ja", exact=True).check()
    page.get_by_role("group", name="företag och myndigheter").get_by_label("Påminnelseavgift, 60").check()
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_label("Jag godkänner villkoren").check()
    page.get_by_role("button", name="Aktivera påminnelsehantering").click()
