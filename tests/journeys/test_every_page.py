"""Every page of both sites, wide in light and narrow in dark: axe finds nothing, and nothing hangs over the edge.

That no console complains is seen to by `browsing`, as in every journey.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Error, expect

from tests.journeys.both_sites import ADMIN, OWNER, READER
from tests.journeys.browsing import NARROW, WIDE
from tests.journeys.checking import faults_of
from tests.journeys.companies import new_company
from tests.journeys.letters import claim_path, letter_paths, send_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company, Invoice
    from tests.journeys.pages import Visitor

EXAMPLES = Path(__file__).parents[2] / "examples" / "invoices"


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    size: ViewportSize
    scheme: Literal["light", "dark"]


@pytest.fixture
def company(system: BothSites) -> Company:
    """One with a name as long as such names get."""
    made = new_company(system, "Norrländska Trä- och Timmerhantverkarnas Samverkansförening i Örnsköldsviks kommun")
    made.activate()
    return made


def _people(company: Company, sales: Visitor) -> dict[str, Invoice]:
    """Fill the company with invoices of every kind, some of them at the agency, one reminded and half paid."""
    made = {
        "reminded": company.invoice(name="Anna Ek", kronor=1200, overdue=20),
        "rot": company.invoice(name="Karin Wester", kronor=50_000, rot_share=34_665, overdue=25),
        "received": company.invoice(name="Nordahl & Söner Åkeri AB", kind="trader", kronor=18_750, overdue=40),
        "abroad": company.invoice(
            name="Fjordlys Interiør AS", kind="trader", kronor=22_400, street="Skippergata 101", postcode="0150",
            town="Oslo", country="NO", language="en", overdue=60,
        ),
        "ready": company.invoice(name="Ytterst Långtnamnssonska Fastigheter AB", kind="trader", overdue=100),
        "addressless": company.invoice(name="Sven Utangata", street=""),
        "kindless": company.invoice(name="Sixten Rask", kind=""),
        "unpaid": company.invoice(name="Elin Brodd", overdue=-10),
        "paid": company.invoice(name="Gunnel Ask"),
    }  # fmt: skip
    company.pay(made["paid"])
    company.send(sales, made["reminded"], made["rot"], made["abroad"])
    company.system.wait_until_quiet()
    company.system.round(date(2026, 11, 26))
    company.pay(made["reminded"], kronor=500)
    company.send(sales, made["received"])
    company.system.wait_until_quiet()
    return made


def _receivables(made: dict[str, Invoice]) -> Iterator[tuple[str, str]]:
    ready, reminded = made["ready"], made["reminded"]
    yield "overview", ""
    for tab in ("all", "unpaid", "overdue", "agency", "paid"):
        yield f"invoices {tab}", f"invoices/?tab={tab}"
    yield "invoices open row", f"invoices/?tab=overdue&open={ready.id}"
    yield "invoices nothing found", "invoices/?tab=all&q=finnsinte"
    for name in ("ready", "reminded", "rot", "abroad", "addressless", "kindless", "paid"):
        yield f"invoice {name}", f"invoices/{made[name].id}/"
    yield "invoice new", "invoices/new"
    yield "invoice edit", f"invoices/{ready.id}/edit"
    yield "invoice payment", f"invoices/{ready.id}/payments"
    yield "invoice payment sent", f"invoices/{reminded.id}/payments"
    yield "invoice credit note", f"invoices/{ready.id}/credit-notes"
    yield "reminder", f"reminders/new/?invoice={ready.id}"
    yield "reminder of one without address", f"reminders/new/?invoice={made['addressless'].id}"
    yield "reminder sent", f"reminders/new/?invoice={reminded.id}"
    yield "reminders many", "reminders/new/?every=1&tab=overdue"
    yield "activation done", "company/activation/"
    yield "company", "company/"
    yield "company facts", "company/facts/"
    yield "company terms", "company/terms/2026-1/"
    yield "customers", "customers/"
    yield "customer", f"customers/{reminded.customer}/"
    yield "customer new", "customers/new"
    yield "customer edit", f"customers/{reminded.customer}/edit"
    yield "payments through", "payments-through"
    yield "imports", "imports/"


def _faults_at(page: Page, url: str, name: str) -> list[str]:
    try:
        answer = page.goto(url)
    except Error as no:  # an answer without a page
        return [f"{name}: {no.message}"]
    if answer is None or not answer.ok:
        return [f"{name}: answered {answer and answer.status}"]
    return faults_of(page, name)


def _look(page: Page, company: Company, made: dict[str, Invoice]) -> list[str]:
    found = []
    for name, path in _receivables(made):
        found += _faults_at(page, company.url(path), name)
    member = company.system.value(
        "receivables", "SELECT id FROM receivables_member WHERE company_id = %s LIMIT 1", company.id
    )
    found += _faults_at(page, company.url(f"company/members/{member}/"), "company member")
    for name in ("paid", "reminded"):
        payment = company.system.value(
            "receivables", "SELECT id FROM receivables_payment WHERE invoice_id = %s LIMIT 1", made[name].id
        )
        path = f"invoices/{made[name].id}/payments/{payment}/taking-back"
        found += _faults_at(page, company.url(path), f"taking back the payment of {name}")
    page.goto(company.url("invoices/finns-inte/"))
    return [*found, *faults_of(page, "no such page")]


def _look_at_what_takes_clicks(page: Page, company: Company, made: dict[str, Invoice]) -> list[str]:
    found = []
    page.goto(company.url("invoices/?tab=overdue"))
    page.get_by_role("checkbox", name=f"Välj faktura {made['ready'].number}").check()
    found += faults_of(page, "invoices ticked")
    page.get_by_role("button", name=f"Visa rader för faktura {made['ready'].number}").click()
    page.get_by_role("button", name="Åtgärder").click()
    found += faults_of(page, "invoices with menu")
    page.get_by_role("link", name="Skicka påminnelse via").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += faults_of(page, "reminder dialog")
    page.get_by_role("dialog").get_by_role("link", name="Avbryt").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    newcomer = new_company(company.system)
    page.goto(newcomer.url())
    found += faults_of(page, "overview of a newcomer")
    page.goto(newcomer.url("invoices/"))
    found += faults_of(page, "invoices of a newcomer")
    page.goto(newcomer.url("company/activation/"))
    found += faults_of(page, "activation")
    page.get_by_role("link", name="Börja").click()
    found += faults_of(page, "activation contact")
    page.get_by_label("Kontots nummer").fill("5055-1208")
    page.get_by_role("button", name="Spara och gå vidare").click()
    found += faults_of(page, "activation contact refused")
    page.get_by_label("Kontots nummer").fill("5055-1209")
    page.get_by_role("button", name="Spara och gå vidare").click()
    found += faults_of(page, "activation fees")
    page.get_by_role("button", name="Spara och gå vidare").click()
    found += faults_of(page, "activation fees refused")
    for unsure in page.get_by_role("radio", name="Jag vet inte").all():
        unsure.check()
    page.get_by_role("group", name="ränta tillkommer").get_by_role("radio", name="Nej").check()
    page.get_by_role("group", name="företag och myndigheter").get_by_role("radio").first.check()
    page.get_by_role("button", name="Spara och gå vidare").click()
    expect(page.get_by_label("Jag godkänner villkoren")).to_be_visible()
    found += faults_of(page, "activation terms")

    page.goto(company.url("imports/"))
    page.get_by_label("Fakturafiler").set_input_files(
        [EXAMPLES / "01-consumer-bankgiro.xml", EXAMPLES / "22-refused-euro.xml", EXAMPLES / "README.md"]
    )
    page.get_by_role("button", name="Läs in filerna").click()
    company.system.wait_until_quiet()
    page.reload()
    return [*found, *faults_of(page, "import")]


def _agency(creditor: Visitor, company: Company, made: dict[str, Invoice]) -> Iterator[tuple[str, str]]:
    number = company.claims()[made["reminded"].number]
    claim = claim_path(creditor, number)
    yield "creditor claims", f"{claim.rsplit('/claims/', 1)[0]}/claims/"
    yield "creditor no claims found", f"{claim.rsplit('/claims/', 1)[0]}/claims/?q=finnsinte"
    yield "claim", claim
    yield "claim on a day", f"{claim}?day=2026-12-24"
    yield "claim beyond the rates", f"{claim}?day=2027-03-01"
    yield "claim on no day", f"{claim}?day=igårkväll"
    yield "claim abroad", claim_path(creditor, company.claims()[made["abroad"].number])
    yield "claim closure", f"{claim}closure?as=paid"
    yield "claim withdrawal", f"{claim}closure?as=withdrawn"
    yield "letter", letter_paths(creditor, number)[0].removesuffix(".pdf")
    returned = claim_path(creditor, company.claims()[made["rot"].number])
    yield "claim whose letter came back", returned
    yield "claim address", f"{returned}address"


def _desk(system: BothSites) -> Iterator[tuple[str, str]]:
    for place in (
        "",
        "claims/",
        "letters/",
        "letters/mails/",
        "refusals/",
        "platforms/",
        "creditors/",
        "rates/",
        "rates/new/",
        "people/",
    ):
        yield f"desk {place}".strip("/ "), f"/desk/{place}"
    batch = system.value("agency", "SELECT id FROM agency_print_batch ORDER BY created_at DESC LIMIT 1")
    yield "desk batch", f"/desk/letters/batches/{batch}/"
    member, creditor = system.rows(
        "agency", "SELECT id, creditor_id FROM agency_member WHERE creditor_id IS NOT NULL LIMIT 1"
    )[0]
    yield "creditor's people", f"/c/{creditor}/people/"
    yield "creditor's person", f"/c/{creditor}/people/{member}/"


@pytest.mark.parametrize("look", [Look(WIDE, "light"), Look(NARROW, "dark")], ids=["wide", "narrow"])
def test_every_page_is_sound(
    company: Company, sales: Visitor, creditor: Visitor, *, desk: Visitor, browsing: Browsing, look: Look
) -> None:
    system, size, scheme = company.system, look.size, look.scheme
    made = _people(company, sales)
    send_back(desk, claim_path(creditor, company.claims()[made["rot"].number]))
    page = browsing.window(OWNER, size=size, scheme=scheme, sites=("receivables", "agency"))
    found = [*_look(page, company, made), *_look_at_what_takes_clicks(page, company, made)]
    for name, path in _agency(creditor, company, made):
        found += _faults_at(page, system.url("agency", path), name)
    window = browsing.window(ADMIN, size=size, scheme=scheme, sites=("agency",))
    for name, path in _desk(system):
        found += _faults_at(window, system.url("agency", path), name)
    reader = browsing.window(READER, size=size, scheme=scheme)
    reader.goto(company.url("invoices/?tab=overdue"))
    found += faults_of(reader, "invoices of a reader")
    reader.goto(company.url("reminders/new/?invoice=" + made["ready"].id))
    found += faults_of(reader, "not for a reader")
    nobody = browsing.window(None, size=size, scheme=scheme)
    for site in ("receivables", "agency"):
        nobody.goto(system.url("agency" if site == "agency" else "receivables", "/accounts/login/"))
        found += faults_of(nobody, f"log in to {site}")
    assert not found, "\n".join(found)
