"""What the letter says, read as its receiver gets it; the amounts are worked out here by hand.

All reminders are of 26 November 2026: interest runs from the day after the due date to and including that day, with
the reference rate of the half-year, 2 %, and 8 points more, over 365 days.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.journeys.both_sites import OWNER
from tests.journeys.letters import claim_path, letter_of, letter_paths, page_count, send_back, text_of

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

REMINDER_DAY = date(2026, 11, 26)
EXAMPLES = Path(__file__).parents[2] / "examples" / "invoices"


def test_of_a_rot_invoice_only_the_customers_share_is_asked_for(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor
) -> None:
    invoice = company.invoice(name="Karin Wester", kronor=50_000, rot_share=34_665, overdue=20)
    company.send(sales, invoice)
    number = company.claim_of(invoice)
    system.round(REMINDER_DAY)

    text = text_of(letter_of(creditor, number))
    # 34 665 kr · 10 % · 21 days / 365 = 199,44 kr, and 60 kr.
    assert "34 665,00" in text
    assert "199,44" in text
    assert "34 924,44" in text
    assert "50 199,44" not in text
    assert system.value("agency", "SELECT principal_ore FROM agency_claim WHERE number = %s", number) == 34_665_00


def test_a_letter_that_came_back_is_followed_by_one_to_the_new_address(
    company: Company, sales: Visitor, creditor: Visitor, *, desk: Visitor, browsing: Browsing
) -> None:
    system = company.system
    invoice = company.invoice(name="Anna Ek", kronor=1200, overdue=20)
    company.send(sales, invoice)
    number = company.claim_of(invoice)
    system.round(REMINDER_DAY)
    send_back(desk, claim := claim_path(creditor, number))
    system.wait_until_quiet()
    assert company.states() == {invoice.number: "needs_action"}

    page = browsing.window(OWNER, sites=("receivables", "agency"))
    page.goto(system.url("agency", claim))
    page.get_by_role("link", name="Ange ny adress").click()
    # 22 days: 1 200 kr · 10 % · 22 / 365 = 7,23 kr, and 60 kr.
    expect(page.get_by_text("1 267,23 kr")).to_be_visible()
    page.get_by_label("Gata eller box").fill("Strandvägen 12")
    page.get_by_label("Postnummer").fill("831 30")
    page.get_by_label("Ort").fill("Östersund")
    page.get_by_role("button", name="Spara adressen").click()
    expect(page.get_by_text("Ett nytt brev görs den 27 november.")).to_be_visible()
    system.wait_until_quiet()
    assert company.states() == {invoice.number: "reminder_planned"}
    page.goto(company.url(f"invoices/{invoice.id}/"))
    expect(page.get_by_text("Påminnelsen skapas den 27 november.")).to_be_visible()

    for _ in range(2):
        system.round(date(2026, 11, 27))
    assert company.states() == {invoice.number: "reminder_sent"}
    assert company.letters_left() == [invoice.number] * 2
    newest, first = letter_paths(creditor, number)
    text = text_of(creditor.get(newest).content)
    assert "Strandvägen 12 831 30 Östersund" in text
    assert "1 267,23" in text
    assert "Strandvägen" not in text_of(creditor.get(first).content)
    fees = "SELECT sum(amount_ore) FROM agency_posting AS posting JOIN agency_claim AS claim ON claim.id = claim_id"
    owed = system.value("agency", fees + " WHERE number = %s AND account = 'fees_owed'", number)
    assert owed == 60_00
    page.reload()
    expect(page.get_by_text("En ny adress till kunden angavs hos ombudet.")).to_be_visible()


def test_what_is_printed_from_the_letters_page_is_the_letter_alone_also_at_night(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor, browsing: Browsing
) -> None:
    invoice = company.invoice()
    company.send(sales, invoice)
    number = company.claim_of(invoice)
    system.round(REMINDER_DAY)
    (letter,) = letter_paths(creditor, number)
    page = browsing.window(OWNER, sites=("agency",))
    page.emulate_media(color_scheme="dark")
    page.goto(system.url("agency", letter.removesuffix(".pdf")))
    expect(page.get_by_role("img", name="Brevet som bild")).to_be_visible()
    printed = page.pdf(format="A4")
    # The letter's pages are pictures: every word would be ours.
    assert text_of(printed) == ""
    assert page_count(printed) == page_count(letter_of(creditor, number))

    page.goto(system.url("agency", claim_path(creditor, number)))
    printed = page.pdf(format="A4")
    said = text_of(printed)
    assert said.startswith("Ekviken Ombud Anna Ek")
    for pressed in ("Maja Lind", "Åtgärder", "Räkna ut", "Ladda ner"):
        assert pressed not in said

    # A browser repeats a table's foot on each page, where the sum would be read as the page's own.
    page.evaluate("""() => {
        const row = document.querySelector("main table tbody tr");
        for (let more = 0; more < 80; more++) row.after(row.cloneNode(true));
    }""")
    longer = page.pdf(format="A4")
    assert page_count(longer) > page_count(printed)
    assert text_of(longer).count("Skuld den ") == said.count("Skuld den ") == 1


def test_a_customer_abroad_gets_the_letter_in_english(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor
) -> None:
    norway = company.invoice(
        name="Fjordlys Interiør AS", kind="trader", kronor=22_400, street="Skippergata 101", postcode="0150",
        town="Oslo", country="NO", language="en",
    )  # fmt: skip
    denmark = company.invoice(
        name="Mette Holmgaard", kind="consumer", kronor=14_750, street="Nordre Strandvej 12", postcode="3000",
        town="Helsingør", country="DK", language="en",
    )  # fmt: skip
    company.send(sales, norway, denmark)
    numbers = [company.claim_of(norway), company.claim_of(denmark)]
    system.round(REMINDER_DAY)

    to_norway, to_denmark = (text_of(letter_of(creditor, number)) for number in numbers)
    assert "Reminder" in to_norway
    assert "NORWAY" in to_norway.upper()
    assert "Påminnelse" not in to_norway
    # A consumer abroad pays the invoice alone: no fee and no interest unless the creditor decides so.
    assert "DENMARK" in to_denmark.upper()
    assert "14,750.00" in to_denmark or "14 750.00" in to_denmark or "14 750,00" in to_denmark
    claimed = system.rows(
        "agency",
        "SELECT letter.total_ore, letter.interest_ore, letter.charge_ore FROM agency_letter AS letter"
        " JOIN agency_claim AS claim ON claim.id = letter.claim_id WHERE claim.number = %s",
        numbers[1],
    )
    assert claimed == [(14_750_00, 0, 0)]


def test_a_consumer_abroad_pays_fee_and_interest_when_the_company_has_decided_so(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor, browsing: Browsing
) -> None:
    denmark: dict[str, Any] = {
        "kind": "consumer", "kronor": 14_750, "street": "Nordre Strandvej 12", "postcode": "3000",
        "town": "Helsingør", "country": "DK", "language": "en",
    }  # fmt: skip
    before = company.invoice(name="Mette Holmgaard", **denmark)
    company.send(sales, before)
    system.wait_until_quiet()

    page = browsing.window(OWNER)
    page.goto(company.url("company/activation/fees/"))
    page.get_by_label("Ja, enligt samma regler som för andra privatpersoner").check()
    # The example follows: ten thousand kronor at 10 % for 20 days, and 60 kr.
    expect(page.get_by_text("10 114,79 kr")).to_have_count(3)
    page.get_by_role("button", name="Spara och gå vidare").click()
    expect(page.get_by_text("Betalar avgift och ränta som andra")).to_be_visible()
    page.get_by_label("Jag godkänner villkoren").check()
    page.get_by_role("button", name="Godkänn och spara svaren").click()
    system.wait_until_quiet()
    after = company.invoice(name="Jens Lund", **denmark)
    company.send(sales, after)
    numbers = [company.claim_of(before), company.claim_of(after)]
    system.round(REMINDER_DAY)

    # What was handed over before stays as it was; 14 750 kr · 10 % · 21 days / 365 = 84,86 kr, and 60 kr.
    asked = [
        system.rows(
            "agency",
            "SELECT letter.total_ore, letter.interest_ore, letter.charge_ore FROM agency_letter AS letter"
            " JOIN agency_claim AS claim ON claim.id = letter.claim_id WHERE claim.number = %s",
            number,
        )
        for number in numbers
    ]
    assert asked == [[(14_750_00, 0, 0)], [(14_894_86, 84_86, 60_00)]]
    text = text_of(letter_of(creditor, numbers[1]))
    for words in ("the invoice for Joinery work has not been paid", "Late-payment interest", "Reminder fee", "84.86"):
        assert words in text
    assert "Snickeriarbete" not in text


def test_an_imported_file_becomes_an_invoice_and_its_letter(
    system: BothSites, company: Company, sales: Visitor, creditor: Visitor, browsing: Browsing
) -> None:
    page = browsing.window(OWNER)
    page.goto(company.url("invoices/"))
    page.get_by_role("link", name="Läs in fakturor").click()
    page.get_by_label("Fakturafiler").set_input_files(
        [EXAMPLES / "01-consumer-bankgiro.xml", EXAMPLES / "22-refused-euro.xml", EXAMPLES / "README.md"]
    )
    page.get_by_role("button", name="Läs in filerna").click()
    expect(page.get_by_role("heading", name="Vad det blev")).to_be_visible()
    system.wait_until_quiet()
    page.reload()
    page.get_by_role("row", name="01-consumer-bankgiro.xml").get_by_role("link", name="20409").click()
    expect(page.get_by_role("heading", name="Faktura 20409")).to_be_visible()
    expect(page.get_by_text("Gunnel Ask").first).to_be_visible()

    invoice_id = page.url.rstrip("/").rsplit("/", 1)[-1]
    sales.send(sales.preview(company.id, [invoice_id]))
    system.wait_until_quiet()
    number = company.claims()["20409"]
    system.round(REMINDER_DAY)
    pdf = letter_of(creditor, number)

    text = text_of(pdf)
    assert "Gunnel Ask" in text
    assert "Ekbacken 7" in text
    # 5 180 kr, due on Monday 19 October: 10 % · 38 days / 365 = 53,93 kr, and 60 kr.
    assert "53,93" in text
    assert "5 293,93" in text
    # The agency is paid, with the claim's own number in the reference, and not the creditor.
    assert "5055-1209" not in text
    assert number in text.replace(" ", "")

    # The same bytes again, also when it is downloaded in the browser.
    assert letter_of(creditor, number) == pdf
    (path,) = letter_paths(creditor, number)
    window = browsing.window(OWNER, sites=("agency",))
    window.goto(system.url("agency", path.rsplit("/letters/", 1)[0]))
    with window.expect_download() as download:
        window.get_by_role("link", name="Ladda ner").click()
    assert download.value.path().read_bytes() == pdf
