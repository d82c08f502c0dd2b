"""The invoice list as people meet it: tabs, search, the open row, ticks, and who sees what."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from punktlig.receivables.records.models import Company
from punktlig.tenancy.context import acting_for
from punktlig.ui.writing import short_day
from tests.receivables.sending_samples import DUE, NOW, TODAY, make_customer, make_invoice, pay

if TYPE_CHECKING:
    from typing import Any

    from punktlig.receivables.records.models import Invoice
    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


def invoice_of(browser: Browser, name: str = "Anna Ek", **changes: Any) -> Invoice:
    with acting_for(browser.company.id):
        return make_invoice(browser.company, make_customer(browser.company, name=name), **changes)


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def rows_of(response: Any) -> list[str]:
    """Return the invoice numbers of the rows, in their order."""
    return re.findall(r'<td class="c-no" role="cell"><a href="[^"]+">([^<]+)</a>', response.content.decode())


def test_the_overdue_tab_shows_first_what_has_not_been_sent(sales: Browser) -> None:
    invoice_of(sales, number="old", due_date=DUE - timedelta(days=20))
    invoice_of(sales, number="sent", due_date=DUE + timedelta(days=5), agency_state="reminder_sent", sent_at=NOW)
    invoice_of(sales, number="new", due_date=DUE)
    invoice_of(sales, number="not-due", due_date=TODAY)
    page = sales.get("invoices/?tab=overdue")
    assert rows_of(page) == ["new", "old", "sent"]
    assert "3 fakturor, de hos ombudet sist" in text_of(page)


def test_nothing_is_said_to_come_last_where_nothing_has_been_sent(sales: Browser) -> None:
    for _ in range(2):
        invoice_of(sales)
    assert "de hos ombudet sist" not in text_of(sales.get("invoices/?tab=overdue"))


def test_who_books_payments_finds_where_to_say_so_also_when_they_are_fresh(sales: Browser, reader: Browser) -> None:
    Company.objects.update(payments_through=TODAY, payments_read_at=NOW)
    link = f'href="{sales.url("payments-through")}">Läs in betalningar<'
    assert link in sales.get("invoices/").text
    assert link not in reader.get("invoices/").text


def test_a_company_without_invoices_is_not_asked_how_far_payments_are_booked(sales: Browser) -> None:
    asked = "Ni har inte sagt till och med vilken dag betalningar är bokförda."
    for tab in ("all", "overdue"):
        assert asked not in text_of(sales.get(f"invoices/?tab={tab}"))
    invoice_of(sales)
    assert asked in text_of(sales.get("invoices/?tab=paid"))


def test_who_enters_an_invoice_finds_where_a_customer_is_added(sales: Browser) -> None:
    assert f'<a href="{sales.url("customers/new")}">Lägg till kund</a>' in sales.get("invoices/new").text


def test_tabs_carry_counts_and_sums(sales: Browser) -> None:
    invoice_of(sales, payable_ore=100_050)
    with acting_for(sales.company.id):
        pay(make_invoice(sales.company, payable_ore=200_000), 200_000)
    page = text_of(sales.get("invoices/?tab=unpaid"))
    for name, count, amount in (("Alla", 2, "3 000,50"), ("Obetalda", 1, "1 000,50"), ("Betalda", 1, "2 000,00")):
        tab = page[page.index(f'<span class="tabs__name">{name}') :]
        assert f'<span class="tabs__count">{count}<' in tab[:200]
        assert amount in tab[:400]


def test_counts_of_a_large_company_come_in_a_request_of_their_own(
    sales: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.receivables.web.invoices._COUNTED_AT_ONCE", 1)
    invoice_of(sales)
    invoice_of(sales)
    first = text_of(sales.get("invoices/?tab=overdue"))
    assert "tabs__count" not in first
    url = re.findall(r'hx-get="([^"]+/figures\?[^"]+)"', first)[0].replace("&amp;", "&")
    assert '<span class="tabs__count">2<' in text_of(sales.client.get(url))
    assert "tabs__count" in text_of(sales.get("invoices/?tab=overdue&figures=1"))


@pytest.mark.parametrize("search", ["kar", "Wester", "2043", "2043175", "346", "346,00"])
def test_search_finds_by_name_number_reference_and_amount(sales: Browser, search: str) -> None:
    invoice_of(sales, "Karin Wester", number="20431", payment_reference="2043175", payable_ore=34_600)
    invoice_of(sales, "Gunnel Ask", number="555", payment_reference="5557", payable_ore=99_900)
    assert rows_of(sales.get(f"invoices/?tab=all&q={search}")) == ["20431"]


def test_a_search_that_finds_nothing_says_what_to_try(sales: Browser) -> None:
    invoice_of(sales)
    page = text_of(sales.get("invoices/?q=Zebra"))
    assert "Inget stämmer med ”Zebra”." in page
    assert rows_of(sales.get("invoices/?q=Zebra")) == []
    assert 'href="?tab=all&amp;q=Zebra">Sök bland alla fakturor' in text_of(sales.get("invoices/?tab=paid&q=Zebra"))
    assert "Sök bland alla fakturor" not in text_of(sales.get("invoices/?tab=all&q=Zebra"))


def test_pages_follow_each_other_without_a_gap(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company)
        for number in range(60):
            make_invoice(sales.company, customer, number=f"{number:03}", issue_date=DUE - timedelta(days=number % 7))
    first = sales.get("invoices/?tab=all&sort=number")
    following = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())[0].replace("&amp;", "&")
    seen = rows_of(first) + rows_of(sales.get(f"invoices/{following}"))
    assert seen == [f"{number:03}" for number in range(60)]


def test_status_says_in_words_where_an_invoice_stands(sales: Browser) -> None:
    with acting_for(sales.company.id):
        make_invoice(sales.company, make_customer(sales.company, street=""), number="no-street")
        make_invoice(sales.company, make_customer(sales.company, kind=""), number="no-kind")
        pay(make_invoice(sales.company, number="part"), 50_000)
    invoice_of(sales, number="planned", agency_state="reminder_planned", sent_at=NOW,
               next_event="reminder_is_issued", next_event_day=TODAY + timedelta(days=1))  # fmt: skip
    told = {"name": "Anna Ek", "identity_number": "1", "reason": "the check digit is wrong"}
    invoice_of(sales, number="refused", agency_state="refused", sent_at=NOW,
               refusal_code="identity_number_unreadable", refusal_facts=told)  # fmt: skip
    page = text_of(sales.get("invoices/?tab=overdue"))
    for words in ("Adress saknas", "Gatuadress saknas på fakturan", "Kundtyp saknas", "Delbetald", "500,00 betalt",
                  "Påminnelse skapas 26 nov", "Avvisad", "Ombudet: Numret 1 för Anna Ek"):  # fmt: skip
        assert words in page


def test_a_row_at_the_agency_says_when_it_was_sent_and_what_comes_when(sales: Browser) -> None:
    day = TODAY + timedelta(days=8)
    for number, state, event in (
        ("1", "reminder_sent", "last_day_to_pay"),
        ("2", "reminder_sent", "creditor_decides"),
        ("3", "closed", ""),
    ):
        invoice_of(sales, number=number, agency_state=state, next_event=event, next_event_day=day, sent_at=NOW)
    page = text_of(sales.get("invoices/?tab=agency"))
    sent, coming = short_day(NOW).replace("\u00a0", " "), short_day(day).replace("\u00a0", " ")
    assert f"Till ombudet {sent}, sista dag {coming}<" in page
    assert f"Till ombudet {sent}, ert beslut sedan {coming}<" in page
    closed = text_of(sales.get("invoices/?tab=all"))
    assert f"Till ombudet {sent}<" in closed


def test_only_what_can_be_sent_counts_in_the_bar(sales: Browser) -> None:
    able = invoice_of(sales, number="able")
    with acting_for(sales.company.id):
        unable = make_invoice(sales.company, make_customer(sales.company, street=""), number="unable")
    sent = invoice_of(sales, number="sent", agency_state="received", sent_at=NOW)
    page = sales.get("invoices/?tab=overdue").content.decode()
    assert f'value="{able.id}" data-tick data-ore="120000" data-can>' in page
    assert f'value="{unable.id}" data-tick data-ore="120000">' in page
    assert f'value="{sent.id}"' not in page


def test_a_row_opens_in_place_and_as_a_page(sales: Browser) -> None:
    invoice = invoice_of(sales)
    fragment = text_of(sales.fragment(f"invoices/{invoice.id}/row"))
    page = text_of(sales.get(f"invoices/?tab=overdue&open={invoice.id}"))
    for words in (
        "Byte av hängrännor",
        "Med påminnelse i dag",
        "Kunden ska betala",
        "Skicka påminnelse via Ekviken Ombud",
    ):
        assert words in fragment
        assert words in page
    assert "<html" not in fragment


def test_the_open_row_adds_up_to_what_the_rules_say(sales: Browser) -> None:
    # 1 200,00 due on 15 October: 41 days at 2.00 + 8 % through 25 November, and the agreed fee.
    invoice = invoice_of(sales, "Anna Ek")
    fragment = text_of(sales.fragment(f"invoices/{invoice.id}/row"))
    assert "1 200,00" in fragment
    assert "60,00" in fragment
    assert "Dröjsmålsränta, 41 dagar" in fragment
    assert "13,48" in fragment  # 1200 × 0.10 × 41 ÷ 365
    assert "1 273,48 kr" in fragment


def test_before_activation_the_choice_is_to_activate(newcomer: Browser) -> None:
    invoice = invoice_of(newcomer)
    fragment = text_of(newcomer.fragment(f"invoices/{invoice.id}/row"))
    assert "Aktivera påminnelsehantering" in fragment
    assert "Skicka påminnelse" not in fragment
    page = text_of(newcomer.get("invoices/?tab=overdue"))
    assert "data-tick-act" not in page


def test_once_sent_neither_choice_is_there(sales: Browser) -> None:
    invoice = invoice_of(sales, agency_state="sending", sent_at=NOW)
    fragment = text_of(sales.fragment(f"invoices/{invoice.id}/row"))
    assert "Skicka påminnelse" not in fragment
    assert "Aktivera" not in fragment
    assert "Ombudet får veta det innan nästa brev." in fragment


def test_a_reader_sees_no_choices_that_change_anything(sales: Browser, reader: Browser) -> None:
    invoice = invoice_of(sales)
    page = text_of(reader.get(f"invoices/?tab=overdue&open={invoice.id}"))
    assert "Öppna fakturan" in page
    for words in ("Skicka påminnelse", "Registrera betalning", "Kreditera", "anteckning", "data-tick ", "Granska"):
        assert words not in page


def test_another_company_does_not_exist(sales: Browser, stranger: Browser) -> None:
    invoice = invoice_of(sales)
    for path in ("invoices/", "invoices/figures", f"invoices/{invoice.id}/row"):
        assert stranger.client.get(sales.url(path)).status_code == 404
    assert stranger.get(f"invoices/{invoice.id}/row").status_code == 404
    assert sales.get(f"invoices/{uuid4()}/row").status_code == 404


def test_whoever_is_not_logged_in_comes_to_the_log_in_and_back(sales: Browser) -> None:
    sales.client.logout()
    response = sales.get("invoices/?tab=overdue")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/c/")
    assert response["Location"].endswith("tab%3Doverdue")


@pytest.mark.parametrize("query", ["tab=zzz", "sort=zzz", "after=zzz", "open=zzz", "q=%00", f"open={UUID(int=1)}"])
def test_an_address_that_makes_no_sense_shows_the_list(sales: Browser, query: str) -> None:
    invoice_of(sales, number="one")
    assert sales.get(f"invoices/?{query}").status_code == 200


def test_the_list_takes_the_same_number_of_queries_whatever_it_shows(
    sales: Browser, django_assert_max_num_queries: Any
) -> None:
    with acting_for(sales.company.id):
        for number in range(30):
            pay(make_invoice(sales.company, make_customer(sales.company), number=str(number)), 10_000)
    with django_assert_max_num_queries(32):
        sales.get("invoices/?tab=overdue")
