"""Sending as people meet it: from the invoice page, many at once, and who may not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import expect

from tests.journeys.both_sites import HANDLER, OWNER, READER, SALES
from tests.journeys.companies import new_company
from tests.journeys.pages import Form, Visitor

if TYPE_CHECKING:
    from typing import LiteralString

    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company


def test_send_from_the_invoice_page_and_the_choice_is_gone(
    system: BothSites, company: Company, browsing: Browsing
) -> None:
    invoice = company.invoice(name="Nordahl & Söner Åkeri AB", kind="trader", kronor=18_750)
    page = browsing.window(OWNER)
    page.goto(company.url(f"invoices/{invoice.id}/"))
    page.get_by_role("button", name="Åtgärder").click()
    page.get_by_role("link", name="Skicka påminnelse via Ekviken Ombud").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nordahl & Söner Åkeri AB")
    picture = dialog.get_by_role("img", name="Brevets första sida")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.letter-preview img').naturalWidth > 300")
    dialog.get_by_role("button", name="Skicka påminnelse").click()
    expect(page.get_by_text("Påminnelsen är på väg")).to_be_visible()
    expect(page.get_by_text("Skickas").or_(page.get_by_text("Påminnelse skapas")).first).to_be_visible()

    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Registrera betalning till er")).to_be_visible()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)
    system.wait_until_quiet()
    page.reload()
    number = company.claims()[invoice.number]
    link = page.get_by_role("link", name=f"Öppna ärende {number}").first
    assert str(link.get_attribute("href")).startswith(system.url("agency", "/c/"))
    # An address kept from before says that it has been done, and offers nothing.
    page.goto(company.url(f"reminders/new/?invoice={invoice.id}"))
    expect(page.get_by_role("heading", name=f"Faktura {invoice.number} är redan skickad")).to_be_visible()
    expect(page.get_by_role("button", name="Skicka påminnelse")).to_have_count(0)


def test_ten_are_ticked_and_two_cannot_go_until_they_are_mended(
    system: BothSites, company: Company, browsing: Browsing
) -> None:
    names = [
        "Anna Ek",
        "Elin Brodd",
        "Gunnel Ask",
        "Jonatan Öberg",
        "Karin Wester",
        "Åsa Hägg",
        "Per Sköld",
        "Moa Ström",
    ]
    able = [company.invoice(name=name, overdue=15 + place) for place, name in enumerate(names)]
    no_street = company.invoice(name="Sven Utangata", street="")
    no_kind = company.invoice(name="Sixten Rask", kind="")
    page = browsing.window(OWNER)

    page.goto(company.url("invoices/?tab=overdue"))
    for invoice in [*able, no_street, no_kind]:
        page.get_by_role("checkbox", name=f"Välj faktura {invoice.number}").check()
    bar = page.get_by_role("region", name="Valda fakturor")
    expect(bar).to_contain_text("10 valda.")
    expect(bar).to_contain_text("8 kan skickas, 2 kan inte.")
    bar.get_by_role("button", name="Granska 8 påminnelser").click()

    expect(page.get_by_role("heading", name="8 skickas")).to_be_visible()
    expect(page.get_by_role("heading", name="2 kan inte skickas")).to_be_visible()
    staying = page.get_by_role("region", name="2 kan inte skickas")
    expect(staying).to_contain_text("Sven Utangata")
    expect(staying).to_contain_text("Sixten Rask")
    staying.get_by_text("Rätta adressen", exact=True).click()
    staying.get_by_label("Gata eller box").fill("Granitvägen 12")
    staying.get_by_role("button", name="Spara adressen").click()
    expect(page.get_by_role("heading", name="9 skickas")).to_be_visible()
    expect(page.get_by_role("heading", name="1 kan inte skickas")).to_be_visible()
    page.get_by_role("button", name="Skicka 9 påminnelser").click()
    expect(page.get_by_text("9 påminnelser är på väg till Ekviken Ombud.")).to_be_visible()

    system.wait_until_quiet()
    assert set(company.claims()) == {invoice.number for invoice in [*able, no_street]}
    assert company.states()[no_kind.number] == ""


def test_a_payment_just_before_the_round_stops_the_letter(
    system: BothSites, company: Company, sales: Visitor, browsing: Browsing
) -> None:
    paid, unpaid = company.invoice(kronor=1200), company.invoice(name="Elin Brodd", kronor=2400)
    company.send(sales, paid, unpaid)
    system.wait_until_quiet()
    system.at(date(2026, 11, 26))

    page = browsing.window(OWNER)
    page.goto(company.url(f"invoices/{paid.id}/"))
    page.get_by_role("button", name="Åtgärder").click()
    page.get_by_role("link", name="Registrera betalning till er").click()
    page.get_by_role("button", name="Registrera betalningen").click()
    expect(page.get_by_role("heading", name=f"Faktura {paid.number}")).to_be_visible()
    # No waiting: the round comes as soon as the agency has been told.
    told: LiteralString = "SELECT count(*) FROM receivables_command WHERE delivered_at IS NOT NULL AND company_id = %s"
    system.wait_until(lambda: system.value("receivables", told, company.id), "the agency has been told")
    system.round()

    assert company.states() == {paid.number: "paid", unpaid.number: "reminder_sent"}
    assert company.letters_left() == [unpaid.number]
    page.reload()
    expect(page.get_by_text("Betald").first).to_be_visible()


def test_a_payment_booked_by_mistake_is_taken_back_and_its_letter_goes(
    system: BothSites, company: Company, sales: Visitor, browsing: Browsing
) -> None:
    mistaken, other = company.invoice(kronor=1200), company.invoice(name="Elin Brodd", kronor=2400)
    company.send(sales, mistaken, other)
    company.pay(mistaken)
    system.wait_until_quiet()
    assert company.states()[mistaken.number] == "paid"

    page = browsing.window(OWNER)
    page.goto(company.url(f"invoices/{mistaken.id}/"))
    page.get_by_role("link", name="Ta tillbaka betalningen").click()
    expect(page.get_by_text("Ärendet är klart nu, men öppnas igen")).to_be_visible()
    page.get_by_role("button", name="Ta tillbaka betalningen").click()
    expect(page.get_by_text("får veta att betalningen")).to_be_visible()
    system.wait_until_quiet()
    page.reload()
    expect(page.get_by_text("Påminnelse skapas").first).to_be_visible()
    expect(page.get_by_text("Tillbakatagen 25 november av Maja Lind.")).to_be_visible()

    system.round(date(2026, 11, 26))
    assert company.states() == {mistaken.number: "reminder_sent", other.number: "reminder_sent"}
    assert sorted(company.letters_left()) == sorted([mistaken.number, other.number])
    # What the letter has not counted can be taken back after it too, and the claim stands where it did.
    company.pay(mistaken)
    system.wait_until_quiet()
    page.reload()
    page.get_by_role("link", name="Ta tillbaka betalningen").click()
    page.get_by_role("button", name="Ta tillbaka betalningen").click()
    system.wait_until_quiet()
    assert company.states()[mistaken.number] == "reminder_sent"
    assert sorted(company.letters_left()) == sorted([mistaken.number, other.number])


def test_who_has_paid_gets_no_letter_when_another_payment_had_been_booked_by_mistake(
    system: BothSites, company: Company, sales: Visitor, browsing: Browsing
) -> None:
    invoice = company.invoice(kronor=1200)
    company.send(sales, invoice)
    system.wait_until_quiet()
    with system.nobody_writes("agency", "agency_claim"):
        # Neither has been answered when both are on their way: the wrong one ends the claim, and the right is refused.
        company.pay(invoice)
        company.pay(invoice, kronor=1250)
    system.wait_until_quiet()
    refused: LiteralString = "SELECT count(*) FROM receivables_command WHERE refusal_code = %s AND company_id = %s"
    assert system.value("receivables", refused, "claim_is_paid", company.id) == 1

    page = browsing.window(OWNER)
    page.goto(company.url(f"invoices/{invoice.id}/"))
    page.get_by_role("row").filter(has_text="inräknad").filter(has_not_text="inte").get_by_role(
        "link", name="Ta tillbaka betalningen"
    ).click()
    page.get_by_role("button", name="Ta tillbaka betalningen").click()
    system.wait_until_quiet()
    assert system.value("receivables", refused, "claim_is_paid", company.id) == 0
    system.round(date(2026, 11, 26))
    assert company.states() == {invoice.number: "paid"}
    assert company.letters_left() == []


def test_a_reader_looks_and_may_not_send(
    system: BothSites, company: Company, sales: Visitor, browsing: Browsing
) -> None:
    invoice = company.invoice()
    page = browsing.window(READER)
    page.goto(company.url("invoices/?tab=overdue"))
    expect(page.get_by_role("link", name=invoice.number)).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("button", name=f"Visa rader för faktura {invoice.number}").click()
    page.get_by_role("button", name="Åtgärder").click()
    expect(page.get_by_role("link", name="Öppna fakturan")).to_be_visible()
    expect(page.get_by_role("link", name="Skicka påminnelse")).to_have_count(0)

    # Nor by way of somebody else's form, sent with the reader's own cookies.
    form = sales.preview(company.id, [invoice.id])
    reader = Visitor.logged_in(system, "receivables", READER)
    token = {"csrfmiddlewaretoken": reader.cookies["receivables_csrf"]}
    assert reader.send(Form(form.action, form.fields | token)).status_code == httpx.codes.FORBIDDEN
    assert reader.get(company.path(f"reminders/new/?invoice={invoice.id}")).status_code == httpx.codes.FORBIDDEN
    reader.close()
    assert company.states() == {invoice.number: ""}


def test_another_companys_invoice_does_not_exist(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor
) -> None:
    other = new_company(system)
    other.activate()
    others = other.invoice()
    ours = company.invoice()
    other.send(sales, others)
    number = other.claim_of(others)

    # The same person is in both companies, so it is the company in the address that decides.
    for path in (f"invoices/{others.id}/", f"invoices/{others.id}/row", f"invoices/{others.id}/payments"):
        assert sales.get(company.path(path)).status_code == httpx.codes.NOT_FOUND, path
        assert sales.get(other.path(path)).status_code == httpx.codes.OK, path
    form = sales.preview(company.id, [ours.id])
    slipped = Form(form.action.replace(ours.id, others.id), form.fields)
    assert sales.send(slipped).status_code == httpx.codes.NOT_FOUND
    # At the agency the owner has been let into one of them.
    assert creditor.get(f"/claims/{number}").status_code == httpx.codes.NOT_FOUND
    stranger = Visitor.logged_in(system, "agency", HANDLER)
    found = stranger.get(f"/claims/{number}")
    assert found.status_code == httpx.codes.FOUND
    theirs = found.headers["location"]
    assert stranger.get(theirs).status_code == httpx.codes.OK
    assert creditor.get(theirs).status_code == httpx.codes.NOT_FOUND
    stranger.close()
    assert company.states() == {ours.number: ""}


def test_nobody_sees_anything_without_logging_in(system: BothSites, company: Company) -> None:
    nobody = Visitor(system, "receivables")
    invoice = company.invoice()
    for path in ("", "invoices/", f"invoices/{invoice.id}/", f"reminders/new/?invoice={invoice.id}"):
        answer = nobody.get(company.path(path))
        assert answer.status_code == httpx.codes.FOUND
        assert answer.headers["location"].startswith("/accounts/login/")
    nobody.close()
    assert SALES.email not in answer.text
