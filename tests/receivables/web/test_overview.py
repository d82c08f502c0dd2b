"""The overview: its figures are the list's, it says what waits, and its number of queries does not grow."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.receivables.records.invoice_queries import Tab, tab_figures
from punktlig.receivables.records.models import Activation, Company, Handover, Member
from punktlig.receivables.records.overview_queries import (
    Band,
    Month,
    agency_year,
    days_to_payment,
    unpaid_by_age,
    usual_terms,
)
from punktlig.receivables.web.overview_charts import bars_of, curves_of, curves_said
from punktlig.tenancy.context import acting_for
from punktlig.ui import writing
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_company,
    make_customer,
    make_invoice,
    make_terms,
    pay,
)

if TYPE_CHECKING:
    from typing import Any

    from pytest_django import DjangoAssertNumQueries

    from punktlig.receivables.records.models import Invoice
    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


def invoice_of(browser: Browser, **changes: Any) -> Invoice:
    customer = changes.pop("customer", {})
    with acting_for(browser.company.id):
        return make_invoice(browser.company, make_customer(browser.company, **customer), **changes)


def text_of(response: Any) -> str:
    """Return the page's words without tags, hard spaces as spaces."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])
    return " ".join(words.replace("\u00a0", " ").split())


def todo_of(response: Any) -> list[str]:
    """Return the lines of what waits, each in words."""
    page = response.content.decode()
    listed = re.search(r'<ul class="todo" role="list">(.*?)</ul>', page, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", listed[1], re.DOTALL) if listed else []
    return [" ".join(re.sub(r"<[^>]+>", " ", line).replace("\u00a0", " ").split()) for line in lines]


def a_ledger(browser: Browser) -> None:
    """Enter an invoice of every age and place: one not due, one paid, ours and the agency's, and one in euros."""
    for days, ore in ((-5, 1_00), (0, 20_00), (1, 300_00), (14, 4_000_00), (15, 50_000_00), (60, 7_00), (400, 80_00)):
        invoice_of(browser, due_date=TODAY - timedelta(days=days), payable_ore=ore)
    for days, state in ((16, "reminder_sent"), (35, "needs_action"), (95, "sending")):
        invoice_of(browser, due_date=TODAY - timedelta(days=days), payable_ore=600_00, agency_state=state, sent_at=NOW)
    invoice_of(browser, due_date=TODAY - timedelta(days=40), payable_ore=900_00, agency_state="closed", sent_at=NOW)
    invoice_of(browser, due_date=None, payable_ore=11_00)
    invoice_of(browser, due_date=TODAY - timedelta(days=20), payable_ore=5_000_00, currency="EUR")
    with acting_for(browser.company.id):
        pay(make_invoice(browser.company, payable_ore=2_000_00), 2_000_00)
        pay(make_invoice(browser.company, payable_ore=2_000_00), 500_00)


def test_the_sentence_says_the_same_sums_as_the_tabs_of_the_list(sales: Browser) -> None:
    a_ledger(sales)
    with acting_for(sales.company.id):
        figures = {one.tab: one.sum_ore for one in tab_figures(sales.company.id, today=TODAY)}
    assert figures[Tab.OVERDUE] > figures[Tab.AT_AGENCY] > 0
    page = text_of(sales.get(""))
    said = [re.sub(r"\D", "", amount) for amount in re.findall(r"[\d ]+,\d\d kr", page.split("Att göra")[0])]
    assert said == [str(figures[tab]) for tab in (Tab.UNPAID, Tab.OVERDUE, Tab.AT_AGENCY)]


def test_the_sentence_says_no_more_than_there_is(sales: Browser) -> None:
    invoice_of(sales, due_date=TODAY, payable_ore=100_00)
    assert "Kunderna är skyldiga er 100,00 kr . Inget av det är förfallet." in text_of(sales.get(""))
    invoice_of(sales, payable_ore=250_00)
    assert "Kunderna är skyldiga er 350,00 kr . Av det är 250,00 kr förfallet." in text_of(sales.get(""))


def test_the_bands_hold_every_unpaid_invoice_in_kronor_once(sales: Browser) -> None:
    a_ledger(sales)
    with acting_for(sales.company.id):
        bands = unpaid_by_age(sales.company.id, TODAY)
    assert [(band.first, band.count, band.ours_ore, band.agency_ore) for band in bands] == [
        (0, 3, 32_00, 0),
        (1, 2, 4_300_00, 0),
        (15, 2, 50_000_00, 600_00),
        (31, 4, 907_00 + 1_500_00, 600_00),
        (61, 0, 0, 0),
        (91, 2, 80_00, 600_00),
    ]


@pytest.mark.parametrize(
    ("today", "due", "first"),
    [
        (date(2026, 11, 23), date(2026, 11, 21), 0),  # a Saturday's due date is Monday's: not late on the Monday
        (date(2026, 11, 24), date(2026, 11, 21), 1),
        (date(2026, 11, 25), date(2026, 11, 25), 0),
        (date(2026, 11, 26), date(2026, 11, 25), 1),
    ],
)
def test_a_due_date_that_is_no_bank_day_is_late_the_day_after_the_next_one(
    sales: Browser, today: date, due: date, first: int
) -> None:
    invoice_of(sales, due_date=due)
    with acting_for(sales.company.id):
        assert [band.first for band in unpaid_by_age(sales.company.id, today) if band.count] == [first]


def test_what_can_be_sent_is_counted_without_what_cannot(sales: Browser) -> None:
    invoice_of(sales, payable_ore=1_000_00)
    invoice_of(sales, payable_ore=2_000_50)
    missing = invoice_of(sales, number="20391", payable_ore=119_40, customer={"street": "", "name": "Ankarets Krog"})
    invoice_of(sales, due_date=TODAY + timedelta(days=3))
    assert todo_of(sales.get("")) == [
        "Kan skickas 2 förfallna fakturor kan skickas till ombudet. 3 000,50",
        "Adress saknas Faktura 20391 till Ankarets Krog har ingen gatuadress. 119,40",
    ]
    assert f'href="{sales.url(f"invoices/{missing.id}/")}"' in sales.get("").content.decode()


def test_many_with_the_same_fault_are_one_line_that_leads_to_mending_them(sales: Browser) -> None:
    for _ in range(4):
        invoice_of(sales, payable_ore=100_00, customer={"street": "", "town": ""})
    response = sales.get("")
    assert todo_of(response) == ["Adress saknas 4 förfallna fakturor saknar fullständig adress. 400,00"]
    assert f'href="{sales.url("reminders/new/")}?tab=overdue&amp;every=1"' in response.content.decode()


def test_what_cannot_be_mended_is_nothing_that_waits(sales: Browser) -> None:
    invoice_of(sales, customer={"identity_is_protected": True})
    invoice_of(sales, currency="EUR")
    assert todo_of(sales.get("")) == []


def test_refused_invoices_and_decisions_wait_until_they_are_paid(sales: Browser) -> None:
    invoice_of(
        sales, number="20397", agency_state="refused", sent_at=NOW - timedelta(days=1),
        refusal_code="address_incomplete", refusal_facts={"name": "Anna Ek", "missing": "street"},
    )  # fmt: skip
    invoice_of(sales, number="20366", agency_state="needs_action", sent_at=NOW)
    with acting_for(sales.company.id):
        pay(make_invoice(sales.company, agency_state="needs_action", sent_at=NOW), 120_000)
    sendable, refused, decision = todo_of(sales.get(""))
    assert sendable.startswith("Kan skickas 1 förfallen faktura")
    assert refused.startswith("Avvisad Faktura 20397 till Anna Ek togs inte emot.")
    assert refused.endswith("Rätta och skicka igen. 1 200,00")
    assert decision == "Behöver åtgärd Faktura 20366 till Anna Ek väntar på ett beslut hos ombudet. 1 200,00"


def test_claims_past_the_last_day_of_the_reminder_are_one_line(sales: Browser) -> None:
    for days, count in ((-5, 2), (1, 1)):
        for _ in range(count):
            invoice_of(
                sales, payable_ore=100_00, agency_state="reminder_sent", sent_at=NOW, next_event="creditor_decides",
                next_event_day=TODAY + timedelta(days=days),
            )  # fmt: skip
    invoice_of(sales, agency_state="paid", sent_at=NOW, next_event="creditor_decides", next_event_day=TODAY)
    assert todo_of(sales.get("")) == [
        (
            "Beslut behövs 2 fakturor hos ombudet har passerat sista dagen i påminnelsen. "
            "Ni bestämmer vad som händer. 200,00"
        )
    ]


def test_what_the_agency_told_and_could_not_be_applied_is_told_of_where_it_may_be_old(sales: Browser) -> None:
    with acting_for(sales.company.id):
        here = make_invoice(sales.company)
        sent = make_invoice(sales.company, agency_state="received", sent_at=NOW)
    pages = ("", f"invoices/{sent.id}/")
    for path in pages:
        assert "Besked från ombudet" not in sales.get(path).text
    Company.objects.filter(id=sales.company.id).update(events_wait_since=NOW)
    for path in pages:
        page = " ".join(sales.get(path).text.replace("\u00a0", " ").split())
        assert "Besked från ombudet går inte att läsa in sedan 25 november kl. 10.30." in page
        assert "Det som står om fakturor hos ombudet kan vara gammalt." in page
    assert "Besked från ombudet" not in sales.get(f"invoices/{here.id}/").text


def test_an_agency_that_has_been_silent_for_an_hour_is_told_of(sales: Browser) -> None:
    invoice = invoice_of(sales, agency_state="sending", sent_at=NOW)
    with acting_for(sales.company.id):
        handover = Handover.objects.create(
            company=sales.company, invoice=invoice, created_at=NOW, created_by=sales.user, body=b"{}", sha256="0" * 64,
            next_try_at=NOW, attempts=9, last_problem="not_reached refused", first_tried_at=NOW - timedelta(minutes=59),
        )  # fmt: skip
    assert todo_of(sales.get("")) == []
    with acting_for(sales.company.id):
        Handover.objects.filter(id=handover.id).update(first_tried_at=NOW - timedelta(minutes=61))
    (line,) = todo_of(sales.get(""))
    assert "1 faktura är skickad men obesvarad sedan 25 november kl. 09.29" in line
    assert "Ombudets server går inte att nå." in line
    assert "not_reached" not in line


def test_protected_names_stay_out_of_what_waits(sales: Browser) -> None:
    invoice_of(
        sales, agency_state="needs_action", sent_at=NOW,
        customer={"name": "Hemliga Namnet", "number": "1077", "identity_is_protected": True},
    )  # fmt: skip
    page = text_of(sales.get(""))
    assert "Hemliga" not in page
    assert "kund 1077 (skyddade personuppgifter)" in page


def test_more_than_a_page_should_wait_for_is_judged_after_it(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        invoice_of(sales, payable_ore=100_00)
    monkeypatch.setattr("punktlig.receivables.web.overview.MOST_AT_ONCE", 2)
    monkeypatch.setattr("punktlig.receivables.web.overview_todo.MOST_AT_ONCE", 2)
    response = sales.get("")
    assert todo_of(response) == ["Förfallet Granska de förfallna fakturorna och se vilka som kan skickas. 300,00"]
    assert f'hx-get="{sales.url("to-do/")}"' in response.content.decode()
    later = sales.fragment("to-do/")
    assert todo_of(later) == ["Kan skickas 3 förfallna fakturor kan skickas till ombudet. 300,00"]
    assert "hx-get" not in later.content.decode()


def test_what_has_been_of_a_large_ledger_comes_after_the_page(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_for(sales.company.id):
        for month in (9, 10):
            pay(make_invoice(sales.company, issue_date=date(2026, month, 1)), 120_000, date(2026, month + 1, 1))
    assert "Dagar till betalning" in text_of(sales.get(""))
    monkeypatch.setattr("punktlig.receivables.web.overview._COUNTED_AT_ONCE", 1)
    page = sales.get("").content.decode()
    assert f'hx-get="{sales.url("history/")}"' in page
    assert "Från fakturadag till betalningsdag" not in page
    later = sales.fragment("history/").content.decode()
    assert later.count("<svg class=") == 2
    assert "31 dagar" in later
    assert "<html" not in later
    assert "Från fakturadag till betalningsdag" in text_of(sales.get("?all=1"))


def test_before_activation_the_page_asks_for_it_and_nothing_can_be_sent(newcomer: Browser, reader: Browser) -> None:
    invoice_of(newcomer)
    page = newcomer.get("")
    assert f'href="{newcomer.url("company/activation/")}"' in page.content.decode()
    assert todo_of(page) == []
    assert f'href="{reader.url("company/activation/")}"' not in reader.get("").content.decode()
    assert "En ägare eller säljare kan aktivera det." in text_of(reader.get(""))


def test_an_activation_that_waits_for_the_agency_is_not_asked_for_again(sales: Browser) -> None:
    with acting_for(sales.company.id):
        Activation.objects.update(state="activating")
    page = text_of(sales.get(""))
    assert "Påminnelsehantering aktiveras." in page
    assert "Aktivera påminnelsehantering" not in page


def test_new_terms_are_asked_to_be_read(sales: Browser) -> None:
    make_terms("2026-12", TODAY)
    page = text_of(sales.get(""))
    assert "Villkoren har ändrats." in page
    assert "Aktivera påminnelsehantering" not in page


def test_an_empty_ledger_leads_to_filling_it(newcomer: Browser) -> None:
    page = newcomer.get("").content.decode()
    assert "Här finns inga fakturor än." in page
    assert f'href="{newcomer.url("imports/")}"' in page
    assert "Att göra" not in page


def test_days_to_payment_count_from_the_invoice_to_the_payment_that_settled_it(company: Company) -> None:
    def settled(issued: date, *days: date) -> None:
        invoice = make_invoice(company, issue_date=issued, due_date=issued + timedelta(days=30), payable_ore=100_00)
        for day in days:
            pay(invoice, 100_00 // len(days), day)

    with acting_for(company.id):
        settled(date(2026, 9, 1), date(2026, 10, 1))  # 30 days
        settled(date(2026, 9, 1), date(2026, 9, 10), date(2026, 10, 2))  # 31 days, in the month of the last payment
        settled(date(2026, 11, 1), date(2026, 11, 11))  # 10
        settled(date(2025, 10, 1), date(2025, 11, 30))  # in the thirteenth month back
        settled(date(2025, 11, 1), date(2025, 12, 1))  # 30 days, in the twelfth
        settled(date(2026, 11, 1), date(2026, 11, 26))  # a payment of tomorrow
        pay(make_invoice(company), 100, date(2026, 11, 2))  # not settled
        assert days_to_payment(company.id, TODAY) == [
            Month(date(2025, 12, 1), 30, 1),
            Month(date(2026, 10, 1), 31, 2),  # 30.5, a half away from zero
            Month(date(2026, 11, 1), 10, 1),
        ]
        assert usual_terms(company.id, TODAY) == 30


def test_what_came_of_this_years_handovers(company: Company) -> None:
    with acting_for(company.id):
        for state, days in (("paid", 4), ("paid", 9), ("paid", 30), ("reminder_sent", None), ("refused", None)):
            invoice = make_invoice(company, agency_state=state, sent_at=NOW - timedelta(days=40))
            if days is not None:
                pay(invoice, invoice.payable_ore, TODAY - timedelta(days=40 - days))
        make_invoice(company, agency_state="reminder_sent", sent_at=NOW.replace(year=2025))
        year = agency_year(company.id, TODAY)
    assert (year.sent, year.paid, year.median_days) == (4, 3, 9)


def test_bars_are_as_long_as_their_sums_and_lie_end_to_end() -> None:
    bands = [Band(0, None, 1, 400_00, 0), Band(1, 14, 2, 100_00, 100_00), Band(15, 30, 0, 0, 0)]
    wide, small = bars_of(bands)
    assert [(bar.ours, bar.agency_x, bar.agency) for bar in wide.bars] == [
        ("640.0", "770.0", "0.0"),
        ("160.0", "291.5", "158.5"),
        ("0.0", "130.0", "0.0"),
    ]
    assert [bar.ours for bar in small.bars] == ["358.0", "89.5", "0.0"]


def test_a_month_without_payments_keeps_its_place_on_the_curve() -> None:
    months = [Month(date(2025, 12, 1), 20, 1), Month(date(2026, 1, 1), 47, 1), Month(date(2026, 4, 1), 34, 1)]
    curves = curves_of(months, 30)
    assert curves is not None
    wide, small = curves
    assert [dot.x for dot in wide.dots] == ["8.0", "244.0", "952.0"]
    assert [dot.x for dot in small.dots] == ["8.0", "83.5", "310.0"]
    assert wide.dots[1].y == "26.0"
    assert [line.text for line in wide.lines] == ["20", "40"]
    assert wide.terms is not None
    assert wide.terms.text == "30"
    assert [label.text for label in wide.labels] == ["47 dagar", "34 dagar"]
    assert curves_said(months) == (
        "Genomsnittlig tid från faktura till betalning: 20 dagar i december 2025, 47 som mest i januari 2026, "
        "34 dagar i april 2026."
    )
    assert curves_of(months[:1], 30) is None


def test_the_page_asks_the_same_number_of_questions_whatever_it_shows(
    sales: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def ask(most: int) -> int:
        with django_assert_max_num_queries(most) as asked:
            sales.get("")
        return len(asked)

    invoice_of(sales)
    few = ask(40)
    for _ in range(12):
        invoice_of(sales)
        invoice_of(sales, customer={"street": ""})
        invoice_of(sales, agency_state="needs_action", sent_at=NOW)
    assert ask(few) == few


def test_somebody_of_several_companies_chooses_one(sales: Browser) -> None:
    ours = Member.objects.get(user=sales.user).company
    other = make_company(ours.name)
    assert sales.client.get("/").headers["location"] == sales.url("")
    Member.objects.create(company=other, user=sales.user, role="reader")
    page = sales.client.get("/").content.decode()
    assert f"/c/{other.id}/" in page
    assert sales.url("") in page
    # Two may have the same name.
    assert writing.identity(ours.organisation_number) in page


def test_another_companys_overview_does_not_exist(sales: Browser, stranger: Browser) -> None:
    for path in ("", "to-do/", "history/"):
        assert stranger.client.get(sales.url(path)).status_code == 404


def test_somebody_without_a_company_is_told_whom_to_ask(sales: Browser) -> None:
    Member.objects.filter(user=sales.user).delete()
    assert "Be företagets ägare" in sales.client.get("/").content.decode()
    assert sales.get("").status_code == 404
